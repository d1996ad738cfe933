"""Words in drawings: wrapped within their room, cut visibly, escaped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.web.drawings import words
from muster.web.drawings.words import ELLIPSIS, escaped, wrapped


def test_words_are_wrapped() -> None:
    assert wrapped("one two three", 8, 3) == ("one two", "three")
    assert wrapped("", 8, 3) == ()
    assert wrapped("  \n ", 8, 3) == ("\\n",)


def test_what_is_left_out_is_told() -> None:
    lines = wrapped("aaaa bbbb cccc dddd eeee ffff", 9, 2)
    assert len(lines) == 2
    assert lines[-1].endswith(ELLIPSIS)


def test_long_words_are_broken() -> None:
    assert wrapped("a" * 20, 8, 5) == ("a" * 8, "a" * 8, "a" * 4)


def test_broad_characters_take_more_room() -> None:
    assert len(wrapped("漢字漢字漢字漢字", 8, 9)) > len(wrapped("abcdefgh", 8, 9))
    assert len(wrapped("WWWWWWWW", 8, 9)) > 1


@given(st.text(max_size=300), st.integers(4, 60), st.integers(1, 5))
def test_never_more_lines_than_asked_and_never_longer(text: str, columns: int, most: int) -> None:
    lines = wrapped(text, columns, most)
    assert len(lines) <= most
    assert all(line and "\n" not in line for line in lines)
    for line in lines:
        plain = [character for character in line if character.isascii() and character.isalnum()]
        assert len(plain) <= columns * 2


@given(st.text(max_size=200))
def test_short_text_is_kept_whole(text: str) -> None:
    lines = wrapped(text, 4000, 3)
    assert ELLIPSIS in text or not any(ELLIPSIS in line for line in lines)


@pytest.mark.parametrize("text", ["x" * 100_000, "word " * 20_000], ids=["one word", "many words"])
def test_a_long_text_is_looked_at_only_as_far_as_it_is_drawn(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    looked: list[str] = []
    measured = words._width_of
    monkeypatch.setattr(words, "_width_of", lambda one: looked.append(one) or measured(one))
    assert len(wrapped(text, 40, 3)) == 3
    assert len(looked) < 1_000


def test_escaped() -> None:
    assert escaped('<b a="1">&\x00\u202e') == "&lt;b a=&quot;1&quot;&gt;&amp;\\x00\\u202e"
