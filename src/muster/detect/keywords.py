"""Keywords: which events' texts hold which, told by one pass over all texts of a batch.

A keyword of plain ASCII is found by that pass itself. Of any other a piece is looked for (see `hints`), and the texts
that hold one are tested in full. Two letters beside the ASCII ones fold to an ASCII letter, the Kelvin sign and the
long s: texts with them are always tested in full.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from muster.detect.columns import JOINT
from muster.detect.condition import Anchor, Present, Test, Text
from muster.detect.hints import hint_of
from muster.detect.literals import Ints, Pairs, nothing
from muster.detect.pieces import Blobs
from muster.detect.scanner import Finder

_STRANGE = ("\u212a".encode(), "\u017f".encode())
_IN_FULL = -1


class Keywords:
    """Tests on the whole event."""

    def __init__(self, tests: Sequence[tuple[int, Test]]) -> None:
        asked = [(number, test) for number, test in tests if not isinstance(test, Present)]
        wanted = [(number if _is_plain(test) else _IN_FULL, hint_of(test).encode()) for number, test in asked]
        self._all = not all(hint and JOINT.encode() not in hint for _, hint in wanted)
        wanted += [(_IN_FULL, letter) for letter in _STRANGE]
        self._sizes = np.array([len(hint) for _, hint in wanted], np.int64)
        self._numbers = np.array([number for number, _ in wanted], np.int64)
        self._finder = Finder([hint for _, hint in wanted]) if asked and not self._all else None

    def packed(self, blobs: Blobs) -> object:
        """For `unpacked`."""
        finder = blobs.add(self._finder.packed()) if self._finder else None
        return [self._all, blobs.add_array(self._numbers), finder]

    @staticmethod
    def unpacked(told: Any, blobs: Blobs) -> "Keywords":
        """Raises `Unusable`."""
        every, numbers, finder = told
        made = Keywords(())
        made._all, made._numbers = bool(every), blobs.array(numbers)
        made._finder = None if finder is None else Finder.unpacked(blobs.data(finder))
        return made

    def find(self, texts: Sequence[str]) -> tuple[Pairs, Ints]:
        """Rows and the numbers of tests that they pass; and the rows that have to be tested in full."""
        if self._finder is None:
            return nothing(), np.arange(len(texts) if self._all else 0)
        encoded = list(map(str.encode, texts))
        places, ends = self._finder.find(b"\n".join(encoded))
        if not places:
            return nothing(), np.zeros(0, np.int64)
        sizes = np.fromiter(map(len, encoded), np.int64, len(encoded))
        rows = np.searchsorted(np.cumsum(sizes + 1), np.array(ends, np.int64))
        numbers = self._numbers[places]
        full = numbers == _IN_FULL
        return Pairs(rows[~full], numbers[~full]), np.unique(rows[full])

    @property
    def wanted(self) -> bool:
        """Whether anything is asked of the whole event."""
        return self._all or self._finder is not None

    def find_in(self, data: memoryview, offsets: Ints) -> tuple[Pairs, Ints]:
        """The same in the values of a column, value n being `data[offsets[n]:offsets[n + 1]]`, in place of rows.

        A text that has a value with a keyword has it too, and the other way round: none reaches over two values.
        """
        if self._finder is None:
            return nothing(), np.arange(len(offsets) - 1 if self._all else 0)
        places, found = self._finder.find(data)
        if not places:
            return nothing(), np.zeros(0, np.int64)
        at, ends = np.array(places, np.int64), np.array(found, np.int64)
        values = np.searchsorted(offsets[1:], ends)
        within = ends - self._sizes[at] >= offsets[values]
        values, numbers = values[within], self._numbers[at[within]]
        full = numbers == _IN_FULL
        return Pairs(values[~full], numbers[~full]), np.unique(values[full])


def _is_plain(test: Test) -> bool:
    """Whether the hint is the whole test."""
    return (
        isinstance(test, Text)
        and not test.cased
        and test.anchor is Anchor.INSIDE
        and test.text.isascii()
        and "\n" not in test.text
        and JOINT not in test.text
        and len(hint_of(test)) == len(test.text)
    )
