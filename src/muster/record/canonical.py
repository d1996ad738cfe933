"""Canonical JSON: the one form of bytes in which headers and bodies are hashed and stored, and its edge.

The form is RFC 8785 (JSON Canonicalization Scheme) over a smaller set of values: strings, booleans, null, lists,
objects, and integers within 2^53-1. Floats are left out because their text differs between languages; amounts and
times are strings of one grammar. NUL is left out because PostgreSQL and C programs cut text at it, lone surrogates
because they have no UTF-8. No error repeats any of the input: it may hold a password.
"""

import json
import re
from collections.abc import Iterable
from typing import Any, NoReturn, cast

import rfc8785

from muster.core.errors import BadInput

MAX_BYTES = 65_536
MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1

# Text may be longer than its canonical form by white space and escapes; beyond this it is not even read.
_MAX_TEXT_FACTOR = 8
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{\]}]', re.DOTALL)


def canonical(value: Any, *, most: int = MAX_BYTES) -> bytes:
    """The canonical bytes of a value (RFC 8785, section 3.2).

    most: bytes allowed. Raises BadInput for anything outside the set of values, deeper than 32, or larger.
    """
    _check(value, most)
    data = rfc8785.dumps(value)
    if len(data) > most:
        _refuse_size(most)
    return data


def parse(data: bytes, *, most: int = MAX_BYTES) -> Any:
    """The value of a JSON text (RFC 8259, UTF-8), in whatever form it was written.

    most: bytes allowed in canonical form. Raises BadInput for what `canonical` refuses, for duplicate keys and for
    what is no JSON; never RecursionError, and never with any of the input in its words.
    """
    value = _read(data, most)
    if len(data) > most:  # the canonical form is never longer than the text
        canonical(value, most=most)
    return value


def parse_canonical(data: bytes, *, most: int = MAX_BYTES) -> Any:
    """The value of bytes that must be canonical already: `canonical(parse(data)) == data`, else BadInput."""
    if len(data) > most:
        _refuse_size(most)
    value = _read(data, most)
    if rfc8785.dumps(value) != data:
        raise BadInput("This JSON is not in its canonical form.", mend="Write it as RFC 8785 says.")
    return value


def _read(data: bytes, most: int) -> Any:
    if len(data) > most * _MAX_TEXT_FACTOR:
        _refuse_size(most)
    text = _text(data)
    _check_depth(text)
    problem = BadInput("This is no JSON.", mend="Send one JSON value in UTF-8.")
    try:
        value = json.loads(
            text,
            parse_int=_integer,
            parse_float=_refuse_float,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        problem.where = f"line {error.lineno}, column {error.colno}"
    else:
        _check(value, most * _MAX_TEXT_FACTOR)
        return value
    raise problem  # outside of the handler: JSONDecodeError carries the whole input


def _text(data: bytes) -> str:
    problem = BadInput("This is not UTF-8.", mend="Send JSON in UTF-8.")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        problem.where = f"byte {error.start}"
    raise problem


def _check_depth(text: str) -> None:
    depth = 0
    for found in _STRING_OR_BRACKET.finditer(text):
        mark = found.group()
        if mark in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                _refuse_depth()
        elif mark in "]}":
            depth -= 1


def _check(value: Any, most: int) -> None:
    """Refuse what has no place in the record. Walks with a stack of its own, so depth costs no recursion."""
    waiting: list[tuple[Any, int]] = [(value, 0)]
    budget = most
    while waiting:
        item, depth = waiting.pop()
        budget -= (
            1  # every value takes a byte at least, so a small web of shared lists cannot grow without end
        )
        if budget < 0:
            _refuse_size(most)
        if isinstance(item, str):
            budget -= _checked_length(item)
        elif isinstance(item, int):
            if abs(item) > MAX_INTEGER:
                _refuse_integer()
        elif isinstance(item, list | dict):
            if depth == MAX_DEPTH:
                _refuse_depth()
            waiting.extend((child, depth + 1) for child in _children(item))
        elif item is not None:
            _refuse_type(item)


def _children(item: Any) -> Iterable[Any]:
    if not isinstance(item, dict):
        return item
    members = cast("dict[object, Any]", item)
    if not all(isinstance(key, str) for key in members):
        raise BadInput("A key is not a string.", mend="Use strings as keys.")
    return [*members.keys(), *members.values()]


def _checked_length(text: str) -> int:
    if "\0" in text:
        raise BadInput("A string holds the character NUL (U+0000).", mend="Take it out.")
    if _HALF_PAIR.search(text):
        raise BadInput("A string holds half of a surrogate pair.", mend="Send whole characters.")
    return len(text)


def _integer(digits: str) -> int:
    if len(digits) > len(str(-MAX_INTEGER)):
        _refuse_integer()
    return int(digits)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadInput("An object holds one key twice.", mend="Keep one of them.")
    return found


def _refuse_float(_: str) -> NoReturn:
    raise BadInput("A number has a fraction or an exponent.", mend="Send it as a string, or as an integer.")


def _refuse_constant(_: str) -> NoReturn:
    raise BadInput("NaN and Infinity are no JSON.", mend="Send null, or a string.")


def _refuse_type(item: object) -> NoReturn:
    if isinstance(item, float):
        _refuse_float("")
    raise BadInput(
        f"A value of type {type(item).__name__} has no place in the record.",
        mend="Use strings, integers, booleans, null, lists and objects.",
    )


def _refuse_integer() -> NoReturn:
    raise BadInput("An integer lies outside of 2^53-1.", mend="Send it as a string.")


def _refuse_depth() -> NoReturn:
    raise BadInput(f"Lists and objects are nested deeper than {MAX_DEPTH}.", mend="Make it flatter.")


def _refuse_size(most: int) -> NoReturn:
    raise BadInput(f"This is larger than {most} bytes.", mend="Attach what is large as a file.")
