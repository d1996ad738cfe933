"""One pass over values of many fields."""

import numpy as np

from muster.detect.field_literals import FieldLiterals
from muster.detect.haystack import Haystack


def test_a_text_counts_for_the_fields_that_ask_for_it() -> None:
    made = FieldLiterals([(0, 10, b"text"), (1, 11, b"text"), (1, 12, b"ab"), (64, 13, b"more")])
    pairs = made.find(Haystack([b"a text", b"a text ab", b"more text", b"more"]), np.array([0, 1, 0, 64]))
    assert set(zip(pairs.values.tolist(), pairs.found.tolist(), strict=True)) == {(0, 10), (1, 11), (1, 12), (2, 10), (3, 13)}  # fmt: skip


def test_what_is_left_is_named_by_its_tests() -> None:
    assert FieldLiterals([(0, 10, b"x" * 300), (1, 11, b"x" * 300), (0, 12, b"fine")]).left == [10, 11]
    assert not FieldLiterals([])
