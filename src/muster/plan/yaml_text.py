"""YAML 1.2 as the plan uses it: read from bytes, every value with its line, nothing built that was not written.

Anchors, aliases, tags, several documents and duplicate keys are refused. A plain scalar is null, true, false or a
whole number as the core schema says (YAML 1.2.2, section 10.3.2); everything else is text, also dates and `4.10`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from muster.core.text import shown

MAX_DEPTH = 16
KeyPath = tuple[str | int, ...]
Value = str | int | bool | None | list["Value"] | dict[str, "Value"]

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE, _FALSE = frozenset({"true", "True", "TRUE"}), frozenset({"false", "False", "FALSE"})
_INTEGER = re.compile(r"[-+]?[0-9]{1,15}", re.ASCII)
_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}", re.ASCII)


class Flaw(Exception):
    """Why a file cannot be read: the line, what is wrong there, and the mend."""

    def __init__(self, line: int, what: str, mend: str) -> None:
        super().__init__(what)
        self.line = line
        self.what = what
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Parsed:
    """The value of a file, and the line on which each key path begins; () is the file itself."""

    value: Value
    lines: Mapping[KeyPath, int]

    def line(self, path: KeyPath) -> int:
        """The line of a value; of the nearest thing around it when it is not there."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read."""

    path: KeyPath
    value: list[Value] | dict[str, Value]
    key: str | None = None
    keys: set[str] = field(default_factory=set[str])


@lru_cache(maxsize=2_048)
def read_yaml(data: bytes, first_line: int = 1) -> Parsed:
    """The one document of a file. first_line: where the text begins in its file. Raises Flaw.

    The answer is remembered and shared: nobody may change the value.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = first_line + data.count(b"\n", 0, error.start)
        raise Flaw(line, "The file is not UTF-8 text.", "Save it as UTF-8.") from None
    reader = _Reader()
    try:
        for event in _events(text, first_line):
            reader.take(event)
    except MarkedYAMLError as error:
        about: Any = error
        mark: Any = about.problem_mark or about.context_mark
        line = first_line + (int(mark.line) if mark else 0)
        problem = shown(str(about.problem or "it does not parse"))[:120]
        raise Flaw(
            line, f"This is not YAML: {problem}.", "Look at indentation, colons and quotes here."
        ) from None
    except YAMLError:
        line = first_line + _unprintable_line(text)
        raise Flaw(
            line, "A character here is not allowed in YAML.", "Take out the control character."
        ) from None
    reader.lines[()] = first_line
    return Parsed(reader.root, reader.lines)


class _Kind(Enum):
    DOCUMENT = 1
    SCALAR = 2
    LIST = 3
    MAPPING = 4
    END = 5
    ALIAS = 6


_KINDS: Mapping[type, _Kind] = {
    DocumentStartEvent: _Kind.DOCUMENT,
    ScalarEvent: _Kind.SCALAR,
    SequenceStartEvent: _Kind.LIST,
    MappingStartEvent: _Kind.MAPPING,
    SequenceEndEvent: _Kind.END,
    MappingEndEvent: _Kind.END,
    AliasEvent: _Kind.ALIAS,
}


@dataclass(frozen=True, slots=True)
class _Event:
    """What the parser saw, with types."""

    kind: _Kind
    line: int
    text: str
    quoted: bool
    anchored: bool
    tagged: bool


def _events(text: str, first_line: int) -> Iterator[_Event]:
    parser: Any = YAML(typ="safe", pure=True)
    for event in parser.parse(text):
        kind = _KINDS.get(event.__class__)
        if kind is not None:
            yield _Event(
                kind,
                first_line + int(event.start_mark.line),
                str(getattr(event, "value", "")),
                quoted=bool(getattr(event, "style", None)),
                anchored=getattr(event, "anchor", None) is not None,
                tagged=getattr(event, "ctag", None) is not None,
            )


def _unprintable_line(text: str) -> int:
    found = re.search(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    return text.count("\n", 0, found.start()) if found else 0


class _Reader:
    """Builds plain values from events with a stack of its own, so depth costs no recursion."""

    def __init__(self) -> None:
        self.root: Value = None
        self.lines: dict[KeyPath, int] = {}
        self._open: list[_Open] = []
        self._documents = 0

    def take(self, event: _Event) -> None:
        """One more event. Raises Flaw."""
        if event.anchored or event.kind is _Kind.ALIAS:
            raise Flaw(event.line, "Anchors and aliases (& and *) have no place here.", "Write it out.")
        if event.tagged:
            raise Flaw(event.line, "Tags (!) have no place here.", "Take it out, or quote the text.")
        match event.kind:
            case _Kind.DOCUMENT:
                self._documents += 1
                if self._documents > 1:
                    raise Flaw(event.line, "A second document begins here.", "Keep one document in a file.")
            case _Kind.SCALAR:
                self._scalar(event)
            case _Kind.MAPPING:
                self._begin({}, event.line)
            case _Kind.LIST:
                self._begin([], event.line)
            case _Kind.END:
                self._open.pop()

    def _scalar(self, event: _Event) -> None:
        text, line = event.text, event.line
        top = self._open[-1] if self._open else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            if text in top.keys:
                raise Flaw(line, f"The key `{shown(text)[:60]}` stands here twice.", "Keep one of them.")
            top.keys.add(text)
            top.key = text
            self.lines[(*top.path, text)] = line
            return
        self._put(text if event.quoted else _plain(text), line)

    def _begin(self, value: list[Value] | dict[str, Value], line: int) -> None:
        top = self._open[-1] if self._open else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            raise Flaw(line, "A list or mapping stands here as a key.", "Use a plain word as the key.")
        if len(self._open) == MAX_DEPTH:
            raise Flaw(line, f"This is nested deeper than {MAX_DEPTH}.", "Make it flatter.")
        self._open.append(_Open(self._put(value, line), value))

    def _put(self, value: Value, line: int) -> KeyPath:
        """Puts a value where it belongs; a key's line stays that of the key."""
        if not self._open:
            self.root = value
            return ()
        top = self._open[-1]
        if isinstance(top.value, list):
            path = (*top.path, len(top.value))
            top.value.append(value)
            self.lines[path] = line
            return path
        key = top.key or ""
        top.key = None
        top.value[key] = value
        return (*top.path, key)


def _plain(text: str) -> Value:
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    # A leading zero is kept as text: it is a phone number or a time, not a count.
    if _INTEGER.fullmatch(text) and _NUMBER.fullmatch(text.lstrip("-")):
        return int(text)
    return text
