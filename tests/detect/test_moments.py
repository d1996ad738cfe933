"""Times as events write them."""

from datetime import UTC, datetime

import pytest

from muster.detect.condition import Order, Part, TimePart
from muster.detect.moments import holds, moment, part, written


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-11-24", "2026-11-24T00:00:00Z"), ("2026-11-24T02:10", "2026-11-24T02:10:00Z"),
        ("2026-11-24 02:10:00.123456789", "2026-11-24T02:10:00.123456Z"), ("2026-11-24T02:10:00,5Z", "2026-11-24T02:10:00.500000Z"),
        ("2026-11-24T02:10:00+02:00", "2026-11-24T00:10:00Z"), ("2026-11-24 02:10:00 -0130", "2026-11-24T03:40:00Z"),
        ("2026-11-24 02:10:00 UTC", "2026-11-24T02:10:00Z"), ("24/Nov/2026:02:10:00 +0100", "2026-11-24T01:10:00Z"),
        ("24/Nov/2026:02:10:00", "2026-11-24T02:10:00Z"), ("1764000000", "2025-11-24T16:00:00Z"),
        ("1764000000.25", "2025-11-24T16:00:00.250000Z"), ("1764000000123", "2025-11-24T16:00:00.123000Z"),
        ("1764000000123456", "2025-11-24T16:00:00.123456Z"), ("1764000000123456789", "2025-11-24T16:00:00.123456Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"), ("1601-01-01T00:00:00Z", "1601-01-01T00:00:00Z"),
    ],
)  # fmt: skip
def test_what_is_read(text: str, time: str) -> None:
    at = moment(text)
    assert at is not None
    assert written(at) == time


@pytest.mark.parametrize(
    "text",
    [
        "", "7", "2026", "2026-02-31", "2026-11-24T25:00", "0000-01-01", "0001-01-01T00:00:00+10:00", "9999-12-31T23:59:60Z",
        "132000000000000000", "24/Now/2026:02:10:00", "2026-11-24T02:10:00Zx", "٢٠٢٦-11-24", "12345678901234567890", "x" * 99,
        "20261124", "2026-W01-1", "Nov 24 02:10:00",
    ],
)  # fmt: skip
def test_what_is_no_time(text: str) -> None:
    assert moment(text) is None


def test_parts() -> None:
    at = int(datetime(2027, 1, 3, 23, 59, 1, tzinfo=UTC).timestamp()) * 10**6
    wanted = {Part.MINUTE: 59, Part.HOUR: 23, Part.DAY: 3, Part.WEEK: 53, Part.MONTH: 1, Part.YEAR: 2027}
    assert {which: part(which, at) for which in Part} == wanted
    assert holds(TimePart(Part.HOUR, 23), at)
    assert holds(TimePart(Part.HOUR, 22, Order.MORE), at)
    assert not holds(TimePart(Part.HOUR, 23, Order.LESS), at)
