"""The columns of one batch while it is matched: each read once, and which rows passed which test so far."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from muster.detect import columns, routing, row_set, stored_keywords
from muster.detect.columns import Batch, Coded, Column
from muster.detect.condition import ANYWHERE, Anchor
from muster.detect.field_index import Reference
from muster.detect.field_tests import FieldTests
from muster.detect.field_values import FieldValues
from muster.detect.folded import fold_all
from muster.detect.literals import Pairs
from muster.detect.segment import Stored


class Table:
    """`passed`: number of a test that was asked -> the rows that passed it; missing when there are none."""

    def __init__(self, batch: Batch, tests: FieldTests) -> None:
        self.size = batch.num_rows
        self.passed: dict[int, int] = {}
        self._batch = batch
        self._tests = tests
        self._columns: dict[str, Column | Coded | None] = {}
        self._present: dict[str, int] = {}

    def ask_early(self, wanted: Mapping[str, int]) -> None:
        """Asks the early tests of fields. wanted: field -> the rows on which it is asked, at least."""
        values = self._values(wanted)
        for field in wanted:
            for number in self._tests.fields[field].present:
                self.passed[number] = self.having((field,))
        if values:
            self._note(values, self._tests.early(values))

    def ask_late(self, wanted: Mapping[str, int]) -> None:
        """The same with the late tests."""
        for field, within in wanted.items():
            for reference in self._tests.fields[field].references:
                self._compare(field, reference, within)
        values = self._values(wanted)
        if values:
            self._note(values, self._tests.late_ones(values))

    def _values(self, wanted: Mapping[str, int]) -> FieldValues:
        values = FieldValues()
        masks: dict[int, NDArray[np.bool_] | None] = {row_set.everything(self.size): None}
        for field, within in wanted.items():
            column = self._column(field)
            if column is not None and within:
                if within not in masks:
                    masks[within] = row_set.to_mask(within, self.size)
                values.add(field, self._tests.places[field], column, masks[within])
        return values

    def routes(self) -> routing.Routes:
        """Which rows the rules of a log source may meet."""
        names = columns.names(self._batch)
        present = {field: self.having((field,)) for field in routing.FIELDS if field in names}
        stated = {field: self._by_value(field) for field in routing.STATED if field in present}
        return routing.Routes(row_set.everything(self.size), present, stated)

    def having(self, fields: Iterable[str]) -> int:
        """The rows that have at least one of the fields."""
        rows = 0
        for field in fields:
            if field not in self._present:
                self._present[field] = self._having(field)
            rows |= self._present[field]
        return rows

    def _having(self, field: str) -> int:
        if field == ANYWHERE:
            return row_set.everything(self.size)
        column = self._column(field)
        return 0 if column is None else row_set.from_rows(column.rows, self.size)

    def _column(self, field: str) -> Column | Coded | None:
        if field not in self._columns:
            found = self._texts() if field == ANYWHERE else columns.column(self._batch, field)
            self._columns[field] = found
        return self._columns[field]

    def _texts(self) -> Column:
        """The texts that have to be tested in full; what the others passed is noted."""
        if isinstance(self._batch, Stored):
            pairs, texts = stored_keywords.find(self._batch, self._tests.keywords)
            self._pass(row_set.by_number(pairs.found, pairs.values, self.size))
            return texts
        texts = columns.joined(self._batch)
        pairs, places = self._tests.keywords.find(texts.values)
        self._pass(row_set.by_number(pairs.found, texts.rows[pairs.values], self.size))
        return Column([texts.values[place] for place in places.tolist()], texts.rows[places])

    def _note(self, values: FieldValues, pairs: Pairs) -> None:
        numbers, rows = values.spread(pairs)
        self._pass(row_set.by_number(numbers, rows, self.size))

    def _pass(self, sets: Mapping[int, int]) -> None:
        for number, rows in sets.items():
            self.passed[number] = self.passed.get(number, 0) | rows

    def _by_value(self, field: str) -> dict[str, int]:
        rows: defaultdict[str, list[int]] = defaultdict(list)
        column = self._column(field)
        if isinstance(column, Coded):
            masks = row_set.by_number(column.codes, column.rows, self.size)
            return {column.distinct[code]: found for code, found in masks.items()}
        for row, value in column.texts().items() if column else ():
            rows[value].append(row)
        return {value: row_set.from_rows(found, self.size) for value, found in rows.items()}

    def _compare(self, field: str, reference: Reference, within: int) -> None:
        column, other = self._column(field), self._column(reference.other)
        if column is None or other is None:
            return
        mine, theirs = column.texts(), other.texts()
        rows = [row for row in row_set.to_rows(within) if row in mine and row in theirs]
        answers: dict[tuple[str, str], bool] = {}
        for pair in {(mine[row], theirs[row]) for row in rows}:
            answers[pair] = _stands(reference.anchor, *fold_all(pair))
        found = [row for row in rows if answers[mine[row], theirs[row]]]
        if found:
            self.passed[reference.number] = row_set.from_rows(found, self.size)


def _stands(anchor: Anchor, value: str, text: str) -> bool:
    if anchor is Anchor.WHOLE:
        return value == text
    if anchor is Anchor.START:
        return value.startswith(text)
    return value.endswith(text) if anchor is Anchor.END else text in value
