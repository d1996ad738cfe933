"""A rule's condition in the form that is evaluated: sets of rows joined by all, any and not.

For each test by number there is the set of rows that passed it; a test that is missing passed nowhere. While some
tests are still to be asked there are two such tables: `may`, in which they passed everywhere, and `must`, in which
they passed nowhere. Then a program gives the rows on which its rule may match. Once all are asked both are the same.
Every node answers within a given set of rows, so that a rule whose log source is not in the batch costs one look-up.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from muster.detect.condition import AllOf, AnyOf, Condition, Not, Term

Passed = Mapping[int, int]
"""Number of a test -> the rows that passed it (see `row_set`)."""


@dataclass(frozen=True, slots=True)
class Every:
    """Rows that passed all the tests and are in all the parts."""

    numbers: tuple[int, ...]
    parts: "tuple[Node, ...]"

    def rows(self, may: Passed, must: Passed, within: int) -> int:
        for number in self.numbers:
            within &= may.get(number, 0)
            if not within:
                return 0
        for part in self.parts:
            within = part.rows(may, must, within)
            if not within:
                return 0
        return within


@dataclass(frozen=True, slots=True)
class Either:
    """Rows that passed one of the tests or are in one of the parts."""

    numbers: tuple[int, ...]
    parts: "tuple[Node, ...]"

    def rows(self, may: Passed, must: Passed, within: int) -> int:
        found = 0
        for number in self.numbers:
            if number in may:
                found |= may[number]
        found &= within
        for part in self.parts:
            if found == within:
                break
            found |= part.rows(may, must, within & ~found)
        return found


@dataclass(frozen=True, slots=True)
class Except:
    """Rows that are not in the part."""

    part: "Node"

    def rows(self, may: Passed, must: Passed, within: int) -> int:
        return within & ~self.part.rows(must, may, within)


Node = Every | Either | Except


def build(condition: Condition, numbers: Mapping[Term, int]) -> Node:
    """The program of a condition. numbers: the number of each of its terms."""
    if isinstance(condition, Term):
        return Every((numbers[condition],), ())
    if isinstance(condition, Not):
        return Except(build(condition.part, numbers))
    tests: list[int] = []
    nodes: list[Node] = []
    for part in flat(condition):
        if isinstance(part, Term):
            tests.append(numbers[part])
        else:
            nodes.append(build(part, numbers))
    kind = Every if isinstance(condition, AllOf) else Either
    return kind(tuple(dict.fromkeys(tests)), tuple(nodes))


def flat(condition: AllOf | AnyOf) -> list[Condition]:
    """The parts of a condition, those of parts of the same kind among them."""
    kind = type(condition)
    parts: list[Condition] = []
    for part in condition.parts:
        if isinstance(part, kind):
            parts.extend(flat(part))
        else:
            parts.append(part)
    return parts


def used(node: Node) -> set[int]:
    """The numbers of all tests that a program asks."""
    if isinstance(node, Except):
        return used(node.part)
    return set(node.numbers).union(*(used(part) for part in node.parts))


_NONE: frozenset[int] = frozenset()


def required(node: Node, without: AbstractSet[int]) -> frozenset[int]:
    """Tests of which at least one must pass where the program holds; empty when there are none but those `without`."""
    if isinstance(node, Except):
        return frozenset()
    own = [number for number in node.numbers if number not in without]
    if isinstance(node, Every):
        choices = [frozenset((number,)) for number in own] + [required(part, without) for part in node.parts]
        return min((choice for choice in choices if choice), key=len, default=_NONE)
    parts = [required(part, without) for part in node.parts]
    return frozenset(own).union(*parts) if all(parts) and len(own) == len(node.numbers) else frozenset()
