"""A hint stands in every value that its test matches."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.detect.condition import Anchor, Gap, Present, Regex, Text, Wildcard
from muster.detect.folding import fold
from muster.detect.hints import hint_of


@pytest.mark.parametrize(
    ("pattern", "hint"),
    [
        (r"net\s+user", "user"),
        (r"https?://[0-9]+", "http"),
        (r"abcd|efgh", ""),
        (r"(abcdef)?wxyz", "wxyz"),
        (r"(?i)ABCD", "abcd"),
        (r"(?=a)abcd", ""),
        (r"(?x)a b c d", ""),
        (r"abcde*", "abcd"),
        (r"abcde{0,3}f", "abcd"),
        (r"\$ShellId\[", "$shellid["),
        (r"[abcd]+", ""),
        (r"[^]abcd]efgh", "efgh"),
        (r"\x41bcdef", ""),
        (r"ab\ncdef", "cdef"),
        (r"äbcdef", "bcdef"),
    ],
)
def test_of_expressions(pattern: str, hint: str) -> None:
    assert hint_of(Regex(pattern)) == hint


@given(st.from_regex(r"\A[a-c.|()\[\]?*+\\d{},0-2^$]{1,14}\Z"), st.text("abcd012", max_size=12))
def test_never_missing_where_the_expression_matches(pattern: str, value: str) -> None:
    try:
        matches = re.search(pattern, value, re.DOTALL)
    except (re.error, OverflowError):
        return
    if matches:
        assert hint_of(Regex(pattern)) in fold(value)


def test_of_texts_and_wildcards() -> None:
    assert hint_of(Text("Mimikatz", Anchor.INSIDE)) == "mimikatz"
    assert hint_of(Text("abc", Anchor.INSIDE)) == ""
    assert hint_of(Wildcard(("ab", Gap.MANY, "Cdef", Gap.ONE), whole=True)) == "cdef"
    assert hint_of(Present()) == ""
