"""One JSON object from bytes: every name once, whole numbers of any length exact, depth bounded.

orjson is quick and keeps the last of two fields of one name; nobody can know which value was meant, so such an event
is refused. It is noticed by counting: in the bytes there are as many `":` as in the object written again, unless a
field was lost. Where the bytes could be written in another way than that, the slower reader of the standard library
looks at each name.
"""

import json
import re
from typing import cast

import orjson

from muster.detect.flaw import MAX_FIELDS, MAX_LINE, Flaw, Flawed

Event = dict[str, object]

_KEY_END = b'":'
_LOOSE_KEY = re.compile(rb'"[ \t\r\n]+:')
_ESCAPED = re.compile(rb"\\u00(?:22|3[aA])")
_WHOLE = 2.0**63


class Inexact(Exception):
    """A number may have been longer than orjson keeps: the line has to be decoded by `carefully`."""


class Exact(float):
    """A number that was written as a fraction or with an exponent, as `carefully` gives it."""


def decode(line: bytes) -> Event:
    """The object of a line. Raises `Flawed`. Floats of 2^63 and more are for `exact` to check."""
    if len(line) > MAX_LINE:
        raise Flawed(Flaw.LONG)
    try:
        event: object = orjson.loads(line)
    except orjson.JSONDecodeError as fault:
        raise Flawed(_why(line, fault)) from fault
    if type(event) is not dict:
        raise Flawed(Flaw.NOT_OBJECT)
    fields = cast("Event", event)
    count = line.count(_KEY_END)
    if count != len(fields) and (count != _written(fields) or _ESCAPED.search(line)):
        return carefully(line)
    spaced = b" :" in line or b"\t" in line or b"\r" in line or b"\n" in line
    if spaced and _LOOSE_KEY.search(line):
        return carefully(line)
    if len(fields) > MAX_FIELDS:
        raise Flawed(Flaw.FIELDS)
    return fields


def exact(value: float) -> float:
    """The value itself. Raises `Inexact` when it may have been a whole number of more than 63 bits."""
    if type(value) is float and not -_WHOLE < value < _WHOLE:
        raise Inexact
    return value


def carefully(line: bytes) -> Event:
    """The slower way to the same object. Raises `Flawed`."""
    try:
        return cast("Event", json.loads(line, object_pairs_hook=_once, parse_float=Exact))
    except RecursionError as fault:
        raise Flawed(Flaw.DEEP) from fault
    except ValueError as fault:
        raise Flawed(Flaw.NOT_JSON) from fault


def _once(members: list[tuple[str, object]]) -> Event:
    fields = dict(members)
    if len(fields) != len(members):
        raise Flawed(Flaw.DUPLICATE)
    return fields


def _written(fields: Event) -> int:
    try:
        return orjson.dumps(fields).count(_KEY_END)
    except orjson.JSONEncodeError:
        return -1


def _why(line: bytes, fault: orjson.JSONDecodeError) -> Flaw:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return Flaw.NOT_UTF8
    return Flaw.DEEP if "depth" in fault.msg else Flaw.NOT_JSON
