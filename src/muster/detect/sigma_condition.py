"""From pySigma's condition trees to our own: the one place that knows pySigma's value types."""

from collections.abc import Callable
from decimal import Decimal
from typing import cast

from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.rule import SigmaRule  # pyright: ignore[reportMissingTypeStubs] - it has no stub files
from sigma.types import (
    CompareOperators,
    Placeholder,
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaRegularExpressionFlag,
    SigmaString,
    SigmaTimestampPart,
    SpecialChars,
    TimestampPart,
)

from muster.detect.condition import (
    ANYWHERE,
    AllOf,
    Anchor,
    AnyOf,
    Compare,
    Condition,
    Gap,
    InNetwork,
    Not,
    Order,
    Part,
    Present,
    Regex,
    SameAs,
    Term,
    Test,
    Text,
    TimePart,
    Wildcard,
)
from muster.detect.lookahead import conjuncts
from muster.detect.rule import NotLoadable, Reason
from muster.detect.sigma_faults import FAULTS

_ORDERS = {
    CompareOperators.LT: Order.LESS,
    CompareOperators.LTE: Order.AT_MOST,
    CompareOperators.GT: Order.MORE,
    CompareOperators.GTE: Order.AT_LEAST,
}
_PARTS = {
    TimestampPart.MINUTE: Part.MINUTE, TimestampPart.HOUR: Part.HOUR, TimestampPart.DAY: Part.DAY,
    TimestampPart.WEEK: Part.WEEK, TimestampPart.MONTH: Part.MONTH, TimestampPart.YEAR: Part.YEAR,
}  # fmt: skip


def condition_of(rule: SigmaRule) -> Condition:
    """The rule's conditions as one; several are alternatives. Raises `NotLoadable`."""
    try:
        trees: list[object] = [condition.parsed for condition in rule.detection.parsed_condition]
    except FAULTS as fault:
        raise NotLoadable(Reason.INVALID, str(fault) or type(fault).__name__) from fault
    parts = tuple(_condition(tree) for tree in trees)
    return parts[0] if len(parts) == 1 else AnyOf(parts)


def _condition(node: object) -> Condition:
    if isinstance(node, ConditionAND):
        return AllOf(_parts(node.args))
    if isinstance(node, ConditionOR):
        return AnyOf(_parts(node.args))
    if isinstance(node, ConditionNOT):
        return Not(_condition(node.args[0]))
    if isinstance(node, ConditionFieldEqualsValueExpression):
        return _field_value(node.field, node.value)
    if isinstance(node, ConditionValueExpression):
        return _keyword(node.value)
    raise NotLoadable(Reason.INVALID, "nothing is left of its condition")


def _parts(nodes: object) -> tuple[Condition, ...]:
    return tuple(_condition(node) for node in cast("list[object]", nodes))


def _field_value(field: str, value: object) -> Condition:
    if field == ANYWHERE:
        raise NotLoadable(Reason.INVALID, f"the field name {ANYWHERE} is reserved")
    if isinstance(value, SigmaExpansion):
        return AnyOf(tuple(_field_value(field, part) for part in value.values))
    if isinstance(value, SigmaNull):
        return Not(Term(field, Present()))
    if isinstance(value, SigmaExists):
        present = Term(field, Present())
        return present if value.exists else Not(present)
    if isinstance(value, SigmaRegularExpression):
        return _expression(field, _regex(value))
    for kind, make in _TESTS:
        if isinstance(value, kind):
            return Term(field, make(value))
    raise _unsupported(value)


def _keyword(value: object) -> Condition:
    if isinstance(value, SigmaExpansion):
        return AnyOf(tuple(_keyword(part) for part in value.values))
    if isinstance(value, SigmaRegularExpression):
        return _expression(ANYWHERE, _regex(value))
    if isinstance(value, SigmaString):
        return Term(ANYWHERE, _inside(value))
    if isinstance(value, SigmaNumber | SigmaBool) and not isinstance(value, SigmaTimestampPart):
        return Term(ANYWHERE, Text(str(value), Anchor.INSIDE))
    raise _unsupported(value, "as a keyword")


