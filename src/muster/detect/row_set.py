"""Sets of rows as Python integers: bit n stands for row n, as in the validity bitmap of an Arrow column.

Integers, because all, any and not of some hundred bytes cost less on them than on arrays; arrays where sets are made
and taken apart.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_AT_ONCE = 1 << 22
"""Bytes of the table in which sets are made."""


def everything(size: int) -> int:
    """The set of the rows 0 to size - 1."""
    return (1 << size) - 1


def from_rows(rows: Sequence[int] | NDArray[np.int64], size: int) -> int:
    """The set of the given rows, each of which lies in 0 to size - 1."""
    mask = np.zeros(size, np.bool_)
    mask[np.asarray(rows, np.int64)] = True
    return from_mask(mask)


def from_mask(mask: NDArray[np.bool_]) -> int:
    """The set of the rows where the mask is true."""
    return int.from_bytes(np.packbits(mask, bitorder="little").tobytes(), "little")


def to_mask(found: int, size: int) -> NDArray[np.bool_]:
    """For each of `size` rows, whether it is in the set."""
    data = np.frombuffer(found.to_bytes((size + 7) >> 3, "little"), np.uint8)
    return np.unpackbits(data, count=size, bitorder="little").view(np.bool_)


def to_rows(found: int) -> tuple[int, ...]:
    """The rows of a set, ascending."""
    return tuple(np.flatnonzero(to_mask(found, found.bit_length())).tolist())


def by_number(numbers: NDArray[np.int64], rows: NDArray[np.int64], size: int) -> dict[int, int]:
    """Pairs of a number and a row, in any order and with repeats -> the set of rows of each number."""
    sets: dict[int, int] = {}
    if not len(numbers):
        return sets
    there = np.zeros(int(numbers.max()) + 1, np.bool_)
    there[numbers] = True
    distinct = np.flatnonzero(there)
    places = np.zeros(len(there), np.int64)
    places[distinct] = np.arange(len(distinct))
    place = places[numbers]
    width = (size + 7) & ~7
    step = max(1, _AT_ONCE // max(width, 1))
    for start in range(0, len(distinct), step):
        some = distinct[start : start + step]
        within = (place >= start) & (place < start + step) if len(distinct) > step else slice(None)
        table = np.zeros((len(some), width), np.bool_)
        table[place[within] - start, rows[within]] = True
        packed = np.packbits(table, axis=1, bitorder="little")
        for number, bits in zip(some.tolist(), packed, strict=True):
            sets[number] = int.from_bytes(bits.tobytes(), "little")
    return sets
