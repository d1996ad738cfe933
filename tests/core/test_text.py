"""Hostile text is shown harmlessly: nothing forges a line, colours a terminal or turns the reading around."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core.text import csv_cell, shown

HOSTILE = {
    "a\nb": "a\\nb",
    "a\rb": "a\\rb",
    "\x1b[31mred\x1b[0m": "\\x1b[31mred\\x1b[0m",
    "\u202egpj.exe": "\\u202egpj.exe",
    "zero\u200bwidth": "zero\\u200bwidth",
    "line\u2028sep": "line\\u2028sep",
    "\u2066isolate": "\\u2066isolate",
    "bell\a": "bell\\x07",
    "nel\x85": "nel\\x85",
    "\ud800": "\\ud800",
    "\U000e0041tag": "\\U000e0041tag",
    "<script>": "<script>",
    "Müller 日本 👩\u200d🚒": "Müller 日本 👩\u200d🚒",
}


@pytest.mark.parametrize(("text", "harmless"), HOSTILE.items())
def test_what_could_deceive_is_made_visible(text: str, harmless: str) -> None:
    assert shown(text) == harmless


@given(st.text())
def test_nothing_invisible_is_left_and_it_always_prints(text: str) -> None:
    line = shown(text)
    left = {unicodedata.category(one) for one in line if one not in "\u200c\u200d"}
    assert not left & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert line.splitlines() == ([line] if line else [])
    line.encode()
    assert shown(line) == line


def test_blocks_keep_their_lines_and_nothing_else() -> None:
    assert shown("a\n\tb\x1b", keep_lines=True) == "a\n\tb\\x1b"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "  =", "\t="])
def test_no_spreadsheet_takes_a_cell_for_a_formula(start: str) -> None:
    cell = csv_cell(f"{start}cmd|' /C calc'!A0")
    assert cell[0] == cell[-1] == '"'
    assert cell[1] in ("'", "\\")


@given(st.text())
def test_a_cell_is_one_cell(text: str) -> None:
    inner = csv_cell(text)[1:-1]
    assert '"' not in inner.replace('""', "")
    assert "\n" not in inner
