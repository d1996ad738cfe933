"""The documents of rule files, each with the lines on which its keys stand; what cannot be read has none."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import yaml

from muster.detect.rule_yaml import documents
from muster.detect.sigma_faults import FAULTS

PIPELINES = (".pipeline.yml", ".pipeline.yaml")
_KEY = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*)[ \t]*:")


@dataclass(frozen=True, slots=True)
class Page:
    """One document: its file, its number there (from 1), its fields, and key -> line."""

    path: str
    number: int
    first_line: int
    fields: Mapping[object, object]
    lines: Mapping[str, int]

    def line(self, key: str = "") -> int:
        """The line of a key; the document's first line when it is not there."""
        return self.lines.get(key, self.first_line)

    def text(self, key: str) -> str:
        """A key's value as text, without blanks around it; empty when it is not there."""
        value = self.fields.get(key)
        return "" if value is None else str(value).strip()

    @property
    def tags(self) -> tuple[str, ...]:
        """Its tags as they are written."""
        told = self.fields.get("tags")
        return tuple(map(str, cast("list[object]", told))) if isinstance(told, list) else ()

    @property
    def is_rule(self) -> bool:
        """Whether it is a rule or a correlation, and no filter."""
        return "filter" not in self.fields


def pages(files: Mapping[str, bytes]) -> Iterator[Page]:
    """Every document that is a mapping, in the order of the files; pipelines are none."""
    for path, data in files.items():
        if not path.endswith(PIPELINES):
            yield from _of_file(path, data.decode("utf-8-sig", "replace"))


def _of_file(path: str, text: str) -> Iterator[Page]:
    starts = [(first, lines) for first, lines in _keys(text) if lines]
    try:
        for number, content in enumerate(documents(text), 1):
            if isinstance(content, dict):
                first, lines = starts[number - 1] if number <= len(starts) else (1, {})
                yield Page(path, number, first, cast("dict[object, object]", content), lines)
    except (yaml.YAMLError, *FAULTS):
        return


def _keys(text: str) -> Iterator[tuple[int, dict[str, int]]]:
    first, lines = 1, dict[str, int]()
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("---"):
            yield first, lines
            first, lines = number + 1, {}
        elif found := _KEY.match(line):
            if not lines:
                first = number
            lines.setdefault(found[1], number)
    yield first, lines
