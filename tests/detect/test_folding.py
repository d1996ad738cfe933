"""Folding: one character for one, the same everywhere in a word, and done when done once."""

import sys

import pytest

from muster.detect.folding import fold
from tests.detect.oracle import folded


@pytest.mark.thorough
def test_every_character_of_unicode() -> None:
    everything = [chr(point) for point in range(sys.maxunicode + 1) if not 0xD800 <= point < 0xE000]
    once = [fold(one) for one in everything]
    assert all(len(one) == 1 for one in once)
    assert fold("".join(once)) == "".join(once)
    assert folded("".join(everything)) == "".join(once)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ABC", "abc"),
        ("STRASSE\u1e9e", "strasse\xdf"),
        ("ΣΑΣ", "σας"),
        ("Kelvin\u212a", "kelvink"),
        ("\u017f", "S"),
        ("ЖЁ", "жё"),
    ],
)
def test_what_is_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("ß", "ss"), ("İ", "i"), ("é", "e"), ("é", "e\u0301"), ("\u0131", "i")]
)
def test_what_is_not(one: str, other: str) -> None:
    assert fold(one) != fold(other)
