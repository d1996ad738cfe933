"""Periods: vectors written by hand from Regulation 1182/71, Article 3, and what holds for every row and instant."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core.errors import BadInput
from muster.core.time import Moment, Precision, parse_stated
from muster.disclose.period import Bounds, Calendar, Period, bounds, zone_of
from muster.plan.obligations import Counting, Roll, Unit
from tests.disclose.duties import day, instant

BERLIN = Calendar("Europe/Berlin")
EU, ELAPSED = Counting.EU_1182_71, Counting.UTC_ELAPSED
INCLUDE, EXCLUDE = Counting.INCLUDE_FIRST_DAY, Counting.EXCLUDE_FIRST_DAY


def ends(
    anchor: str | Moment, quantity: int, unit: Unit, counting: Counting, calendar: Calendar = BERLIN
) -> Bounds:
    moment = parse_stated(anchor) if isinstance(anchor, str) else anchor
    return bounds(moment, Period(quantity, unit, counting), calendar)


class Vector(NamedTuple):
    """One count by hand: the line of the law, the event, the period, and both ends."""

    source: str
    anchor: str
    quantity: int
    unit: Unit
    counting: Counting
    operational: str
    legal: str
    zone: str = "Europe/Berlin"


H, D, W, M = Unit.HOURS, Unit.CALENDAR_DAYS, Unit.BUSINESS_DAYS, Unit.MONTHS
NEW_YORK, SYDNEY, CALIFORNIA = "America/New_York", "Australia/Sydney", "America/Los_Angeles"
# "3(1)" and the like is Regulation 1182/71. Which way of counting a law outside the Union takes is the row's to say.
VECTORS = [
    # Aware on a Tuesday at 02:10. The hour 02-03 is not counted; 72 hours follow.
    Vector("GDPR 33(1); 3(1)", "2026-11-24T02:10+01:00", 72, H, EU, "2026-11-27T02:10+01:00", "2026-11-27T03:00+01:00"),
    # On the full hour it is still the hour that begins there which is not counted.
    Vector("GDPR 33(1); 3(1)", "2026-11-24T02:00+01:00", 72, H, EU, "2026-11-27T02:00+01:00", "2026-11-27T03:00+01:00"),
    # Over a weekend and Christmas: hours do not stop for them, and 3(4) is not for hours.
    Vector("GDPR 33(1); 3(3), 3(4)", "2026-12-23T17:30+01:00", 72, H, EU, "2026-12-26T17:30+01:00", "2026-12-26T18:00+01:00"),
    # Clocks go forward on 29 March 2026 at 02:00: 72 hours later it is an hour later on the wall.
    Vector("GDPR 33(1); 3(2)(a)", "2026-03-27T10:15+01:00", 72, H, EU, "2026-03-30T11:15+02:00", "2026-03-30T12:00+02:00"),
    # Clocks go back on 25 October 2026 at 03:00.
    Vector("GDPR 33(1); 3(2)(a)", "2026-10-24T10:15+02:00", 72, H, EU, "2026-10-27T09:15+01:00", "2026-10-27T10:00+01:00"),
    # The hour that comes twice: 02:30 for the first time, and for the second.
    Vector("NIS2 23(4)(a); 3(1)", "2026-10-25T02:30+02:00", 24, H, EU, "2026-10-26T01:30+01:00", "2026-10-26T02:00+01:00"),
    Vector("NIS2 23(4)(a); 3(1)", "2026-10-25T02:30+01:00", 24, H, EU, "2026-10-26T02:30+01:00", "2026-10-26T03:00+01:00"),
    # 24 hours from Saturday noon, of which the wall shows 25.
    Vector("NIS2 23(4)(a); 3(2)(a)", "2026-03-28T12:00+01:00", 24, H, EU, "2026-03-29T13:00+02:00", "2026-03-29T14:00+02:00"),
    # In the last minute of a day: the hour that is not counted ends at midnight.
    Vector("CRA 14(2)(a); 3(1)", "2026-11-24T23:59+01:00", 24, H, EU, "2026-11-25T23:59+01:00", "2026-11-26T00:00+01:00"),
    # Four hours from the classification, over midnight.
    Vector("Del. Reg. 2025/301 5(1)(a)", "2026-11-24T22:30+01:00", 4, H, EU, "2026-11-25T02:30+01:00", "2026-11-25T03:00+01:00"),
    # A contract of 24 hours, plainly.
    Vector("a contract, plain hours", "2026-11-24T02:10+00:00", 24, H, ELAPSED, "2026-11-25T02:10Z", "2026-11-25T02:10Z"),
    # Six hours where clocks stand at half an hour.
    Vector("CERT-In 2022, (ii)", "2026-11-24T23:00+05:30", 6, H, ELAPSED, "2026-11-25T05:00+05:30", "2026-11-25T05:00+05:30", "Asia/Kolkata"),
    # 36 hours, while clocks go back on 1 November 2026: 20:00 on Saturday to 07:00 on Monday.
    Vector("12 CFR 53.3", "2026-10-31T20:00-04:00", 36, H, ELAPSED, "2026-11-02T07:00-05:00", "2026-11-02T07:00-05:00", NEW_YORK),
    # 72 hours, while clocks go forward on 8 March 2026.
    Vector("23 NYCRR 500.17(a)", "2026-03-06T09:00-05:00", 72, H, ELAPSED, "2026-03-09T10:00-04:00", "2026-03-09T10:00-04:00", NEW_YORK),
    # One month from Tuesday 24 November: ends with the last hour of 24 December.
    Vector("NIS2 23(4)(d); 3(2)(c)", "2026-11-24T15:00+01:00", 1, M, EU, "2026-12-24T00:00+01:00", "2026-12-25T00:00+01:00"),
    # One month from 31 January 2027: there is no 31 February, so Sunday the 28th, so Monday 1 March.
    Vector("NIS2 23(4)(d); 3(2)(c), 3(4)", "2027-01-31T15:00+01:00", 1, M, EU, "2027-02-28T00:00+01:00", "2027-03-02T00:00+01:00"),
    # In a leap year there is a 29th, a Tuesday.
    Vector("NIS2 23(4)(d); 3(2)(c)", "2028-01-31T15:00+01:00", 1, M, EU, "2028-02-29T00:00+01:00", "2028-03-01T00:00+01:00"),
    # Over the end of a year; 10 January 2027 is a Sunday.
    Vector("CRA 14(4)(c); 3(4)", "2026-12-10T15:00+01:00", 1, M, EU, "2027-01-10T00:00+01:00", "2027-01-12T00:00+01:00"),
    # 14 days; the day itself is not counted.
    Vector("CRA 14(2)(c); 3(1)", "2026-11-24T15:00+01:00", 14, D, EU, "2026-12-08T15:00+01:00", "2026-12-09T00:00+01:00"),
    # 14 days that end on a Saturday: the end of Monday.
    Vector("CRA 14(2)(c); 3(4)", "2026-11-28T15:00+01:00", 14, D, EU, "2026-12-12T15:00+01:00", "2026-12-15T00:00+01:00"),
    # Two days from Friday: Saturday and Sunday hold no working day, so Monday and Tuesday.
    Vector("1182/71 3(5)", "2026-11-27T15:00+01:00", 2, D, EU, "2026-11-29T15:00+01:00", "2026-12-02T00:00+01:00"),
    # One day from Friday: 3(5) is for two days or more, 3(4) moves it to Monday.
    Vector("1182/71 3(4)", "2026-11-27T15:00+01:00", 1, D, EU, "2026-11-28T15:00+01:00", "2026-12-01T00:00+01:00"),
    # Three working days from Thursday: Friday, Monday, Tuesday.
    Vector("1182/71 3(1), 3(3)", "2026-11-26T15:00+01:00", 3, W, EU, "2026-11-29T15:00+01:00", "2026-12-02T00:00+01:00"),
    # Four business days after a Thursday: Friday, Monday, Tuesday, Wednesday.
    Vector("Form 8-K, B.1 and Item 1.05", "2026-11-26T15:00-05:00", 4, W, EXCLUDE, "2026-11-30T15:00-05:00", "2026-12-03T00:00-05:00", NEW_YORK),
    # On a Saturday, the first business day after counts as the first: Monday to Thursday.
    Vector("Form 8-K, B.1", "2026-11-28T15:00-05:00", 4, W, INCLUDE, "2026-12-02T15:00-05:00", "2026-12-04T00:00-05:00", NEW_YORK),
    # Three working days after a Friday evening: Monday to Wednesday.
    Vector("ANPD Res. 15/2024, 6", "2026-11-27T18:00-03:00", 3, W, EXCLUDE, "2026-11-30T18:00-03:00", "2026-12-03T00:00-03:00", "America/Sao_Paulo"),
    # Three days, the day of the event among them: Tuesday to Thursday; the end comes before three times 24 hours.
    Vector("a contract, first day counted", "2026-11-24T15:00+01:00", 3, D, INCLUDE, "2026-11-27T00:00+01:00", "2026-11-27T00:00+01:00"),
    # Day 1 is the day after the assessment: Wednesday to Friday.
    Vector("PDPA 26D(1)", "2026-11-24T10:00+08:00", 3, D, EXCLUDE, "2026-11-27T10:00+08:00", "2026-11-28T00:00+08:00", "Asia/Singapore"),
    # Plain days are times 24 hours, also across a change of the clocks.
    Vector("a contract, plain days", "2026-03-27T10:15+01:00", 3, D, ELAPSED, "2026-03-30T11:15+02:00", "2026-03-30T11:15+02:00"),
    # 30 days, and clocks go back in between.
    Vector("Cal. Civ. Code 1798.82(a)", "2026-10-20T10:00-07:00", 30, D, EXCLUDE, "2026-11-19T09:00-08:00", "2026-11-20T00:00-08:00", CALIFORNIA),
    # 30 days in the south, where clocks go forward in October.
    Vector("Privacy Act 1988 26WH(2)", "2026-09-20T10:00+10:00", 30, D, EXCLUDE, "2026-10-20T11:00+11:00", "2026-10-21T00:00+11:00", SYDNEY),
    # 45 days over a 29 February and a change of the clocks.
    Vector("Md. Com. Law 14-3504", "2028-02-01T12:00-05:00", 45, D, EXCLUDE, "2028-03-17T13:00-04:00", "2028-03-18T00:00-04:00", NEW_YORK),
    # 60 days over the end of a year.
    Vector("45 CFR 164.404(b)", "2026-11-24T15:00-05:00", 60, D, EXCLUDE, "2027-01-23T15:00-05:00", "2027-01-24T00:00-05:00", NEW_YORK),
]  # fmt: skip


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector.source} from {vector.anchor}")
def test_vectors_from_the_text_of_the_law(vector: Vector) -> None:
    found = ends(vector.anchor, vector.quantity, vector.unit, vector.counting, Calendar(vector.zone))
    assert (found.operational, found.legal) == (instant(vector.operational), instant(vector.legal))


def test_holidays_move_the_last_day_on() -> None:
    holidays = Calendar("Europe/Berlin", frozenset({date(2026, 12, 24), date(2026, 12, 25)}))
    found = ends("2026-11-24T15:00+01:00", 1, Unit.MONTHS, EU, holidays)
    # 24 and 25 December are holidays, 26 and 27 a weekend: Monday the 28th.
    assert found.legal == instant("2026-12-29T00:00+01:00")
    assert found.operational == instant("2026-12-24T00:00+01:00")
    assert any("Article 3(4)" in step for step in found.steps)


def test_a_date_without_a_time_is_read_both_ways() -> None:
    found = ends(day("2026-11-24", "Europe/Berlin"), 72, Unit.HOURS, EU)
    assert found.operational == instant("2026-11-27T00:00+01:00")
    assert found.legal == instant("2026-11-28T00:00+01:00")
    # The date of one zone, counted in another: 24 November in Tokyo is over at 15:00 UTC.
    found = ends(day("2026-11-24", "Asia/Tokyo"), 24, Unit.HOURS, ELAPSED, Calendar("Europe/London"))
    assert found.operational == instant("2026-11-24T15:00Z")
    assert timedelta(0) < instant("2026-11-25T15:00Z") - found.legal <= timedelta(microseconds=1)


def test_an_hour_without_minutes_is_read_both_ways() -> None:
    anchor = Moment(instant("2026-11-24T02:00+01:00"), Precision.HOUR)
    assert ends(anchor, 24, Unit.HOURS, EU).legal == instant("2026-11-25T03:00+01:00")
    assert ends(anchor, 24, Unit.HOURS, EU).operational == instant("2026-11-25T02:00+01:00")


def test_the_disputed_reading_is_shown_and_not_used() -> None:
    # Friday evening: 72 hours end on Monday, and hold only one working day.
    found = ends("2026-11-27T18:10+01:00", 72, Unit.HOURS, EU)
    assert found.legal == instant("2026-11-30T19:00+01:00")
    assert any("disputed" in step for step in found.steps)
    assert not any("disputed" in step for step in ends("2026-11-27T18:10+01:00", 24, Unit.HOURS, EU).steps)


def test_a_plain_deadline_rolls_only_where_the_row_says_so() -> None:
    saturday = parse_stated("2026-11-27T10:00+01:00")
    stays = bounds(saturday, Period(24, Unit.HOURS), BERLIN)
    rolls = bounds(saturday, Period(24, Unit.HOURS, roll=Roll.NEXT_WORKING_DAY), BERLIN)
    assert stays.legal == stays.operational == rolls.operational == instant("2026-11-28T10:00+01:00")
    assert rolls.legal == instant("2026-12-01T00:00+01:00")
    later = Period(2, Unit.CALENDAR_DAYS, EXCLUDE, Roll.NEXT_WORKING_DAY)
    assert bounds(saturday, later, BERLIN).legal == instant("2026-12-01T00:00+01:00")


def test_a_zone_that_nobody_knows_is_said_and_not_guessed() -> None:
    found = ends("2026-11-24T15:00+01:00", 1, Unit.MONTHS, EU, Calendar("Europe/Nowhere"))
    assert found.legal == instant("2026-12-25T00:00Z")
    assert "counted in UTC" in found.steps[0]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "CET",
        "localtime",
        "posix/Europe/Berlin",
        "right/UTC",
        "Europe/Nowhere",
        "../etc/x",
        "+25:00",
        "Europe/../UTC",
    ],
)
def test_zones_are_the_same_on_every_machine(name: str) -> None:
    with pytest.raises(BadInput, match="no zone that Muster knows"):
        zone_of(name)


def test_zones_are_known_where_the_machine_has_no_data_base_of_them() -> None:
    program = "from muster.disclose.period import zone_of; print(zone_of('Europe/Berlin'))"
    done = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONTZPATH": ""}, capture_output=True, text=True, check=True
    )
    assert done.stdout == "Europe/Berlin\n"


def test_offsets_are_zones_too() -> None:
    assert zone_of("-03:30").utcoffset(None) == -timedelta(hours=3, minutes=30)
    assert zone_of("+01:00").utcoffset(None) == timedelta(hours=1)
    assert zone_of("UTC") is UTC


ZONES = st.sampled_from(
    [
        "UTC",
        "Europe/Berlin",
        "Europe/London",
        "America/New_York",
        "Asia/Kolkata",
        "Pacific/Auckland",
        "America/Sao_Paulo",
    ]
)
CALENDARS = st.builds(
    Calendar, ZONES, st.frozensets(st.dates(date(2025, 1, 1), date(2030, 12, 31)), max_size=12)
)
PERIODS = st.builds(
    Period, st.integers(1, 400), st.sampled_from(Unit), st.sampled_from(Counting), st.sampled_from(Roll)
)
INSTANTS = st.datetimes(  # a range is given without a zone, the strategy adds it
    datetime.fromisoformat("2025-01-01"), datetime.fromisoformat("2030-12-31"), timezones=st.just(UTC)
)
EXACT = st.sampled_from([Precision.MICROSECOND, Precision.SECOND, Precision.MINUTE])


@given(INSTANTS, st.sampled_from(Precision), ZONES, PERIODS, CALENDARS)
def test_operational_is_never_after_legal_nor_before_the_event_as_first_read(
    at: datetime, precision: Precision, zone: str, period: Period, calendar: Calendar
) -> None:
    found = bounds(Moment(at, precision, zone), period, calendar)
    assert found.operational <= found.legal
    assert found.operational >= at - (
        timedelta(days=1, hours=1) if precision is Precision.DAY else timedelta(0)
    )
    assert found.legal >= at - timedelta(days=1, hours=1)
    assert found.steps


@given(INSTANTS, INSTANTS, EXACT, PERIODS, CALENDARS)
def test_a_later_event_never_ends_earlier(
    one: datetime, other: datetime, precision: Precision, period: Period, calendar: Calendar
) -> None:
    first, second = (bounds(Moment(at, precision), period, calendar) for at in sorted((one, other)))
    assert first.operational <= second.operational
    assert first.legal <= second.legal


@given(INSTANTS, ZONES, ZONES, PERIODS, CALENDARS)
def test_the_zone_an_instant_is_written_in_changes_nothing(
    at: datetime, one: str, other: str, period: Period, calendar: Calendar
) -> None:
    first, second = (
        bounds(Moment(at.astimezone(ZoneInfo(zone)), Precision.SECOND, zone), period, calendar)
        for zone in (one, other)
    )
    assert first == second
