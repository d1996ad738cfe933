"""Periods of law and contract as two instants: the one that alarms use, and the outer bound of the law.

The operational end is never later than any reading of the text. The legal end follows the row's way of
counting; it is shown with its steps and never alarmed on. Hours are added in UTC: an aware datetime plus
a timedelta would be arithmetic on the wall clock, and wrong by an hour across a change of the clocks.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from muster.core.errors import BadInput
from muster.core.time import Moment, Precision
from muster.plan.obligations import Counting, Roll, Unit

# `localtime`, `posix/...` and `right/...` depend on the machine, so only the names of the IANA data base count.
_NAMED = re.compile(r"[A-Z][A-Za-z_]+(/[A-Z][A-Za-z0-9_+-]*)+", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)", re.ASCII)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Period:
    """For instance 72 hours, counted as the European Union counts."""

    quantity: int
    unit: Unit
    counting: Counting = Counting.UTC_ELAPSED
    roll: Roll = Roll.NONE


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
    zone, steps = _zone(calendar.zone)
    if period.unit is Unit.HOURS:
        legal = _hours(last, period, calendar, zone, steps)
    else:
        legal = _days(last, period, calendar, zone, steps)
    return Bounds(min(_plain(first, period, zone), legal), legal, tuple(steps))


def _zone(name: str) -> tuple[tzinfo, list[str]]:
    """A plan may name a zone that this machine does not know: then days are those of UTC, and it says so."""
    try:
        return zone_of(name), []
    except BadInput:
        return UTC, ["The zone of this row is not known here, so its days are counted in UTC."]


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
        case Unit.CALENDAR_DAYS | Unit.BUSINESS_DAYS:
            return first + timedelta(days=period.quantity)
        case Unit.MONTHS:
            return max(first, _midnight(_months_on(first.astimezone(zone).date(), period.quantity), zone))
        case Unit.AT_ONCE:
            return first


def _hours(last: datetime, period: Period, calendar: Calendar, zone: tzinfo, steps: list[str]) -> datetime:
    if period.counting is not Counting.EU_1182_71:
        steps.append(f"{period.quantity} hours are added in UTC.")
        end = last + timedelta(hours=period.quantity)
    else:
        at = last.astimezone(zone)
        begins = last - timedelta(minutes=at.minute, seconds=at.second, microseconds=at.microsecond) + _HOUR
        end = begins + timedelta(hours=period.quantity)
        steps += [
            f"The hour of the event is not counted (1182/71, Article 3(1)): it begins {_said(begins, zone)}.",
            f"It ends with the last of {period.quantity} hours (Article 3(2)(a)), weekends and holidays included.",
        ]
        if period.quantity >= 48:
            steps.append(
                "Whether it must hold two working days (Article 3(5)) is disputed for hours: shown, not used."
            )
    day = end.astimezone(zone).date()
    if period.roll is Roll.NEXT_WORKING_DAY and not calendar.works(day):
        return _midnight(_to_working_day(day, calendar, steps, "") + _DAY, zone)
    return end


def _days(last: datetime, period: Period, calendar: Calendar, zone: tzinfo, steps: list[str]) -> datetime:
    if period.unit is Unit.AT_ONCE:
        steps.append("Without undue delay: there is no number of hours.")
        return last
    if period.unit is Unit.CALENDAR_DAYS and period.counting is Counting.UTC_ELAPSED:
        steps.append(f"{period.quantity} times 24 hours are added in UTC.")
        return last + timedelta(days=period.quantity)
    event = last.astimezone(zone).date()
    day = _last_day(event, period, calendar, steps)
    if period.counting is Counting.EU_1182_71:
        day = _to_working_day(day, calendar, steps, " (Article 3(4))")
        day = _two_working_days(event, day, period, calendar, steps)
    elif period.roll is Roll.NEXT_WORKING_DAY:
        day = _to_working_day(day, calendar, steps, "")
    return max(last, _midnight(day + _DAY, zone))


def _last_day(event: date, period: Period, calendar: Calendar, steps: list[str]) -> date:
    """The day with whose last hour it ends, before that day is moved."""
    included = period.counting is Counting.INCLUDE_FIRST_DAY
    before = event - _DAY if included else event
    law = " (Regulation 1182/71, Article 3(1))" if period.counting is Counting.EU_1182_71 else ""
    steps.append(f"The day of the event is {'' if included else 'not '}counted{law}.")
    match period.unit:
        case Unit.MONTHS:
            day = _months_on(event, period.quantity) - (_DAY if included else timedelta(0))
            steps.append(f"Months go by the date, at most to the last of the month: it ends with {day}.")
        case Unit.BUSINESS_DAYS:
            day = _working_days_on(before, period.quantity, calendar)
            steps.append(f"Working day number {period.quantity} is {day}.")
        case _:
            day = before + timedelta(days=period.quantity)
            steps.append(f"It ends with {day}.")
    return day


def _to_working_day(day: date, calendar: Calendar, steps: list[str], law: str) -> date:
    before = day
    while not calendar.works(day):
        day += _DAY
    if day != before:
        steps.append(f"{before} is no working day, so it ends with {day}{law}.")
    return day


def _two_working_days(event: date, day: date, period: Period, calendar: Calendar, steps: list[str]) -> date:
    """Article 3(5): a period of two days or more holds at least two working days."""
    before = day
    long = period.quantity >= 2 or period.unit is Unit.MONTHS
    while long and not (_worked(event, day, calendar) and calendar.works(day)):
        day += _DAY
    if day != before:
        steps.append(f"It must hold two working days, so it ends with {day} (Article 3(5)).")
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
