"""Rows in, the same rows out."""

from hypothesis import given
from hypothesis import strategies as st

from muster.detect import row_set


@given(st.sets(st.integers(0, 300)))
def test_there_and_back(rows: set[int]) -> None:
    found = row_set.from_rows(sorted(rows), 301)
    assert row_set.to_rows(found) == tuple(sorted(rows))
    assert found & ~row_set.everything(301) == 0


def test_everything() -> None:
    assert row_set.to_rows(row_set.everything(9)) == tuple(range(9))
    assert row_set.everything(0) == 0
