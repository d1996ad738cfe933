"""A change of the plan as its lines, before and after; the hash that somebody approves; the trailers of its commit."""

import hashlib

from pydantic import BaseModel, ConfigDict, Field

from muster.plan.diff import diff
from muster.plan.tree import Tree
from muster.record.canonical import canonical

LESSON = "Lesson"
INCIDENT = "Incident"


class LineChange(BaseModel):
    """One changed line of the plan by its id (`roles.yaml#/roles/scribe`), which stays when lines move.

    line: in the new version, or in the old one when it was removed. before: None when it was added; after: None
    when it was removed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1, max_length=400)
    file: str = Field(max_length=240)
    line: int = Field(ge=1)
    before: str | None = Field(default=None, max_length=8000)
    after: str | None = Field(default=None, max_length=8000)


def line_changes(before: Tree, after: Tree) -> tuple[LineChange, ...]:
    """What differs between two trees of the plan, as a lesson holds it."""
    return tuple(
        LineChange(id=one.id, file=one.file, line=one.line, before=one.before, after=one.after)
        for one in diff(before, after)
    )


def changes_hash(lines: tuple[LineChange, ...]) -> str:
    """The hash of a change: what somebody approves."""
    return hashlib.sha256(canonical([line.model_dump(mode="json") for line in lines])).hexdigest()


def trailers(lesson: str, found_in: str | None) -> tuple[tuple[str, str], ...]:
    """The trailers of the commit that makes the change, so that blaming a line leads to lesson and incident."""
    return ((LESSON, lesson), *(((INCIDENT, found_in),) if found_in is not None else ()))
