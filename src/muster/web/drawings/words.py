"""Words in a drawing: SVG does not wrap lines, so they are wrapped here; hostile characters are made visible."""

import unicodedata
from html import escape

from muster.core.text import shown

ELLIPSIS = "…"
# How wide characters are in the widest of the common fonts; 10 is a small letter. Rather too wide than cut off.
COLUMN = 10
_SLIM = frozenset("iljtfrI.,:;'|!()[]{}/\\\"-` ")
_BROAD = frozenset("mwMW@%—…")


def escaped(text: str) -> str:
    """The text for an SVG text node or attribute."""
    return escape(shown(text))


def wrapped(text: str, columns: int, most: int) -> tuple[str, ...]:
    """The text in lines of so many columns, at most so many lines; what is left out is told by an ellipsis.

    A column is as wide as a small letter. Words longer than a line are broken.
    """
    room = columns * COLUMN
    lines: list[str] = []
    line = ""
    for word in _pieces(shown(text), room):
        longer = f"{line} {word}" if line else word
        if _width(longer) <= room:
            line = longer
            continue
        lines.append(line)
        line = word
        if len(lines) == most:
            break
    else:
        lines += [line] if line else []
        return tuple(lines)
    return (*lines[:-1], _cut(lines[-1], room - 2 * COLUMN) + ELLIPSIS)


def _pieces(text: str, room: int) -> list[str]:
    pieces: list[str] = []
    for word in text.split():
        rest = word
        while _width(rest) > room:
            head = _cut(rest, room)
            pieces.append(head)
            rest = rest[len(head) :]
        pieces.append(rest)
    return pieces


def _width(text: str) -> int:
    return sum(map(_width_of, text))


def _width_of(character: str) -> int:
    if character in _SLIM:
        return 5
    if character in _BROAD:
        return 16
    if unicodedata.combining(character):
        return 0
    if unicodedata.east_asian_width(character) in {"W", "F"}:
        return 17
    return 13 if character.isupper() else 10


def _cut(text: str, room: int) -> str:
    """The longest beginning that fits, at least one character."""
    used = 0
    for place, character in enumerate(text):
        used += _width_of(character)
        if used > room and place:
            return text[:place]
    return text
