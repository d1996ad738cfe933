"""Which addresses one may go to: those of the internet, and loopback where it is allowed; however they are written."""

import socket
from typing import Any

import httpx2
import pytest

from muster.channels import going_out
from muster.channels.going_out import Blocked, allowed, checked

INSIDE = (
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255",
    "192.0.2.1", "198.18.0.1", "240.0.0.1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "2001:db8::1",
    "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a00:1", "2002:a00:1::", "not an address", "",
)  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
@pytest.mark.parametrize("loopback", [True, False])
def test_no_address_of_a_house_is_gone_to(address: str, loopback: bool) -> None:
    assert not allowed(address, loopback=loopback)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_loopback_only_where_it_is_allowed(address: str) -> None:
    assert allowed(address, loopback=True)
    assert not allowed(address, loopback=False)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_addresses_of_the_internet_are(address: str) -> None:
    assert allowed(address, loopback=False)


def answering(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def found(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]

    monkeypatch.setattr(going_out.socket, "getaddrinfo", found)


def test_a_name_is_good_only_if_all_its_addresses_are(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, "1.1.1.1", "10.0.0.1")
    with pytest.raises(Blocked):
        checked("shop.example", 443, loopback=False)
    answering(monkeypatch, "1.1.1.1", "1.0.0.1")
    assert checked("shop.example", 443, loopback=False) == "1.1.1.1"
    answering(monkeypatch)
    with pytest.raises(Blocked):
        checked("shop.example", 443, loopback=False)


def test_a_name_that_nobody_knows_may_be_known_later() -> None:
    with pytest.raises(httpx2.ConnectError):
        checked("nowhere.invalid", 443, loopback=False)


@pytest.mark.parametrize("host", ["0x7f.1", "2130706433", "127.1", "0177.0.0.1"])
def test_other_spellings_of_loopback_are_loopback(host: str) -> None:
    with pytest.raises((Blocked, httpx2.ConnectError)):
        checked(host, 80, loopback=False)
