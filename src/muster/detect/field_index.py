"""The tests of one field: which of its values passes which.

Whole values are looked up in a table, addresses in one table per prefix length; texts within values are looked for in
all fields together (see `field_tests`); what is left is scanned for value by value (see `scanner`). So the cost of a value
hardly grows with the number of rules.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from ipaddress import ip_address
from operator import ge, gt, le, lt
from typing import Any, assert_never

import numpy as np

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
from muster.detect.condition_json import test_of, test_written
from muster.detect.expression import HEAD, TAIL, Expression, of_regex, of_text, of_wildcard
from muster.detect.folding import fold
from muster.detect.hints import hint_of
from muster.detect.literals import Pairs, joined
from muster.detect.moments import holds, moment
from muster.detect.pieces import Blobs, Pieces
from muster.detect.scanner import Scanners

_COMPARE = {Order.LESS: lt, Order.AT_MOST: le, Order.MORE: gt, Order.AT_LEAST: ge}
_LONGEST_NUMBER = 60


@dataclass(frozen=True, slots=True)
class Reference:
    """A test that needs a second column: its number, the other field, and where its value must stand."""

    number: int
    other: str
    anchor: Anchor


@dataclass(frozen=True, slots=True)
class Inside:
    """A test for a text within a value: its number, and the bytes with their marks."""

    number: int
    body: bytes
    cased: bool


def expression_of(test: Test) -> Expression | None:
    """How a test is scanned for; None for tests that are not. Raises `NotLoadable` when it cannot be."""
    if isinstance(test, Text):
        return None if test.anchor is Anchor.WHOLE else of_text(test)
    if isinstance(test, Wildcard):
        return of_wildcard(test)
    return of_regex(test) if isinstance(test, Regex) else None


@dataclass(slots=True)
class _Parts:
    present: list[int] = field(default_factory=list[int])
    references: list[Reference] = field(default_factory=list[Reference])
    whole: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    whole_cased: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    networks: defaultdict[tuple[int, int], defaultdict[int, list[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    comparisons: list[tuple[int, Compare]] = field(default_factory=list[tuple[int, Compare]])
    times: list[tuple[int, TimePart]] = field(default_factory=list[tuple[int, TimePart]])
    inside: list[Inside] = field(default_factory=list[Inside])
    unhinted: dict[int, Expression] = field(default_factory=dict[int, Expression])
    hinted: dict[int, Expression] = field(default_factory=dict[int, Expression])
    hints: set[str] = field(default_factory=set[str])


@dataclass(frozen=True, slots=True)
class FieldScanners:
    """What is scanned for, value by value. hinted: only in values that hold one of the field's hints (see `hints`)."""

    hinted: Scanners
    others: Scanners

    def __bool__(self) -> bool:
        return bool(self.hinted or self.others)

    @property
    def refused(self) -> dict[int, str]:
        """Number -> reason, of tests that could not be compiled."""
        return {**self.hinted.refused, **self.others.refused}

    def passed(self, texts: Sequence[str], folded: Sequence[str], hinted: Iterable[int]) -> Pairs:
        """Which values pass which tests. hinted: places of the values that hold a hint."""
        parts: list[Pairs] = []
        some = list(hinted)
        if self.hinted and some:
            found = self.hinted.find([texts[at] for at in some], [folded[at] for at in some])
            parts.append(Pairs(np.array(some, np.int64)[found.values], found.found))
        if self.others:
            parts.append(self.others.find(texts, folded))
        return joined(parts)

    def packed(self, blobs: Blobs) -> object:
        """For `unpacked`."""
        return [self.hinted.packed(blobs), self.others.packed(blobs)]

    @staticmethod
    def unpacked(told: Any, blobs: Blobs) -> "FieldScanners":
        """Raises `Unusable`."""
        hinted, others = told
        return FieldScanners(Scanners.unpacked(hinted, blobs), Scanners.unpacked(others, blobs))


