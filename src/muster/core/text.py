"""Untrusted text made harmless to show: control characters, terminal escapes and direction marks made visible.

Everything a person or a log source wrote is hostile: it may forge a log line by a newline, colour a
terminal, or turn reading direction around ("Trojan Source", CVE-2021-42574).
"""

import unicodedata

_NEVER = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Zero-width joiners are part of ordinary words and emoji; they cannot hide or turn anything.
_HARMLESS = {"\u200d", "\u200c"}


def shown(text: str, *, keep_lines: bool = False) -> str:
    """The text with every control, format and separator character as its escape (`\\n`, `\\u202e`).

    keep_lines: newline and tab stay as they are (for blocks on a page; never for a terminal line or CSV).
    """
    return "".join(
        character
        if (keep_lines and character in "\n\t") or not _escaped(character)
        else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def _escaped(character: str) -> bool:
    return character not in _HARMLESS and unicodedata.category(character) in _NEVER


def csv_cell(text: str) -> str:
    """The text as one quoted CSV cell that no spreadsheet takes for a formula.

    A cell whose first visible character is one of `= + - @` is led by an apostrophe (OWASP, CSV injection).
    """
    line = shown(text)
    if line.lstrip()[:1] in ("=", "+", "-", "@"):
        line = "'" + line
    return '"' + line.replace('"', '""') + '"'
