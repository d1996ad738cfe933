"""What a machine logged: a flat JSON object, when, and to which step of the attack it belongs."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Telemetry = dict[str, str | int]


class Step(StrEnum):
    """The steps of the attack, in their order."""

    PROBE = "probe"
    EXPLOIT = "exploit"
    SHELL = "shell"
    CREDENTIALS = "credentials"
    SIGN_IN = "sign-in"
    MOVE = "move"
    COLLECT = "collect"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `step` is the truth behind the rehearsal (None: ordinary work); it is never in `fields`."""

    at: datetime
    step: Step | None
    fields: Telemetry
