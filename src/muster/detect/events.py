"""Events from JSON lines: bytes in, a batch of columns out, and a list of the lines that nobody could read.

One JSON object a line. Nested objects give fields with dotted names (`a.b`); numbers become their decimal text,
true and false lower-case words, lists compact JSON text; null is as if the field were not there. Field names stay as
they are. A line is unreadable, counted and named, when it is not UTF-8, not JSON, no object, longer than 4 MiB,
nested deeper than 32, has more than 4,096 fields, or names a field twice (nobody can know which value was meant).
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import cast

import orjson

from muster.detect import columns
from muster.detect.columns import JOINT, RAW, Batch, Cells
from muster.detect.condition import ANYWHERE
from muster.detect.ruleset import Needs

MAX_LINE = 4 * 2**20
MAX_DEPTH = 32
MAX_FIELDS = 4_096

_MARK = b"\xef\xbb\xbf"
_KEY_END = b'":'
_LOOSE_KEY = re.compile(rb'"[ \t\r\n]+:')
_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()
_RESERVED = frozenset({RAW, ANYWHERE})


class Flaw(StrEnum):
    """Why a line is unreadable, in words for people."""

    NOT_UTF8 = "not UTF-8"
    NOT_JSON = "not JSON"
    NOT_OBJECT = "not a JSON object"
    DUPLICATE = "a field is named twice"
    DEEP = f"nested deeper than {MAX_DEPTH}"
    LONG = f"longer than {MAX_LINE} bytes"
    FIELDS = f"more than {MAX_FIELDS} fields"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line without an event. position: 0-based, counted over all lines that are not blank."""

    position: int
    flaw: Flaw


@dataclass(frozen=True, slots=True)
class Reading:
    """What a piece of input held. `positions[row]` is the position of the batch's row; `lines` counts both kinds."""

    batch: Batch
    positions: tuple[int, ...]
    unreadable: tuple[Unreadable, ...]

    @property
    def lines(self) -> int:
        return len(self.positions) + len(self.unreadable)


class _Flawed(Exception):
    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw


def read(data: bytes, needs: Needs, first: int = 0) -> Reading:
    """The events of JSON lines. first: the position of the first line that is not blank."""
    return read_lines(split(data), needs, first)


def split(data: bytes) -> list[bytes]:
    """The lines of the data that are not blank, without line ends and without a byte order mark."""
    return [line for line in map(bytes.strip, data.removeprefix(_MARK).split(b"\n")) if line]


def read_lines(lines: Sequence[bytes], needs: Needs, first: int = 0) -> Reading:
    """The events of lines that are not blank. The batch has the fields that `needs` names, where they occur."""
    fields: dict[str, Cells] = {}
    raws: list[bytes] = []
    texts: list[str] | None = [] if needs.text else None
    positions: list[int] = []
    unreadable: list[Unreadable] = []
    for position, line in enumerate(lines, first):
        try:
            pairs = _pairs(line)
        except _Flawed as flawed:
            unreadable.append(Unreadable(position, flawed.flaw))
            continue
        row = len(raws)
        for name, value in pairs:
            if name in needs.fields and name not in _RESERVED:
                cells = fields.get(name)
                if cells is None:
                    cells = fields[name] = Cells()
                cells.values.append(value)
                cells.rows.append(row)
        raws.append(line)
        positions.append(position)
        if texts is not None:
            texts.append(JOINT.join([value for _, value in pairs]))
    batch = columns.build(fields, len(raws), raws, texts)
    return Reading(batch, tuple(positions), tuple(unreadable))


def split_document(data: bytes) -> list[bytes] | None:
    """The elements of a JSON array in order, each as its own bytes; None when the data does not begin one.

    What cannot be read on from some point is one last piece, for `read_lines` to name as unreadable.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    at = _skip(text, 0)
    if text[at : at + 1] != "[":
        return None
    at = _skip(text, at + 1)
    elements: list[bytes] = []
    while text[at : at + 1] not in ("]", ""):
        try:
            end = _DECODER.raw_decode(text, at)[1]
        except (ValueError, RecursionError):
            break
        elements.append(text[at:end].encode())
        at = _skip(text, end)
        if text[at : at + 1] != ",":
            break
        at = _skip(text, at + 1)
    rest = text[at + 1 :] if text[at : at + 1] == "]" else text[at:] or "["
    return [*elements, rest.strip().encode()] if rest.strip() else elements


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _pairs(line: bytes) -> list[tuple[str, str]]:
    """Field name and text, in the order of the line."""
    if len(line) > MAX_LINE:
        raise _Flawed(Flaw.LONG)
    try:
        event: object = orjson.loads(line)
    except orjson.JSONDecodeError as fault:
        raise _Flawed(_why(line)) from fault
    if not isinstance(event, dict):
        raise _Flawed(Flaw.NOT_OBJECT)
    fields = cast("dict[str, object]", event)
    if line.count(_KEY_END) != len(fields) or _LOOSE_KEY.search(line):
        return _carefully(line)
    if len(fields) > MAX_FIELDS:
        raise _Flawed(Flaw.FIELDS)
    pairs: list[tuple[str, str]] = []
    for name, value in fields.items():
        if type(value) is str:
            pairs.append((name, value))
        elif type(value) is int:
            pairs.append((name, str(value)))
        elif value is not None:
            return _carefully(line)
    return pairs


def _carefully(line: bytes) -> list[tuple[str, str]]:
    """The slower way: names are checked to be there once, whole numbers of any length are exact."""
    try:
        event = cast("dict[str, object]", json.loads(line, object_pairs_hook=_once))
    except RecursionError as fault:
        raise _Flawed(Flaw.DEEP) from fault
    except ValueError as fault:
        raise _Flawed(Flaw.NOT_JSON) from fault
    pairs: list[tuple[str, str]] = []
    _flatten(pairs, "", event, 1)
    if len({name for name, _ in pairs}) != len(pairs):
        raise _Flawed(Flaw.DUPLICATE)
    return pairs


def _once(members: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(members)
    if len(fields) != len(members):
        raise _Flawed(Flaw.DUPLICATE)
    return fields


def _flatten(pairs: list[tuple[str, str]], prefix: str, fields: dict[str, object], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise _Flawed(Flaw.DEEP)
    for name, value in fields.items():
        if isinstance(value, dict):
            _flatten(pairs, f"{prefix}{name}.", cast("dict[str, object]", value), depth + 1)
        elif value is not None:
            pairs.append((prefix + name, _text(value)))
            if len(pairs) > MAX_FIELDS:
                raise _Flawed(Flaw.FIELDS)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _decimal(value)
    if isinstance(value, int):
        return str(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _decimal(value: float) -> str:
    """Without an exponent where that stays readable."""
    text = repr(value)
    return format(Decimal(text), "f") if "e" in text and 1e-20 < abs(value) < 1e40 else text


def _why(line: bytes) -> Flaw:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return Flaw.NOT_UTF8
    return Flaw.NOT_JSON
