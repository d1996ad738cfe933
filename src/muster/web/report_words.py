"""Times, durations and hostile text as words of a report; every expression of its templates passes here."""

from datetime import UTC, datetime, timedelta

from markupsafe import Markup, escape

from muster.core.text import shown
from muster.web.drawings.timeline import MONTHS

UNKNOWN = "unknown"


def harmless(value: object) -> object:
    """Every expression of the template passes here before it is escaped."""
    return shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def block(text: str) -> Markup:
    """Text that keeps its lines."""
    return escape(shown(text, keep_lines=True))


def words(at: datetime) -> str:
    """A time with its day and zone."""
    utc = at.astimezone(UTC)
    return f"{utc.day} {MONTHS[utc.month - 1]} {utc.year}, {utc:%H:%M:%S} UTC"


def clock(at: datetime | None) -> Markup:
    """A time with its day, year and zone, for machines too; the word "unknown" where it is not known."""
    return escape(UNKNOWN) if at is None else _timed(at, words(at))


def short(at: datetime | None) -> Markup:
    """A time for a table: day, month and time; the zone is told once on the page."""
    if at is None:
        return escape(UNKNOWN)
    utc = at.astimezone(UTC)
    return _timed(at, f"{utc.day} {MONTHS[utc.month - 1]}, {utc:%H:%M:%S}")


def _timed(at: datetime, said: str) -> Markup:
    utc = at.astimezone(UTC)
    return Markup('<time datetime="{}">{}</time>').format(f"{utc:%Y-%m-%dT%H:%M:%SZ}", said)


def lasting(value: timedelta | None) -> str:
    """A duration in words; the word "unknown" where it is not known."""
    if value is None:
        return UNKNOWN
    seconds = int(abs(value).total_seconds())
    parts = (
        (seconds // 86400, "d"),
        (seconds // 3600 % 24, "h"),
        (seconds // 60 % 60, "min"),
        (seconds % 60, "s"),
    )
    named = [f"{count} {unit}" for count, unit in parts if count][:2] or ["0 s"]
    return ("-" if value < timedelta() else "") + " ".join(named)


def plural(count: int, word: str) -> str:
    """So many of something, in words."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def spaced(word: str) -> str:
    """A name of ours as words: `held-late` is held late."""
    return word.replace("-", " ")
