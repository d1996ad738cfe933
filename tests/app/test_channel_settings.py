"""Secrets of channels: from files or variables, the newest first, never repeated in an error."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from muster.app.channel_settings import MailSettings, WebhookSettings, secret
from muster.core.errors import BadInput


def test_secrets_come_from_files_in_their_order(tmp_path: Path) -> None:
    files = (tmp_path / "new", tmp_path / "old")
    for number, file in enumerate(files):
        file.write_text(f"secret {number}\n")
    assert secret(files, "NO_SUCH", "here") == ("secret 0", "secret 1")


def test_without_files_from_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_TEST_SECRET", " hunter2 ")
    assert secret((), "MUSTER_TEST_SECRET", "here") == ("hunter2",)
    monkeypatch.setenv("MUSTER_TEST_SECRET", " ")
    with pytest.raises(BadInput, match="MUSTER_TEST_SECRET"):
        secret((), "MUSTER_TEST_SECRET", "here")


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe"])
def test_a_file_that_holds_none_is_refused(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BadInput) as found:
        secret((file,), "NO_SUCH", "setting mail")
    assert str(file) in found.value.line()


def test_what_is_not_known_is_refused() -> None:
    with pytest.raises(ValidationError):
        MailSettings.model_validate({"host": "h", "sender": "a@b.c", "password": "hunter2"})
    with pytest.raises(ValidationError):
        WebhookSettings.model_validate({"url": "https://x", "secret": "hunter2"})
    assert MailSettings(host="h", sender="a@b.c").tls == "starttls"
