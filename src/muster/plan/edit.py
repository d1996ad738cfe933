"""Changing what one plan line says, and nothing else: comments, order, quotes and all other lines stay.

The file is written back by ruamel.yaml's round trip. Where that alone would already change a byte, or where more than
the one statement would, the change is refused and is to be made by hand.
"""

from collections.abc import Iterable, Mapping
from io import StringIO
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from muster.core.errors import BadInput, NotFound, Refused
from muster.core.text import shown
from muster.plan.front_matter import FENCE
from muster.plan.lines import PlanLine, file_lines
from muster.plan.tree import Tree
from muster.plan.yaml_text import KeyPath

_INDENTS = ((4, 2), (2, 0))
_BY_HAND = "Edit the file by hand, and write the draft from it."


def with_line(tree: Tree, line_id: str, text: str) -> Mapping[str, bytes]:
    """The tree with one plan line saying something else. Where it is a list, its entries are parted by commas.

    Raises NotFound when there is no such line, Refused when the file cannot be changed by machine, BadInput for text
    with control characters. Whether the new text is a good one, the linter says.
    """
    file = line_id.partition("#")[0]
    before = {line.id: line for line in file_lines(file, tree[file])} if file in tree else {}
    line = before.get(line_id)
    if line is None:
        raise NotFound("The plan has no such line.", shown(line_id), "Look at the plan in force.")
    if shown(text, keep_lines=True) != text:
        raise BadInput("The text holds a control character.", line.place, "Take it out.")
    data = _changed(tree[file], line, text.strip())
    if _others(file_lines(file, data), line) != _others(before.values(), line):
        raise _refused(line)
    return {**tree, file: data}


def _others(lines: Iterable[PlanLine], line: PlanLine) -> dict[KeyPath, str]:
    """All other lines by where YAML has them; an item that is called by the changed line keeps its place."""
    mine = line.path or line.keys
    return {place: one.text for one in lines if (place := one.path or one.keys) != mine}


def _refused(line: PlanLine) -> Refused:
    return Refused("This line cannot be changed by itself.", line.place, _BY_HAND)


def _changed(data: bytes, line: PlanLine, text: str) -> bytes:
    if not line.file.endswith(".md"):
        return _in_yaml(data.decode(), line, text).encode()
    if line.keys[:1] == ("text",):
        return _paragraph(data.decode(), line, text).encode()
    whole = data.decode()
    end = whole.index(f"\n{FENCE}\n", len(FENCE)) + 1
    start = len(FENCE) + 1
    return f"{whole[:start]}{_in_yaml(whole[start:end], line, text)}{whole[end:]}".encode()


def _paragraph(whole: str, line: PlanLine, text: str) -> str:
    lines = whole.split("\n")
    start = end = line.line - 1
    while end < len(lines) and lines[end].strip():
        end += 1
    return "\n".join([*lines[:start], *text.split("\n"), *lines[end:]])


def _in_yaml(source: str, line: PlanLine, text: str) -> str:
    """Reading the plan line has shown already that there is no anchor, tag or depth in the file."""
    path = line.path
    if path is None:
        raise _refused(line)
    for indent in _INDENTS:
        try:
            root, writer = _loaded(source, indent)
            if _dumped(writer, root) == source:
                _put(root, path, text)
                return _dumped(writer, root)
        except (YAMLError, LookupError, TypeError, ValueError):
            break
    raise _refused(line)


def _loaded(source: str, indent: tuple[int, int]) -> tuple[Any, Any]:
    writer: Any = YAML(typ="rt", pure=True)
    writer.preserve_quotes = True
    writer.width = 10_000
    writer.indent(mapping=2, sequence=indent[0], offset=indent[1])
    return writer.load(source), writer


def _dumped(writer: Any, root: Any) -> str:
    out = StringIO()
    writer.dump(root, out)
    return out.getvalue()


def _put(root: Any, path: KeyPath, text: str) -> None:
    holder: Any = root
    for key in path[:-1]:
        holder = holder[key]
    old: Any = holder[path[-1]]
    if isinstance(old, list):
        entries = cast("list[Any]", old)
        entries[:] = [part for part in (piece.strip() for piece in text.split(",")) if part]
    elif isinstance(old, bool):
        holder[path[-1]] = {"true": True, "false": False}[text]
    elif isinstance(old, int):
        holder[path[-1]] = int(text)
    elif isinstance(old, str) and old.__class__ is not str:
        holder[path[-1]] = old.__class__(text)  # keeps its quotes, or its way of running over lines
    else:
        holder[path[-1]] = text
