"""Forms as browsers post them: read with limits, turned into the fields of a verb, and shown again when refused."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from muster.access.verbs import Verb
from muster.app.registry import RULES
from muster.core.errors import BadInput, MusterError, Unavailable

MOST_BYTES = 256 * 1024
MOST_FIELDS = 1_000
KEY = "idempotency_key"
# Fields of verbs that hold several values; all others hold one.
_SEVERAL = frozenset({"people", "duties", "information"})
# Fields that hold words of a person, which are never to be lost.
TEXTS = frozenset(
    {"text", "what", "reason", "summary", "source", "contact", "name", "answer", "subject", "receipt"}
    | {"purpose", "harm", "tip_off", "undo", "objections", "override", "bypass", "options", "place"}
)
# Fields that hold several things of several values each: the numbered fields of a row, by their names in the verb.
_ROWS: Mapping[str, Mapping[str, str]] = {
    "sentences": {"sentence": "text", "rests": "facts"},
    "lines": {"line": "id", "says": "text"},
}
_MOST_ROWS = 60
_NUMBERS = re.compile(r"[\s,;#]+")
_SECRET = "password"  # noqa: S105 - the word that names such fields, no secret


@dataclass(frozen=True)
class Form:
    """What was posted, in order; lines end with a newline alone."""

    pairs: tuple[tuple[str, str], ...] = ()

    def one(self, name: str, default: str = "") -> str:
        """The first value of a field."""
        return next((value for known, value in self.pairs if known == name), default)

    def all(self, name: str) -> tuple[str, ...]:
        """All values of a field that are not blank."""
        return tuple(value for known, value in self.pairs if known == name and value.strip())

    @property
    def key(self) -> str | None:
        """The idempotency key that the page gave this form."""
        return self.one(KEY) or None

    def texts(self) -> tuple[tuple[str, str], ...]:
        """What somebody wrote in words, with the names of the fields."""
        return tuple(pair for pair in self.pairs if is_text(pair[0]) and pair[1].strip())

    def without_secrets(self) -> "Form":
        """The form without its passwords, for showing it again."""
        return Form(tuple(pair for pair in self.pairs if _SECRET not in pair[0]))


def is_text(name: str) -> bool:
    """Whether a field holds words of a person."""
    return name in TEXTS or name.startswith(("sentence-", "says-"))


async def posted(request: Request) -> Form:
    """The form of a request. Raises BadInput when it is none, is too long, or is not UTF-8."""
    content = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content != "application/x-www-form-urlencoded":
        raise BadInput("This is no form.", "content-type", "Send it from the page.")
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > MOST_BYTES:
            raise BadInput(
                "The form is too long.", "form", "Shorten the text; long things belong into evidence."
            )
    return read(bytes(data))


def read(data: bytes) -> Form:
    """The form of its bytes. Raises BadInput."""
    try:
        pairs = parse_qsl(
            data.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise BadInput("The form cannot be read.", "form", "Send it from the page, as UTF-8.") from None
    return Form(tuple((name, value.replace("\r\n", "\n").replace("\r", "\n")) for name, value in pairs))


PostedForm = Annotated[Form, Depends(posted)]


def fields_of(verb: Verb, form: Form, fixed: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a verb from a form; blank ones are left out. fixed: those that the address tells."""
    fields: dict[str, Any] = {}
    for name, field in RULES[verb].command.model_fields.items():
        shape = get_origin(field.annotation)
        if name == "ratings":
            fields[name] = _ratings(form)
        elif name in _ROWS and shape is tuple:
            fields[name] = _rows(form, _ROWS[name])
        elif name in _SEVERAL or shape is tuple:
            fields[name] = _several(form, name, numbers=_numbers(field.annotation))
        elif shape is dict:
            fields[name] = _named(form.one(name), name)
        elif form.one(name).strip():
            fields[name] = form.one(name)
    return fields | dict(fixed)


def _numbers(annotation: object) -> bool:
    """Whether a field of several values holds numbers."""
    return any(get_origin(one) is Annotated and get_args(one)[0] is int for one in get_args(annotation))


def _several(form: Form, name: str, *, numbers: bool) -> list[str]:
    """Several values: of boxes, and one a line; numbers also with commas or blanks between them."""
    lines = [line for value in form.all(name) for line in value.split("\n")]
    parts = [part for line in lines for part in _NUMBERS.split(line)] if numbers else lines
    return [part.strip() for part in parts if part.strip()]


def _rows(form: Form, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rows of numbered fields that hold something in their first field."""
    first = next(iter(names))
    rows: list[dict[str, Any]] = []
    for number in range(1, _MOST_ROWS + 1):
        if form.one(f"{first}-{number}").strip():
            row: dict[str, Any] = {}
            for name, field in names.items():
                value = form.one(f"{name}-{number}")
                row[field] = [one for one in _NUMBERS.split(value) if one] if name == "rests" else value
            rows.append(row)
    return rows


def _named(text: str, name: str) -> dict[str, str]:
    """Lines `name: value`. Raises BadInput."""
    found: dict[str, str] = {}
    for line in filter(str.strip, text.split("\n")):
        key, colon, value = line.partition(":")
        if not colon:
            raise BadInput("A line holds no colon.", name, "Write each line as `name: value`.")
        found[key.strip()] = value.strip()
    return found


def _ratings(form: Form) -> dict[str, Any]:
    axes = ("functional", "recoverability", "activity", "safety", "critical")
    rated: dict[str, Any] = {axis: form.one(axis) for axis in axes if form.one(axis)}
    if form.all("information"):
        rated["information"] = list(form.all("information"))
    return rated


@dataclass(frozen=True)
class Tried:
    """A form that was refused: its name on the page, what was typed, and why not. Empty when nothing was refused."""

    name: str = ""
    form: Form = Form()
    error: MusterError | None = None

    def at(self, name: str) -> bool:
        """Whether it is this form that was refused."""
        return self.error is not None and self.name == name

    def faulty(self, name: str, field: str) -> bool:
        """Whether it was refused because of this field."""
        return self.error is not None and self.name == name and field in self.error.where.split(".")

    def chosen(self, name: str, field: str, value: str, *, before: bool = False) -> bool:
        """Whether a choice was made: in the refused form, or before when this is another form."""
        return value in self.form.all(field) if self.at(name) else before

    @property
    def key(self) -> str | None:
        """The key to send it with again: the same one when nobody knows whether it was written."""
        return self.form.key if isinstance(self.error, Unavailable) else None


NOTHING_TRIED = Tried()
