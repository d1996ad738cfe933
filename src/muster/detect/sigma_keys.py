"""Detections rewritten before pySigma reads them, where it would read them otherwise than the specification has it.

* `re` with `startswith` or `endswith`: pySigma drops the anchor; it is written into the expression.
* Whole numbers beyond 2^53: pySigma rounds them; they are compared as text, so they become text.
* `cased` with `fieldref`: pySigma drops the case; nobody has said what it means, so it is refused.
"""

from collections.abc import Mapping
from typing import cast

from muster.detect.rule import NotLoadable, Reason

_EXACT = 2**53
_PARTS = frozenset({"minute", "hour", "day", "week", "month", "year"})
_NUMERIC = _PARTS | {"lt", "lte", "gt", "gte"}


def rewritten(detections: Mapping[object, object]) -> dict[object, object]:
    """The detections of a rule or filter, conditions untouched. Raises `NotLoadable`."""
    return {name: part if name == "condition" else _part(part) for name, part in detections.items()}


def _part(part: object) -> object:
    if isinstance(part, list):
        return [_part(one) for one in cast("list[object]", part)]
    if not isinstance(part, dict):
        return _whole(part)
    items: dict[object, object] = {}
    for key, value in cast("dict[object, object]", part).items():
        name, found = _item(key, value) if isinstance(key, str) else (key, value)
        if name in items:
            raise NotLoadable(Reason.INVALID, "a field is named twice with modifiers that mean the same")
        items[name] = found
    return items


def _item(key: str, value: object) -> tuple[str, object]:
    field, *modifiers = key.split("|")
    values = _listed(value)
    if "cased" in modifiers and "fieldref" in modifiers:
        raise NotLoadable(Reason.MODIFIER, "cased has no meaning together with fieldref")
    if _NUMERIC.intersection(modifiers):
        if any(type(one) is int and abs(one) > _EXACT for one in values):
            raise NotLoadable(Reason.INVALID, "a number beyond 2^53 cannot be compared exactly")
        if _PARTS.intersection(modifiers) and any(type(one) is float for one in values):
            raise NotLoadable(Reason.INVALID, "a part of a time is a whole number")
        return key, value
    if "re" in modifiers and {"startswith", "endswith", "contains"}.intersection(modifiers):
        head = r"\A" if "startswith" in modifiers else ""
        tail = r"\Z" if "endswith" in modifiers else ""
        kept = [one for one in modifiers if one not in ("startswith", "endswith", "contains")]
        texts = [f"{head}(?:{one}){tail}" if isinstance(one, str) else one for one in values]
        return "|".join((field, *kept)), texts
    return key, _part(value)


def _listed(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else [value]


def _whole(value: object) -> object:
    return str(value) if type(value) is int and abs(value) > _EXACT else value
