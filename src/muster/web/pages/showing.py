"""How untrusted text, times and durations are shown: the templates' environment, which makes all output harmless."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from muster.core.text import shown
from muster.core.time import from_stored
from muster.web.pages import assets

TEMPLATES = Path(__file__).parent.parent / "templates"
_GIVEN_BACK = {"\n", "\t"}
_CUT = {"minute": 16, "hour": 16, "day": 10}


@cache
def environment() -> Environment:
    """The templates. Whatever they print passes `shown` and is escaped; what is missing is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printed,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    own: dict[str, Any] = {
        "block": block,
        "typed": typed,
        "time": time,
        "lasted": lasted,
        "left": left,
        "counted": counted,
        "asset": assets.address,
        "pairs": pairs,
    }
    made.filters.update(cast("Any", own))
    return made


def rendered(template: str, **context: Any) -> str:
    """A template as text."""
    return environment().get_template(template).render(**context)


def _printed(value: object) -> object:
    if value is None:
        return ""
    return shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def block(text: str) -> Markup:
    """Text of several lines, shown with its lines."""
    return escape(shown(text, keep_lines=True))


def typed(text: str) -> Markup:
    """What somebody typed, given back into its field: the same text for the browser, harmless as bytes.

    What `shown` would make visible is written as a character reference, so that nothing is lost by sending it
    again. Only NUL and the controls that HTML cannot refer to are given back as visible escapes.
    """
    return Markup("").join(_given_back(character) for character in text)


def _given_back(character: str) -> Markup:
    seen = shown(character)
    if seen == character or character in _GIVEN_BACK:
        return escape(character)
    number = ord(character)
    if number < 32 or 127 <= number < 160:
        return escape(seen)
    return Markup("&#{};").format(number)


def time(text: str | None, precision: str = "second") -> Markup:
    """A stored time as `<time>`, in UTC, no more exact than it is known."""
    if not text:
        return Markup("")
    try:
        instant = from_stored(text)
    except ValueError:
        return escape(shown(text))
    words = instant.strftime("%Y-%m-%d %H:%M:%S")[: _CUT.get(precision, 19)]
    return Markup('<time datetime="{}">{} UTC</time>').format(text, words)


def lasted(text: str, now: datetime) -> Markup:
    """How long ago a stored time was, as `<time>`: the two largest units."""
    try:
        began = from_stored(text)
    except ValueError:
        return escape(shown(text))
    minutes = max(0, int((now.astimezone(UTC) - began).total_seconds() // 60))
    return Markup('<time datetime="PT{}M">{}</time>').format(minutes, _units(minutes))


def left(text: str, now: datetime) -> Markup:
    """How long it is until a stored time, or since it passed, as `<time>`: `in 3 h 20 min`, `5 min ago`."""
    try:
        ends = from_stored(text)
    except ValueError:
        return escape(shown(text))
    minutes = int((ends - now.astimezone(UTC)).total_seconds() // 60)
    words = f"in {_units(minutes)}" if minutes >= 0 else f"{_units(-minutes)} ago"
    return Markup('<time datetime="{}">{}</time>').format(text, words)


def _units(minutes: int) -> str:
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    return f"{days} d {hours} h" if days else f"{hours} h {rest} min" if hours else f"{rest} min"


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun."""
    return f"{number} {one if number == 1 else many}"


def pairs(values: Iterable[str]) -> list[tuple[str, str]]:
    """Choices whose words are their values."""
    return [(str(value), str(value)) for value in values]
