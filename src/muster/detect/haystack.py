"""Haystack: the distinct values of a column in one buffer, each between two marks, so that one pass sees them all.

The marks are bytes that no UTF-8 text holds (see `expression`): what is found never reaches from one value into the
next, and a text that begins or ends with a mark stands at the beginning or end of its value.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from muster.detect.expression import HEAD, TAIL

MARGIN = 256
"""Zero bytes before and behind the values: nothing that is looked for reaches further."""

_BETWEEN = TAIL + HEAD


class Haystack:
    """Values as bytes, marked. `size` is the length of the marked values together, without the margins."""

    def __init__(self, values: Sequence[bytes]) -> None:
        self.values = values
        self._data = b"".join((bytes(MARGIN), HEAD, _BETWEEN.join(values), TAIL, bytes(MARGIN)))
        self.size = len(self._data) - 2 * MARGIN if values else 0

    @cached_property
    def words(self) -> NDArray[np.uint32]:
        """The four bytes at each place of the buffer, margins included, as a little-endian number."""
        words: NDArray[np.uint32] = np.ndarray((len(self._data) - 3,), "<u4", self._data, 0, (1,)).astype(
            np.uint32
        )
        return words

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """Of each value, in bytes, without its marks."""
        return np.fromiter(map(len, self.values), np.int64, len(self.values))

    @cached_property
    def _owners(self) -> NDArray[np.int32]:
        margin = np.full(MARGIN, len(self.values) - 1, np.int32)
        return np.concatenate(
            (
                np.zeros(MARGIN, np.int32),
                np.repeat(np.arange(len(self.values), dtype=np.int32), self.lengths + 2),
                margin,
            )
        )

    def value_at(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Which value each place of the buffer belongs to."""
        return self._owners[places].astype(np.int64)

    def value(self, at: int) -> bytes:
        """One value with its marks."""
        return HEAD + self.values[at] + TAIL
