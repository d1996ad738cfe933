"""Correlations against brute force: every kind, any batches, any order within the lateness, a restart anywhere."""

import json
import random
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.detect.correlating import Plan, finish
from muster.detect.correlation_state import BYTES_A_WEIGHT, from_bytes
from muster.detect.moments import SECOND, moment
from muster.detect.ruleset import Ruleset
from tests.detect.correlation_oracle import Happened, correlated
from tests.detect.correlation_yard import START, base, compiled, correlation, event, fed, plan, run, shown

RULES = [base("a", kind="a"), base("b", kind="b"), base("c", kind=["c", "b"])]
USER = {"group_by": ["user"]}
ASKED = [
    correlation("count", "event_count", ["a"], condition={"gte": 3}, **USER),
    correlation("count all", "event_count", ["a", "c"], condition={"gt": 3}),
    correlation("two fields", "event_count", ["a", "b"], condition={"gte": 2}, group_by=["user", "host"]),
    correlation("few", "event_count", ["a"], condition={"lt": 3}, **USER),
    correlation("at most", "event_count", ["a", "b"], condition={"lte": 2}, **USER),
    correlation("exactly", "event_count", ["a"], condition={"eq": 2}, **USER),
    correlation("not two", "event_count", ["a"], condition={"neq": 2}, **USER),
    correlation("values", "value_count", ["a", "b"], condition={"gte": 3, "field": "n"}, **USER),
    correlation("few values", "value_count", ["a"], condition={"lt": 2, "field": "host"}, **USER),
    correlation("sum", "value_sum", ["a", "b"], condition={"gt": 20, "field": "n"}, **USER),
    correlation("small sum", "value_sum", ["a"], condition={"lt": 10, "field": "n"}, **USER),
    correlation("average", "value_avg", ["a", "b"], condition={"gte": 6, "field": "n"}, **USER),
    correlation("middle", "value_median", ["a", "b"], condition={"gt": 4, "field": "n"}, **USER),
    correlation("rank", "value_percentile", ["a"], condition={"gte": 8, "field": "n", "percentile": 80}, **USER),
    correlation("all three", "temporal", ["a", "b", "c"], **USER),
    correlation("two of three", "temporal", ["a", "b", "c"], condition={"gte": 2}, **USER),
    correlation("only one", "temporal", ["a", "b", "c"], condition={"eq": 1}, **USER),
    correlation("in words", "temporal", ["a", "b", "c"], condition="a and (b or c)", **USER),
    correlation("but not", "temporal", ["a", "b"], condition="a and not b", **USER),
    correlation("in order", "temporal_ordered", ["a", "b", "c"], **USER),
    correlation("partly in order", "temporal_ordered", ["c", "b", "a"], condition={"gte": 2}, **USER),
    correlation("order in words", "temporal_ordered", ["b", "a", "c"], condition="(a or b) and c", **USER),
    correlation("alias", "event_count", ["a", "b"], condition={"gte": 3}, group_by=["who"],
                aliases={"who": {"a": "user", "b": "host"}}),
    correlation("chain", "event_count", ["count", "few"], "30s", condition={"gte": 2}, **USER),
    correlation("chained order", "temporal_ordered", ["few", "sum"], "1m", **USER),
    correlation("on a chain", "event_count", ["chain"], "1h", condition={"lte": 2}),
]  # fmt: skip


@cache
def rules() -> Ruleset:
    made = compiled([*RULES, *ASKED])
    assert not made.unloaded, made.unloaded
    return made


@cache
def asked() -> Plan:
    return plan(rules())


Fields = Mapping[str, object]
some = st.builds(
    lambda time, kind, user, host, n: event(
        time / 2, kind=kind, **{k: v for k, v in {"user": user, "host": host, "n": n}.items() if v}
    ),
    st.integers(0, 120),
    st.sampled_from("aabbcx"),
    st.sampled_from(["u", "v", "U", None]),
    st.sampled_from(["u", "h", None]),
    st.sampled_from(["1", "5", "9", "12.5", "-3", "many", None]),
)


def expected(items: Sequence[Fields]) -> list[tuple[str, tuple[str, ...], list[int]]]:
    matched = {"a": {"a"}, "b": {"b", "c"}, "c": {"c"}, "x": set[str]()}
    happened = [
        Happened(
            (int(moment(str(one["time"])) or 0) - START) / SECOND,
            frozenset(matched[str(one["kind"])]),
            {key: str(value) for key, value in one.items()},
            (place,),
        )
        for place, one in enumerate(items)
    ]
    return sorted((hit.rule, hit.group, sorted(hit.events)) for hit in correlated(ASKED, happened))


@given(st.lists(some, max_size=30), st.lists(st.integers(1, 12), max_size=6))
@settings(max_examples=min(40, settings().max_examples), deadline=None)
def test_equal_to_brute_force_in_any_batches(items: list[Fields], sizes: list[int]) -> None:
    assert run(rules(), asked(), items, sizes) == expected(items)


@given(st.lists(some, min_size=1, max_size=25), st.lists(st.integers(1, 6), max_size=6), st.randoms())
@settings(max_examples=min(25, settings().max_examples), deadline=None)
def test_equal_in_any_order_within_the_lateness(
    items: list[Fields], sizes: list[int], chance: random.Random
) -> None:
    late = 7
    moved = sorted(
        items, key=lambda one: int(moment(str(one["time"])) or 0) + chance.uniform(0, late) * SECOND
    )
    patient = plan(rules(), lateness=late * SECOND)
    assert run(rules(), patient, moved, sizes) == expected(moved)


