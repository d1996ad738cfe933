"""Signed webhooks to a real receiver on loopback: signatures by the scheme's own vector, and bad receivers."""

import base64
import hmac
import json
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from muster.app.channel_settings import WebhookSettings
from muster.app.sending import Message, NotSent
from muster.channels.webhook import Webhook, id_of, key_of, signature
from muster.core.errors import BadInput
from tests.channels.peers import Receiver, certificate, drip, receiver

OLD, NEW = (f"whsec_{base64.b64encode(bytes([number]) * 32).decode()}" for number in (1, 2))
MESSAGE = Message("INC-7Q4KM2/4", ("board",), "It is slow", "Words.", 1_795_486_200, {"occasion": "declared"})


def adapter(tmp_path: Path, peer: Receiver, *secrets: str, **more: Any) -> Webhook:
    files = []
    for number, text in enumerate(secrets or (NEW,)):
        files.append(tmp_path / f"secret-{number}")
        files[-1].write_text(f"{text}\n")
    told = {"url": peer.url, "secret_files": files, "loopback": True, "timeout": 2} | more
    return Webhook("board", WebhookSettings.model_validate(told))


def verified(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """As a receiver checks it, written from the scheme's text."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join((headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body))
    wanted = "v1," + base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
    fresh = abs(int(headers["webhook-timestamp"]) - time.time()) < 300
    return fresh and wanted in headers["webhook-signature"].split()


def test_the_signature_is_that_of_the_schemes_own_example() -> None:
    key = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "")
    found = signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, b'{"test": 2432232314}')
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_it_arrives_signed_and_once_for_each_key(tmp_path: Path) -> None:
    with receiver() as peer:
        one = adapter(tmp_path, peer)
        assert one.send(MESSAGE) == "The receiver answered 204."
        one.send(MESSAGE)
        headers, body = peer.got[0]
    assert verified(NEW, headers, body)
    assert not verified(OLD, headers, body)
    assert len(peer.acted) == 1
    assert headers["webhook-id"] == id_of(MESSAGE.key)
    sent = json.loads(body)
    assert sent["type"] == "muster.declared"
    assert sent["data"]["text"] == "Words."
    assert headers["host"] == f"127.0.0.1:{peer.port}"


def test_while_a_secret_is_rotated_both_sign(tmp_path: Path) -> None:
    with receiver() as peer:
        adapter(tmp_path, peer, NEW, OLD).send(MESSAGE)
        headers, body = peer.got[0]
    assert verified(NEW, headers, body)
    assert verified(OLD, headers, body)


@pytest.mark.parametrize(
    ("status", "final"),
    [
        (400, True),
        (401, True),
        (410, True),
        (302, True),
        (429, False),
        (408, False),
        (500, False),
        (503, False),
    ],
)
def test_what_a_receiver_answers(tmp_path: Path, status: int, final: bool) -> None:
    with receiver() as peer:
        peer.answer = status
        with pytest.raises(NotSent) as found:
            adapter(tmp_path, peer).send(MESSAGE)
        assert (found.value.final, found.value.unclear) == (final, False)
        assert len(peer.got) == 1, "no redirect is followed"


def broken(handler: Any) -> None:
    handler.connection.shutdown(2)


def endless(handler: Any) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        handler.wfile.write(b"x" * 65536)


def garbage(handler: Any) -> None:
    handler.wfile.write(b"220 this is mail\r\n\r\n")


def test_receivers_that_lie_are_left_in_time(tmp_path: Path) -> None:
    with receiver() as peer:
        one = adapter(tmp_path, peer, timeout=0.7)
        for answer in (broken, garbage, drip(b"H"), lambda _handler: time.sleep(3)):
            peer.answer = answer
            began = time.monotonic()
            with pytest.raises(NotSent) as found:
                one.send(MESSAGE)
            assert found.value.unclear
            assert time.monotonic() - began < 3
        peer.answer = endless
        assert one.send(MESSAGE) == "The receiver answered 200."


def test_nobody_at_the_port_is_clear(tmp_path: Path) -> None:
    with receiver() as peer:
        pass
    with pytest.raises(NotSent) as found:
        adapter(tmp_path, peer).send(MESSAGE)
    assert (found.value.final, found.value.unclear) == (False, False)


def test_https_checks_the_name_although_the_address_is_used(tmp_path: Path) -> None:
    tls = certificate(tmp_path)
    with receiver(tls) as peer:
        url = f"https://localhost:{peer.port}/hook"
        adapter(tmp_path, peer, url=url, ca_file=tls[0]).send(MESSAGE)
        with pytest.raises(NotSent):
            adapter(tmp_path, peer, url=url).send(MESSAGE)
        assert len(peer.got) == 1


def test_loopback_needs_to_be_allowed(tmp_path: Path) -> None:
    tls = certificate(tmp_path)
    with receiver(tls) as peer:
        url = f"https://localhost:{peer.port}/hook"
        with pytest.raises(NotSent) as found:
            adapter(tmp_path, peer, url=url, ca_file=tls[0], loopback=False).send(MESSAGE)
        assert found.value.final
        assert peer.got == []


@pytest.mark.parametrize(
    "more",
    [{"url": "http://shop.example/", "loopback": False}, {"url": "ftp://shop.example"}, {"url": "https://"},
     {"url": "https://u:p@shop.example/"}, {"ca_file": "/nowhere"}],
)  # fmt: skip
def test_settings_that_cannot_work_are_refused_at_the_start(tmp_path: Path, more: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        adapter(tmp_path, Receiver(1), **more)


@pytest.mark.parametrize("secret", ["whsec_", "short", "whsec_AAAA", "whsec_!!!", "whsec_" + "A" * 200])
def test_a_secret_has_a_length(tmp_path: Path, secret: str) -> None:
    with pytest.raises(BadInput) as found:
        adapter(tmp_path, Receiver(1), secret)
    assert secret not in found.value.line() or secret == "whsec_"
