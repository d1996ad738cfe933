"""One window: what is asked of it stays right as items come and go."""

from dataclasses import replace

import pytest

from muster.detect.correlation import Correlation, Kind, Relation
from muster.detect.correlation_window import UNIT, Item, Window, taken
from tests.detect.test_correlation import asked


def filled(one: Correlation, values: list[str | int | None]) -> Window:
    window = Window()
    for time, value in enumerate(values):
        window.add(one, Item(time, (("s", time),), 1, value))
    return window


@pytest.mark.parametrize(
    ("text", "number"),
    [("5", 5 * UNIT), ("-1.5", -3 * UNIT // 2), ("0.000000001", 1), ("1e3", None), ("", None), ("٣", None), ("9" * 19, None), ("1.", None)],
)  # fmt: skip
def test_numbers_are_exact_or_none(text: str, number: int | None) -> None:
    assert taken(asked("c", "r", kind=Kind.VALUE_SUM), [text]) == number


def test_texts_are_taken_as_they_are() -> None:
    one = asked("c", "r", kind=Kind.VALUE_COUNT)
    assert taken(one, ["a"]) == "a"
    assert taken(one, ["a", "b"]) != taken(one, ["ab"])
    assert taken(one, []) is None


@pytest.mark.parametrize(
    ("kind", "percentile", "number"),
    [
        (Kind.VALUE_SUM, 0, 10), (Kind.VALUE_MEDIAN, 0, 2), (Kind.VALUE_PERCENTILE, 50, 2), (Kind.VALUE_PERCENTILE, 51, 3),
        (Kind.VALUE_PERCENTILE, 0, 1), (Kind.VALUE_PERCENTILE, 100, 4),
    ],
)  # fmt: skip
def test_measures(kind: Kind, percentile: int, number: int) -> None:
    one = replace(asked("c", "r", kind=kind), percentile=percentile, relation=Relation.EQ, number=number)
    values: list[str | int | None] = [4 * UNIT, UNIT, 3 * UNIT, 2 * UNIT]
    if kind is Kind.VALUE_MEDIAN:
        values = values[1:]
    assert filled(one, values).holds(one)
    assert not filled(one, values).holds(replace(one, number=number + 1))


def test_what_leaves_is_taken_back() -> None:
    one = replace(asked("c", "r", kind=Kind.VALUE_COUNT), number=2)
    window = filled(one, ["a", "b", "b"])
    assert window.holds(one)
    copy = window.copy()
    window.expire(one, 1)
    assert not window.holds(one)
    assert copy.holds(one)
    assert (window.weight, copy.weight) == (2, 3)
    assert not Window().holds(one)
