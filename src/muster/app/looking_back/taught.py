"""What an incident taught: its review, its causes with their evidence, and its lessons with every line of the plan.

Lessons live on after the incident: what the plan's stream says now counts, so that a report that is made later also
shows which drill tested a line. What happens in the plan's stream is real: its times are the wall clock's.
"""

from collections.abc import Iterator
from datetime import datetime

from muster.app.looking_back.past import Past
from muster.app.views import View
from muster.core.time import from_stored
from muster.learn.causes import CAUSES, CauseFound, CauseKind, CausesNotSought
from muster.learn.lessons import (
    LEARNED,
    LESSONS,
    Lesson,
    LessonAgreed,
    LessonApproved,
    LessonDiffed,
    LessonDropped,
    LessonsNone,
    LessonTested,
    called,
)
from muster.learn.review import ReviewHeld, standing
from muster.record.entry import Entry


class ReviewTold(View):
    """The review: its state, when it was due and held, who led it and who was there."""

    state: str
    due: datetime | None
    held: datetime | None
    lead: str
    people: tuple[str, ...]


class Shown(View):
    """An entry that shows a cause, by its number and words."""

    seq: int
    text: str


class CauseTold(View):
    """A cause that stands. hole: nothing would have told us of it. opinion: without evidence."""

    seq: int
    kind: str
    text: str
    opinion: bool
    hole: bool
    evidence: tuple[Shown, ...]


class LineTold(View):
    """A line of the plan, before and after. state: untested, tested, removed, or not in force yet."""

    id: str
    place: str
    before: str | None
    after: str | None
    state: str
    tested_by: str


class StepTold(View):
    """A step on the way of a lesson, by the wall clock."""

    what: str
    who: str
    at: datetime
    words: str


class LessonTold(View):
    """A lesson with the change of the plan that it became."""

    called: str
    text: str
    state: str
    owner: str
    due: datetime | None
    written_by: str
    approved_by: str
    sha256: str
    base: str
    commit: str
    tested_by: tuple[str, ...]
    lines: tuple[LineTold, ...]
    steps: tuple[StepTold, ...]


class Taught(View):
    """All of it. none: why there is no lesson; not_sought: why no causes are."""

    review: ReviewTold
    causes: tuple[CauseTold, ...]
    not_sought: str | None
    lessons: tuple[LessonTold, ...]
    none: str | None

    @property
    def holes(self) -> tuple[CauseTold, ...]:
        """The causes that are holes in what we see."""
        return tuple(one for one in self.causes if one.hole)


def taught(past: Past) -> Taught:
    """What an incident taught, as the plan's stream has it now."""
    causes, learned = past.state.slice(CAUSES), past.state.slice(LEARNED)
    lessons = past.plan.slice(LESSONS).lessons
    return Taught(
        review=_review(past),
        causes=tuple(_cause(past, seq, kind) for seq, kind in causes.found.items()),
        not_sought=_why(past, CausesNotSought.kind) if causes.not_sought and not causes.found else None,
        lessons=tuple(_lesson(past, seq, lessons[seq]) for seq in learned.taken if seq in lessons),
        none=_why(past, LessonsNone.kind) if learned.none and not learned.taken else None,
    )


def _why(past: Past, kind: str) -> str:
    found = [one.header.seq for one in past.entries if one.header.kind == kind]
    return past.reason(found[-1]) if found else ""


def _review(past: Past) -> ReviewTold:
    now = standing(past.state, past.now)
    held = list(past.of(ReviewHeld))
    body = past.body(held[-1].header.seq, ReviewHeld) if held else None
    stands = now.state.value.startswith("held")
    return ReviewTold(
        state=now.state.value,
        due=now.due,
        held=held[-1].header.happened.at if held and stands else None,
        lead=past.name(now.lead),
        people=tuple(sorted(past.name(one) for one in body.people)) if body and stands else (),
    )


def _cause(past: Past, seq: int, kind: CauseKind | None) -> CauseTold:
    entry, body = past.entry(seq), past.body(seq, CauseFound)
    refs = entry.header.refs if entry else ()
    return CauseTold(
        seq=seq,
        kind=kind.value if kind else "",
        text=past.text(seq),
        opinion=body.opinion if body else False,
        hole=kind is CauseKind.DETECTION,
        evidence=tuple(
            Shown(seq=ref.seq, text=_words(past, ref.seq)) for ref in refs if ref.rel == "evidence"
        ),
    )


def _words(past: Past, seq: int) -> str:
    return past.text(seq) or past.text(seq, "name") or past.text(seq, "sha256")


def _lesson(past: Past, seq: int, lesson: Lesson) -> LessonTold:
    lines = past.plan_lines
    about = list(lines.about(seq, "lesson"))
    diffed = [lines.body(one.header.seq, LessonDiffed) for one in about]
    base = [one.base for one in diffed if one is not None]
    approved = next((one for one in reversed(about) if one.header.kind == LessonApproved.kind), None)
    return LessonTold(
        called=called(seq),
        text=lines.text(seq),
        state=lesson.state.value,
        owner=past.name(lesson.owner) if lesson.owner else "",
        due=from_stored(lesson.due) if lesson.due else None,
        written_by=past.name(lesson.written_by) if lesson.written_by else "",
        approved_by=past.who(approved) if approved else "",
        sha256=lesson.sha256 or "",
        base=base[-1] if base else "",
        commit=lesson.commit or "",
        tested_by=tuple(dict.fromkeys(one.tested_by for one in lesson.lines if one.tested_by)),
        lines=tuple(_lines(lesson)),
        steps=tuple(_steps(past, about)),
    )


def _lines(lesson: Lesson) -> Iterator[LineTold]:
    for one in lesson.lines:
        state = "removed" if one.line.after is None else "tested" if one.tested_by else "untested"
        yield LineTold(
            id=one.line.id,
            place=f"{one.line.file}:{one.line.line}",
            before=one.line.before,
            after=one.line.after,
            state=state if lesson.state.value in ("approved", "tested") else "not in force yet",
            tested_by=one.tested_by or "",
        )


_STEPS = {
    LessonAgreed.kind: "agreed",
    LessonDiffed.kind: "written as a change",
    LessonApproved.kind: "approved, in force",
    LessonTested.kind: "tested",
    LessonDropped.kind: "dropped",
}


def _steps(past: Past, about: list[Entry]) -> Iterator[StepTold]:
    for entry in about:
        if entry.header.kind not in _STEPS:
            continue
        tested = past.plan_lines.body(entry.header.seq, LessonTested)
        words = (
            f"by {tested.drill}, {len(tested.lines)} lines"
            if tested
            else past.plan_lines.reason(entry.header.seq)
        )
        yield StepTold(
            what=_STEPS[entry.header.kind],
            who=past.who(entry),
            at=entry.header.recorded_at,
            words=words,
        )
