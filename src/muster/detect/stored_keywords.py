"""Keywords over stored events: looked for in the distinct values of all columns, never in the events' whole texts.

A keyword without U+001F stands in the text of an event exactly if it stands in one of its values, since the text is
its values joined by that character. What has to be tested in full (wildcards, regular expressions) is tested on the
texts of those events only of which a value holds a piece of it; these are read again from their bytes.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa  # pyright: ignore[reportMissingTypeStubs] - it has no stub files

from muster.detect import columns, normalising
from muster.detect.columns import JOINT, Column
from muster.detect.flaw import Flawed
from muster.detect.keywords import Keywords
from muster.detect.literals import Ints, Pairs, joined
from muster.detect.segment import Stored

_pa: Any = pa


def find(batch: Stored, keywords: Keywords) -> tuple[Pairs, Column]:
    """Rows and the numbers of tests that they pass; and the texts that have to be tested in full."""
    parts: list[Pairs] = []
    full = np.zeros(batch.num_rows, np.bool_)
    if keywords.wanted:
        batch.load(batch.schema.names)
    for name in batch.schema.names if keywords.wanted else ():
        array = batch.column(name)
        coded = _pa.types.is_dictionary(array.type)
        pairs, values = keywords.find_in(*_bytes(array.dictionary if coded else array))
        if coded and (len(pairs.values) or len(values)):
            rows = _Rows(array)
            parts.append(rows.of(pairs))
            full[rows.having(values)] = True
        elif not coded:
            parts.append(pairs)
            full[values] = True
    rows = np.flatnonzero(full)
    return joined(parts), Column(texts(batch, rows.tolist()), rows)


def _bytes(values: Any) -> tuple[memoryview, Ints]:
    """The values of an array of strings as one piece of bytes, and where each begins in it."""
    _, offsets, data = values.buffers()
    bounds = np.frombuffer(offsets, np.int32, len(values) + 1, 4 * values.offset).astype(np.int64)
    if data is None:
        return memoryview(b""), bounds
    return memoryview(data)[int(bounds[0]) : int(bounds[-1])], bounds - bounds[0]


class _Rows:
    """Which rows have which value of a dictionary."""

    def __init__(self, array: Any) -> None:
        there = array.indices.is_valid().to_numpy(zero_copy_only=False)
        self._rows = np.flatnonzero(there)
        self._codes = array.indices.drop_null().to_numpy().astype(np.int64)
        self._size = len(array.dictionary)

    def having(self, values: Ints) -> Ints:
        wanted = np.zeros(self._size, np.bool_)
        wanted[values] = True
        return self._rows[wanted[self._codes]]

    def of(self, pairs: Pairs) -> Pairs:
        parts: list[Pairs] = []
        for number in np.unique(pairs.found).tolist():
            rows = self.having(pairs.values[pairs.found == number])
            parts.append(Pairs(rows, np.full(len(rows), number, np.int64)))
        return joined(parts)


def texts(batch: Stored, rows: Sequence[int]) -> list[str]:
    """The whole texts of some rows' events, as `events` makes them."""
    return [_text(batch, row, data) for row, data in zip(rows, batch.raw(rows) if rows else (), strict=True)]


def _text(batch: Stored, row: int, data: bytes) -> str:
    try:
        found = normalising.normalised(data)
    except Flawed:
        found = None
    if found is not None:
        return JOINT.join([value for _, value in found[1]])
    # The line of a file with a head, which is not kept with it: its fields are in the order of the head.
    values = (columns.read(batch, place).texts().get(row) for place in range(len(batch.schema.names)))
    return JOINT.join([value for value in values if value is not None])
