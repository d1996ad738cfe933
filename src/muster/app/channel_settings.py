"""Settings of the channels: [mail] and [webhooks.NAME]; secrets are files or MUSTER_* variables, never in the file."""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from muster.core.errors import BadInput

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Timeout = Annotated[float, Field(gt=0, le=30)]
_LONGEST_SECRET = 4096


class MailSettings(BaseModel):
    """The server that takes our mail. tls: `starttls` (demanded, never only offered), `tls` from the first byte, or `none`.

    password_file: with the password of `user`; else MUSTER_MAIL_PASSWORD. ca_file: trusts these authorities only.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    tls: Literal["starttls", "tls", "none"] = "starttls"
    sender: str
    user: str | None = None
    password_file: Path | None = None
    ca_file: Path | None = None
    timeout: Timeout = 15.0


class WebhookSettings(BaseModel):
    """A receiver of signed webhooks. secret_files: the newest first; while there are several, each signs (rotation).

    Without files the secret is MUSTER_WEBHOOK_NAME_SECRET. loopback: it may lie on this machine.
    keeps_keys: it acts once for each webhook id, however often it gets it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    secret_files: Annotated[tuple[Path, ...], Field(max_length=4)] = ()
    loopback: bool = False
    keeps_keys: bool = True
    ca_file: Path | None = None
    timeout: Timeout = 15.0


def secret(files: tuple[Path, ...], variable: str, where: str) -> tuple[str, ...]:
    """The secrets of these files, or of the variable. Raises BadInput, never repeating one."""
    if not files:
        found = os.environ.get(variable, "").strip()
        if not found:
            raise BadInput("A secret is missing.", where, f"Name a file with it, or set {variable}.")
        return (found,)
    read: list[str] = []
    for file in files:
        try:
            text = file.read_text("utf-8")[:_LONGEST_SECRET].strip()
        except (OSError, UnicodeDecodeError):
            raise BadInput(
                "The file with the secret cannot be read.", f"{where} {file}", "Check its path and mode."
            ) from None
        if not text:
            raise BadInput("The file with the secret is empty.", f"{where} {file}", "Put the secret into it.")
        read.append(text)
    return tuple(read)
