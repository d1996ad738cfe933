"""Plan lines: every single statement of a plan with an identity that survives reformatting and new neighbours.

The id is `FILE#/KEY/KEY`, an RFC 6901 pointer after the file. A list of plain values is one line; an item of another
list goes by its own name where it has one; the text of a Markdown file is a line a paragraph, below its heading. By
these ids a line is cited, marked "untested", compared, and blamed.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping

from muster.plan.front_matter import read_markdown
from muster.plan.layout import half_of
from muster.plan.part import Part
from muster.plan.plan import Half
from muster.plan.tree import Tree
from muster.plan.yaml_text import Flaw, KeyPath, Parsed, Value, read_yaml

_NAMES = ("id", "fact")
_HEADING = re.compile(r"#{1,6}\s+(.*)")


class PlanLine(Part):
    """One statement: its id, where it stands, to which half it belongs, and what it says.

    keys: for people; path: as YAML counts, None where it is a paragraph or a file that could not be read.
    """

    id: str
    file: str
    line: int
    keys: tuple[str, ...]
    half: Half | None
    text: str
    path: KeyPath | None = None

    @property
    def place(self) -> str:
        """For people: `people.yaml:19, people > mika-sandoval > verified`."""
        return f"{self.file}:{self.line}" + (f", {' > '.join(self.keys)}" if self.keys else "")


def plan_lines(tree: Tree) -> Mapping[str, PlanLine]:
    """All lines of a tree by id, in the order of files and lines."""
    return {line.id: line for path in sorted(tree) for line in file_lines(path, tree[path])}


def file_lines(path: str, data: bytes) -> tuple[PlanLine, ...]:
    """The lines of one file. A file that is no YAML or Markdown of the plan is one line, known by its hash."""
    parsed = _parsed(path, data)
    if parsed is None:
        return (_line(path, (), 1, f"sha256:{hashlib.sha256(data).hexdigest()}"),)
    found: dict[str, PlanLine] = {}
    for keys, number, text, at in _leaves(parsed, parsed.value, (), ()):
        line = _line(path, keys, number, text, at)
        found.setdefault(line.id, line)
    return tuple(sorted(found.values(), key=lambda line: line.line))


def line_at(path: str, data: bytes, number: int) -> PlanLine | None:
    """The plan line that a line of the file belongs to: the last one that begins there or before."""
    before = [line for line in file_lines(path, data) if line.line <= number]
    return before[-1] if before else None


def _line(path: str, keys: tuple[str, ...], number: int, text: str, at: KeyPath | None = None) -> PlanLine:
    pointer = "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in keys)
    return PlanLine(
        id=f"{path}#{pointer}", file=path, line=number, keys=keys, half=half_of(path), text=text, path=at
    )


def _parsed(path: str, data: bytes) -> Parsed | None:
    try:
        if path.endswith(".md") and half_of(path) is not None:
            return read_markdown(data)
        return read_yaml(data) if path.endswith((".yaml", ".yml")) else None
    except Flaw:
        return None


def _leaves(
    parsed: Parsed, value: Value, path: KeyPath, keys: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], int, str, KeyPath | None]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            if (*path, key) == ("text",) and isinstance(inner, str) and "\n" in inner:
                yield from _paragraphs(inner, parsed.line(("text",)))
            else:
                yield from _leaves(parsed, inner, (*path, key), (*keys, key))
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        for number, (name, item) in enumerate(zip(_names(value), value, strict=True)):
            yield from _leaves(parsed, item, (*path, number), (*keys, name))
    else:
        yield keys, parsed.line(path), _text(value), path


def _names(items: list[Value]) -> list[str]:
    """What each item goes by: its own name if no other item has it, else its place."""
    own = [
        next((str(item[key]) for key in _NAMES if key in item), "") if isinstance(item, dict) else ""
        for item in items
    ]
    return [
        name if name and own.count(name) == 1 else str(number) for number, name in enumerate(own, start=1)
    ]


def _text(value: Value) -> str:
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None or value == {} else str(value).strip()


def _paragraphs(text: str, first: int) -> Iterator[tuple[tuple[str, ...], int, str, KeyPath | None]]:
    heading, count = "", 0
    for found in re.finditer(r"[^\n]+(?:\n[^\n]+)*", text):
        line = first + text.count("\n", 0, found.start())
        words = " ".join(found[0].split())
        title = _HEADING.fullmatch(words) if "\n" not in found[0] else None
        if title:
            heading, count = title[1], 0
        else:
            count += 1
            yield ("text", *([heading] if heading else []), str(count)), line, words, None
