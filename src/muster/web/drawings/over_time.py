"""How many, over time: a bar for each hour or day, to scale, in one colour; each says its own count."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from muster.web.drawings.words import escaped

MOST_HOURS = 96
MOST_BARS = 400
WIDTH, HEIGHT, FOOT = 640, 96, 18


def over_time(by_hour: Mapping[str, int], what: str) -> str:
    """An SVG of counts by hour (`20261124T02`), by day when they span more than four days. what: of what, in the plural.

    Empty when there is nothing to be drawn.
    """
    counts = {_time(hour): count for hour, count in by_hour.items() if count}
    if not counts:
        return ""
    step = timedelta(hours=1)
    if max(counts) - min(counts) >= MOST_HOURS * step:
        step = timedelta(days=1)
        days: Counter[datetime] = Counter()
        for at, count in counts.items():
            days[at.replace(hour=0)] += count
        counts = dict(days)
    first, last, top = min(counts), max(counts), max(counts.values())
    slots = min((last - first) // step + 1, MOST_BARS)
    wide = min(WIDTH / slots, 48)
    bars: list[str] = []
    for at, count in sorted(counts.items()):
        place = (at - first) // step
        if place >= slots:
            continue
        tall = max(round(count / top * HEIGHT), 2)
        name = escaped(f"{_said(at, step)}: {count:,} {what}")
        bars.append(
            f'<rect x="{place * wide:.1f}" y="{HEIGHT - tall}" width="{max(wide - 1, 1):.1f}" height="{tall}"><title>{name}</title></rect>'
        )
    ends = f'<text x="0" y="{HEIGHT + 14}" font-size="12">{_said(first, step)}</text>'
    if last > first:
        ends += f'<text x="{WIDTH}" y="{HEIGHT + 14}" font-size="12" text-anchor="end">to {_said(last, step)}</text>'
    label = escaped(
        f"{sum(counts.values()):,} {what}, from {_said(first, step)} to {_said(last, step)}, at most {top:,} in one {'hour' if step < timedelta(days=1) else 'day'}"
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT + FOOT}" width="100%" role="img" aria-label="{label}" fill="currentColor">'
        f"{''.join(bars)}{ends}</svg>"
    )


def _time(hour: str) -> datetime:
    return datetime.strptime(hour, "%Y%m%dT%H").replace(tzinfo=UTC)


def _said(at: datetime, step: timedelta) -> str:
    return f"{at:%Y-%m-%d}" if step >= timedelta(days=1) else f"{at:%Y-%m-%d %H}:00 UTC"
