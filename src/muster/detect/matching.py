"""Rulesets over batches: which rule matches which rows. A pure function; batches may have any size and any columns.

Values are tested, not rows: each distinct value of a column is tested once, by all rules together.

Fields are compared by their exact name, values as text. A comparison on an absent field is false, so its negation is
true. Texts, affixes and wildcards ignore case (see `folding`); `re` searches, minds case and lets the dot match a
newline; keywords are looked for in all values of the event, joined.
Which events a rule may meet at all is said in `routing`.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from muster.detect import columns, routing, row_set
from muster.detect.columns import Batch, Column
from muster.detect.condition import ANYWHERE, Anchor
from muster.detect.field_index import FieldIndex, Reference
from muster.detect.folding import fold
from muster.detect.rule import RuleKey
from muster.detect.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule matched these rows of the batch: 0-based, ascending, never empty."""

    rule: RuleKey
    rows: tuple[int, ...]


def match(ruleset: Ruleset, batch: Batch) -> list[Hit]:
    """The hits of one `pyarrow.RecordBatch`, in the order of the ruleset. Raises `BadInput` on columns not of text."""
    size = batch.num_rows
    if not size or not ruleset.loaded:
        return []
    scan = _Scan(batch)
    for field, index in ruleset.indexes.items():
        scan.test(field, index)
    routes = scan.routes()
    hits: list[Hit] = []
    allowed_rows = [routes.rows(source) for source in ruleset.sources]
    for one in ruleset.loaded:
        allowed = allowed_rows[one.source]
        rows = one.program.rows(scan.passed, allowed) if allowed else 0
        if rows & routes.unknown and routing.is_particular(one.rule.source):
            rows &= ~routes.unknown | scan.having(one.fields)
        if rows:
            hits.append(Hit(one.rule.key, row_set.to_rows(rows)))
    return hits


class _Scan:
    """The columns of one batch, each read once, and what passed so far."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._size = batch.num_rows
        self._places = columns.names(batch)
        self._columns: dict[str, Column | None] = {}
        self._present: dict[str, int] = {}
        self.passed: dict[int, int] = {}

    def test(self, field: str, index: FieldIndex) -> None:
        """Runs all tests of one field."""
        column = self._column(field)
        if column is None or not column.rows:
            return
        for number in index.present:
            self.passed[number] = self.having((field,))
        tests = {code: found for code, value in enumerate(column.values) if (found := index.passed(value))}
        if tests:
            self._spread(column, tests)
        for reference in index.references:
            self._compare(column, reference)

    def routes(self) -> routing.Routes:
        present = {field: self.having((field,)) for field in routing.FIELDS if field in self._places}
        stated = {field: self._by_value(field) for field in routing.STATED if field in present}
        return routing.Routes(row_set.everything(self._size), present, stated)

    def having(self, fields: Iterable[str]) -> int:
        """The rows that have at least one of the fields."""
        rows = 0
        for field in fields:
            if field not in self._present:
                column = self._column(field)
                self._present[field] = 0 if column is None else row_set.from_rows(column.rows, self._size)
            rows |= self._present[field]
        return rows

    def _column(self, field: str) -> Column | None:
        if field not in self._columns:
            if field == ANYWHERE:
                self._columns[field] = columns.joined(self._batch)
            else:
                place = self._places.get(field)
                self._columns[field] = None if place is None else columns.read(self._batch, place)
        return self._columns[field]

    def _spread(self, column: Column, tests: dict[int, list[int]]) -> None:
        """From values to rows: values that passed the same tests are taken together."""
        alike: dict[tuple[int, ...], list[int]] = {}
        groups: dict[int, list[int]] = {}
        for code, found in tests.items():
            groups[code] = alike.setdefault(tuple(sorted(found)), [])
        for row, code in zip(column.rows, column.codes, strict=True):
            if code in groups:
                groups[code].append(row)
        by_number: defaultdict[int, list[int]] = defaultdict(list)
        for numbers, rows in alike.items():
            for number in numbers:
                by_number[number].extend(rows)
        for number, rows in by_number.items():
            self.passed[number] = row_set.from_rows(rows, self._size)

    def _by_value(self, field: str) -> dict[str, int]:
        rows: defaultdict[str, list[int]] = defaultdict(list)
        for row, value in (self._column(field) or Column([], [], [])).texts().items():
            rows[value].append(row)
        return {value: row_set.from_rows(found, self._size) for value, found in rows.items()}

    def _compare(self, column: Column, reference: Reference) -> None:
        other = self._column(reference.other)
        if other is None:
            return
        theirs = other.texts()
        rows = [
            row
            for row, value in column.texts().items()
            if row in theirs and _stands(reference.anchor, fold(value), fold(theirs[row]))
        ]
        self.passed[reference.number] = row_set.from_rows(rows, self._size)


def _stands(anchor: Anchor, value: str, text: str) -> bool:
    if anchor is Anchor.WHOLE:
        return value == text
    if anchor is Anchor.START:
        return value.startswith(text)
    return value.endswith(text) if anchor is Anchor.END else text in value
