"""A piece of input split into events: lines, one JSON array, JSON objects one after the other, XML events.

CloudTrail writes `{"Records": [...]}`, other exports `{"value": [...]}` or `{"events": [...]}`: the elements count.
"""

import json
import re
from collections.abc import Generator, Iterator

_MARK = b"\xef\xbb\xbf"
_SPACE = re.compile(r"[ \t\r\n]*")
_WRAPPED = re.compile(r'\{[ \t\r\n]*"(?:Records|records|value|events)"[ \t\r\n]*:[ \t\r\n]*(?=\[)')
_DOCUMENT = re.compile(
    rb'\s*(?:\[|\{\s*"(?:Records|records|value|events)"\s*:\s*\[|\{[ \t]*\r?\n|<\?xml |<Events?[ >])'
)
_XML = re.compile(r"<Event[ >]")
_XML_END = "</Event>"
_AROUND = re.compile(r"<\?xml [^>]*>|</?Events(?: [^>]*)?>")
_DECODER = json.JSONDecoder()


def split(data: bytes) -> list[bytes]:
    """The lines of the data that are not blank, without line ends and without a byte order mark."""
    return [line for line in map(bytes.strip, data.removeprefix(_MARK).split(b"\n")) if line]


def is_document(beginning: bytes) -> bool:
    """Whether data that begins so is a JSON document of many lines rather than one event a line."""
    return _DOCUMENT.match(beginning.removeprefix(_MARK)) is not None


def split_document(data: bytes) -> list[bytes] | None:
    """The events of a JSON document in order, each as its own bytes; None when the data is no UTF-8 or no document.

    What cannot be read on from some point is one last piece, for `events` to name as unreadable.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if not is_document(data[:4_096]):
        return None
    return [piece.encode() for piece in _pieces(text)]


def _pieces(text: str) -> Iterator[str]:
    at = _skip(text, 0)
    if text[at : at + 1] == "<":
        yield from _xml_events(text)
        return
    while at < len(text):
        wrapped = _WRAPPED.match(text, at)
        listed = wrapped.end() if wrapped else at
        if text[listed] == "[":
            at = yield from _elements(text, listed)
            if wrapped and at < len(text):
                at = _end_of_wrapping(text, at)
        else:
            end = _value(text, at)
            if end is None:
                yield from filter(None, map(str.strip, text[at:].split("\n")))
                return
            yield text[at:end]
            at = end
        at = _skip(text, at)


def _xml_events(text: str) -> Iterator[str]:
    """Each `<Event>` as it stands; what stands between is passed over when it is only the frame around them."""
    at = 0
    while at < len(text):
        found = _XML.search(text, at)
        start = found.start() if found else len(text)
        between = _AROUND.sub("", text[at:start]).strip()
        if between:
            yield between
        end = text.find(_XML_END, start)
        at = end + len(_XML_END) if end >= 0 else len(text)
        if start < at:
            yield text[start:at].strip()


def _elements(text: str, opening: int) -> Generator[str, None, int]:
    at = _skip(text, opening + 1)
    while at < len(text) and text[at] != "]":
        end = _value(text, at)
        if end is None:
            break
        yield text[at:end]
        at = _skip(text, end)
        if text[at : at + 1] != ",":
            break
        at = _skip(text, at + 1)
    if text[at : at + 1] == "]":
        return at + 1
    yield text[at:].strip() or "["
    return len(text)


def _end_of_wrapping(text: str, at: int) -> int:
    """Behind the `}` of the wrapping object, whatever other fields it has."""
    at = _skip(text, at)
    while text[at : at + 1] == ",":
        name = _value(text, _skip(text, at + 1))
        colon = _skip(text, name) if name is not None else len(text)
        end = _value(text, _skip(text, colon + 1)) if text[colon : colon + 1] == ":" else None
        if end is None:
            return at
        at = _skip(text, end)
    return at + 1 if text[at : at + 1] == "}" else at


def _value(text: str, at: int) -> int | None:
    try:
        return _DECODER.raw_decode(text, at)[1]
    except (ValueError, RecursionError):
        return None


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
