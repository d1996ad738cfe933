"""Values in one buffer, and the way back."""

import numpy as np

from muster.detect.haystack import MARGIN, Haystack


def test_each_place_belongs_to_its_value() -> None:
    hay = Haystack([b"ab", b"", b"c"])
    assert hay.size == 4 + 2 + 3
    assert hay.value_at(np.arange(MARGIN, MARGIN + 9)).tolist() == [0, 0, 0, 0, 1, 1, 2, 2, 2]
    assert hay.value(0) == b"\xfeab\xff"
    assert hay.lengths.tolist() == [2, 0, 1]


def test_words_are_four_bytes_each() -> None:
    hay = Haystack([b"abc"])
    assert int(hay.words[MARGIN]).to_bytes(4, "little") == b"\xfeabc"
    assert int(hay.words[0]) == 0


def test_no_values_are_no_bytes() -> None:
    assert Haystack([]).size == 0
