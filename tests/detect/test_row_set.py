"""Rows in, the same rows out."""

import numpy as np
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


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 20))))
def test_sets_by_number(pairs: list[tuple[int, int]]) -> None:
    numbers, rows = (np.array([pair[at] for pair in pairs], np.int64) for at in (0, 1))
    found = row_set.by_number(numbers, rows, 21)
    assert {number: set(row_set.to_rows(one)) for number, one in found.items()} == {
        number: {row for other, row in pairs if other == number} for number, _ in pairs
    }
    for one in found.values():
        assert row_set.from_mask(row_set.to_mask(one, 21)) == one
