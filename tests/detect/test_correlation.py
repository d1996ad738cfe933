"""What a correlation asks: relations, words, order of evaluation, and what makes it another one."""

from dataclasses import replace

import pytest

from muster.detect.correlation import (
    Absent,
    Correlation,
    Input,
    Joined,
    Kind,
    Occurs,
    Relation,
    denies,
    fields_of,
    in_order,
    occurs,
)
from muster.detect.rule import LogSource, Rule, RuleKey


def asked(key: str, *inputs: str, kind: Kind = Kind.EVENT_COUNT) -> Correlation:
    rule = Rule(RuleKey(key), key, None, key, None, None, (), LogSource())
    return Correlation(rule, kind, tuple(Input(RuleKey(one), ("U",), ("V",)) for one in inputs), ("U",), 10)


@pytest.mark.parametrize(
    ("relation", "wanted"),
    [("lt", [1]), ("lte", [1, 2]), ("gt", [3]), ("gte", [2, 3]), ("eq", [2]), ("neq", [1, 3])],
)
def test_relations(relation: str, wanted: list[int]) -> None:
    assert [found for found in (1, 2, 3) if Relation(relation).holds(found, 2)] == wanted


def test_words() -> None:
    condition = Joined((Occurs(0), Joined((Occurs(1), Absent(Occurs(2))), all=False)), all=True)
    assert [places for places in range(8) if occurs(condition, places)] == [1, 3, 7]
    assert denies(condition)
    assert not denies(Joined((Occurs(0), Occurs(1)), all=True))


def test_those_below_come_first() -> None:
    order = [
        asked("top", "middle", "rule"),
        asked("middle", "low"),
        asked("low", "rule"),
        asked("other", "rule"),
    ]
    assert [one.rule.key for one in in_order(order)] == ["low", "other", "middle", "top"]
    assert in_order([asked("a", "b"), asked("b", "a")]) == ()


def test_what_can_only_become_truer_is_decided_early() -> None:
    one = asked("c", "r")
    assert one.early
    assert not replace(one, relation=Relation.EQ).early
    assert not replace(one, kind=Kind.VALUE_AVG).early
    assert not replace(one, kind=Kind.TEMPORAL, extended=Absent(Occurs(0))).early
    assert replace(one, kind=Kind.TEMPORAL, extended=Occurs(0)).early


def test_a_mark_follows_the_meaning() -> None:
    one = asked("c", "r")
    assert one.mark == asked("c", "r").mark
    assert one.mark == replace(one, rule=replace(one.rule, title="another")).mark
    assert len({one.mark, replace(one, number=2).mark, replace(one, span=11).mark, asked("c", "s").mark}) == 4


def test_fields() -> None:
    assert {"U", "V", "@timestamp"} <= fields_of([asked("c", "r")])
    assert fields_of([]) == frozenset()
