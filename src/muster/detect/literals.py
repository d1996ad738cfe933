"""Literals: thousands of texts looked for in thousands of values in one pass, by arrays instead of an automaton.

Of each literal the rarest run of `width` bytes is kept in a table. All values lie in one buffer; every run of bytes in
it is looked up, and only where one is known are the literals that it stands for compared, word by word. So the cost
of a byte hardly depends on how many literals there are or match, and building the tables takes milliseconds.

What would make this slow is left to others: `left` names literals that are too long, or share their run with too many.
A value that is made of known runs is compared by Python's own search, whose time is bounded (`_slowly`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muster.detect.haystack import MARGIN, Haystack
from muster.detect.pieces import Blobs, Unusable

MAX_LENGTH = 248
"""Bytes of a literal."""
MAX_SHARING = 48
"""Literals that are found by one run of bytes."""
WIDTHS = (1, 2, 3, 4)

_MIX = np.uint32(0x9E3779B1)
_SPARSE = 6  # so many bits more than the runs need: one place of the table in 64 is taken
_SLOTS = range(10, 21)  # bits of a run's place in the table
_SMALL = 16  # a table of so many bits stays in the cache with a byte for each place
_CHUNK = 1 << 16
_MANY = _CHUNK // 4  # candidates in one chunk; ordinary values give far fewer
_ONE, _EIGHTH, _SEVEN = np.uint64(1), np.uint32(3), np.uint32(7)
_BIT = np.array([1 << bit for bit in range(8)], np.uint8)
_FREE = 256  # candidates of one run in one value that cost nothing worth speaking of
_SHARE = 8  # beyond them: at most one for so many bytes of the value

Ints = NDArray[np.int64]
Words = NDArray[np.uint32]
_VERY = 1 << 20
_COMMON = (
    rb"c:\windows\system32\ c:\windows\syswow64\ c:\program files (x86)\ c:\programdata\ c:\users\ \appdata\local\temp\ c:\tmp\ "
    rb"microsoft windows operating system microsoft corporation .exe .dll .sys .tmp .log nt authority\system service"
    rb" hklm\software\microsoft\windows\currentversion\ hkcu\software\ hkey_local_machine svchost.exe user name -id"
    rb" \registry\machine\system\currentcontrolset\services\ cmd.exe /c powershell.exe explorer.exe conhost.exe ntdll.dll"
    rb" kernelbase.dll kernel32.dll rpcrt4.dll md5= sha1= sha256= imphash= process www. .com http:// https:// 00000000    "
)
"""What the values of Windows events are full of: runs of it make poor signs."""


def _common(width: int) -> NDArray[np.uint32]:
    return np.array(
        [int.from_bytes(_COMMON[at : at + width], "little") for at in range(len(_COMMON) - width)], np.uint32
    )


@dataclass(frozen=True, slots=True)
class Pairs:
    """What was found: value `values[n]` of a haystack contains literal `found[n]`. Pairs may occur twice."""

    values: Ints
    found: Ints


def nothing() -> Pairs:
    return Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64))


def joined(parts: Sequence[Pairs]) -> Pairs:
    """All of them as one."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return nothing()
    return Pairs(
        np.concatenate([part.values for part in parts]), np.concatenate([part.found for part in parts])
    )


