"""Times: one stored grammar whose text order is time order; stated times keep zone and precision."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core.errors import BadInput
from muster.core.time import Moment, Precision, TimeSource, from_stored, parse_stated, stored

INSTANTS = st.datetimes(timezones=st.just(UTC))
REFUSED = [
    "", "now", "2026-11-24", "2026-11-24T02:10", "2026-11-24 02:10", "2026-11-24T02:10:30.1234567Z",
    "2026-13-24T02:10Z", "2026-11-31T02:10Z", "2026-11-24T25:10Z", "2026-11-24T02:10+99:00", "0000-01-01T00:00Z",
    "9999-12-31T23:59-12:00", "0001-01-01T00:00+12:00", "٢٠٢٦-11-24T02:10Z", "2026-11-24T02:10Z\nx", "1e9",
]  # fmt: skip


@given(INSTANTS)
def test_a_stored_time_is_read_back_exactly(instant: datetime) -> None:
    assert len(stored(instant)) == 27
    assert from_stored(stored(instant)) == instant


@given(INSTANTS, INSTANTS)
def test_text_order_is_time_order(one: datetime, other: datetime) -> None:
    assert (stored(one) < stored(other)) == (one < other)


def test_a_zone_is_needed_and_turned_into_utc() -> None:
    berlin = timezone(timedelta(hours=1))
    assert stored(datetime(2026, 11, 24, 3, 10, tzinfo=berlin)) == "2026-11-24T02:10:00.000000Z"
    with pytest.raises(ValueError, match="zone"):
        stored(datetime(2026, 11, 24))  # noqa: DTZ001 - the fault under test


@pytest.mark.parametrize(
    "text",
    ["2026-11-24T02:10:00Z", "2026-11-24T02:10:00.000000+00:00", "", "٢٠٢٦-11-24T02:10:00.000000Z"],
)
def test_another_grammar_is_no_stored_time(text: str) -> None:
    with pytest.raises(ValueError, match="stored time"):
        from_stored(text)


def test_a_stated_time_keeps_zone_and_precision() -> None:
    moment = parse_stated(" 2026-11-24T02:10+01:00 ")
    at = datetime(2026, 11, 24, 1, 10, tzinfo=UTC)
    assert moment == Moment(at, Precision.MINUTE, "+01:00", TimeSource.STATED)
    assert parse_stated("2026-11-24 02:10:30Z").precision is Precision.SECOND
    assert parse_stated("2026-11-24 02:10:30.5Z").precision is Precision.MICROSECOND
    assert parse_stated("2026-11-24 02:10+00:00").zone == "UTC"


@pytest.mark.parametrize("text", REFUSED)
def test_a_time_that_is_none_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_stated(text, "since")
    assert refused.value.where == "since"
    assert refused.value.mend
    assert not text or text not in refused.value.what
