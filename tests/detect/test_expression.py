"""Tests as Hyperscan expressions: what is rewritten, bounded and refused."""

import re

import pytest

from muster.detect.condition import Anchor, Gap, Regex, Text, Wildcard
from muster.detect.expression import Alphabet, of_regex, of_text, of_wildcard
from muster.detect.rule import NotLoadable


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        (r"a\Z", r"a\z"), ("a{,3}", "a{0,3}"), ("a{,}", "a{0,}"), ("a{2}", "a{2}"), ("a{2,}", "a{2,}"), ("a{x}", "a{x}"),
        (r"\{,3}", r"\{,3}"), ("[{,3}]", "[{,3}]"), (r"[\]{,3}]", r"[\]{,3}]"), ("[]{,3}]", "[]{,3}]"), (r"\\Z", r"\\Z"),
        ("{,3", "{,3"),
    ],
)  # fmt: skip
def test_spelling(pattern: str, written: str) -> None:
    assert of_regex(Regex(pattern)).pattern.decode() == written


@pytest.mark.parametrize(
    ("pattern", "positions"),
    [("abc", 3), ("(ab){10}c", 21), ("((a{3}){4}){5}", 60), ("[a-z]{2,7}", 7), (r"\w|\d", 2)],
)
def test_repeats_are_multiplied_out(pattern: str, positions: int) -> None:
    assert of_regex(Regex(pattern)).positions == positions


def test_classes_are_ascii_where_hyperscan_cannot_do_better() -> None:
    assert of_regex(Regex(r"\w{48}")).unicode
    assert not of_regex(Regex(r"\w{49}")).unicode
    assert not of_regex(Regex(r"(?:[\w.]{10}x){5}")).unicode
    assert not of_regex(Regex(r"\bword")).unicode
    assert of_regex(Regex(r"\\bword")).unicode


@pytest.mark.parametrize("pattern", ["[[:alpha:]]", "[a[.x.]]", "(a{100}){31}", "a{12345678901}", ".{3001}"])
def test_refused(pattern: str) -> None:
    with pytest.raises(NotLoadable):
        of_regex(Regex(pattern))


def test_texts_are_literals_between_marks() -> None:
    assert of_text(Text("A.b", Anchor.START)).pattern == rb"\xfea\x2eb"
    assert of_text(Text("A.b", Anchor.END, cased=True)).pattern == rb"A\x2eb\xff"
    assert of_text(Text("Ä", Anchor.INSIDE)).pattern == b"\\xc3\\xa4"
    with pytest.raises(NotLoadable):
        of_text(Text("x" * 4_097, Anchor.INSIDE))


def test_wildcards() -> None:
    one = of_wildcard(Wildcard(("a", Gap.MANY, "b", Gap.MANY), whole=True))
    assert (one.pattern, one.caseless, one.alphabet) == (rb"\xfea.*b", False, Alphabet.FOLDED)
    assert (
        of_wildcard(Wildcard((Gap.MANY, "a", Gap.MANY, "b"), whole=True, cased=True)).pattern == rb"a.*b\xff"
    )
    single = of_wildcard(Wildcard((Gap.ONE,), whole=False)).pattern
    assert all(re.fullmatch(single, character.encode(), re.DOTALL) for character in "a\nä€😀")
    assert not re.fullmatch(single, b"\xff")
    with pytest.raises(NotLoadable):
        of_wildcard(Wildcard(tuple([Gap.ONE] * 500), whole=True))
