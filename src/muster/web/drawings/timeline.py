"""The timeline of an incident: what systems saw on one side, what people did on the other, time downwards.

Not to scale: every mark gets the room that its words need, so that none overlaps another; a long quiet time is
told in words. Colours and fonts come from the page: the drawing has classes and `currentColor` only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, StrEnum

from muster.web.drawings.signs import Sign, drawn
from muster.web.drawings.words import escaped, wrapped

LINE = 17
GAP = 12
APART = 18
QUIET = timedelta(minutes=20)
_HEAD = ' class="tl-head"'
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Side(StrEnum):
    """Whose mark it is."""

    SYSTEMS = "What was seen"
    PEOPLE = "What was done"


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at a time. `head` stands beside the time (a code, a name), `text` beneath; sign: by its side if None."""

    at: datetime
    side: Side
    head: str
    text: str
    sign: Sign | None = None


@dataclass(frozen=True, slots=True)
class Geometry:
    """Where things stand, in pixels of the drawing, and how many columns of text fit on a side."""

    width: int
    axis: int
    text: dict[Side, int]
    anchor: dict[Side, str]
    columns: int
    lines: int


class Shape(Enum):
    """Two shapes of the same drawing: two columns, or one for a narrow screen."""

    WIDE = Geometry(
        width=760,
        axis=380,
        text={Side.SYSTEMS: 358, Side.PEOPLE: 402},
        anchor={Side.SYSTEMS: "end", Side.PEOPLE: "start"},
        columns=40,
        lines=3,
    )
    NARROW = Geometry(
        width=288,
        axis=14,
        text={Side.SYSTEMS: 36, Side.PEOPLE: 36},
        anchor={Side.SYSTEMS: "start", Side.PEOPLE: "start"},
        columns=28,
        lines=4,
    )


def timeline(
    marks: Sequence[Mark],
    shape: Shape,
    *,
    name: str,
    title: str,
    described: str,
    after: datetime | None = None,
) -> str:
    """The drawing as an SVG element. `name` makes its ids unique on the page; it is a word of ours.

    after: the time of the last mark of the part before this one, when a long timeline is drawn in parts.
    """
    where = shape.value
    body, bottom = _body(sorted(marks, key=lambda mark: mark.at), where, after)
    lines = "\n".join(body)
    return (
        f'<svg class="timeline timeline-{shape.name.lower()}" viewBox="0 0 {where.width} {bottom}" '
        f'width="{where.width}" height="{bottom}" role="img" '
        f'aria-labelledby="{name}-title {name}-described" xmlns="http://www.w3.org/2000/svg">\n'
        f'<title id="{name}-title">{escaped(title)}</title>\n'
        f'<desc id="{name}-described">{escaped(described)}</desc>\n{lines}\n</svg>'
    )


class _Rows:
    """How far down each side is taken."""

    def __init__(self, where: Geometry, top: int) -> None:
        self.where = where
        self.bottom = dict.fromkeys(Side, top)
        self.last = top - APART

    def all_below(self, height: int) -> int:
        """A row across both sides: its top."""
        top = max(self.bottom.values())
        self.bottom = dict.fromkeys(Side, top + height)
        self.last = top + height - APART
        return top

    def on(self, side: Side, height: int) -> int:
        """A row of one side: its top, never above an earlier mark of the other."""
        sides = [side] if self.where is Shape.WIDE.value else list(Side)
        top = max(self.last + APART, *(self.bottom[one] for one in sides))
        for one in sides:
            self.bottom[one] = top + height
        self.last = top
        return top


def _body(marks: Sequence[Mark], where: Geometry, after: datetime | None) -> tuple[list[str], int]:
    drawn: list[str] = [] if after else list(_legend(where))
    first = 0 if after else 34 if where is Shape.WIDE.value else 58
    rows = _Rows(where, first)
    before = after.astimezone(UTC) if after else None
    for mark in marks:
        at = mark.at.astimezone(UTC)
        if before is None or at.date() != before.date():
            quiet = "" if before is None or at - before < QUIET else f", {_later(at - before)}"
            drawn += _across(rows, f"{at.day} {MONTHS[at.month - 1]} {at.year}{quiet}", "tl-day")
        elif at - before >= QUIET:
            drawn += _across(rows, _later(at - before), "tl-quiet")
        before = at
        drawn += _mark(rows, mark, at)
    bottom = max(rows.bottom.values())
    axis = (
        f'<line class="tl-axis" x1="{where.axis}" y1="{first}" x2="{where.axis}" y2="{bottom}" '
        'stroke="currentColor" stroke-width="1"/>'
    )
    return [axis, *drawn], bottom


def _legend(where: Geometry) -> Iterator[str]:
    for place, side in enumerate(Side):
        if where is Shape.WIDE.value:
            x, y, anchor = where.text[side], 16, where.anchor[side]
            dot = where.axis - 10 if side is Side.SYSTEMS else where.axis + 10
        else:
            x, y, anchor, dot = where.text[side], 16 + 22 * place, "start", where.axis
        yield _dot(dot, y - 5, side)
        yield f'<text class="tl-side" x="{x}" y="{y}" text-anchor="{anchor}" fill="currentColor">{side.value}</text>'


def _dot(x: int, y: int, side: Side, sign: Sign | None = None) -> str:
    style = "tl-systems" if side is Side.SYSTEMS else "tl-people"
    return drawn(sign or (Sign.SQUARE if side is Side.SYSTEMS else Sign.CIRCLE), x, y, style)


def _across(rows: _Rows, text: str, style: str) -> Iterator[str]:
    where = rows.where
    top = rows.all_below(LINE + GAP)
    wide = where is Shape.WIDE.value
    x, anchor = (where.axis, "middle") if wide else (where.text[Side.PEOPLE], "start")
    if wide:
        half = 4 * len(text) + 8
        yield (
            f'<rect class="tl-paper" x="{where.axis - half}" y="{top}" width="{2 * half}" height="{LINE + 4}" '
            'fill="none"/>'
        )
    yield f'<text class="{style}" x="{x}" y="{top + 15}" text-anchor="{anchor}" fill="currentColor">{text}</text>'


def _mark(rows: _Rows, mark: Mark, at: datetime) -> Iterator[str]:
    where = rows.where
    head = wrapped(f"{at:%H:%M:%S} {mark.head}", where.columns * 9 // 10, 1)
    lines = (*head, *wrapped(mark.text, where.columns, where.lines))
    top = rows.on(mark.side, LINE * len(lines) + GAP)
    x, anchor = where.text[mark.side], where.anchor[mark.side]
    yield _dot(where.axis, top + 9, mark.side, mark.sign)
    spans = "".join(
        f'<tspan x="{x}" y="{top + 14 + LINE * number}"{"" if number else _HEAD}>{escaped(text)}</tspan>'
        for number, text in enumerate(lines)
    )
    yield f'<text text-anchor="{anchor}" fill="currentColor">{spans}</text>'


def _later(quiet: timedelta) -> str:
    minutes = int(quiet.total_seconds()) // 60
    days, hours = minutes // 1440, minutes % 1440 // 60
    parts = ((days, "d"), (hours, "h"), (minutes % 60, "min"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count) + " later"
