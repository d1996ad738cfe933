"""One night's events in time order, and the names of the rules that find the attack in them."""

from datetime import datetime, timedelta

from muster.rehearse.shop.attack import attack
from muster.rehearse.shop.cast import cast_of
from muster.rehearse.shop.event import Event, Step, Telemetry
from muster.rehearse.shop.sign_ins import sign_ins
from muster.rehearse.shop.traffic import traffic
from muster.rehearse.shop.work import work

LENGTH = timedelta(minutes=60)

# File name in `rules/` -> the step of the attack that it finds.
RULES: dict[str, Step] = {
    "web_probe_for_left_files.yml": Step.PROBE,
    "web_expression_in_request.yml": Step.EXPLOIT,
    "portal_server_starts_shell.yml": Step.SHELL,
    "powershell_encoded_hidden.yml": Step.SHELL,
    "database_password_file_read.yml": Step.CREDENTIALS,
    "lsass_dump_by_comsvcs.yml": Step.CREDENTIALS,
    "lsass_opened_in_full.yml": Step.CREDENTIALS,
    "wmic_starts_program_elsewhere.yml": Step.MOVE,
    "shell_started_over_wmi.yml": Step.MOVE,
    "database_table_exported.yml": Step.COLLECT,
    "archive_with_password.yml": Step.COLLECT,
    "curl_uploads_file.yml": Step.LEAVE,
    "transfer_tool_leaves_house.yml": Step.LEAVE,
}


def night_of(seed: int, start: datetime) -> list[Event]:
    """All events of one night in time order, with the truth which step each belongs to.

    Raises ValueError when the start has no zone.
    """
    if start.tzinfo is None:
        raise ValueError("the start of a night needs its zone")
    events = [
        *traffic(seed, start, LENGTH),
        *work(seed, start, LENGTH),
        *sign_ins(seed, start, LENGTH),
        *attack(cast_of(seed), start, LENGTH),
    ]
    return sorted(events, key=lambda event: event.at)


def telemetry(seed: int, start: datetime) -> list[Telemetry]:
    """What the machines log from the start on, in time order: a JSON object an event."""
    return [event.fields for event in night_of(seed, start)]
