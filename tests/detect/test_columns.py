"""Columns read and built."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from muster.detect.columns import RAW, Cells, build, column, joined, names, raw, read
from tests.detect.arrow_batch import to_arrow


@given(st.lists(st.none() | st.text(max_size=3), min_size=1, max_size=40))
def test_built_and_read_back(values: list[str | None]) -> None:
    present = {row: value for row, value in enumerate(values) if value is not None}
    cells = Cells(list(present.values()), list(present))
    events = build({"F": cells}, len(values), [b""] * len(values), None)
    assert read(events, 0).texts() == present
    batch = to_arrow(events)
    assert batch.column(0).to_pylist() == values
    assert read(batch, 0).texts() == present
    assert names(batch) == {"F": 0, RAW: 1}
    assert names(events) == {"F": 0}
    assert column(events, "G") is column(batch, "G") is None


def test_all_kinds_of_text_are_read() -> None:
    values = ["a", None, "b"]
    for kind in (pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())):
        batch = pa.RecordBatch.from_arrays([pa.array(values, pa.string()).cast(kind)], names=["F"])
        assert read(batch, 0).texts() == {0: "a", 2: "b"}, kind
    odd = pa.DictionaryArray.from_arrays(pa.array([0, 1], pa.int32()), pa.array(["a", None]))
    assert read(pa.RecordBatch.from_arrays([odd], names=["F"]), 0).texts() == {0: "a"}
    assert read(pa.RecordBatch.from_pydict({"F": [True, None]}), 0).texts() == {0: "true"}


def test_of_two_columns_with_one_name_the_first_counts() -> None:
    batch = pa.RecordBatch.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["F", "F"])
    assert names(batch) == {"F": 0}


def test_texts_are_joined_when_the_batch_has_none() -> None:
    batch = pa.RecordBatch.from_pydict({"A": ["x", None], RAW: [b"raw", b""], "B": ["y", "z"]})
    assert joined(batch).texts() == {0: "x\x1fy", 1: "z"}
    assert raw(batch, [0]) == [b"raw"]
    assert raw(batch.select(["A"]), [0]) is None


def test_events_and_their_arrow_form_hold_the_same() -> None:
    events = build({"F": Cells(["x"], [1])}, 2, [b"one", b"two"], ["t", "x"])
    for batch in (events, to_arrow(events)):
        assert joined(batch).texts() == {0: "t", 1: "x"}
        assert raw(batch, [1]) == [b"two"]
        found = column(batch, "F")
        assert found is not None
        assert found.texts() == {1: "x"}
