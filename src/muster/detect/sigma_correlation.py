"""From pySigma's correlation rules to ours: the one place that knows its correlation types."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sigma.correlations import (
    CorrelationConditionAND,
    CorrelationConditionNOT,
    CorrelationConditionOR,
    SigmaCorrelationCondition,
    SigmaCorrelationRule,
    SigmaExtendedCorrelationCondition,
    SigmaRuleReference,
)

from muster.detect.correlation import (
    NUMERIC,
    Absent,
    Correlation,
    Extended,
    Input,
    Joined,
    Kind,
    Occurs,
    Relation,
    denies,
)
from muster.detect.correlation_state import Bounds
from muster.detect.moments import SECOND
from muster.detect.pipeline import Pipeline
from muster.detect.rule import NotLoadable, Reason, Rule, RuleKey
from muster.detect.sigma_faults import FAULTS

MAX_INPUTS = 64
MAX_ORDERED = 8
"""Inputs of an extended condition that minds their order."""
MAX_FIELDS = 16
MAX_CONDITION = 2_000
MAX_PARENTHESES = 6
"""pySigma's reader of these conditions takes twice as long for each."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a correlation may refer to: its key, what pySigma made of it, and for a correlation its group-by fields."""

    key: RuleKey
    parsed: object
    group_by: tuple[str, ...] | None


def check(fields: Mapping[object, object]) -> None:
    """Raises `NotLoadable` when the document would cost pySigma too much."""
    correlation = fields.get("correlation")
    if not isinstance(correlation, dict):
        raise NotLoadable(Reason.INVALID, "`correlation` is not a mapping")
    condition = cast("dict[object, object]", correlation).get("condition")
    if not isinstance(condition, str):
        return
    depth = deepest = 0
    for character in condition:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    if len(condition) > MAX_CONDITION or deepest > MAX_PARENTHESES or condition.count("not ") > MAX_INPUTS:
        raise NotLoadable(Reason.TOO_LARGE, "a condition that is too long or nested too deeply")


def parse(fields: Mapping[object, object]) -> SigmaCorrelationRule:
    """What pySigma makes of a correlation document. Raises `NotLoadable` and what pySigma raises."""
    check(fields)
    told = cast("dict[str, Any]", dict(fields))
    try:
        return SigmaCorrelationRule.from_dict(told, collect_errors=True)
    except NameError:  # without a condition that it could read, pySigma forgets what was wrong with it
        return SigmaCorrelationRule.from_dict(told)


def references(parsed: SigmaCorrelationRule) -> tuple[str, ...]:
    """The ids and names of the rules it looks at, each once, in its order."""
    if parsed.rules is not None:
        return tuple(dict.fromkeys(str(one.reference) for one in parsed.rules))
    if isinstance(parsed.condition, SigmaExtendedCorrelationCondition):
        return tuple(parsed.condition.get_referenced_rules())
    return ()


def correlation_of(
    rule: Rule, parsed: SigmaCorrelationRule, known: Mapping[str, Known], pipeline: Pipeline
) -> Correlation:
    """The correlation with its rules found and its fields as the pipeline names them. Raises `NotLoadable`.

    known: reference -> what it refers to; all of `references(parsed)` are there.
    """
    wanted = references(parsed)
    try:
        parsed.resolve_rule_references(cast("Any", {name: known[name].parsed for name in wanted}))
        pipeline.apply(cast("Any", parsed))
    except FAULTS as fault:
        raise NotLoadable(Reason.INVALID, str(fault) or type(fault).__name__) from fault
    kind = Kind(parsed.type.name.lower())
    group_by = tuple(parsed.group_by or ())
    condition = parsed.condition
    value: tuple[str, ...] = ()
    relation, number, percentile, extended = Relation.GTE, len(wanted), 0, None
    if isinstance(condition, SigmaCorrelationCondition):
        relation, number = Relation(condition.op.name.lower()), condition.count
        named = condition.fieldref
        value = tuple(named) if isinstance(named, list) else (named,) if named else ()
        percentile = _percentile(kind, condition.percentile)
    else:
        extended = _extended(condition.parsed, wanted)
    _check(kind, wanted, group_by, value, number)
    if (
        extended is not None
        and kind is Kind.TEMPORAL_ORDERED
        and (denies(extended) or len(wanted) > MAX_ORDERED)
    ):
        raise NotLoadable(
            Reason.CORRELATION,
            f"an ordered condition in words knows no `not` and at most {MAX_ORDERED} rules",
        )
    aliases = _aliases(parsed)
    inputs = tuple(
        Input(
            known[name].key,
            tuple(aliases.get((field, name), field) for field in group_by),
            () if kind in (Kind.EVENT_COUNT, Kind.TEMPORAL, Kind.TEMPORAL_ORDERED)
            else tuple(aliases.get((field, name), field) for field in value),
        )
        for name in wanted
    )  # fmt: skip
    for one, name in zip(inputs, wanted, strict=True):
        _check_chained(known[name], (*one.group, *one.value), name)
    return Correlation(
        rule, kind, inputs, group_by, parsed.timespan.seconds * SECOND,
        relation, number, percentile, extended, parsed.generate,
    )  # fmt: skip


def _check(
    kind: Kind, wanted: Sequence[str], group_by: tuple[str, ...], value: tuple[str, ...], number: int
) -> None:
    if not wanted:
        raise NotLoadable(Reason.INVALID, "it names no rules")
    if len(wanted) > MAX_INPUTS or len(group_by) > MAX_FIELDS or len(value) > MAX_FIELDS:
        raise NotLoadable(Reason.TOO_LARGE, f"more than {MAX_INPUTS} rules or {MAX_FIELDS} fields")
    if kind in NUMERIC and len(value) != 1:
        raise NotLoadable(Reason.INVALID, "it takes numbers of one field")
    if kind not in NUMERIC and number > Bounds().window:
        raise NotLoadable(Reason.TOO_LARGE, f"a count of more than {Bounds().window}")


def _check_chained(known: Known, fields: Sequence[str], name: str) -> None:
    for field in fields:
        if known.group_by is not None and field not in known.group_by:
            raise NotLoadable(
                Reason.CORRELATION,
                f"the correlation {name} is not grouped by {field}, so its hits have no such field",
            )


def _percentile(kind: Kind, told: int | None) -> int:
    if kind is not Kind.VALUE_PERCENTILE:
        return 0
    if told is None or not 0 <= told <= 100:
        raise NotLoadable(Reason.INVALID, "a percentile is needed, from 0 to 100")
    return told


def _aliases(parsed: SigmaCorrelationRule) -> dict[tuple[str, str], str]:
    """Alias and reference -> the field there."""
    return {
        (alias.alias, reference.reference): field
        for alias in parsed.aliases
        for reference, field in alias.mapping.items()
    }


def _extended(node: object, wanted: Sequence[str]) -> Extended:
    if isinstance(node, SigmaRuleReference):
        return Occurs(wanted.index(node.reference))
    if isinstance(node, CorrelationConditionNOT):
        return Absent(_extended(node.args[0], wanted))
    if isinstance(node, CorrelationConditionAND | CorrelationConditionOR):
        parts = tuple(_extended(part, wanted) for part in node.args)
        return Joined(parts, all=isinstance(node, CorrelationConditionAND))
    raise NotLoadable(Reason.INVALID, "nothing is left of its condition")
