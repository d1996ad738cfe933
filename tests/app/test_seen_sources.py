"""What the detector remembers of what it saw: sources by lane with rate, lag and fields, all within bounds."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from muster.app import seen_sources as module
from muster.app.seen_sources import SeenSources
from muster.detect.events import read
from muster.detect.rule import RuleKey
from muster.store.spool import SpooledBatch
from tests.detect.yard import compiled, on

LATER = "20261124T031500.000000Z"
SYSMON = {"EventID": 1, "Channel": "Microsoft-Windows-Sysmon/Operational", "Provider_Name": "P", "Image": "a"}


def take(
    seen: SeenSources, *events: Mapping[str, object], lane: str = "real", minute: int = 10
) -> SpooledBatch:
    batch = SpooledBatch(Path("b"), f"20261124T02{minute:02}00.000000Z", lane, "t", "0" * 64)
    data = b"\n".join(json.dumps(event).encode() for event in events)
    seen.take(batch, read(data, compiled(on({"user": "x"})).needs, watch=True))
    return batch


def test_the_rate_is_of_the_last_hour_and_the_count_of_all() -> None:
    seen = SeenSources()
    take(seen, {"a": 1}, {"a": 2}, minute=10)
    take(seen, {"a": 3, "b": 1, "time": "2026-11-24T02:29:00Z"}, minute=30)
    (one,) = seen.told(None, LATER).sources
    assert (one.events, one.last_hour, one.fields) == (3, 1, ("a", "b", "time"))
    assert (one.first, one.last) == ("2026-11-24T02:10:00.000000Z", "2026-11-24T02:30:00.000000Z")
    assert (one.last_event, one.lag_seconds) == ("2026-11-24T02:29:00Z", 60)
    (one,) = seen.told(None, "20261124T050000.000000Z").sources
    assert (one.events, one.last_hour) == (3, 0)


def test_a_windows_channel_is_one_source_with_its_numbers_and_categories() -> None:
    seen = SeenSources()
    take(seen, SYSMON, SYSMON | {"EventID": 3})
    (one,) = seen.told(None, LATER).sources
    assert (one.product, one.services, one.numbers) == ("windows", ("sysmon",), ("1", "3"))
    assert one.categories == ("network_connection", "process_creation")


def test_a_field_that_never_came_is_missed_until_it_comes() -> None:
    rules = compiled(
        on({"Image": "a", "Odd": "b"}, source={"product": "windows", "category": "process_creation"})
    )
    seen = SeenSources()
    take(seen, SYSMON)
    (missing,) = seen.told(rules, LATER).missing
    assert (missing.fields, missing.is_all, missing.lane) == (("Odd",), False, "real")
    take(seen, SYSMON | {"Odd": "c"}, lane="drill:DRL-1")
    assert [one.lane for one in seen.told(rules, LATER).missing] == ["real"]
    take(seen, SYSMON | {"Odd": "c"})
    assert seen.told(rules, LATER).missing == ()


def test_rules_that_raise_are_counted_by_batch() -> None:
    rules, seen = compiled(on({"user": "x"}, title="Mine")), SeenSources()
    for minute in (10, 20):
        batch = take(seen, {"user": "x"}, minute=minute)
        seen.fault(batch, rules, {RuleKey("r0.yml"): "ValueError: \x1b"})
    (fault,) = seen.told(rules, LATER).faults
    assert (fault.title, fault.batches, fault.last) == ("Mine", 2, "2026-11-24T02:20:00.000000Z")
    assert "\x1b" not in fault.what


def test_everything_is_bounded_and_what_is_left_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LANES", 2)
    monkeypatch.setattr(module, "MOST_SOURCES", 3)
    monkeypatch.setattr(module, "MOST_NOTED", 10)
    seen = SeenSources()
    for lane in ("one", "two", "three"):
        take(seen, *({"logsource.product": f"p{number}", f"f{number}": 1} for number in range(9)), lane=lane)
    told = seen.told(compiled(on({"user": "x"})), LATER)
    assert len(told.sources) == 3
    assert told.cut
    assert len(seen._lanes) == 2
    assert all(lane.noted <= 10 for lane in seen._lanes.values())
