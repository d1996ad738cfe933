"""All tests on one field as one function: a value -> the numbers of the tests it passes.

Whole values are looked up in a table, addresses in one table per prefix length, everything else is scanned for in one
pass (see `scanner`). So the cost of a value hardly grows with the number of rules.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from ipaddress import ip_address
from operator import ge, gt, le, lt

from muster.detect import moments
from muster.detect.condition import (
    Anchor,
    Compare,
    InNetwork,
    Order,
    Present,
    Regex,
    SameAs,
    Test,
    Text,
    TimePart,
    Wildcard,
)
from muster.detect.expression import HEAD, TAIL, Alphabet, Expression, of_regex, of_text, of_wildcard
from muster.detect.folding import fold
from muster.detect.scanner import Scanner

_COMPARE = {Order.LESS: lt, Order.AT_MOST: le, Order.MORE: gt, Order.AT_LEAST: ge}
_LONGEST_NUMBER = 60


@dataclass(frozen=True, slots=True)
class Reference:
    """A test that needs a second column: its number, the other field, and where its value must stand."""

    number: int
    other: str
    anchor: Anchor


def expression_of(test: Test) -> Expression | None:
    """How a test is scanned for; None for tests that are not. Raises `NotLoadable` when it cannot be."""
    if isinstance(test, Text):
        return None if test.anchor is Anchor.WHOLE else of_text(test)
    if isinstance(test, Wildcard):
        return of_wildcard(test)
    return of_regex(test) if isinstance(test, Regex) else None


@dataclass(slots=True)
class _Parts:
    whole: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    whole_cased: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    networks: defaultdict[tuple[int, int], defaultdict[int, list[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    comparisons: list[tuple[int, Compare]] = field(default_factory=list[tuple[int, Compare]])
    times: list[tuple[int, TimePart]] = field(default_factory=list[tuple[int, TimePart]])
    scans: dict[Alphabet, dict[int, Expression]] = field(
        default_factory=lambda: {alphabet: dict[int, Expression]() for alphabet in Alphabet}
    )


class FieldIndex:
    """The tests of one field. `refused`: number -> reason, of tests that could not be compiled with the others."""

    def __init__(self, tests: Iterable[tuple[int, Test]], scans: Mapping[int, Expression]) -> None:
        """tests: with their numbers. scans: those of them that are scanned for, by number."""
        parts = _Parts()
        present: list[int] = []
        references: list[Reference] = []
        for number, test in tests:
            if isinstance(test, Present):
                present.append(number)
            elif isinstance(test, SameAs):
                references.append(Reference(number, test.field, test.anchor))
            elif number in scans:
                parts.scans[scans[number].alphabet][number] = scans[number]
            else:
                _add(parts, number, test)
        self.present = tuple(present)
        self.references = tuple(references)
        self._whole = dict(parts.whole)
        self._whole_cased = dict(parts.whole_cased)
        self._networks = {key: dict(table) for key, table in parts.networks.items()}
        self._comparisons = parts.comparisons
        self._times = parts.times
        self._folded = Scanner(parts.scans[Alphabet.FOLDED])
        self._bytes = Scanner(parts.scans[Alphabet.BYTES])
        self._regex = Scanner(parts.scans[Alphabet.REGEX])
        self.refused = {**self._folded.refused, **self._bytes.refused, **self._regex.refused}

    def passed(self, value: str) -> list[int]:
        """The numbers of the tests that a value passes; `present` and `references` are not among them."""
        folded = fold(value)
        found = list(self._whole.get(folded, ()))
        if self._whole_cased:
            found += self._whole_cased.get(value, ())
        if self._folded:
            found += self._folded.numbers(HEAD + folded.encode() + TAIL)
        if self._bytes or self._regex:
            raw = value.encode()
            found += self._bytes.numbers(HEAD + raw + TAIL)
            found += self._regex.numbers(raw)
        if self._networks:
            found += self._in_networks(value)
        if self._comparisons:
            found += self._compared(value)
        if self._times and (at := moments.moment(value)) is not None:
            found += [number for number, test in self._times if moments.holds(test, at)]
        return found

    def _in_networks(self, value: str) -> list[int]:
        try:
            address = ip_address(value)
        except ValueError:
            return []
        found: list[int] = []
        number, version, width = int(address), address.version, address.max_prefixlen
        for (of_version, prefix), table in self._networks.items():
            if of_version == version:
                found += table.get(number >> (width - prefix), ())
        return found

    def _compared(self, value: str) -> list[int]:
        number = _decimal(value)
        if number is None:
            return []
        return [at for at, test in self._comparisons if _COMPARE[test.order](number, test.number)]


def _add(parts: _Parts, number: int, test: Test) -> None:
    if isinstance(test, Text):
        if test.cased:
            parts.whole_cased[test.text].append(number)
        else:
            parts.whole[fold(test.text)].append(number)
    elif isinstance(test, InNetwork):
        network = test.network
        prefix = network.prefixlen
        key = int(network.network_address) >> (network.max_prefixlen - prefix)
        parts.networks[network.version, prefix][key].append(number)
    elif isinstance(test, Compare):
        parts.comparisons.append((number, test))
    elif isinstance(test, TimePart):
        parts.times.append((number, test))


def _decimal(value: str) -> Decimal | None:
    """The number that a text of at most 60 characters spells in decimal digits; None for any other text."""
    if len(value) > _LONGEST_NUMBER or not value.isascii() or "_" in value:
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