class FieldIndex:
    """The tests of one field, those for texts within values excepted: these are gathered in `inside`."""

    def __init__(self, tests: Iterable[tuple[int, Test]], scans: Mapping[int, Expression]) -> None:
        """tests: with their numbers. scans: those of them that are scanned for, by number."""
        parts = _Parts()
        for number, test in tests:
            _add(parts, number, test, scans.get(number))
        self.present = tuple(parts.present)
        self.references = tuple(parts.references)
        self.inside = tuple(parts.inside)
        self.hints = tuple(sorted(parts.hints))
        self._whole = dict(parts.whole)
        self._whole_cased = dict(parts.whole_cased)
        self._networks = {key: dict(table) for key, table in parts.networks.items()}
        self._comparisons = parts.comparisons
        self._times = parts.times
        self._hinted, self._unhinted = parts.hinted, parts.unhinted

    def scan_for(
        self, more: Mapping[int, Expression], pieces: Pieces | None = None, name: str = ""
    ) -> "FieldScanners":
        """The scanners of the field. more: texts that have to be scanned for as well. name: of the field."""
        return FieldScanners(
            Scanners(self._hinted, pieces, f"hinted {name}"),
            Scanners({**self._unhinted, **more}, pieces, f"others {name}"),
        )

    @property
    def scanned(self) -> frozenset[int]:
        """The numbers of the tests that are scanned for."""
        return frozenset((*self._hinted, *self._unhinted))

    def packed(self) -> object:
        """For `unpacked`."""
        return [
            self.present,
            [[one.number, one.other, one.anchor.name] for one in self.references],
            self._whole,
            self._whole_cased,
            [
                [*key, [[str(at), numbers] for at, numbers in table.items()]]
                for key, table in self._networks.items()
            ],
            [[number, *test_written(test)] for number, test in (*self._comparisons, *self._times)],
        ]

    @staticmethod
    def unpacked(told: Any) -> "FieldIndex":
        """An index whose values pass the same tests; those within values are for `field_tests`."""
        present, references, whole, whole_cased, networks, others = told
        made = FieldIndex((), {})
        made.present = tuple(present)
        made.references = tuple(Reference(number, other, Anchor[name]) for number, other, name in references)
        made._whole, made._whole_cased = whole, whole_cased
        made._networks = {
            (version, prefix): {int(at): numbers for at, numbers in table}
            for version, prefix, table in networks
        }
        for number, *test in others:
            one = test_of(*test)
            if isinstance(one, Compare):
                made._comparisons.append((number, one))
            elif isinstance(one, TimePart):
                made._times.append((number, one))
        return made

    def passed(self, texts: Sequence[str], folded: Sequence[str]) -> Pairs:
        """Which values pass which tests. texts: values as they are; folded: the same folded."""
        found: list[Pairs] = []
        if self._whole:
            found.append(_looked_up(self._whole, folded))
        if self._whole_cased:
            found.append(_looked_up(self._whole_cased, texts))
        if self._networks:
            found.append(_each(texts, self._in_networks))
        if self._comparisons:
            found.append(_each(texts, self._compared))
        if self._times:
            found.append(_each(texts, self._timed))
        return joined(found)

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

    def _timed(self, value: str) -> list[int]:
        at = moment(value)
        return [] if at is None else [number for number, test in self._times if holds(test, at)]


def _looked_up(table: Mapping[str, Sequence[int]], values: Sequence[str]) -> Pairs:
    places = [place for place, value in enumerate(values) if value in table]
    found = [table[values[place]] for place in places]
    at = np.repeat(np.array(places, np.int64), np.array(list(map(len, found)), np.int64))
    return Pairs(at, np.array([number for numbers in found for number in numbers], np.int64))


def _each(values: Sequence[str], test: Callable[[str], Sequence[int]]) -> Pairs:
    at: list[int] = []
    found: list[int] = []
    for place, value in enumerate(values):
        numbers = test(value)
        if numbers:
            found += numbers
            at += [place] * len(numbers)
    return Pairs(np.array(at, np.int64), np.array(found, np.int64))


def _add(parts: _Parts, number: int, test: Test, scan: Expression | None) -> None:
    """Puts a test where it belongs: the one place that tells their kinds apart."""
    match test:
        case Text(text, Anchor.WHOLE, cased):
            (parts.whole_cased if cased else parts.whole)[text if cased else fold(text)].append(number)
        case Text(text, anchor, cased) if text:
            body = (text if cased else fold(text)).encode()
            body = (HEAD if anchor is Anchor.START else b"") + body + (TAIL if anchor is Anchor.END else b"")
            parts.inside.append(Inside(number, body, cased))
        case Text() | Wildcard() | Regex():
            hint = hint_of(test)
            if scan is not None and hint:
                parts.hints.add(hint)
                parts.hinted[number] = scan
            elif scan is not None:
                parts.unhinted[number] = scan
        case InNetwork(network):
            prefix = network.prefixlen
            key = int(network.network_address) >> (network.max_prefixlen - prefix)
            parts.networks[network.version, prefix][key].append(number)
        case Compare():
            parts.comparisons.append((number, test))
        case TimePart():
            parts.times.append((number, test))
        case Present():
            parts.present.append(number)
        case SameAs(other, anchor):
            parts.references.append(Reference(number, other, anchor))
        case _:
            assert_never(test)


def _decimal(value: str) -> Decimal | None:
    """The number that a text of at most 60 characters spells in decimal digits; None for any other text."""
    if len(value) > _LONGEST_NUMBER or not value.isascii() or "_" in value:
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
