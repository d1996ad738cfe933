"""Conditions as JSON and back, so that a rule need not go through pySigma again.

A term is kept as a text of its own: equal terms of many rules are read once.
"""

from collections.abc import Sequence
from decimal import Decimal
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, assert_never

import orjson

from muster.detect.condition import (
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


def written(condition: Condition) -> object:
    """The condition in lists, numbers and texts, as JSON has them."""
    if isinstance(condition, Term):
        return orjson.dumps([condition.field, *test_written(condition.test)]).decode()
    if isinstance(condition, Not):
        return {"not": written(condition.part)}
    kind = "all" if isinstance(condition, AllOf) else "any"
    return {kind: [written(part) for part in condition.parts]}


class Reader:
    """Reads conditions; remembers the terms, so that equal ones are one object."""

    def __init__(self) -> None:
        self._terms: dict[str, Term] = {}

    def condition(self, told: Any) -> Condition:
        """What `written` gave. Raises ValueError, KeyError, TypeError or IndexError for anything else."""
        if isinstance(told, str):
            term = self._terms.get(told)
            if term is None:
                field, *test = orjson.loads(told)
                term = self._terms[told] = Term(field, test_of(*test))
            return term
        (kind, parts) = next(iter(told.items()))
        if kind == "not":
            return Not(self.condition(parts))
        made = tuple([self.condition(part) for part in parts])
        return AllOf(made) if kind == "all" else AnyOf(made)


def test_written(test: Test) -> list[object]:
    """One test, as `test_of` takes it."""
    match test:
        case Text(text, anchor, cased):
            return ["text", text, anchor.name, cased]
        case Wildcard(parts, whole, cased):
            pieces = [part if isinstance(part, str) else [part.name] for part in parts]
            return ["wildcard", pieces, whole, cased]
        case Regex(pattern, ignore_case, multiline):
            return ["regex", pattern, ignore_case, multiline]
        case InNetwork(network):
            return ["network", str(network)]
        case Compare(order, number):
            return ["compare", order.name, str(number)]
        case TimePart(part, number, order):
            return ["time", part.name, number, order.name if order else None]
        case Present():
            return ["present"]
        case SameAs(field, anchor):
            return ["same", field, anchor.name]
        case _:
            assert_never(test)


def test_of(kind: str, *told: Any) -> Test:
    """What `test_written` gave. Raises ValueError, KeyError, TypeError or IndexError for anything else."""
    match kind:
        case "text":
            return Text(told[0], Anchor[told[1]], told[2])
        case "wildcard":
            return Wildcard(_pieces(told[0]), told[1], told[2])
        case "regex":
            return Regex(*told)
        case "network":
            network: IPv4Network | IPv6Network = ip_network(told[0])
            return InNetwork(network)
        case "compare":
            return Compare(Order[told[0]], Decimal(told[1]))
        case "time":
            return TimePart(Part[told[0]], told[1], Order[told[2]] if told[2] else None)
        case "present":
            return Present()
        case "same":
            return SameAs(told[0], Anchor[told[1]])
        case _:
            raise ValueError(kind)


def _pieces(told: Sequence[Any]) -> tuple[str | Gap, ...]:
    return tuple(part if isinstance(part, str) else Gap[part[0]] for part in told)
