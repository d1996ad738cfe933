"""Arguments and options of a verb from the fields of its command: choices, yes or no, numbers, accounts, and JSON for the rest."""

import json
from collections.abc import Iterator
from contextlib import suppress
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin

import click
from pydantic import BaseModel, StringConstraints
from pydantic.fields import FieldInfo

from muster.access.command import OpaqueId

_ACCOUNT = next(part for part in get_args(OpaqueId) if isinstance(part, StringConstraints)).pattern
_NO_ACCOUNT = "token"
EXPECTED = "The version that you saw; `muster show CODE` tells it."


def parameters(name: str, field: FieldInfo) -> list[click.Parameter]:
    """The command line's parameters for one field; a model's fields each have their own."""
    inner, optional = inner_of(field.annotation)
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        found: list[click.Parameter] = []
        for part, described in inner.model_fields.items():
            found.extend(parameters(f"{name}__{part}", described))
        return found
    option = "--" + name.rpartition("__")[2].replace("_", "-")
    if get_origin(inner) in (tuple, list, frozenset):
        return [click.Option([option, name], type=_kind(inner_of(get_args(inner)[0])[0]), multiple=True)]
    if field.is_required() and not optional:
        if name == "expected":
            return [click.Option([option, name], type=int, required=True, help=EXPECTED)]
        return [click.Argument([name], type=_kind(inner))]
    return [click.Option([option, name], type=_kind(inner))]


def choices(inner: Any) -> list[str]:
    """What may be chosen, nothing when a type is no choice."""
    if isinstance(inner, type) and issubclass(inner, Enum):
        return [str(member.value) for member in inner]
    if get_origin(inner) is not None and str(get_origin(inner)) == "typing.Literal":
        return [str(getattr(value, "value", value)) for value in get_args(inner)]
    return []


def inner_of(annotation: Any) -> tuple[Any, bool]:
    """A field's type without Annotated and None, and whether None was among it."""
    while get_origin(annotation) is not None and hasattr(annotation, "__metadata__"):
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, UnionType):
        parts = [part for part in get_args(annotation) if part is not NoneType]
        return inner_of(parts[0])[0], len(parts) < len(get_args(annotation))
    return annotation, False


def holds_accounts(name: str, field: FieldInfo) -> bool:
    """Whether a field holds accounts, which are named by sign-in names on the command line."""
    if name == _NO_ACCOUNT:
        return False
    found = (*field.metadata, *_constraints(field.annotation))
    return any(isinstance(one, StringConstraints) and one.pattern == _ACCOUNT for one in found)


class _Json(click.ParamType[Any]):
    """What has fields of its own: one JSON object."""

    name = "JSON"

    def __init__(self, fields: tuple[str, ...] = ()) -> None:
        self._fields = fields

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The object; a usage error that shows the form otherwise."""
        found: Any = None
        with suppress(ValueError):
            found = json.loads(value)
        if isinstance(found, dict):
            return cast("dict[str, Any]", found)
        form = ", ".join(f'"{one}": ...' for one in self._fields) or '"name": "value"'
        return self.fail(f"Give one JSON object, like {{{form}}}.", param, ctx)


def _kind(inner: Any) -> Any:
    known = choices(inner)
    if known:
        return click.Choice(known)
    if inner in (int, bool):
        return inner
    if get_origin(inner) is dict:
        return _Json()
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        return _Json(tuple(inner.model_fields))
    return str


def _constraints(annotation: Any) -> Iterator[Any]:
    """All that is said about a type and the types within it."""
    yield from getattr(annotation, "__metadata__", ())
    for part in get_args(annotation):
        yield from _constraints(part)
