"""An incident at a glance: a row for each thing that lasts, to scale, with long stretches without any change cut out.

A cut is drawn as a gap and told in words, so that nobody takes the picture for longer or shorter than it was.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from itertools import pairwise

from muster.web.drawings.signs import Sign, drawn
from muster.web.drawings.timeline import MONTHS
from muster.web.drawings.words import ELLIPSIS, escaped, wrapped

ROW = 34
BAR = 20
CUT = timedelta(hours=2)
CUT_WIDTH = 34
# A beginning of fewer letters says nothing.
_LETTERS = 4
HEAD = 26


@dataclass(frozen=True, slots=True)
class Bar:
    """Something from a time to a time. strong: drawn full; else as an outline, for what was only owed or allowed."""

    start: datetime
    end: datetime
    text: str
    strong: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its name, bars that do not overlap, and signs at single times."""

    name: str
    bars: tuple[Bar, ...] = ()
    signs: tuple[datetime, ...] = ()
    sign: Sign = Sign.CIRCLE
    style: str = "tl-people"


@dataclass(frozen=True, slots=True)
class Plot:
    """Where things stand. beside: whether names stand at the left of their rows, or above them."""

    width: int
    left: int
    beside: bool


class Frame(Enum):
    """The drawing for a wide page and for a narrow screen."""

    WIDE = Plot(760, 150, True)
    NARROW = Plot(288, 2, False)


@dataclass(frozen=True)
class Scale:
    """From times to pixels. cuts: each long stretch without any change, from pixel, and how long it was."""

    places: tuple[tuple[datetime, float], ...]
    cuts: tuple[tuple[float, timedelta], ...] = ()
    _known: dict[datetime, float] = field(default_factory=dict[datetime, float], compare=False)

    def at(self, when: datetime) -> int:
        """The pixel of a time; those beyond the ends lie at the ends."""
        for (before, low), (after, high) in pairwise(self.places):
            if before <= when <= after:
                share = (when - before) / (after - before) if after > before else 0
                return round(low + share * (high - low))
        return round(self.places[0][1] if when < self.places[0][0] else self.places[-1][1])


def scale(times: Sequence[datetime], left: int, right: int) -> Scale:
    """A scale over these times, linear but for the cuts."""
    every = sorted(set(times))
    gaps = [after - before for before, after in pairwise(every)]
    cuts = sum(gap > CUT for gap in gaps)
    shown = sum((gap for gap in gaps if gap <= CUT), timedelta()) or timedelta(seconds=1)
    room = max(right - left - cuts * CUT_WIDTH, 1)
    places: list[tuple[datetime, float]] = [(every[0], float(left))]
    cut_at: list[tuple[float, timedelta]] = []
    x = float(left)
    for time, gap in zip(every[1:], gaps, strict=True):
        if gap > CUT:
            cut_at.append((x, gap))
            x += CUT_WIDTH
        else:
            x += room * (gap / shown)
        places.append((time, x))
    return Scale(tuple(places), tuple(cut_at))


def bars(rows: Sequence[Row], frame: Frame, *, name: str, title: str, described: str) -> str:
    """The drawing as an SVG element; empty without any time. `name` makes its ids unique; it is a word of ours."""
    plot = frame.value
    times = [time for row in rows for bar in row.bars for time in (bar.start, bar.end)]
    times += [time for row in rows for time in row.signs]
    if not times:
        return ""
    within = scale(times, plot.left + 6, plot.width - 8)
    high = ROW if plot.beside else ROW + 18
    bottom = HEAD + len(rows) * high + 4
    lines = [
        *_axis(within, bottom),
        *(line for place, row in enumerate(rows) for line in _row(row, within, plot, HEAD + place * high)),
        *_cuts(within, bottom),
    ]
    body = "\n".join(lines)
    return (
        f'<svg class="timeline timeline-{frame.name.lower()}" viewBox="0 0 {plot.width} {bottom}" '
        f'width="{plot.width}" height="{bottom}" role="img" '
        f'aria-labelledby="{name}-title {name}-described" xmlns="http://www.w3.org/2000/svg">\n'
        f'<title id="{name}-title">{escaped(title)}</title>\n'
        f'<desc id="{name}-described">{escaped(described)}</desc>\n{body}\n</svg>'
    )


