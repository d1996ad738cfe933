"""A hunt names hits by batch and position, and correlations see stored events as they saw them when they came."""

from datetime import UTC, datetime

from muster.detect import ruleset
from muster.detect.hunting import Caught, decide, hunt
from muster.detect.ignoring import ignoring
from muster.detect.pipeline_choice import NONE
from muster.detect.ruleset import Ruleset
from muster.plan.ignores import Ignore
from tests.detect.stored import groups, packed

ARRIVED = datetime(2026, 11, 24, 2, 10, tzinfo=UTC)
RULES = {
    "root.yml": b"title: Root\nname: root\nlogsource: {category: any}\ndetection: {s: {user: root}, condition: s}\n",
    "often.yml": b"""
title: Often
correlation: {type: event_count, rules: [root], group-by: [host], timespan: 1m, condition: {gte: 3}}
""",
}


def caught(made: Ruleset, *batches: list) -> Caught:
    into = Caught()
    for segments in batches:
        for group in groups(segments):
            hunt(made, group, dict.fromkeys(group.batch_codes[0], ARRIVED), into)
    return into


def test_a_hit_is_named_by_its_batch_and_position_in_order_of_the_batch() -> None:
    made = ruleset.compile({"root.yml": RULES["root.yml"]}, NONE)
    first = packed([{"Channel": f"C{at % 2}", "user": "root" if at % 3 == 0 else "eve"} for at in range(8)])
    other = packed([{"user": "root"}], sha256="cd" * 32)
    found = caught(made, first, other, first).sorted()
    assert found == {("ab" * 32, "root.yml"): [0, 3, 6], ("cd" * 32, "root.yml"): [0]}


def test_an_event_that_fits_no_columns_is_read_again() -> None:
    made = ruleset.compile({"root.yml": RULES["root.yml"]}, NONE)
    wide = [{f"f{at}.{n}": "x" for n in range(1_400)} | {"user": "root"} for at in range(4)]
    assert caught(made, packed(wide)).sorted() == {("ab" * 32, "root.yml"): [0, 1, 2, 3]}


def test_correlations_hold_over_batches() -> None:
    made = ruleset.compile(RULES, NONE)
    times = ["2026-11-24T02:00:00Z", "2026-11-24T02:00:20Z", "2026-11-24T02:00:40Z"]
    batches = [
        packed([{"user": "root", "host": "h", "@timestamp": time}], sha256=f"{at}a" * 32)
        for at, time in enumerate(times)
    ]
    found = caught(made, *reversed(batches))
    assert found.places == {}
    (hit,), counts = decide(made.correlations, found.seen)
    assert (hit.rule, hit.events) == ("often.yml", tuple((f"{at}a" * 32, 0) for at in range(3)))
    assert counts.untimed == 0


def test_ignores_of_the_plan_keep_back_what_they_keep_back_of_live_hits() -> None:
    told = {
        "rule": "root.yml",
        "reason": "The backup.",
        "owner": "ann",
        "detection": {"s": {"host": "b"}, "condition": "s"},
    }
    files = {"root.yml": RULES["root.yml"]}
    ignores = ignoring({"backup": Ignore.model_validate({**told, "expires": "2026-11-24"})}, files)
    made = ruleset.compile({**files, **ignores.files}, NONE)
    segments = packed([{"user": "root", "host": host} for host in "abc"])
    for day, rows in ((24, [0, 2]), (25, [0, 1, 2])):
        into = Caught()
        for group in groups(segments):
            hunt(made, group, {"ab" * 32: ARRIVED.replace(day=day)}, into, ignores)
        assert into.sorted() == {("ab" * 32, "root.yml"): rows}
