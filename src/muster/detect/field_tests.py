"""All tests of a ruleset, by field: the values of many fields -> which value passes which test.

Tests come in two kinds. `early` ones cost little for each value. `late` ones cost more, or hold for nearly every value
(texts of one to three bytes), and are asked of those values only on which a rule still hangs.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from muster.detect.condition import ANYWHERE, Test
from muster.detect.expression import Expression
from muster.detect.field_index import FieldIndex, FieldScanners, expression_of
from muster.detect.field_literals import LONG, FieldLiterals
from muster.detect.field_values import FieldValues
from muster.detect.keywords import Keywords
from muster.detect.literals import Pairs, joined
from muster.detect.pieces import Blobs, Pieces
from muster.detect.scanner import Scanners


class FieldTests:
    """refused: number -> reason, of tests that could not be compiled. late: the numbers of late tests."""

    def __init__(
        self,
        by_field: Mapping[str, Sequence[tuple[int, Test]]],
        scans: Mapping[int, Expression],
        pieces: Pieces | None = None,
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
        self._scanners: dict[str, FieldScanners] = {}
        for count, (field, index) in enumerate(self.fields.items(), 1):
            texts = {one.number for one in index.inside if one.number in left}
            more = {
                number: expression
                for number, test in by_field[field]
                if number in texts and (expression := scans.get(number) or expression_of(test))
            }
            self._scanners[field] = index.scan_for(more, pieces, field)
            if pieces:
                pieces.say("fields built", count, len(self.fields))
        self.refused = {
            number: why for made in self._scanners.values() for number, why in made.refused.items()
        }
        self.late = frozenset(left).union(
            (one.number for _, one in inside if len(one.body) < LONG),
            *(index.scanned for index in self.fields.values()),
            (one.number for index in self.fields.values() for one in index.references),
        )

    def packed(self, blobs: Blobs) -> object:
        """For `unpacked`."""
        return [
            {field: index.packed() for field, index in self.fields.items()},
            {field: made.packed(blobs) for field, made in self._scanners.items() if made},
            [[made.packed(blobs) for _, made in group] for group in (self._long, self._short)],
            self._hints.packed(blobs),
            self.keywords.packed(blobs),
            sorted(self.late),
        ]

    @staticmethod
    def unpacked(told: Any, blobs: Blobs) -> "FieldTests":
        """Tests that the same values pass. Raises `Unusable`."""
        fields, scanners, literals, hints, keywords, late = told
        made = FieldTests({}, {})
        made.fields = {field: FieldIndex.unpacked(index) for field, index in fields.items()}
        made.places = {field: place for place, field in enumerate(made.fields)}
        made._scanners = {field: FieldScanners(Scanners({}), Scanners({})) for field in fields}
        made._scanners |= {field: FieldScanners.unpacked(one, blobs) for field, one in scanners.items()}
        made._long, made._short = (
            [
                (cased, FieldLiterals.unpacked(one, blobs))
                for cased, one in zip((False, True), group, strict=True)
            ]
            for group in literals
        )
        made._hints = FieldLiterals.unpacked(hints, blobs)
        made.keywords = Keywords.unpacked(keywords, blobs)
        made.late = frozenset(late)
        return made

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
