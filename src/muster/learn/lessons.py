"""A lesson: noted, agreed, written as a change of plan lines, approved, tested by a drill; or dropped with a reason.

Lessons belong to the plan's stream, since they outlive their incident, and are real also when a drill taught them.
A lesson is called by its entry there: `PLN-PLAN/17`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from muster.core.ids import PLAN_STREAM
from muster.learn.plan_change import LineChange, changes_hash
from muster.record.body import Body, kinds_of
from muster.record.entry import Entry, Header
from muster.record.state import Fold, Slice, StreamState


class LessonState(StrEnum):
    """Where a lesson stands (states, 1.2); dropped means: accepted as it is, for a reason."""

    NOTED = "noted"
    AGREED = "agreed"
    DIFF = "diff"
    APPROVED = "approved"
    TESTED = "tested"
    DROPPED = "dropped"


class LessonNoted(Body):
    """What must change, as somebody saw it. found_in: the incident or drill, also by the ref `from`."""

    kind: ClassVar[str] = "lesson.noted"
    text: str
    found_in: str | None = None


class LessonTaken(Body):
    """On the incident: it taught a lesson (ref `lesson`)."""

    kind: ClassVar[str] = "lesson.taken"


class LessonsNone(Body):
    """On the incident: it taught nothing that changes the plan; why stands in the next entry."""

    kind: ClassVar[str] = "lessons.none"


class LessonAgreed(Body):
    """It is to be done (ref `lesson`): by whom and until when."""

    kind: ClassVar[str] = "lesson.agreed"
    owner: str
    due: str


class LessonDiffed(Body):
    """It is written as changed lines of the plan (ref `lesson`). base: the commit that they change; commit: the draft."""

    kind: ClassVar[str] = "lesson.diffed"
    lines: tuple[LineChange, ...]
    base: str
    commit: str | None = None


class LessonApproved(Body):
    """Somebody else approved exactly these lines (ref `lesson`); commit: the one that brought them into the plan."""

    kind: ClassVar[str] = "lesson.approved"
    sha256: str
    commit: str


class LessonTested(Body):
    """A drill exercised lines of it (ref `lesson`), by their ids in the plan."""

    kind: ClassVar[str] = "lesson.tested"
    drill: str
    lines: tuple[str, ...]


class LessonDropped(Body):
    """It stays as it is (ref `lesson`); why stands in the next entry."""

    kind: ClassVar[str] = "lesson.dropped"


class ChangedLine(Slice):
    """A line that the lesson changed, and the drill that exercised it."""

    line: LineChange
    tested_by: str | None = None

    @property
    def untested(self) -> bool:
        """Whether a drill has still to exercise it; a line that was taken out cannot be."""
        return self.tested_by is None and self.line.after is not None


class Lesson(Slice):
    """A lesson as it stands. written_by: who wrote the change, and so cannot approve it."""

    state: LessonState = LessonState.NOTED
    found_in: str | None = None
    owner: str | None = None
    due: str | None = None
    lines: tuple[ChangedLine, ...] = ()
    sha256: str | None = None
    written_by: str | None = None
    commit: str | None = None
    version: int = 1

    @property
    def ended(self) -> bool:
        """Whether it ended in a change of the plan that is approved, or with the reason why there is none."""
        return self.state in (LessonState.APPROVED, LessonState.TESTED, LessonState.DROPPED)


class Lessons(Slice):
    """All lessons by the number of their first entry in the plan's stream."""

    lessons: dict[int, Lesson] = Field(default_factory=dict[int, Lesson])


def evolve(lessons: Lessons, entry: Entry) -> Lessons:
    """The lessons after one more entry; kinds and refs tell the states, so words may be erased."""
    head = entry.header
    if head.kind == LessonNoted.kind:
        source = next((ref.stream for ref in head.refs if ref.rel == "from"), None)
        return Lessons(lessons={**lessons.lessons, head.seq: Lesson(found_in=source)})
    seq = next((ref.seq for ref in head.refs if ref.rel == "lesson"), None)
    before = None if seq is None else lessons.lessons.get(seq)
    if seq is None or before is None:
        return lessons
    after = _moved(before, head, entry.body)
    return lessons if after is None else Lessons(lessons={**lessons.lessons, seq: after})


