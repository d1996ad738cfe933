"""What stands at the head of rule documents: title, id, level, status, author, tags; read by lines, for lists of rules.

The web process loads no engine, and thousands of rules are listed at once: so this is no YAML reader. A key whose value
goes over several lines is shown by its first. What a rule means is the detector's matter alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from muster.core.text import shown

_KEY = re.compile(r"(title|id|level|status|author|license|tags|filter|correlation)[ \t]*:(.*)")
_ITEM = re.compile(r"[ \t]*-[ \t]+(.*)")
_COMMENT = re.compile(r"[ \t]#.*$")


@dataclass(frozen=True, slots=True)
class Header:
    """One document of a rule file. number: from 1. key: as hits name the rule. kind: rule, correlation or filter."""

    path: str
    number: int
    fields: dict[str, str] = field(default_factory=dict[str, str])
    tags: tuple[str, ...] = ()
    kind: str = "rule"

    @property
    def key(self) -> str:
        """As hits name the rule."""
        return self.path if self.number == 1 else f"{self.path}#{self.number}"

    @property
    def title(self) -> str:
        """Its title, or its key."""
        return self.fields.get("title") or self.key


def headers(path: str, text: str) -> Iterator[Header]:
    """The documents of a rule file that have a title or an id; pipelines have neither."""
    number = 1
    lines: list[str] = []
    for line in (*text.split("\n"), "---"):
        if not line.startswith("---"):
            lines.append(line)
            continue
        found = _header(path, number, lines)
        if found is not None:
            yield found
            number += 1
        lines = []


def _header(path: str, number: int, lines: list[str]) -> Header | None:
    fields: dict[str, str] = {}
    tags: list[str] = []
    kind, last = "rule", ""
    for line in lines:
        if found := _KEY.match(line):
            last, value = found[1], _plain(found[2])
            kind = last if last in ("filter", "correlation") else kind
            if last == "tags":
                tags += [_plain(one) for one in value.strip("[]").split(",") if one.strip()]
            elif value and value not in (">", ">-", "|", "|-"):
                fields.setdefault(last, value)
        elif last == "tags" and (item := _ITEM.match(line)):
            tags.append(_plain(item[1]))
        elif line[:1].strip() and not line.startswith("#"):
            last = ""
    named = "title" in fields or "id" in fields
    return Header(path, number, fields, tuple(tags), kind) if named else None


def _plain(value: str) -> str:
    value = _COMMENT.sub("", value).strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        value = value[1:-1]
    return shown(value)[:200]
