"""The index of a list: a sorted array of 64-bit hashes to probe, and beside it what a hit is confirmed by.

Probing touches `hashes` alone: 8 bytes an indicator. Facts and texts are read only where a hash is found, so they may
lie in a mapped file. A hash is never believed: the text has to be equal, so a collision is no hit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import numpy as np
import xxhash
from numpy.typing import NDArray

from muster.core.errors import BadInput
from muster.core.labels import Tlp
from muster.detect.indicators import networks
from muster.detect.indicators.indicator import KINDS, Indicator, Kind
from muster.detect.indicators.networks import Networks

MAX_INDICATORS = 20_000_000
FACTS = np.dtype(
    [("start", "<u8"), ("length", "<u2"), ("label", "<u2"), ("kind", "u1"), ("confidence", "u1"), ("tlp", "u1"),
     ("revoked", "u1"), ("from", "<u4"), ("until", "<u4")]
)  # fmt: skip
"""What is kept of an indicator beside its hash: 24 bytes. Of the text at `start` the first `length` bytes are the value."""
_UNSAID = 255
_TLPS = tuple(Tlp)
_CHUNK = 65_536
Hashes: TypeAlias = NDArray[np.uint64]
Buffer: TypeAlias = "bytes | memoryview"


@dataclass(frozen=True, slots=True)
class Index:
    """Indicators in the order of their hashes. facts: an array of `FACTS`; text: what they point into."""

    hashes: Hashes
    facts: NDArray[Any]
    text: Buffer
    networks: Networks
    hashed: bool

    def __len__(self) -> int:
        return len(self.hashes)

    def value(self, row: int) -> str:
        """The value of the indicator in a row."""
        start = int(self.facts["start"][row])
        return bytes(self.text[start : start + int(self.facts["length"][row])]).decode()

    def kind(self, row: int) -> Kind:
        """What the indicator in a row is."""
        return KINDS[int(self.facts["kind"][row])]

    def indicator(self, row: int) -> Indicator:
        """The indicator in a row."""
        fact = cast("Mapping[str, int]", self.facts[row])
        start = int(fact["start"]) + int(fact["length"])
        return Indicator(
            kind=KINDS[int(fact["kind"])],
            value=self.value(row),
            confidence=_said(int(fact["confidence"])),
            tlp=None if _said(int(fact["tlp"])) is None else _TLPS[int(fact["tlp"])],
            valid_from=int(fact["from"]),
            valid_until=int(fact["until"]),
            revoked=bool(fact["revoked"]),
            label=bytes(self.text[start : start + int(fact["label"])]).decode(),
        )

    def rows(self, value: str) -> list[int]:
        """The rows of the indicators with exactly this value."""
        found = self.find([value])
        return found[0][1] if found else []

    def find(self, values: Sequence[str]) -> list[tuple[int, list[int]]]:
        """Which of these values are indicators: place among the values, and rows. One hash and one probe a value."""
        if not values or not len(self):
            return []
        wanted = hashes_of(values)
        # Sorted needles go through the haystack once, from left to right: kinder to the cache by far.
        order = np.argsort(wanted)
        needles = wanted[order]
        places = np.searchsorted(self.hashes, needles)
        places[places == len(self)] = 0
        found: list[tuple[int, list[int]]] = []
        for at in np.flatnonzero(self.hashes[places] == needles).tolist():
            place = int(order[at])
            rows = [row for row in self._alike(int(places[at])) if self.value(row) == values[place]]
            if rows:
                found.append((place, rows))
        return found

    def _alike(self, first: int) -> range:
        ends = np.searchsorted(self.hashes, self.hashes[first : first + 1], side="right")
        return range(first, ends.tolist()[0])


def _said(number: int) -> int | None:
    return None if number == _UNSAID else number


def hashes_of(values: Sequence[str]) -> Hashes:
    """The hash of each value: xxHash 64 of its UTF-8."""
    try:
        return np.fromiter(map(xxhash.xxh64_intdigest, map(str.encode, values)), np.uint64, len(values))
    except UnicodeEncodeError:  # half a character, as events may hold
        encoded = [value.encode("utf-8", "surrogatepass") for value in values]
        return np.fromiter(map(xxhash.xxh64_intdigest, encoded), np.uint64, len(values))


def build(indicators: Iterable[Indicator]) -> Index:
    """The index of indicators in any order; the same value may stand in it more than once. Raises `BadInput`."""
    hashes: list[Hashes] = []
    facts: list[NDArray[Any]] = []
    text = bytearray()
    chunk: list[Indicator] = []
    total = 0
    for one in indicators:
        chunk.append(one)
        if len(chunk) == _CHUNK:
            total += len(chunk)
            _bounded(total)
            _add(chunk, hashes, facts, text)
            chunk.clear()
    _bounded(total + len(chunk))
    _add(chunk, hashes, facts, text)
    every = np.concatenate(hashes)
    order = np.argsort(every)
    return of_parts(every[order], np.concatenate(facts)[order], bytes(text))


def _bounded(count: int) -> None:
    if count > MAX_INDICATORS:
        raise BadInput(f"More than {MAX_INDICATORS} indicators.", "list", "Split the list.")


def of_parts(hashes: Hashes, facts: NDArray[Any], text: Buffer) -> Index:
    """An index from its parts as they were kept. Raises `BadInput` when they do not fit together."""
    if len(hashes) != len(facts):
        raise BadInput("The parts of the index do not fit together.", "index", "Build it anew.")
    kinds = np.asarray(facts["kind"])
    rows = np.flatnonzero(kinds == KINDS.index(Kind.NETWORK)).tolist()
    bare = Index(hashes, facts, text, Networks(), bool((kinds == KINDS.index(Kind.HASHED)).any()))
    return Index(hashes, facts, text, networks.build((bare.value(row), row) for row in rows), bare.hashed)


def _add(chunk: list[Indicator], hashes: list[Hashes], facts: list[NDArray[Any]], text: bytearray) -> None:
    hashes.append(hashes_of([one.value for one in chunk]))
    made = np.empty(len(chunk), FACTS)
    for place, one in enumerate(chunk):
        value, label = one.value.encode(), one.label.encode()
        made[place] = (
            len(text),
            len(value),
            len(label),
            KINDS.index(one.kind),
            _UNSAID if one.confidence is None else one.confidence,
            _UNSAID if one.tlp is None else _TLPS.index(one.tlp),
            one.revoked,
            one.valid_from,
            one.valid_until,
        )
        text += value
        text += label
    facts.append(made)
