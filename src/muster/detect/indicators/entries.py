"""What all lists have in common: a value becomes an indicator, or is left out with its reason."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple, cast

from muster.core.errors import BadInput
from muster.core.labels import Tlp
from muster.core.text import shown
from muster.detect.indicators import normal_form
from muster.detect.indicators.indicator import LABEL, VALUE, Entry, Indicator, Kind, Left, Why

MAX_BYTES = 512 * 2**20
"""Of one list."""
MAX_DEPTH = 64
TEXT_SHOWN = 120
_FORMULA = ("=", "+", "-", "@", "\t")
_TLP = {one.value: one for one in Tlp} | {"TLP:WHITE": Tlp.CLEAR}
Tree = Mapping[str, object]


class BadTime(ValueError):
    """A time that cannot be read."""


class About(NamedTuple):
    """What a list says of a value: the fields of `Indicator` after the value, in their order."""

    confidence: int | None = None
    tlp: Tlp | None = None
    valid_from: int = 0
    valid_until: int = 0
    revoked: bool = False
    label: str = ""


NOTHING_SAID = About()


def entry(kind: Kind | None, text: str, where: str, about: About = NOTHING_SAID) -> Entry:
    """The indicator that a value of a list is; kind None to be guessed."""
    if "\0" in text:
        return left(where, Why.BROKEN, text)
    value = normal_form.refanged(text)
    if not value:
        return left(where, Why.EMPTY)
    if len(value) > VALUE:
        return left(where, Why.TOO_LONG, value)
    if kind is None and value.startswith(_FORMULA):
        return left(where, Why.FORMULA, value)
    found = normal_form.guessed(value) if kind is None else normal_form.normal(kind, value)
    if found is None:
        why = Why.FORMULA if value.startswith(_FORMULA) else Why.NO_KIND if kind is None else Why.NOT_OF_KIND
        return left(where, why, value)
    if found[0] is Kind.NETWORK and normal_form.too_wide(found[1]):
        return left(where, Why.TOO_WIDE, value)
    return Indicator(*found, *about)


def left(where: str, why: Why, text: str = "") -> Left:
    """What is left out, with the start of what it says made harmless."""
    return Left(where, why, shown(text[:TEXT_SHOWN]))


def label(text: object) -> str:
    """What a list calls an indicator, bounded and harmless."""
    return shown(" ".join(text.split()))[:LABEL] if isinstance(text, str) else ""


def seconds(text: object) -> int:
    """A time of a list in seconds since 1970: ISO 8601, or digits. 0 for none. Raises `BadTime`."""
    if text is None or text == "":
        return 0
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        raise BadTime
    try:
        if isinstance(text, str) and not text.strip().isdigit():
            at = datetime.fromisoformat(text.strip())
            found = int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
        else:
            found = int(str(text)[:20]) if isinstance(text, str) else int(text)
    except (ValueError, OverflowError) as fault:
        raise BadTime from fault
    if not 0 <= found < 2**32:
        raise BadTime
    return found


def confidence(text: object) -> int | None:
    """A number of 0 to 100; None where nothing usable is said."""
    if isinstance(text, str):
        text = int(text) if text.strip().isdigit() and len(text.strip()) < 4 else None
    if isinstance(text, bool) or not isinstance(text, int) or not 0 <= text <= 100:
        return None
    return text


def tlp(text: object) -> Tlp | None:
    """A label of the Traffic Light Protocol by its name, `tlp:amber` and `AMBER` too; white is clear."""
    if not isinstance(text, str) or len(text) > 40:
        return None
    name = text.strip().strip('"').upper()
    return _TLP.get(name if name.startswith("TLP:") else f"TLP:{name}")


def tree(data: bytes, where: str) -> object:
    """A JSON document: names once, depth bounded, numbers finite. Raises `BadInput`."""
    if len(data) > MAX_BYTES:
        raise BadInput(f"The list is larger than {MAX_BYTES} bytes.", where, "Split it.")
    try:
        found: object = json.loads(
            data.removeprefix(b"\xef\xbb\xbf"),
            object_pairs_hook=_once,
            parse_constant=_no_number,
            parse_float=_number,
        )
    except RecursionError:
        raise BadInput("The list is nested too deeply.", where, "Give a list as its format says.") from None
    except (ValueError, UnicodeDecodeError) as fault:
        said = str(fault) if isinstance(fault, _Twice) else "It is no JSON"
        raise BadInput(f"{said}.", where, "Give the file as it was made.") from None
    if _deeper(found, MAX_DEPTH):
        raise BadInput("The list is nested too deeply.", where, "Give a list as its format says.")
    return found


def objects(node: object) -> Iterator[Tree]:
    """The objects of a list in a document; what is none is passed over."""
    for one in cast("list[object]", node) if isinstance(node, list) else ():
        if isinstance(one, dict):
            yield cast("Tree", one)


def child(node: Tree, name: str) -> Tree:
    """The object below a name; an empty one where there is none."""
    found = node.get(name)
    return cast("Tree", found) if isinstance(found, dict) else {}


def said(node: Tree, name: str) -> str:
    """The text below a name; empty where there is none."""
    found = node.get(name)
    return found if isinstance(found, str) else ""


def texts(node: Tree, name: str) -> Iterator[str]:
    """The texts of the list below a name; what is none is passed over."""
    found = node.get(name)
    for one in cast("list[object]", found) if isinstance(found, list) else ():
        if isinstance(one, str):
            yield one


def strictest(held: Iterable[Tlp | None]) -> Tlp | None:
    """Of several labels of the Traffic Light Protocol the strictest; they are declared in that order."""
    found = set(held)
    return next((tlp for tlp in Tlp if tlp in found), None)


class _Twice(ValueError):
    """One name twice in one object: nobody can know which value was meant."""


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _Twice("A name stands twice in one object")
    return made


def _no_number(_text: str) -> float:
    raise ValueError("no number")


def _number(text: str) -> float:
    found = float(text)
    if found in (float("inf"), float("-inf")):
        raise ValueError("no number")
    return found


def _deeper(node: object, depth: int) -> bool:
    level: list[object] = [node]
    for _ in range(depth):
        below: list[object] = []
        for one in level:
            if isinstance(one, dict):
                below.extend(cast("dict[str, object]", one).values())
            elif isinstance(one, list):
                below.extend(cast("list[object]", one))
        if not below:
            return False
        level = [one for one in below if isinstance(one, dict | list)]
    return bool(level)
