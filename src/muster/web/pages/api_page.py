"""The page of the API: every verb with its path and its fields, made from the registry."""

from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from fastapi import APIRouter, Request
from starlette.responses import Response

from muster.access.verbs import VERBS, Use
from muster.app.registry import RULES
from muster.web.pages.frame import Frame, anybody

_FORMATS = {"^[0-9a-f]{32}$": "id of an account or token", "^[0-9a-f]{64}$": "SHA-256, hex"}
_CODES = {
    "incident": "code of an incident, like INC-7Q4KM2",
    "signal": "code of a signal, like SIG-7Q4KM2",
    "duplicate_of": "code of a signal, like SIG-7Q4KM2",
    "stream": "code of an incident or a signal",
    "happened_at": "time with its zone, like 2026-11-24T02:10Z",
    "expected": "whole number: the version that you saw",
}
_NAMES = {
    "integer": "whole number",
    "string": "text",
    "array": "list",
    "object": "object",
    "boolean": "true or false",
}


@dataclass(frozen=True)
class FieldLine:
    """One field of a verb."""

    name: str
    kind: str
    required: bool


@dataclass(frozen=True)
class VerbLine:
    """One verb."""

    verb: str
    summary: str
    standing: str
    text: str
    fields: tuple[FieldLine, ...]


@cache
def verbs() -> tuple[VerbLine, ...]:
    """The verbs that can be used as commands, in order of their names."""
    return tuple(
        VerbLine(
            verb.value, facts.summary, facts.standing.value, RULES[verb].command.__doc__ or "", _fields(verb)
        )
        for verb, facts in sorted(VERBS.items())
        if facts.use is Use.COMMAND
    )


def _fields(verb: Any) -> tuple[FieldLine, ...]:
    schema = RULES[verb].command.model_json_schema()
    needed = schema.get("required", [])
    definitions = schema.get("$defs", {})
    return tuple(
        FieldLine(name, _CODES.get(name) or kind(part, definitions), name in needed)
        for name, part in schema.get("properties", {}).items()
    )


def kind(part: dict[str, Any], definitions: dict[str, Any]) -> str:
    """What a field holds, in words, from its JSON schema."""
    if "$ref" in part:
        return kind(definitions[str(part["$ref"]).rpartition("/")[2]], definitions)
    if "anyOf" in part:
        choices = cast("list[dict[str, Any]]", part["anyOf"])
        return " or ".join(kind(one, definitions) for one in choices if one.get("type") != "null")
    if "enum" in part:
        return "one of: " + ", ".join(str(value) for value in cast("list[object]", part["enum"]))
    if part.get("type") == "array":
        return f"list of {kind(cast('dict[str, Any]', part.get('items', {})), definitions)}"
    if part.get("pattern") in _FORMATS:
        return _FORMATS[str(part["pattern"])]
    if part.get("type") == "object" and "properties" in part:
        inner = cast("dict[str, dict[str, Any]]", part["properties"])
        return "object: " + "; ".join(f"{name} ({kind(one, definitions)})" for name, one in inner.items())
    name = _NAMES.get(str(part.get("type", "")), "text")
    return f"{name}, at most {part['maxLength']} characters" if "maxLength" in part else name


@dataclass(frozen=True)
class _ApiPage:
    frame: Frame

    def show(self, request: Request) -> Response:
        return self.frame.page("api.html", anybody(request), title="API", verbs=verbs())


def routes(frame: Frame) -> APIRouter:
    """GET /api."""
    router = APIRouter(include_in_schema=False)
    router.get("/api")(_ApiPage(frame).show)
    return router
