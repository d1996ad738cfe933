"""Periods of law and contract as two instants: the one that alarms use, and the outer bound of the law.

The operational end is never later than any reading of the text. The legal end follows the row's way of
counting; it is shown with its steps and never alarmed on. Hours are added in UTC: an aware datetime plus
a timedelta would be arithmetic on the wall clock, and wrong by an hour across a change of the clocks.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from muster.core.errors import BadInput
from muster.core.time import Moment, Precision

# `localtime`, `posix/...` and `right/...` depend on the machine, so only the names of the IANA data base count.
_NAMED = re.compile(r"[A-Z][A-Za-z_]+(/[A-Z][A-Za-z0-9_+-]*)+", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)", re.ASCII)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)
_SATURDAY = 5


class Unit(StrEnum):
    """What a period is counted in."""

    HOURS = "hours"
    CALENDAR_DAYS = "calendar-days"
    WORKING_DAYS = "working-days"
    MONTHS = "months"


class Counting(StrEnum):
    """How it is counted: plainly from the anchor, or by Regulation (EEC, Euratom) 1182/71, Article 3."""

    ELAPSED = "utc-elapsed"
    EU = "eu-1182-71"


@dataclass(frozen=True, slots=True)
class Period:
    """For instance 72 hours, counted as the European Union counts."""

    quantity: int
    unit: Unit
    counting: Counting = Counting.ELAPSED


@dataclass(frozen=True, slots=True)
class Calendar:
    """Where days begin, and which of them are holidays there."""

    zone: str = "UTC"
    holidays: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        """Whether it is a working day: no Saturday, no Sunday, no holiday."""
        return day.weekday() < _SATURDAY and day not in self.holidays


@dataclass(frozen=True, slots=True)
class Bounds:
    """Both ends of a period, and how the legal one came about, step by step."""

    operational: datetime
    legal: datetime
    steps: tuple[str, ...]


def zone_of(name: str) -> tzinfo:
    """The zone of this name: UTC, an offset like +01:00, or one like Europe/Berlin. Raises BadInput."""
    if name == "UTC":
        return UTC
    offset = _OFFSET.fullmatch(name)
    if offset is not None and int(offset[2]) < 24 and int(offset[3]) < 60:
        away = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        return timezone(-away if offset[1] == "-" else away)
    if _NAMED.fullmatch(name):
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            pass
    raise BadInput(
        "This is no zone that Muster knows.", "zone", "Write it like Europe/Berlin, +01:00 or UTC."
    )


def bounds(anchor: Moment, period: Period, calendar: Calendar) -> Bounds:
    """The two ends of a period that begins with this event."""
    first, last = _readings(anchor)
    zone = zone_of(calendar.zone)
    if period.unit is Unit.HOURS:
        legal, steps = _hours(last, period, zone)
    else:
        legal, steps = _days(last, period, calendar, zone)
    return Bounds(min(_plain(first, period, zone), legal), legal, steps)


def _readings(anchor: Moment) -> tuple[datetime, datetime]:
    """The first and the last instant that the anchor may mean."""
    at = anchor.at.astimezone(UTC)
    match anchor.precision:
        case Precision.DAY:
            zone = zone_of(anchor.zone)
            day = at.astimezone(zone).date()
            return _midnight(day, zone), _midnight(day + _DAY, zone) - _TICK
        case Precision.HOUR:
            return at, at + _HOUR - _TICK
        case _:
            return at, at


def _plain(first: datetime, period: Period, zone: tzinfo) -> datetime:
    """Plain elapsed time; months end as the day begins on which they fall due, the earliest reading there is."""
    match period.unit:
        case Unit.HOURS:
            return first + timedelta(hours=period.quantity)
        case Unit.CALENDAR_DAYS | Unit.WORKING_DAYS:
            return first + timedelta(days=period.quantity)
        case Unit.MONTHS:
            return max(first, _midnight(_months_on(first.astimezone(zone).date(), period.quantity), zone))


def _hours(last: datetime, period: Period, zone: tzinfo) -> tuple[datetime, tuple[str, ...]]:
    if period.counting is Counting.ELAPSED:
        end = last + timedelta(hours=period.quantity)
        return end, (f"{period.quantity} hours are added in UTC.",)
    local = last.astimezone(zone)
    begins = (
        last - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond) + _HOUR
    )
    end = begins + timedelta(hours=period.quantity)
    steps = [
        f"The hour of the event is not counted (Regulation 1182/71, Article 3(1)): it begins {_said(begins, zone)}.",
        f"It ends with the last of {period.quantity} hours (Article 3(2)(a)), weekends and holidays included.",
    ]
    if period.quantity >= 48:
        steps.append(
            "Whether it must contain two working days (Article 3(5)) is disputed for hours: shown, not used."
        )
    return end, tuple(steps)


def _days(
    last: datetime, period: Period, calendar: Calendar, zone: tzinfo
) -> tuple[datetime, tuple[str, ...]]:
    event = last.astimezone(zone).date()
    european = period.counting is Counting.EU
    if period.unit is Unit.CALENDAR_DAYS and not european:
        return last + timedelta(days=period.quantity), (
            f"{period.quantity} times 24 hours are added in UTC.",
        )
    steps = ["The day of the event is not counted."]
    if european:
        steps = ["The day of the event is not counted (Regulation 1182/71, Article 3(1))."]
    match period.unit:
        case Unit.MONTHS:
            day = _months_on(event, period.quantity)
            steps.append(
                f"It ends with {day}, the same date {period.quantity} months on, or that month's last day."
            )
        case Unit.WORKING_DAYS:
            day = _working_days_on(event, period.quantity, calendar)
            steps.append(f"It ends with {day}, the working day number {period.quantity}.")
        case _:
            day = event + timedelta(days=period.quantity)
            steps.append(f"It ends with {day}.")
    if european:
        day = _rolled(event, day, period, calendar, steps)
    return max(last, _midnight(day + _DAY, zone)), tuple(steps)


def _rolled(event: date, day: date, period: Period, calendar: Calendar, steps: list[str]) -> date:
    """Article 3(4): not on a Saturday, Sunday or holiday. Article 3(5): at least two working days."""
    before = day
    while not calendar.works(day):
        day += _DAY
    if day != before:
        steps.append(f"{before} is no working day, so it ends with {day} (Article 3(4)).")
    long = period.quantity >= 2 or period.unit is Unit.MONTHS
    before = day
    while long and not (_worked(event, day, calendar) and calendar.works(day)):
        day += _DAY
    if day != before:
        steps.append(f"It must contain two working days, so it ends with {day} (Article 3(5)).")
    return day


def _worked(event: date, day: date, calendar: Calendar) -> bool:
    """Whether two working days lie after the event and up to this day; looks no further back than needed."""
    found = 0
    while day > event and found < 2:
        found += calendar.works(day)
        day -= _DAY
    return found == 2


def _working_days_on(event: date, quantity: int, calendar: Calendar) -> date:
    day, left = event, quantity
    while left > 0:
        day += _DAY
        left -= calendar.works(day)
    return day


def _months_on(day: date, quantity: int) -> date:
    """The same date some months later; the last day of that month where it has no such date."""
    years, month = divmod(day.month - 1 + quantity, 12)
    first = date(day.year + years, month + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first.replace(day=min(day.day, (following - first).days))


def _midnight(day: date, zone: tzinfo) -> datetime:
    """The instant at which a day begins; where clocks change at midnight, the first instant of that day."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _said(instant: datetime, zone: tzinfo) -> str:
    return f"at {instant.astimezone(zone):%Y-%m-%d %H:%M} ({zone})"