@given(st.lists(some, min_size=1, max_size=25), st.lists(st.integers(1, 6), min_size=1, max_size=6))
@settings(max_examples=min(25, settings().max_examples), deadline=None)
def test_a_restart_from_the_bytes_gives_the_same(items: list[Fields], sizes: list[int]) -> None:
    items = sorted(items, key=lambda one: str(one["time"]))
    patient = plan(rules(), lateness=3 * SECOND)
    straight, hits = fed(rules(), patient, items)
    state, again, at = None, [], 0
    for size in [*sizes, len(items)]:
        state, more = fed(rules(), patient, items[at : at + size], state=state, first=at)
        at += size
        again += more
        data = state.to_bytes(patient.correlations)
        state, wrong = from_bytes(data, patient.correlations)
        assert wrong == ""
        assert state.to_bytes(patient.correlations) == data
    assert state is not None
    assert state.to_bytes(patient.correlations) == straight.to_bytes(patient.correlations)
    assert shown(rules(), [*again, *finish(patient, state)[1]]) == shown(
        rules(), [*hits, *finish(patient, straight)[1]]
    )
    assert json.loads(straight.to_bytes(patient.correlations))["v"] == 1


def test_windows_slide_over_every_border() -> None:
    one = compiled([RULES[0], correlation("n", "event_count", ["a"], "1m", condition={"gte": 3})])
    near = [event(seconds, kind="a") for seconds in (59, 60, 118)]
    assert run(one, plan(one), near) == [("n", (), [0, 1, 2])]
    assert run(one, plan(one), [event(seconds, kind="a") for seconds in (0, 30, 60)])
    assert not run(one, plan(one), [event(seconds, kind="a") for seconds in (0, 30, 60.000001)])


def test_a_long_attack_is_one_hit_a_span() -> None:
    one = compiled([RULES[0], correlation("n", "event_count", ["a"], "10s", condition={"gte": 3})])
    hits = run(one, plan(one), [event(seconds, kind="a") for seconds in range(40)])
    assert [events for _, _, events in hits] == [
        [0, 1, 2],
        list(range(3, 14)),
        list(range(14, 25)),
        list(range(25, 36)),
    ]


def test_what_comes_too_late_is_counted_and_left_out() -> None:
    one = compiled([RULES[0], correlation("n", "event_count", ["a"], "10s", condition={"gte": 3})])
    patient = plan(one, lateness=5 * SECOND)
    items = [
        event(seconds, kind=kind) for seconds, kind in ((0, "a"), (1, "a"), (7, "x"), (1, "a"), (2, "a"))
    ]
    state, hits = fed(one, patient, [*items, {"kind": "a"}, {"kind": "x"}])
    hits += finish(patient, state)[1]
    assert shown(one, hits) == [("n", (), [0, 1, 4])]
    assert (state.counts.late, state.counts.untimed) == (1, 1)


def test_a_hit_waits_only_as_long_as_something_older_may_come() -> None:
    one = compiled([RULES[0], correlation("n", "event_count", ["a"], "10s", condition={"gte": 2})])
    patient = plan(one, lateness=5 * SECOND)
    state, hits = fed(one, patient, [event(1, kind="a"), event(2, kind="a"), event(7, kind="x")])
    assert hits == []
    state, hits = fed(one, patient, [event(7.1, kind="x")], state=state, first=3)
    assert shown(one, hits) == [("n", (), [0, 1])]
    assert hits[0].time == START + 2 * SECOND


def test_the_state_stays_within_its_bounds() -> None:
    asked = correlation(
        "n", "value_count", ["a"], "1d", condition={"gte": 900, "field": "n"}, group_by=["user", "host"]
    )
    one = compiled([RULES[0], asked])
    small = plan(one, lateness=SECOND, held=90, weight=300, window=20)
    nasty = ['"' * 190, "\N{GRINNING FACE}" * 200, "x" * 5_000, "\\\0" * 90]
    items = [
        event(n / 100, kind="a", user=f"{n}{nasty[n % 4]}", host=nasty[n % 3], n=nasty[n % 4])
        for n in range(900)
    ]
    same = [event(n / 100, kind="a", user="same", host="one", n=n) for n in range(900, 1_300)]
    states = [fed(one, small, [*items, *same], sizes)[0] for sizes in ([], [1] * 300, [333] * 9)]
    datas = {state.to_bytes(small.correlations) for state in states}
    assert len(datas) == 1
    assert len(datas.pop()) <= (90 + 300 + 1) * BYTES_A_WEIGHT
    assert states[0].counts.forgotten > 500
    early = fed(one, small, items)[0].to_bytes(small.correlations)
    assert 20_000 < len(early) <= (90 + 300 + 1) * BYTES_A_WEIGHT


@pytest.mark.soak
def test_many_random_streams_equal_brute_force() -> None:
    chance = random.Random(7)
    for _ in range(1_500):
        items: list[dict[str, Any]] = []
        for _ in range(chance.randrange(60)):
            fields = {
                "user": chance.choice(["u", "v", None]), "host": chance.choice(["u", "h", None]),
                "n": chance.choice(["1", "5", "9", "12.5", "-3", "many", None]),
            }  # fmt: skip
            time = chance.choice([chance.randrange(100), chance.random() * 60])
            items.append(event(time, kind=chance.choice("aabbcx"), **{k: v for k, v in fields.items() if v}))
        sizes = [chance.randrange(1, 9) for _ in range(chance.randrange(9))]
        assert run(rules(), asked(), items, sizes) == expected(items)
