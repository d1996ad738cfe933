"""Values as text, and nested objects as fields: what all shapes share.

Numbers become their decimal text, true and false lower-case words, lists (and objects, where a shape keeps them
whole) compact JSON text; null is as if the field were not there.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import cast

from muster.detect.flaw import MAX_DEPTH, MAX_FIELDS, Flaw, Flawed
from muster.detect.json_line import Event, exact

Pairs = list[tuple[str, str]]
"""Field name and text, in the order of the event."""
NO_CATEGORY = "none"
"""Of a log source that is told by product and service: rules for a category in general do not meet its events."""


def text(value: object) -> str:
    """The text of a value that is not null. Raises `Inexact` (see `json_line`)."""
    if type(value) is int:
        return str(value)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _decimal(exact(value))
    _check(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def objects(value: object) -> Event | None:
    """The value as an object, None when it is none."""
    return cast("Event", value) if isinstance(value, dict) else None


def items(value: object) -> list[object] | None:
    """The value as a list, None when it is none."""
    return cast("list[object]", value) if isinstance(value, list) else None


def at(event: Event, *path: str) -> object:
    """What stands at a path, by nested objects or by one dotted name; None when nothing does."""
    dotted = event.get(".".join(path))
    if dotted is not None or len(path) == 1:
        return dotted
    inner = objects(event.get(path[0]))
    return None if inner is None else at(inner, *path[1:])


def flatten(event: Event) -> Pairs:
    """Every leaf under its dotted name, lists as JSON text.

    Of a list of objects each leaf has also a name of its own (`target.displayName`), joined by newlines.
    """
    pairs: Pairs = []
    _flatten(pairs, "", event, 1)
    return pairs


def source(product: str, service: str | None = None, category: str = NO_CATEGORY) -> Pairs:
    """The log source that a shape tells, as the fields that `routing` reads."""
    pairs = [("logsource.product", product), ("logsource.category", category)]
    return [*pairs, ("logsource.service", service)] if service else pairs


def renamed(pairs: Pairs, names: Mapping[str, str]) -> Pairs:
    """The pairs, and those that have another name for rules once more under that name, unless it is there."""
    known = {name for name, _ in pairs}
    return pairs + [
        (names[name], value) for name, value in pairs if name in names and names[name] not in known
    ]


def strictly(event: Event) -> Pairs:
    """`flatten`. Raises `Flawed` when two leaves get one name (`{"a.b": 1, "a": {"b": 2}}`)."""
    pairs = flatten(event)
    if len({name for name, _ in pairs}) != len(pairs):
        raise Flawed(Flaw.DUPLICATE)
    return pairs


def leaves(event: Event) -> Pairs:
    """The fields of an object under their own names, nested ones as JSON text."""
    return [(name, text(value)) for name, value in event.items() if value is not None]


def _flatten(pairs: Pairs, prefix: str, fields: Event, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise Flawed(Flaw.DEEP)
    for name, value in fields.items():
        if isinstance(value, str):
            pairs.append((prefix + name, value))
        elif isinstance(value, dict):
            _flatten(pairs, f"{prefix}{name}.", cast("Event", value), depth + 1)
        elif isinstance(value, list):
            _listed(pairs, prefix + name, cast("list[object]", value), depth)
        elif value is not None:
            pairs.append((prefix + name, text(value)))
        if len(pairs) > MAX_FIELDS:
            raise Flawed(Flaw.FIELDS)


def _listed(pairs: Pairs, name: str, values: list[object], depth: int) -> None:
    pairs.append((name, text(values)))
    if not values or not all(isinstance(value, dict) for value in values):
        return
    inner: dict[str, list[str]] = {}
    for value in values:
        own: Pairs = []
        _flatten(own, f"{name}.", cast("Event", value), depth + 1)
        for leaf, content in own:
            inner.setdefault(leaf, []).append(content)
    pairs.extend((leaf, "\n".join(contents)) for leaf, contents in inner.items())


def single(value: object) -> object:
    """A list of one plain value as that value; anything else as it is."""
    listed = items(value)
    return listed[0] if listed and len(listed) == 1 and isinstance(listed[0], str | int | float) else value


def _check(value: object) -> None:
    """Raises `Inexact` when a number somewhere within is not exact, `Flawed` when it is nested too deep."""
    waiting: list[tuple[object, int]] = [(value, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise Flawed(Flaw.DEEP)
        if isinstance(node, float):
            exact(node)
        elif isinstance(node, dict):
            waiting.extend([(one, depth + 1) for one in cast("Event", node).values()])
        elif isinstance(node, list):
            waiting.extend([(one, depth + 1) for one in cast("list[object]", node)])


def _decimal(value: float) -> str:
    """Without an exponent where that stays readable."""
    written = repr(float(value))
    return format(Decimal(written), "f") if "e" in written and 1e-20 < abs(value) < 1e40 else written
