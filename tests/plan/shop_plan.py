"""The example company's plan as a tree, and ways to break it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import muster.plan
from muster.plan.finding import Finding, problems
from muster.plan.lint import check
from muster.plan.load import load
from muster.plan.plan import Plan

FOLDER = Path(muster.plan.__file__).parent / "example"
NOW = datetime(2026, 11, 24, 2, 10, tzinfo=UTC)


@cache
def example() -> Mapping[str, bytes]:
    """The files of the example, as they lie in the package."""
    return {
        path.relative_to(FOLDER).as_posix(): path.read_bytes()
        for path in sorted(FOLDER.rglob("*"))
        if path.is_file()
    }


@cache
def plan() -> Plan:
    """The example, loaded."""
    found = load(example()).plan
    assert found is not None
    return found


@dataclass(frozen=True)
class Broken:
    """A way to break the example: which rule must find it, in which file, at the line with which words.

    edits: (file, old text, new text); without an old text the file is written whole, without a new one it is removed.
    """

    rule: str
    file: str
    at: str
    edits: tuple[tuple[str, str | None, str | None], ...]
    now: datetime = field(default=NOW)

    @property
    def tree(self) -> Mapping[str, bytes]:
        files = dict(example())
        for file, old, new in self.edits:
            if new is None:
                del files[file]
            elif old is None:
                files[file] = new.encode()
            else:
                text = files[file].decode()
                assert text.count(old) >= 1, f"{file} does not hold {old!r}"
                files[file] = text.replace(old, new, 1).encode()
        return files

    @property
    def line(self) -> int:
        if not self.at:
            return 1
        lines = self.tree[self.file].decode().splitlines()
        return next(number for number, line in enumerate(lines, 1) if self.at in line)

    def found(self) -> tuple[Finding, ...]:
        return problems(check(self.tree, self.now))


def one(rule: str, file: str, old: str, new: str, at: str | None = None) -> Broken:
    """One edit; the finding is at the line of the new text, or of `at`."""
    where = at if at is not None else new.strip().splitlines()[0]
    return Broken(rule, file, where, ((file, old, new),))


def assert_found_alone(broken: Broken) -> None:
    """The finding names this rule, file and line, and there is no other."""
    found = [(one.rule, one.file, one.line) for one in broken.found()]
    assert found == [(broken.rule, broken.file, broken.line)], [one.sentence() for one in broken.found()]


def without(rule: str, file: str, first: str, until: str, at: str) -> Broken:
    """A stretch of a file is taken out: from `first` up to, not including, `until` (empty: to the end)."""
    text = example()[file].decode()
    start = text.index(first)
    end = text.index(until, start + 1) if until else len(text)
    return Broken(rule, file, at, ((file, text[start:end], ""),))
