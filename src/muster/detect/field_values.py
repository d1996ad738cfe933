"""The distinct values of some fields within some rows, in the forms in which they are tested, and the way back to rows.

One such collection holds all that is asked of a batch in one step, so that a step costs a few passes over one buffer
and not a few for each field.
"""

from functools import cached_property
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from muster.detect.columns import Coded, Column
from muster.detect.folded import fold_all
from muster.detect.haystack import Haystack
from muster.detect.literals import Ints, Pairs

_SAMPLE = 64


class FieldValues:
    """Values of fields; those of one field stand together, at `spans[field]`."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.spans: dict[str, range] = {}
        self._fields: list[tuple[int, int]] = []
        self._rows: list[Ints] = []
        self._codes: list[Ints] = []

    def add(self, field: str, place: int, column: Column | Coded, within: NDArray[np.bool_] | None) -> None:
        """Adds what a column has within the rows that the mask names; all of it without a mask. place: the field's."""
        if isinstance(column, Coded):
            self._add_coded(field, place, column, within)
            return
        values, rows = column.values, column.rows
        if within is not None:
            chosen = within[rows]
            if not chosen.all():
                values, rows = list(compress(values, chosen)), rows[chosen]
        if not values:
            return
        distinct = values if _are_distinct(values) else list(dict.fromkeys(values))
        start = self._span(field, place, distinct)
        self._rows.append(rows)
        if len(distinct) == len(values):
            codes = np.arange(start, len(self.texts))
        else:
            code = dict(zip(distinct, self.spans[field], strict=True))
            codes = np.fromiter(map(code.__getitem__, values), np.int64, len(values))
        self._codes.append(codes)

    def _add_coded(self, field: str, place: int, column: Coded, within: NDArray[np.bool_] | None) -> None:
        codes, rows = column.codes, column.rows
        if within is not None:
            chosen = within[rows]
            codes, rows = codes[chosen], rows[chosen]
        if not len(codes):
            return
        there = np.zeros(len(column.distinct), np.bool_)
        there[codes] = True
        start = self._span(field, place, list(compress(column.distinct, there.tolist())))
        self._rows.append(rows)
        self._codes.append((np.cumsum(there) - 1 + start)[codes])

    def _span(self, field: str, place: int, distinct: list[str]) -> int:
        start = len(self.texts)
        self.texts.extend(distinct)
        self.spans[field] = range(start, len(self.texts))
        self._fields.append((place, len(distinct)))
        return start

    @cached_property
    def folded(self) -> list[str]:
        """The values folded."""
        return fold_all(self.texts)

    @cached_property
    def folded_hay(self) -> Haystack:
        return Haystack(list(map(str.encode, self.folded)))

    @cached_property
    def hay(self) -> Haystack:
        return Haystack(list(map(str.encode, self.texts)))

    @cached_property
    def fields(self) -> Ints:
        """For each value the place of its field."""
        pairs = np.array(self._fields, np.int64).reshape(-1, 2)
        return np.repeat(pairs[:, 0], pairs[:, 1])

    def __bool__(self) -> bool:
        return bool(self.texts)

    def spread(self, pairs: Pairs) -> tuple[Ints, Ints]:
        """From values to rows: pairs of a test's number and a row."""
        counts = self._counts[pairs.values]
        ends = np.cumsum(counts)
        total = int(ends[-1]) if len(ends) else 0
        rows = self._by_value[
            np.arange(total) - np.repeat(ends - counts - self._firsts[pairs.values], counts)
        ]
        return np.repeat(pairs.found, counts), rows

    @cached_property
    def _all_codes(self) -> Ints:
        return np.concatenate(self._codes)

    @cached_property
    def _counts(self) -> Ints:
        return np.bincount(self._all_codes, minlength=len(self.texts))

    @cached_property
    def _firsts(self) -> Ints:
        return np.cumsum(self._counts) - self._counts

    @cached_property
    def _by_value(self) -> Ints:
        return np.concatenate(self._rows)[np.argsort(self._all_codes, kind="stable")]


def _are_distinct(values: list[str]) -> bool:
    """Whether a sample has no value twice: then looking for repeats would cost more than testing them again."""
    sample = values[:: max(1, len(values) // _SAMPLE)] if len(values) > _SAMPLE else []
    return bool(sample) and len(set(sample)) == len(sample)
