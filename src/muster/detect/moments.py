"""Times as events write them: text to microseconds since 1970 in UTC, and the parts of a time that rules ask for.

Read are ISO 8601 (`2026-11-24T02:10:00.5Z`, with a blank instead of the T, with or without seconds, fraction and
zone), the time of access logs (`24/Nov/2026:02:10:00 +0100`), and numbers: seconds, milli-, micro- or nanoseconds
since 1970, told apart by their size. A time without a zone is taken as UTC. Any other text is no time.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from operator import eq, ge, gt, le, lt

from muster.detect.condition import Order, Part, TimePart

TIME_FIELDS = (
    "@timestamp", "UtcTimeCreated", "TimeCreated", "UtcTime", "timestamp", "Timestamp", "eventTime", "time", "ts", "date",
    "TimeGenerated", "EventTime", "event.created",
)  # fmt: skip
"""Where an event says when it happened: the first of these that it has."""
SECOND = 1_000_000
"""Microseconds."""

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?(?: ?(Z|UTC|[+-]\d\d(?::?\d\d)?))?"
)
_LOG = re.compile(r"(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d):(\d\d):(\d\d)(?: ([+-]\d{4}))?")
_NUMBER = re.compile(r"(\d{9,19})(?:\.(\d{1,9}))?")
_MONTHS = {
    name: at
    for at, name in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1
    )
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST = 40
_UNITS = ((10**11, 0), (10**14, 3), (10**17, 6))
"""Numbers below the first are seconds, then milli- and microseconds: each covers the years 1973 to 5138."""
_NANOSECONDS = (10**18, 4 * 10**18)
_COMPARE: Mapping[Order | None, Callable[[int, int], bool]] = {
    None: eq, Order.LESS: lt, Order.AT_MOST: le, Order.MORE: gt, Order.AT_LEAST: ge,
}  # fmt: skip


def moment(text: str) -> int | None:
    """Microseconds since 1970 in UTC; finer fractions are cut off. None when the text is no time that is known."""
    if not 9 < len(text) + 1 <= _LONGEST:
        return None
    try:
        return _iso(text) if text[4:5] == "-" else _log(text) if text[2:3] == "/" else _number(text)
    except (ValueError, OverflowError):  # a 31st of February, an hour 25, a year 0
        return None


def holds(test: TimePart, at: int) -> bool:
    """Whether the part of a time (microseconds since 1970) compares as the test wants."""
    return _COMPARE[test.order](part(test.part, at), test.number)


def part(which: Part, at: int) -> int:
    """A part of a time in UTC; weeks are those of ISO 8601, 1 to 53."""
    time = _EPOCH + timedelta(microseconds=at)
    if which is Part.WEEK:
        return time.isocalendar().week
    return {
        Part.MINUTE: time.minute, Part.HOUR: time.hour, Part.DAY: time.day, Part.MONTH: time.month, Part.YEAR: time.year,
    }[which]  # fmt: skip


def written(at: int) -> str:
    """A time as ISO 8601 in UTC, with as many digits of a second as it has."""
    time = _EPOCH + timedelta(microseconds=at)
    return time.isoformat().replace("+00:00", "Z")


def _iso(text: str) -> int | None:
    found = _ISO.fullmatch(text)
    if not found or not text.isascii():
        return None
    year, month, day, hour, minute, second = (int(group or 0) for group in found.groups()[:6])
    fraction = int((found[7] or "").ljust(6, "0")[:6])
    return _of(year, month, day, hour, minute, second, found[8]) + fraction


def _log(text: str) -> int | None:
    found = _LOG.fullmatch(text)
    if not found or not text.isascii() or found[2] not in _MONTHS:
        return None
    day, year, hour, minute, second = (int(found[at]) for at in (1, 3, 4, 5, 6))
    return _of(year, _MONTHS[found[2]], day, hour, minute, second, found[7])


def _of(year: int, month: int, day: int, hour: int, minute: int, second: int, zone: str | None) -> int:
    """Second 60, a leap second, is the first of the next minute."""
    time = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=_zone(zone))
    if second > 60:
        raise ValueError("no such second")
    utc = (time + timedelta(seconds=second // 60)).astimezone(UTC)
    return (utc - _EPOCH) // timedelta(microseconds=1)


def _zone(text: str | None) -> timezone:
    if text is None or text in ("Z", "UTC"):
        return UTC
    digits = text[1:].replace(":", "")
    away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-away if text[0] == "-" else away)


def _number(text: str) -> int | None:
    found = _NUMBER.fullmatch(text)
    if not found or not text.isascii():
        return None
    whole = int(found[1])
    if _NANOSECONDS[0] <= whole < _NANOSECONDS[1]:
        return whole // 1_000
    for bound, digits in _UNITS:
        if whole < bound:
            return int(Decimal(text).scaleb(6 - digits))
    return None
