"""Words in a drawing: SVG does not wrap lines, so they are wrapped here; hostile characters are made visible."""

import unicodedata
from collections.abc import Iterator
from html import escape

from muster.core.text import shown

ELLIPSIS = "…"
# How wide characters are in the widest of the common fonts; 10 is a small letter. Rather too wide than cut off.
COLUMN = 10
_SLIM = frozenset("iljtfrI.,:;'|!()[]{}/\\\"-` ")
_BROAD = frozenset("mwMW@%—…")
_SPACE = 5


def escaped(text: str) -> str:
    """The text for an SVG text node or attribute."""
    return escape(shown(text))


def wrapped(text: str, columns: int, most: int) -> tuple[str, ...]:
    """The text in lines of so many columns, at most so many lines; what is left out is told by an ellipsis.

    A column is as wide as a small letter. Words longer than a line are broken.
    """
    room = columns * COLUMN
    lines: list[str] = []
    line, used = "", 0
    for word in _pieces(shown(text), room):
        width = _width(word)
        if not line or used + _SPACE + width <= room:
            line, used = (f"{line} {word}", used + _SPACE + width) if line else (word, width)
            continue
        lines.append(line)
        line, used = word, width
        if len(lines) == most:
            break
    else:
        lines += [line] if line else []
        return tuple(lines)
    return (*lines[:-1], _cut(lines[-1], room - 2 * COLUMN) + ELLIPSIS)


def _pieces(text: str, room: int) -> Iterator[str]:
    """The words, those that are longer than a line in parts; each only when it is asked for, in one pass."""
    for word in text.split():
        start = used = 0
        for place, character in enumerate(word):
            width = _width_of(character)
            if used + width > room and place > start:
                yield word[start:place]
                start, used = place, 0
            used += width
        yield word[start:]


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