def _axis(within: Scale, bottom: int) -> Iterator[str]:
    """The first time and each one after a cut with its day, then whole half hours where there is room."""
    after_cuts = [
        (time, x) for time, x in within.places if any(abs(x - at - CUT_WIDTH) < 1 for at, _ in within.cuts)
    ]
    taken: list[tuple[float, float]] = []
    for time, x, with_day in (
        *((time, x, True) for time, x in (within.places[0], *after_cuts)),
        *((time, x, False) for time, x in _rounds(within)),
    ):
        utc = time.astimezone(UTC)
        words = f"{utc.day} {MONTHS[utc.month - 1]} {utc:%H:%M}" if with_day else f"{utc:%H:%M}"
        wide = 8 * len(words)
        left = min(x, within.places[-1][1] + 6 - wide)
        if any(left < right and left + wide > start for start, right in taken):
            continue
        taken.append((left, left + wide))
        yield _line(x, bottom)
        yield f'<text class="tl-quiet" x="{round(left)}" y="14" fill="currentColor">{words}</text>'


def _cuts(within: Scale, bottom: int) -> Iterator[str]:
    """Paper over what lies within a cut, with how long it was; bars go on behind it."""
    for x, gap in within.cuts:
        yield (
            f'<rect class="tl-cut" x="{round(x) + 3}" y="{HEAD - 6}" width="{CUT_WIDTH - 6}" '
            f'height="{bottom - HEAD + 6}" fill="currentColor"/>'
        )
        middle = round(x) + CUT_WIDTH // 2
        yield f'<text class="tl-quiet" x="{middle}" y="{HEAD + 8}" text-anchor="middle" fill="currentColor">{_long(gap)}</text>'


def _line(x: float, bottom: int) -> str:
    return (
        f'<line class="tl-tick" x1="{round(x)}" y1="{HEAD - 6}" x2="{round(x)}" y2="{bottom}" '
        'stroke="currentColor" stroke-width="1"/>'
    )


def _rounds(within: Scale) -> Iterator[tuple[datetime, float]]:
    """Every whole half hour that is not cut out."""
    for (before, low), (after, high) in pairwise(within.places):
        if after - before > CUT:
            continue
        time = before.replace(minute=0, second=0, microsecond=0)
        while time <= after:
            if time > before:
                yield time, low + (high - low) * ((time - before) / (after - before))
            time += timedelta(minutes=30)


def _row(row: Row, within: Scale, plot: Plot, top: int) -> Iterator[str]:
    if plot.beside:
        label = "".join(wrapped(row.name, 15, 1))
        yield f'<text class="tl-side" x="0" y="{top + 16}" fill="currentColor">{escaped(label)}</text>'
    else:
        label = "".join(wrapped(row.name, 30, 1))
        yield f'<text class="tl-side" x="0" y="{top + 12}" fill="currentColor">{escaped(label)}</text>'
        top += 18
    for bar in row.bars:
        left, right = within.at(bar.start), within.at(bar.end)
        wide = max(right - left, 3)
        style = f"{row.style}-bar" if bar.strong else f"{row.style}-owed"
        yield (
            f'<rect class="{style}" x="{left}" y="{top + 2}" width="{wide}" height="{BAR}" '
            'fill="none" stroke="currentColor" stroke-width="1"/>'
        )
        fitting = wrapped(bar.text, max((wide - 8) // 9, 0), 1) if wide > 30 else ()
        if fitting and (len(fitting[0]) > _LETTERS or not fitting[0].endswith(ELLIPSIS)):
            yield f'<text x="{left + 5}" y="{top + 16}" fill="currentColor">{escaped(fitting[0])}</text>'
    for time in row.signs:
        yield drawn(row.sign, within.at(time), top + 12, row.style)


def _long(gap: timedelta) -> str:
    hours = round(gap / timedelta(hours=1))
    return f"{hours // 24} d" if hours >= 48 else f"{hours} h"
