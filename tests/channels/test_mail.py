"""Mail to a real server on loopback: what arrives, under which id, and what a bad server makes of it."""

import email
import email.policy
import time
from pathlib import Path
from typing import Any

import pytest

from muster.app.channel_settings import MailSettings
from muster.app.sending import Message, NotSent
from muster.channels.mail import Mail, composed
from muster.core.errors import BadInput
from tests.channels.peers import MailServer, certificate, drip, mail_server

MESSAGE = Message("INC-7Q4KM2/4", ("ana@shop.example",), "It is slow", "Words.\nMore words.\n", 1_795_486_200)


def adapter(server: MailServer, **more: Any) -> Mail:
    told = {
        "host": "localhost",
        "port": server.port,
        "tls": "none",
        "sender": "muster@shop.example",
        "timeout": 2,
    }
    return Mail(MailSettings.model_validate(told | more))


def parsed(server: MailServer) -> Any:
    return email.message_from_bytes(server.mails[-1], policy=email.policy.default)


def test_a_mail_arrives_with_its_key_as_message_id() -> None:
    with mail_server() as server:
        assert adapter(server).send(MESSAGE) == "The server took it."
        adapter(server).send(MESSAGE)
        mail = parsed(server)
    assert (mail["subject"], mail["to"], mail["from"]) == (
        "It is slow",
        "ana@shop.example",
        "muster@shop.example",
    )
    assert mail["auto-submitted"] == "auto-generated"
    assert mail.get_content().splitlines() == ["Words.", "More words."]
    ids = {email.message_from_bytes(one)["message-id"] for one in server.mails}
    assert len(ids) == 1
    other = composed(Message("INC-7Q4KM2/5", (), "", "", 0), "muster@shop.example", ["ana@shop.example"])
    assert other["message-id"] not in ids


def test_a_repeat_says_so() -> None:
    with mail_server() as server:
        adapter(server).send(Message(MESSAGE.key, MESSAGE.to, "It is slow", "Words.", 0, repeat=True))
        mail = parsed(server)
    assert mail["subject"] == "It is slow (may be a repeat)"
    assert "may be a repeat" in mail.get_content()


HOSTILE = ("x\r\nBcc: eve@evil.example", "x\nSubject: y", "x\r\n\r\nbody", "\u2028Bcc: a@b.c", "x\x00\x0by")


@pytest.mark.parametrize("words", HOSTILE)
def test_no_word_becomes_a_header_or_a_command(words: str) -> None:
    with mail_server() as server:
        adapter(server).send(
            Message("k", ("ana@shop.example",), words, f"{words}\r\n.\r\nRCPT TO:<eve@evil.example>", 0)
        )
        mail = parsed(server)
    assert set(mail.keys()) == {
        "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding",
        "MIME-Version",
    }  # fmt: skip
    assert len(server.recipients) == 1
    assert "eve" not in server.recipients[0]


@pytest.mark.parametrize(
    "to",
    ["eve", "a@b\r\nRCPT TO:<c@d>", "<a@b.c>", "a@b.c, d@e.f", "", "a b@c.d", "ä@b.c", "a@b.c>\nX: y", "x@example.invalid",
     "x@mail.example.invalid"],
)  # fmt: skip
def test_what_is_no_address_or_an_example_is_never_handed_over(to: str) -> None:
    with mail_server() as server:
        with pytest.raises(NotSent) as found:
            adapter(server).send(Message("k", (to,), "x", "y", 0))
        assert found.value.final
        assert server.commands == []


def test_a_dead_server_is_an_answer_that_waits() -> None:
    with mail_server() as server:
        pass
    with pytest.raises(NotSent) as found:
        adapter(server).send(MESSAGE)
    assert (found.value.final, found.value.unclear) == (False, False)


ANSWERS: list[tuple[dict[str, str], bool, bool]] = [
    ({"RCPT": "550 who?"}, True, False),
    ({"RCPT": "450 later"}, False, False),
    ({"MAIL": "421 busy"}, False, False),
    ({"DATA": "554 no"}, True, False),
    ({"END": "554 spam"}, True, False),
    ({"END": "451 later"}, False, False),
    ({"GREETING": "554 go away"}, True, False),
]


@pytest.mark.parametrize(("answers", "final", "unclear"), ANSWERS)
def test_what_a_server_refuses(answers: dict[str, str], final: bool, unclear: bool) -> None:
    with mail_server() as server:
        server.answers = dict(answers)
        with pytest.raises(NotSent) as found:
            adapter(server).send(MESSAGE)
    assert (found.value.final, found.value.unclear) == (final, unclear)
    assert "who?" not in found.value.words


def test_a_server_that_answers_twice_got_one_mail_and_is_told_once() -> None:
    for place in ("END", "QUIT"):
        with mail_server() as server:
            server.answers = {place: "250 taken\r\n250 taken"}
            assert adapter(server).send(MESSAGE) == "The server took it."
            assert len(server.mails) == 1


def test_a_server_that_breaks_off_while_it_takes_a_mail_leaves_it_unclear() -> None:
    with mail_server() as server:
        server.answers = {"END": lambda connection: connection.shutdown(2)}
        with pytest.raises(NotSent) as found:
            adapter(server).send(MESSAGE)
    assert found.value.unclear


@pytest.mark.parametrize("place", ["GREETING", "END"])
def test_a_server_that_drips_is_left_in_time(place: str) -> None:
    with mail_server() as server:
        server.answers = {place: drip(b"2")}
        began = time.monotonic()
        with pytest.raises(NotSent) as found:
            adapter(server, timeout=0.5).send(MESSAGE)
        assert time.monotonic() - began < 4
    assert found.value.unclear == (place == "END")


def test_tls_is_demanded_and_the_certificate_checked(tmp_path: Path) -> None:
    tls = certificate(tmp_path)
    with mail_server(tls) as server:
        adapter(server, tls="starttls", ca_file=tls[0]).send(MESSAGE)
        assert (server.secured, len(server.mails)) == (1, 1)
        with pytest.raises(NotSent):
            adapter(server, tls="starttls").send(MESSAGE)
    with mail_server(tls, at_once=True) as server:
        adapter(server, tls="tls", ca_file=tls[0]).send(MESSAGE)
        assert (server.secured, len(server.mails)) == (1, 1)
    with mail_server() as server:
        with pytest.raises(NotSent):
            adapter(server, tls="starttls").send(MESSAGE)
        assert server.mails == []


def test_user_and_password_come_from_a_file_or_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "password").write_text("four plain words\n")
    tls = certificate(tmp_path)
    with mail_server(tls) as server:
        more = {"tls": "starttls", "ca_file": tls[0], "user": "muster"}
        adapter(server, password_file=tmp_path / "password", **more).send(MESSAGE)
        assert any(command.startswith("AUTH") for command in server.commands)
        monkeypatch.setenv("MUSTER_MAIL_PASSWORD", "four plain words")
        adapter(server, **more).send(MESSAGE)
        server.answers = {"AUTH": "535 no"}
        with pytest.raises(NotSent) as found:
            adapter(server, **more).send(MESSAGE)
        assert "four plain words" not in found.value.words
        monkeypatch.delenv("MUSTER_MAIL_PASSWORD")
        with pytest.raises(BadInput):
            adapter(server, **more)


@pytest.mark.parametrize(
    "more", [{"sender": "nobody"}, {"sender": "a@b\r\nBcc: c@d"}, {"ca_file": "/nowhere"}]
)
def test_settings_that_cannot_work_are_refused_at_the_start(more: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        adapter(MailServer(25), **more)
