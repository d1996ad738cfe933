"""The columns of one batch while it is matched."""

from muster.detect.columns import Cells, build
from muster.detect.condition import Anchor, Present, SameAs, Test, Text
from muster.detect.field_index import expression_of
from muster.detect.field_tests import FieldTests
from muster.detect.table import Table

ASKED: dict[str, list[tuple[int, Test]]] = {
    "F": [(0, Text("needle", Anchor.INSIDE)), (1, Present()), (2, SameAs("G", Anchor.END))]
}


def test_asked_on_the_rows_that_are_wanted() -> None:
    scans = {n: made for n, one in ASKED["F"] if (made := expression_of(one))}
    fields = {"F": Cells(["needle", "a Needle", "x"], [0, 2, 3]), "G": Cells(["NEEDLE", "y"], [2, 3])}
    table = Table(build(fields, 4, [b""] * 4, None), FieldTests(ASKED, scans))
    table.ask_early({"F": 0b1100})
    assert table.passed == {0: 0b0100, 1: 0b1101}
    table.ask_late({"F": 0b1111})
    assert table.passed[2] == 0b0100
    assert table.having(["F", "G", "H"]) == 0b1101
