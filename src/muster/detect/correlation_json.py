"""Correlations as JSON and back."""

from collections.abc import Sequence
from typing import Any

from muster.detect.correlation import Absent, Correlation, Extended, Input, Joined, Kind, Occurs, Relation
from muster.detect.rule import Rule, RuleKey


def correlation_written(one: Correlation) -> list[object]:
    """A correlation in lists, numbers and texts, its rule left out."""
    extended = None if one.extended is None else _condition(one.extended)
    inputs = [[part.rule, part.group, part.value] for part in one.inputs]
    return [
        one.kind,
        inputs,
        one.group_by,
        one.span,
        one.relation,
        one.number,
        one.percentile,
        extended,
        one.generate,
    ]


def correlation_of(rule: Rule, told: Sequence[Any]) -> Correlation:
    """What `correlation_written` wrote. Raises ValueError or TypeError for anything else."""
    kind, inputs, group_by, span, relation, number, percentile, extended, generate = told
    return Correlation(
        rule,
        Kind(kind),
        tuple(Input(RuleKey(key), tuple(group), tuple(value)) for key, group, value in inputs),
        tuple(group_by),
        span,
        Relation(relation),
        number,
        percentile,
        None if extended is None else _extended(extended),
        generate,
    )


def _condition(condition: Extended) -> object:
    if isinstance(condition, Occurs):
        return condition.place
    if isinstance(condition, Absent):
        return [_condition(condition.part)]
    return [condition.all, [_condition(part) for part in condition.parts]]


def _extended(told: Any) -> Extended:
    if isinstance(told, int):
        return Occurs(told)
    if len(told) == 1:
        return Absent(_extended(told[0]))
    every, parts = told
    return Joined(tuple(_extended(part) for part in parts), every)
