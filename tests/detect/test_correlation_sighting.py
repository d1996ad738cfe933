"""From hits to sightings: the time of an event, its group, its value."""

import json

from muster.detect import events, matching
from muster.detect.correlating import Sightings
from muster.detect.correlation_sighting import sightings
from muster.detect.moments import SECOND
from tests.detect.correlation_yard import START, base, compiled, correlation, event, plan

RULES = compiled([
    base("a", kind="a"),
    base("b", n=1),
    correlation("n", "value_sum", ["a", "b"], condition={"gte": 9, "field": "n"}, group_by=["u"]),
])  # fmt: skip


def seen(*items: dict[str, object], **more: int) -> Sightings:
    reading = events.read_lines([json.dumps(one).encode() for one in items], RULES.needs, 7)
    hits = matching.match(RULES, reading.batch)
    return sightings(plan(RULES), hits, reading.batch, source="s", positions=reading.positions, **more)


def test_an_event_that_several_rules_match_is_seen_once() -> None:
    found = seen(event(1, kind="a", n=1, u="x"))
    assert found.times == [START + SECOND]
    ((one,),) = found.rows.values()
    assert (one.key, one.inputs, one.value, one.place) == (("x",), 3, 10**9, ("s", 7))


def test_without_a_group_or_a_number_there_is_nothing_to_see() -> None:
    assert not seen(
        event(1, kind="a", n=1), event(1, kind="a", u="x"), event(1, kind="a", n="many", u="x")
    ).rows


def test_the_first_usual_field_that_is_a_time_counts() -> None:
    found = seen(
        {"date": "2026-01-01"},
        {"@timestamp": "soon", "UtcTime": "2026-01-02", "date": "2026-01-01"},
        {"a": 1},
    )
    assert [time is None for time in found.times] == [False, False, True]
    assert found.times[0] != found.times[1]


def test_arrival_stands_in_for_no_time_and_for_one_that_cannot_be() -> None:
    found = seen({"a": 1}, event(5, a=1), event(99, a=1), arrived=START, latest=START + 60 * SECOND)
    assert found.times == [START, START + 5 * SECOND, START]
