"""What is wrong with the fields of a file, in words for its author instead of a schema's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

from pydantic import ValidationError

from muster.core.text import shown
from muster.plan.part import Part
from muster.plan.yaml_text import KeyPath

_WORDS: Mapping[str, tuple[str, str]] = {
    "string_type": ("is to be text", "Write text here, in quotes if it looks like a number."),
    "string_pattern_mismatch": (
        "is written in a way that is not allowed here",
        "An id has lower-case letters, digits and hyphens; a title is one line.",
    ),
    "string_too_short": ("is empty", "Write something here, or take the line out."),
    "string_too_long": ("is too long", "Say it shorter."),
    "date_from_datetime_parsing": ("is no date", "Write it as 2026-11-24."),
    "date_type": ("is no date", "Write it as 2026-11-24."),
    "date_parsing": ("is no date", "Write it as 2026-11-24."),
    "datetime_from_date_parsing": ("is no time", "Write it with its zone: 2026-11-24T08:00Z."),
    "datetime_parsing": ("is no time", "Write it with its zone: 2026-11-24T08:00Z."),
    "timezone_aware": ("has no zone", "Write it with its zone: 2026-11-24T08:00Z."),
    "int_type": ("is no whole number", "Write a whole number."),
    "int_parsing": ("is no whole number", "Write a whole number."),
    "bool_parsing": ("is neither true nor false", "Write true or false."),
    "bool_type": ("is neither true nor false", "Write true or false."),
    "tuple_type": ("is to be a list", "Write one entry a line, each after `- `."),
    "dict_type": ("is to hold named entries", "Write `name: value` below it, indented."),
    "model_type": ("is to hold named fields", "Write `name: value` below it, indented."),
    "model_attributes_type": ("is to hold named fields", "Write `name: value` below it, indented."),
    "too_short": ("holds too few entries", "Add what is missing."),
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong: where in the file, by which rule, what, and the mend."""

    path: KeyPath
    rule: str
    what: str
    mend: str


def complaints(model: type[Part], error: ValidationError) -> Iterator[Complaint]:
    """One complaint a cause: a field with a typing error is not complained about again as missing."""
    details = error.errors(include_url=False, include_input=False)
    known = field_names(model)
    extras = {tuple(one["loc"]): _near(str(one["loc"][-1]), known) for one in details if _extra(one)}
    for one in details:
        path: KeyPath = tuple(one["loc"])
        name = shown(str(path[-1]))[:60] if path else "the file"
        if _extra(one):
            near = extras[path]
            mend = (
                f"Did you mean `{near}`?" if near else "Take it out, or look at `muster init` for the fields."
            )
            yield Complaint(path, "field-unknown", f"`{name}` is not known here.", mend)
        elif one["type"] == "missing":
            if any(other[:-1] == path[:-1] and near == path[-1] for other, near in extras.items()):
                continue
            yield Complaint(path[:-1], "field-missing", f"`{name}` is missing.", "Add it.")
        else:
            what, mend = _words(one["type"], one["msg"], one.get("ctx", {}))
            yield Complaint(path, "field-wrong", f"`{name}` {what}.", mend)


def _extra(detail: Any) -> bool:
    return detail["type"] == "extra_forbidden"


def _words(kind: str, message: str, context: Mapping[str, Any]) -> tuple[str, str]:
    if kind in ("enum", "literal_error"):
        return "has a value that is not known", f"It may be {shown(str(context.get('expected', '')))}."
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        expected = shown(str(context.get("expected_tags", "'task', 'decision', 'end' and others")))
        return "is a step of no known kind", f"Its `kind` may be {expected}."
    if kind == "value_error":
        return "does not fit", f"{shown(message.removeprefix('Value error, '))}."
    if kind in _WORDS:
        return _WORDS[kind]
    return "does not fit", f"{shown(message)}."


def _near(name: str, known: frozenset[str]) -> str | None:
    return next(iter(get_close_matches(name, sorted(known), 1)), None)


@cache
def field_names(model: type[Part]) -> frozenset[str]:
    """The names of all fields of a model and of what it holds."""
    schema = model.model_json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return frozenset(name for part in parts for name in part.get("properties", {}))
