"""Values of fields, and the rows they came from."""

import numpy as np

from muster.detect.columns import Column
from muster.detect.field_values import FieldValues
from muster.detect.literals import Pairs


def test_from_values_to_rows() -> None:
    values = FieldValues()
    values.add("F", 3, Column(["a", "B", "a"], np.array([5, 6, 7])), None)
    values.add("G", 4, Column(["x", "y"], np.array([0, 6])), np.array([True] * 6 + [False] * 2))
    assert values.texts == ["a", "B", "x"]
    assert values.folded == ["a", "b", "x"]
    assert values.spans == {"F": range(2), "G": range(2, 3)}
    assert values.fields.tolist() == [3, 3, 4]
    numbers, rows = values.spread(Pairs(np.array([0, 2]), np.array([8, 9])))
    assert sorted(zip(numbers.tolist(), rows.tolist(), strict=True)) == [(8, 5), (8, 7), (9, 0)]


def test_a_column_outside_of_the_rows_adds_nothing() -> None:
    values = FieldValues()
    values.add("F", 0, Column(["a"], np.array([1])), np.array([True, False]))
    assert not values


def test_repeats_that_a_sample_does_not_show_are_kept() -> None:
    values = FieldValues()
    column = Column([*(str(n) for n in range(300)), "1"], np.arange(301))
    values.add("F", 0, column, None)
    _, rows = values.spread(Pairs(np.arange(len(values.texts)), np.zeros(len(values.texts), np.int64)))
    assert sorted(rows.tolist()) == list(range(301))