def _moved(lesson: Lesson, head: Header, body: Body | None) -> Lesson | None:
    match head.kind:
        case LessonAgreed.kind:
            owner, due = (body.owner, body.due) if isinstance(body, LessonAgreed) else (None, None)
            return _now(lesson, LessonState.AGREED, owner=owner, due=due)
        case LessonDiffed.kind:
            lines = body.lines if isinstance(body, LessonDiffed) else ()
            return _now(
                lesson,
                LessonState.DIFF,
                lines=tuple(ChangedLine(line=line) for line in lines),
                sha256=changes_hash(lines) if lines else None,
                written_by=head.who,
                commit=body.commit if isinstance(body, LessonDiffed) else None,
            )
        case LessonApproved.kind:
            commit = body.commit if isinstance(body, LessonApproved) else lesson.commit
            return _now(lesson, LessonState.APPROVED, commit=commit)
        case LessonTested.kind:
            used = frozenset(body.lines if isinstance(body, LessonTested) else ())
            drill = body.drill if isinstance(body, LessonTested) else None
            lines = tuple(
                one.model_copy(update={"tested_by": one.tested_by or drill}) if one.line.id in used else one
                for one in lesson.lines
            )
            done = bool(lines) and not any(one.untested for one in lines)
            return _now(lesson, LessonState.TESTED if done else lesson.state, lines=lines)
        case LessonDropped.kind:
            return _now(lesson, LessonState.DROPPED)
        case _:
            return None


def _now(lesson: Lesson, state: LessonState, **changes: object) -> Lesson:
    return lesson.model_copy(update={**changes, "state": state, "version": lesson.version + 1})


LESSONS = Fold("lessons", Lessons(), evolve)


class Learned(Slice):
    """On an incident: which lessons it taught, or that it taught none."""

    taken: tuple[int, ...] = ()
    none: bool = False

    @property
    def answered(self) -> bool:
        """Whether the question for a lesson has an answer."""
        return bool(self.taken) or self.none


def learn(learned: Learned, entry: Entry) -> Learned:
    """What an incident taught, after one more entry; kinds and refs tell all of it."""
    match entry.header.kind:
        case LessonTaken.kind:
            seqs = (ref.seq for ref in entry.header.refs if ref.rel == "lesson")
            return learned.model_copy(update={"taken": (*learned.taken, *seqs)})
        case LessonsNone.kind:
            return learned.model_copy(update={"none": True})
        case _:
            return learned


LEARNED = Fold("learned", Learned(), learn)
KINDS = kinds_of(
    LessonNoted,
    LessonTaken,
    LessonsNone,
    LessonAgreed,
    LessonDiffed,
    LessonApproved,
    LessonTested,
    LessonDropped,
)
# Kinds with no words to hide: `redact` refuses them.
FIXED: tuple[type[Body], ...] = (
    LessonTaken, LessonsNone, LessonAgreed, LessonApproved, LessonTested, LessonDropped,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class UntestedLine:
    """A line of the plan that a lesson changed and no drill has exercised since."""

    lesson: str
    line: LineChange


def untested(plan: StreamState) -> tuple[UntestedLine, ...]:
    """Every untested line of the plan, by file and line."""
    found = [
        UntestedLine(called(seq), one.line)
        for seq, lesson in plan.slice(LESSONS).lessons.items()
        if lesson.state is LessonState.APPROVED
        for one in lesson.lines
        if one.untested
    ]
    return tuple(sorted(found, key=lambda one: (one.line.file, one.line.line, one.lesson)))


def called(seq: int) -> str:
    """What a lesson is called, in trailers and on pages."""
    return f"{PLAN_STREAM}/{seq}"
