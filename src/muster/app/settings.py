"""Settings of a server: from the command line and one TOML file; unknown ones are refused."""

import ipaddress
import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from muster.app.channel_settings import MailSettings, Name, WebhookSettings
from muster.core.errors import BadInput


class Settings(BaseModel):
    """All that `muster serve` can be told.

    data: directory of database, blobs and events. plan: the git repository of the plan. database: another database than the SQLite file in it.
    rules: Sigma rules (files or folders); `DATA/rules` when none are given. events_days: how long matched event
    files are kept. events_waiting_mib: how much may wait to be matched, packed; beyond it senders are told to come
    again. reports_per_minute: quota of reports without an account, for each source; ten times as many
    for all sources together. access_days: after how many days the words of access streams are erased; None: never. mail, webhooks: the channels, [mail] and [webhooks.NAME] in the file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: Path
    plan: Path | None = None
    database: str | None = None
    blobs: str | None = None
    key_file: Path | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8420
    rules: tuple[Path, ...] = ()
    detector: bool = True
    events_days: Annotated[int, Field(ge=0, le=36_500)] = 30
    events_waiting_mib: Annotated[int, Field(ge=1, le=1_000_000)] = 2_048
    reports_per_minute: Annotated[int, Field(ge=1, le=100_000)] = 6
    session_hours: Annotated[int, Field(ge=1, le=24 * 31)] = 12
    access_days: Annotated[int, Field(ge=1, le=36_500)] | None = None
    mail: MailSettings | None = None
    webhooks: dict[Name, WebhookSettings] = Field(default_factory=dict[str, WebhookSettings])


def is_loopback(host: str) -> bool:
    """Whether an address reaches this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def settings_from(config: Path | None, **given: object) -> Settings:
    """The settings of a file, overridden by what was given. Raises BadInput with file and line or field."""
    tree: dict[str, object] = {}
    if config is not None:
        try:
            tree = tomllib.loads(config.read_text("utf-8"))
        except OSError as error:
            raise BadInput(
                f"The file cannot be read: {error.strerror}.", str(config), "Give another --config."
            ) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadInput(f"This is no TOML: {error}.", str(config), "Mend that place.") from error
    tree |= {name: value for name, value in given.items() if value not in (None, ())}
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        known = ", ".join(Settings.model_fields)
        raise BadInput(f"{first['msg']}.", f"setting {field}", f"Known settings: {known}.") from None
    if not is_loopback(settings.host):
        raise BadInput(
            "Muster serves loopback addresses only for now.",
            f"--host {settings.host}",
            "Use 127.0.0.1, and a tunnel to reach it from elsewhere.",
        )
    return settings
