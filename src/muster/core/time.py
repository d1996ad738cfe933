"""Time with its precision, zone and source: one grammar for every time that is stored.

Stored times are text, RFC 3339 in UTC with exactly six decimals (`2026-11-24T02:10:00.000000Z`), so that
text order is time order and no float ever stands for a time.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from muster.core.errors import BadInput

# Digits of other scripts are digits to Python, but no second spelling of a stored time.
_STORED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_ZONED = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)


class Precision(StrEnum):
    """How exactly a time is known."""

    MICROSECOND = "microsecond"
    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"


class TimeSource(StrEnum):
    """Where a time comes from: the server's clock, or a person who stated it."""

    CLOCK = "clock"
    STATED = "stated"


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened: the instant in UTC, how exactly, the zone it was given in, and by whom."""

    at: datetime
    precision: Precision = Precision.MICROSECOND
    zone: str = "UTC"
    source: TimeSource = TimeSource.CLOCK


def stored(instant: datetime) -> str:
    """The stored form of an aware instant. Raises ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def from_stored(text: str) -> datetime:
    """The instant of a stored time. Raises ValueError when it is not of the one grammar."""
    if not _STORED.fullmatch(text):
        raise ValueError("not a stored time")
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def parse_stated(text: str, where: str = "happened_at") -> Moment:
    """A time that a person stated, e.g. `2026-11-24T02:10+01:00`; a zone is demanded, never guessed.

    The precision follows from what was written. Raises BadInput.
    """
    mend = "Write it with its zone, for example 2026-11-24T02:10Z or 2026-11-24T02:10:30+01:00."
    typed = text.strip()
    match = _ZONED.fullmatch(typed)
    if match is None:
        raise BadInput("This is no time with a zone.", where, mend)
    try:
        instant = datetime.fromisoformat(typed)
        at = instant.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadInput("This time does not exist.", where, mend) from None
    precision = Precision.MICROSECOND if match[2] else Precision.SECOND if match[1] else Precision.MINUTE
    zone = "UTC" if match[3] in ("Z", "+00:00") else match[3]
    return Moment(at, precision, zone, TimeSource.STATED)
