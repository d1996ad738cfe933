"""All tests of a ruleset, by field: the values of many fields -> which value passes which test.

Tests come in two kinds. `early` ones cost little for each value. `late` ones cost more, or hold for nearly every value
(texts of one to three bytes), and are asked of those values only on which a rule still hangs.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from muster.detect.condition import ANYWHERE, Test
from muster.detect.expression import Expression
from muster.detect.field_index import FieldIndex
from muster.detect.field_literals import LONG, FieldLiterals
from muster.detect.field_values import FieldValues
from muster.detect.keywords import Keywords
from muster.detect.literals import Pairs, joined


class FieldTests:
    """refused: number -> reason, of tests that could not be compiled. late: the numbers of late tests."""

    def __init__(
        self, by_field: Mapping[str, Sequence[tuple[int, Test]]], scans: Mapping[int, Expression]
    ) -> None:
        """by_field: tests with their numbers. scans: those of them that could be scanned for, by number."""
        self.fields = {field: FieldIndex(tests, scans) for field, tests in by_field.items()}
        self.places = {field: place for place, field in enumerate(self.fields)}
        inside = [(self.places[field], one) for field, index in self.fields.items() for one in index.inside]
        self.keywords = Keywords(by_field.get(ANYWHERE, ()))
        self._long = [
            (
                cased,
                FieldLiterals(
                    [
                        (place, one.number, one.body)
                        for place, one in inside
                        if one.cased is cased and len(one.body) >= LONG
                    ]
                ),
            )
            for cased in (False, True)
        ]
        self._short = [
            (
                cased,
                FieldLiterals(
                    [
                        (place, one.number, one.body)
                        for place, one in inside
                        if one.cased is cased and len(one.body) < LONG
                    ]
                ),
            )
            for cased in (False, True)
        ]
        self._hints = FieldLiterals(
            [
                (self.places[field], 0, hint.encode())
                for field, index in self.fields.items()
                for hint in index.hints
            ]
        )
        left = {number for _, made in (*self._long, *self._short) for number in made.left}
        self._scanners = {
            field: index.scan_for(
                {one.number: scans[one.number] for one in index.inside if one.number in left}
            )
            for field, index in self.fields.items()
        }
        self.refused = {
            number: why for made in self._scanners.values() for number, why in made.refused.items()
        }
        self.late = frozenset(left).union(
            (one.number for _, one in inside if len(one.body) < LONG),
            *(index.scanned for index in self.fields.values()),
            (one.number for index in self.fields.values() for one in index.references),
        )

    def early(self, values: FieldValues) -> Pairs:
        """Which values pass which early tests, by number; tests of presence and of two fields are not among them."""
        found = self._inside(self._long, values)
        for field, span in values.spans.items():
            pairs = self.fields[field].passed(
                values.texts[span.start : span.stop], values.folded[span.start : span.stop]
            )
            if len(pairs.values):
                found.append(Pairs(pairs.values + span.start, pairs.found))
        return joined(found)

    def late_ones(self, values: FieldValues) -> Pairs:
        """The same of the late tests."""
        found = self._inside(self._short, values)
        hinted = np.unique(self._hints.find(values.folded_hay, values.fields).values)
        for field, span in values.spans.items():
            if self._scanners[field]:
                within = slice(span.start, span.stop)
                places = hinted[(hinted >= span.start) & (hinted < span.stop)] - span.start
                pairs = self._scanners[field].passed(
                    values.texts[within], values.folded[within], places.tolist()
                )
                found.append(Pairs(pairs.values + span.start, pairs.found))
        return joined(found)

    def _inside(self, groups: list[tuple[bool, FieldLiterals]], values: FieldValues) -> list[Pairs]:
        return [
            made.find(values.hay if cased else values.folded_hay, values.fields)
            for cased, made in groups
            if made
        ]
