"""Literals of many fields at once: one pass over the values of all fields of a batch, whatever fields they are of.

A text that several fields are tested for is looked for once; which tests it stands for depends on the value's field.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from muster.detect.haystack import Haystack
from muster.detect.literals import WIDTHS, Ints, Literals, Pairs, joined
from muster.detect.pieces import Blobs

LONG = WIDTHS[-1]

_KINDS = 64  # bits of a set of fields; fields share them


class FieldLiterals:
    """Tests for texts within values. left: numbers of the tests whose text `Literals` does not look for."""

    def __init__(self, wanted: Sequence[tuple[int, int, bytes]]) -> None:
        """wanted: place of the field, number of the test, text as bytes with its marks."""
        self.left: list[int] = []
        self._groups = [
            _Group(group, width)
            for width in WIDTHS
            if (group := [one for one in wanted if min(len(one[2]), LONG) == width])
        ]
        for group in self._groups:
            self.left += group.left

    def __bool__(self) -> bool:
        return bool(self._groups)

    def packed(self, blobs: Blobs) -> object:
        """For `unpacked`."""
        return [group.packed(blobs) for group in self._groups]

    @staticmethod
    def unpacked(told: Any, blobs: Blobs) -> "FieldLiterals":
        """Raises `Unusable`."""
        made = FieldLiterals(())
        made._groups = [_Group.unpacked(one, blobs) for one in told]
        return made

    def find(self, hay: Haystack, fields: Ints) -> Pairs:
        """Which values pass which tests. fields: for each value of the haystack, the place of its field."""
        return joined([group.find(hay, fields) for group in self._groups])


class _Group:
    """Literals of one width."""

    def __init__(self, wanted: list[tuple[int, int, bytes]], width: int) -> None:
        places: dict[bytes, int] = {}
        for _, _, body in wanted:
            places.setdefault(body, len(places))
        kinds = [0] * len(places)
        for field, _, body in wanted:
            kinds[places[body]] |= 1 << field % _KINDS
        self._literals = Literals([(place, body) for body, place in places.items()], width, kinds)
        left = set(self._literals.left)
        self.left = [number for _, number, body in wanted if places[body] in left]
        self._size = len(places)
        keys = np.array([field * self._size + places[body] for field, _, body in wanted], np.int64)
        order = np.argsort(keys)
        self._keys = keys[order]
        self._numbers = np.array([number for _, number, _ in wanted], np.int64)[order]

    def packed(self, blobs: Blobs) -> object:
        return [self._literals.packed(blobs), self._size, *map(blobs.add_array, (self._keys, self._numbers))]

    @classmethod
    def unpacked(cls, told: Any, blobs: Blobs) -> "_Group":
        literals, size, keys, numbers = told
        self = cls.__new__(cls)
        self._literals, self._size = Literals.unpacked(literals, blobs), int(size)
        self._keys, self._numbers = blobs.array(keys), blobs.array(numbers)
        return self

    def find(self, hay: Haystack, fields: Ints) -> Pairs:
        pairs = self._literals.find(hay, (fields % _KINDS).astype(np.uint64))
        keys = fields[pairs.values] * self._size + pairs.found
        at = np.searchsorted(self._keys, keys)
        at[at == len(self._keys)] = 0
        right = self._keys[at] == keys
        return Pairs(pairs.values[right], self._numbers[at[right]])
