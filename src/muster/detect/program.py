"""A rule's condition in the form that is evaluated: sets of rows joined by all, any and not.

`passed` holds, for each test by number, the set of rows that passed it; a test that is missing passed nowhere.
Every node answers within a given set of rows, so that a rule whose log source is not in the batch costs one look-up.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from muster.detect.condition import AllOf, AnyOf, Condition, Not, Term

Passed = Mapping[int, int]
"""Number of a test -> the rows that passed it (see `row_set`)."""


@dataclass(frozen=True, slots=True)
class Every:
    """Rows that passed all the tests and are in all the parts."""

    numbers: tuple[int, ...]
    parts: "tuple[Node, ...]"

    def rows(self, passed: Passed, within: int) -> int:
        for number in self.numbers:
            within &= passed.get(number, 0)
            if not within:
                return 0
        for part in self.parts:
            within = part.rows(passed, within)
            if not within:
                return 0
        return within


@dataclass(frozen=True, slots=True)
class Either:
    """Rows that passed one of the tests or are in one of the parts."""

    numbers: tuple[int, ...]
    parts: "tuple[Node, ...]"

    def rows(self, passed: Passed, within: int) -> int:
        found = 0
        for number in self.numbers:
            found |= passed.get(number, 0)
        found &= within
        for part in self.parts:
            found |= part.rows(passed, within & ~found)
        return found


@dataclass(frozen=True, slots=True)
class Except:
    """Rows that are not in the part."""

    part: "Node"

    def rows(self, passed: Passed, within: int) -> int:
        return within & ~self.part.rows(passed, within)


Node = Every | Either | Except


def build(condition: Condition, numbers: Mapping[Term, int]) -> Node:
    """The program of a condition. numbers: the number of each of its terms."""
    if isinstance(condition, Term):
        return Every((numbers[condition],), ())
    if isinstance(condition, Not):
        return Except(build(condition.part, numbers))
    tests: list[int] = []
    nodes: list[Node] = []
    for part in _flat(condition):
        if isinstance(part, Term):
            tests.append(numbers[part])
        else:
            nodes.append(build(part, numbers))
    kind = Every if isinstance(condition, AllOf) else Either
    return kind(tuple(dict.fromkeys(tests)), tuple(nodes))


def _flat(condition: AllOf | AnyOf) -> list[Condition]:
    kind = type(condition)
    parts: list[Condition] = []
    for part in condition.parts:
        if isinstance(part, kind):
            parts.extend(_flat(part))
        else:
            parts.append(part)
    return parts
