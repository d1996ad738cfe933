"""All tests of a ruleset on the values of many fields."""

import numpy as np

from muster.detect.columns import Column
from muster.detect.condition import Anchor, Regex, SameAs, Test, Text
from muster.detect.field_index import expression_of
from muster.detect.field_tests import FieldTests
from muster.detect.field_values import FieldValues

ASKED: dict[str, list[tuple[int, Test]]] = {
    "F": [
        (0, Text("needle", Anchor.INSIDE)), (1, Text("ab", Anchor.INSIDE)), (2, Regex("n[e]+dle")),
        (3, Text("Needle", Anchor.START, cased=True)), (4, Text("x" * 300, Anchor.INSIDE)),
    ],
    "G": [(5, Text("needle", Anchor.END)), (6, SameAs("F", Anchor.WHOLE)), (7, Regex("(?=x)"))],
}  # fmt: skip


def test_early_and_late() -> None:
    scans = {n: made for tests in ASKED.values() for n, one in tests if (made := expression_of(one))}
    tests = FieldTests(ASKED, scans)
    assert tests.late == {1, 2, 4, 6, 7}
    assert set(tests.refused) == {7}
    values = FieldValues()
    values.add("F", tests.places["F"], Column(["Needle", "ab needle", "x" * 300], np.arange(3)), None)
    values.add("G", tests.places["G"], Column(["a NEEDLE", "needles"], np.arange(2)), None)
    early, late = tests.early(values), tests.late_ones(values)
    assert set(zip(early.values.tolist(), early.found.tolist(), strict=True)) == {
        (0, 0),
        (0, 3),
        (1, 0),
        (3, 5),
    }
    assert set(zip(late.values.tolist(), late.found.tolist(), strict=True)) == {(1, 1), (1, 2), (2, 4)}
