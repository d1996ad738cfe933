"""Channels know their machine, whether they are an example, and whether they wake anybody."""

from datetime import date

import pytest

from muster.plan.people import Channel, ChannelKind
from tests.plan.shop_plan import plan


@pytest.mark.parametrize(
    ("address", "host", "example"),
    [
        ("robin@shop.example.invalid", "shop.example.invalid", True),
        ("sip:robin@Phones.Example.Invalid", "phones.example.invalid", True),
        ("https://desk.example.invalid:8443/path@x", "x", False),
        ("https://desk.example.invalid:8443/path", "desk.example.invalid", True),
        ("https://user@desk.example.invalid/", "desk.example.invalid", True),
        ("robin@example.invalid.", "example.invalid", True),
        ("robin@notexample.invalid", "notexample.invalid", False),
        ("robin@example.org", "example.org", False),
        ("+49 30 23125 001", "+49 30 23125 001", False),
    ],
)
def test_the_machine_in_an_address(address: str, host: str, example: bool) -> None:
    channel = Channel(kind=ChannelKind.MAIL, address=address)
    assert (channel.host, channel.is_example) == (host, example)


@pytest.mark.parametrize(
    ("kind", "outside", "rings"), [("phone", True, True), ("phone", False, False), ("mail", True, False)]
)
def test_only_what_is_outside_and_rings_wakes_somebody(kind: str, outside: bool, rings: bool) -> None:
    assert Channel(kind=ChannelKind(kind), address="a", outside=outside).rings is rings


def test_how_long_nobody_tried() -> None:
    robin = plan().in_force.people.people["robin-vale"]  # verified on 26 October
    assert robin.stale_since(date(2027, 1, 24)) == 0
    assert robin.stale_since(date(2027, 1, 25)) == 1