class Literals:
    """Literals of at least `width` bytes; those of a width below 4 have exactly that many."""

    def __init__(self, literals: Sequence[tuple[int, bytes]], width: int, kinds: Sequence[int] = ()) -> None:
        """literals: number and bytes. kinds: for each of them a set, as bits, of the kinds of values it is for.

        Afterwards `left` are the numbers of those that are not looked for here.
        """
        self.left = [number for number, body in literals if len(body) > MAX_LENGTH]
        kept = [place for place, (_, body) in enumerate(literals) if len(body) <= MAX_LENGTH]
        self._mask = np.uint32((1 << (8 * width)) - 1)
        self._width = width
        wanted = np.array([kinds[place] if kinds else 1 for place in kept], np.uint64)
        self._choose([literals[place] for place in kept], wanted)

    def __bool__(self) -> bool:
        return len(self._numbers) > 0

    def find(self, hay: Haystack, kinds: NDArray[np.uint64] | None = None) -> Pairs:
        """Which values contain which literals, for each kind of value (bits from 0 to 63) the literals that are for it."""
        of_value = np.zeros(len(hay.values), np.uint64) if kinds is None else kinds
        parts: list[Pairs] = []
        words = hay.words
        for start in range(MARGIN, MARGIN + hay.size, _CHUNK):
            slots = (
                (words[start : min(start + _CHUNK, MARGIN + hay.size)] & self._mask) * _MIX
            ) >> self._shift
            at = np.flatnonzero(self._is_known(slots))
            if len(at):
                place = self._place[slots[at]].astype(np.int64)
                at += start
                wanted = (self._run_kinds[place] >> of_value[hay.value_at(at)]) & _ONE != 0
                self._candidates(hay, at[wanted], place[wanted], of_value, parts)
        return joined(parts)

    def _is_known(self, slots: Words) -> NDArray[np.bool_]:
        if not self._packed:
            return self._known[slots].view(np.bool_)
        return (self._known[slots >> _EIGHTH] & _BIT[slots & _SEVEN]).view(np.bool_)

    def _candidates(
        self, hay: Haystack, at: Ints, place: Ints, kinds: NDArray[np.uint64], parts: list[Pairs]
    ) -> None:
        counts = self._counts[place]
        if int(counts.sum()) > _MANY:
            crowded = self._crowded(hay, at, place)
            parts.extend(self._slowly(hay, at[crowded], place[crowded], kinds))
            at, place, counts = at[~crowded], place[~crowded], counts[~crowded]
        total = int(counts.sum())
        ends = np.cumsum(counts)
        literal = np.arange(total) - np.repeat(ends - counts - self._firsts[place], counts)
        begins = np.repeat(at, counts)
        wanted = (self._kinds[literal] >> kinds[hay.value_at(begins)]) & _ONE != 0
        literal = literal[wanted]
        found, begins = self._compare(hay.words, literal, begins[wanted] - self._offsets[literal])
        if len(found):
            parts.append(Pairs(hay.value_at(begins), self._numbers[found]))

    def _compare(self, words: Words, literal: Ints, begins: Ints) -> tuple[Ints, Ints]:
        """Literals and places where the literal stands, whole: last word first, then the others."""
        if self._width < WIDTHS[-1]:
            same = words[begins] & self._mask == self._words[self._starts[literal]] & self._mask
            return literal[same], begins[same]
        lengths = self._lengths[literal]
        last = lengths - 4
        right = words[begins + last] == self._words[self._starts[literal] + last]
        literal, begins, last = literal[right], begins[right], last[right]
        done: list[tuple[Ints, Ints]] = []
        step = 0
        while len(literal):
            short = last <= step
            if short.any():
                done.append((literal[short], begins[short]))
                literal, begins, last = literal[~short], begins[~short], last[~short]
            right = words[begins + step] == self._words[self._starts[literal] + step]
            literal, begins, last = literal[right], begins[right], last[right]
            step += 4
        if not done:
            return literal, begins
        return np.concatenate([one for one, _ in done]), np.concatenate([place for _, place in done])

    def _crowded(self, hay: Haystack, at: Ints, place: Ints) -> NDArray[np.bool_]:
        """Which candidates belong to a run that its value repeats more often than its length justifies."""
        values = hay.value_at(at)
        _, back, counts = np.unique(
            values * len(self._counts) + place, return_inverse=True, return_counts=True
        )
        work = (counts[back] * self._counts[place]).astype(np.int64)
        crowded: NDArray[np.bool_] = work > _FREE + hay.lengths[values] // _SHARE
        return crowded

    def _slowly(self, hay: Haystack, at: Ints, place: Ints, kinds: NDArray[np.uint64]) -> list[Pairs]:
        values = hay.value_at(at)
        parts: list[Pairs] = []
        for pair in np.unique(values * len(self._counts) + place).tolist():
            value, run = divmod(pair, len(self._counts))
            text, bit = hay.value(value), 1 << int(kinds[value])
            first = int(self._firsts[run])
            within = range(first, first + int(self._counts[run]))
            hit = [
                int(self._numbers[one])
                for one in within
                if int(self._kinds[one]) & bit and self._bodies[one] in text
            ]
            if hit:
                parts.append(Pairs(np.full(len(hit), value, np.int64), np.array(hit, np.int64)))
        return parts

    def _choose(self, literals: list[tuple[int, bytes]], kinds: NDArray[np.uint64]) -> None:
        """Finds the rarest run of each literal, and sorts the literals by its place in the table."""
        bodies = [body for _, body in literals]
        lengths = np.array(list(map(len, bodies)), np.int64)
        starts = np.cumsum(lengths) - lengths
        data = b"".join(bodies) + bytes(8)
        words = np.ndarray((len(data) - 3,), "<u4", data, 0, (1,)).astype(np.uint32)
        runs_of = lengths - self._width + 1
        total = int(runs_of.sum())
        owner = np.repeat(np.arange(len(bodies)), runs_of)
        offset = np.arange(total) - np.repeat(np.cumsum(runs_of) - runs_of, runs_of)
        runs = words[starts[owner] + offset] & self._mask
        known, back, counts = np.unique(runs, return_inverse=True, return_counts=True)
        counts[np.isin(known, _common(self._width))] += _VERY
        order = np.lexsort((counts[back], owner))
        best = order[np.searchsorted(owner[order], np.arange(len(bodies)))]
        bits = min(max(len(bodies).bit_length() + _SPARSE, _SLOTS[0]), _SLOTS[-1])
        slots = (runs[best] * _MIX) >> np.uint32(32 - bits)
        order = np.argsort(slots, kind="stable")
        rank = np.arange(len(order)) - np.searchsorted(slots[order], slots[order])
        self.left += [literals[at][0] for at in order[rank >= MAX_SHARING].tolist()]
        order = order[rank < MAX_SHARING]
        ranked: list[int] = order.tolist()
        self._numbers = np.array([literals[at][0] for at in ranked], np.int64)
        self._kinds = kinds[order]
        self._lengths, self._starts = lengths[order], starts[order]
        self._offsets = offset[best][order]
        self._settle(bits, data, slots[order])

    def _settle(self, bits: int, data: bytes, slots: Words) -> None:
        """What follows from the rest. slots: for each literal its place in the table of 2^bits places, ascending."""
        self._bits, self._data, self._slots = bits, data, slots
        self._shift = np.uint32(32 - bits)
        self._words = np.ndarray((len(data) - 3,), "<u4", data, 0, (1,)).astype(np.uint32)
        spans = zip(self._starts.tolist(), (self._starts + self._lengths).tolist(), strict=True)
        self._bodies = [data[start:end] for start, end in spans]
        used, self._firsts, self._counts = np.unique(slots, return_index=True, return_counts=True)
        self._run_kinds = np.bitwise_or.reduceat(self._kinds, self._firsts) if len(used) else self._kinds
        known = np.zeros(1 << bits, np.bool_)
        known[used] = True
        self._packed = bits > _SMALL
        self._known = np.packbits(known, bitorder="little") if self._packed else known.view(np.uint8)
        self._place = np.zeros(1 << bits, np.int32)
        self._place[used] = np.arange(len(used))

    def packed(self, blobs: Blobs) -> object:
        """For `unpacked`."""
        arrays = (self._numbers, self._kinds, self._lengths, self._starts, self._offsets, self._slots)
        return [self._width, self._bits, blobs.add(self._data), *map(blobs.add_array, arrays)]

    @classmethod
    def unpacked(cls, told: Any, blobs: Blobs) -> "Literals":
        """Literals that are found in the same values. Raises `Unusable`."""
        width, bits, data, *arrays = told
        self = cls.__new__(cls)
        self.left = []
        self._width, self._mask = int(width), np.uint32((1 << (8 * width)) - 1)
        self._numbers, self._kinds, self._lengths, self._starts, self._offsets, slots = map(
            blobs.array, arrays
        )
        if bits not in _SLOTS:
            raise Unusable
        self._settle(bits, blobs.data(data), slots)
        return self
