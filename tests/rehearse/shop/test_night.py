"""A night: in time order, the same bytes for the same seed, other ones for another."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from muster.rehearse.shop import night_of, telemetry

START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def _bytes(seed: int, start: datetime = START) -> bytes:
    return "\n".join(json.dumps(event, sort_keys=True) for event in telemetry(seed, start)).encode()


def test_same_seed_same_bytes() -> None:
    assert _bytes(42) == _bytes(42)
    assert _bytes(42) == _bytes(42, START.astimezone(timezone(timedelta(hours=-8))))


def test_two_seeds_differ() -> None:
    assert _bytes(1) != _bytes(2)
    attacks = [
        json.dumps([event.fields for event in night_of(seed, START) if event.step], sort_keys=True)
        for seed in (1, 2)
    ]
    assert attacks[0] != attacks[1]


def test_time_order_and_size() -> None:
    events = night_of(1, START)
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert 3000 <= len(events) <= 6000
    assert [event.fields for event in events] == telemetry(1, START)


def test_fields_are_flat_text_and_numbers() -> None:
    for event in telemetry(2, START):
        assert all(type(value) in (str, int) for value in event.values())


def test_a_start_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        night_of(1, START.replace(tzinfo=None))