def _string(value: SigmaString) -> Test:
    parts = _pieces(value)
    cased = isinstance(value, SigmaCasedString)
    texts = [part for part in parts if isinstance(part, str)]
    if Gap.ONE not in parts and len(texts) <= 1:
        if not texts:
            return Present() if parts else Text("", Anchor.WHOLE, cased)
        before, after = parts[0] is Gap.MANY, parts[-1] is Gap.MANY
        anchor = (
            (Anchor.INSIDE if after else Anchor.END) if before else Anchor.START if after else Anchor.WHOLE
        )
        return Text(texts[0], anchor, cased)
    return Wildcard(parts, whole=True, cased=cased)


def _inside(value: SigmaString) -> Test:
    parts = list(_pieces(value))
    while parts and parts[0] is Gap.MANY:
        del parts[0]
    while parts and parts[-1] is Gap.MANY:
        del parts[-1]
    cased = isinstance(value, SigmaCasedString)
    if not parts:
        return Present()
    if len(parts) == 1 and isinstance(parts[0], str):
        return Text(parts[0], Anchor.INSIDE, cased)
    return Wildcard(tuple(parts), whole=False, cased=cased)


def _pieces(value: SigmaString) -> tuple[str | Gap, ...]:
    parts: list[str | Gap] = []
    for part in value.s:
        if isinstance(part, Placeholder):
            raise _placeholder(part.name)
        if isinstance(part, SpecialChars):
            gap = Gap.MANY if part is SpecialChars.WILDCARD_MULTI else Gap.ONE
            if not (gap is Gap.MANY and parts and parts[-1] is Gap.MANY):
                parts.append(gap)
        elif parts and isinstance(parts[-1], str):
            parts[-1] += part
        elif part:
            parts.append(part)
    return tuple(parts)


def _regex(value: SigmaRegularExpression) -> Regex:
    for part in value.regexp.s:
        if isinstance(part, Placeholder):
            raise _placeholder(part.name)
    return Regex(
        str(value.regexp),
        ignore_case=SigmaRegularExpressionFlag.IGNORECASE in value.flags,
        multiline=SigmaRegularExpressionFlag.MULTILINE in value.flags,
    )


def _expression(field: str, regex: Regex) -> Condition:
    """An expression as one term, or as several that mean the same (see `lookahead`)."""
    found = conjuncts(regex)
    terms = [Term(field, one.regex) for one in found]
    parts = [term if one.wanted else Not(term) for term, one in zip(terms, found, strict=True)]
    if not any(one.wanted for one in found):
        parts.append(Term(field, Present()))
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _comparison(value: SigmaCompareExpression) -> Test:
    order = _ORDERS.get(value.op)
    if order is None:
        raise _unsupported(value)
    if isinstance(value.number, SigmaTimestampPart):
        return TimePart(_PARTS[value.number.timestamp_part], int(value.number.number), order)
    return Compare(order, Decimal(str(value.number)))


def _number(value: SigmaNumber | SigmaBool) -> Test:
    if isinstance(value, SigmaTimestampPart):
        return TimePart(_PARTS[value.timestamp_part], int(value.number))
    return Text(str(value), Anchor.WHOLE)


def _network(value: SigmaCIDRExpression) -> Test:
    return InNetwork(value.network)


def _same_as(value: SigmaFieldReference) -> Test:
    anchors = {(True, True): Anchor.INSIDE, (True, False): Anchor.START, (False, True): Anchor.END}
    return SameAs(value.field, anchors.get((value.starts_with, value.ends_with), Anchor.WHOLE))


_TESTS = cast(
    "list[tuple[type, Callable[[object], Test]]]",
    [
        (SigmaString, _string),
        (SigmaCompareExpression, _comparison),
        (SigmaNumber, _number),
        (SigmaBool, _number),
        (SigmaCIDRExpression, _network),
        (SigmaFieldReference, _same_as),
    ],
)


def _placeholder(name: str) -> NotLoadable:
    return NotLoadable(Reason.PLACEHOLDER, f"the placeholder %{name}% has no value")


def _unsupported(value: object, where: str = "") -> NotLoadable:
    kind = type(value).__name__.removeprefix("Sigma")
    return NotLoadable(Reason.MODIFIER, f"values of the kind {kind} are not supported {where}".strip())
