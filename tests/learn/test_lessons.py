"""Lessons fold from the plan's stream: states by kinds, lines untested until a drill uses them."""

from muster.learn.lessons import (
    LEARNED,
    LESSONS,
    Lesson,
    LessonAgreed,
    LessonApproved,
    LessonDiffed,
    LessonDropped,
    LessonNoted,
    Lessons,
    LessonsNone,
    LessonState,
    LessonTaken,
    LessonTested,
    called,
    untested,
)
from muster.learn.plan_change import LineChange, changes_hash
from muster.record.body import Body
from muster.record.entry import Entry
from muster.record.state import StreamState
from tests.access.world import ANA, entry, erased, refs

PLAN = "PLN-PLAN"
ONE = LineChange(id="b.yaml#/rules", file="b.yaml", line=4, before="rules: []", after="rules: [portal]")
TWO = LineChange(id="a.yaml#/days", file="a.yaml", line=9, before=None, after="days: 90")
GONE = LineChange(id="a.yaml#/old", file="a.yaml", line=2, before="old: 1", after=None)
S = LessonState


def on_plan(body: Body, seq: int, *pairs: tuple[str, str, int]) -> Entry:
    return entry(body, stream=PLAN, seq=seq, refs=refs(*pairs))


NOTED = on_plan(LessonNoted(text="x", found_in="INC-7Q4KM2"), 3, ("from", "INC-7Q4KM2", 8))


def about(body: Body, seq: int = 9) -> Entry:
    return on_plan(body, seq, ("lesson", PLAN, 3))


AGREED = about(LessonAgreed(owner=ANA.account, due="2026-12-01T00:00:00.000000Z"))
DIFFED = about(LessonDiffed(lines=(ONE, TWO, GONE), base="c0"))
APPROVED = about(LessonApproved(sha256="0" * 64, commit="c1"))


def folded(*entries: Entry) -> Lessons:
    state = LESSONS.empty
    for one in entries:
        state = LESSONS.evolve(state, one)
    return state


def lesson(*entries: Entry) -> Lesson:
    return folded(*entries).lessons[3]


def lines_left(*entries: Entry) -> list[str]:
    state = StreamState(PLAN, slices={"lessons": folded(*entries)})
    return [one.line.id for one in untested(state)]


def test_from_noted_to_approved() -> None:
    assert lesson(NOTED) == Lesson(state=S.NOTED, found_in="INC-7Q4KM2")
    assert lesson(NOTED, AGREED).owner == ANA.account
    now = lesson(NOTED, AGREED, DIFFED, APPROVED)
    assert (now.state, now.commit, now.written_by, now.version) == (S.APPROVED, "c1", ANA.account, 4)
    assert now.sha256 == changes_hash((ONE, TWO, GONE))
    assert now.ended


def test_approved_lines_are_untested_until_a_drill_uses_them() -> None:
    assert lines_left(NOTED, DIFFED) == []
    assert lines_left(NOTED, DIFFED, APPROVED) == ["a.yaml#/days", "b.yaml#/rules"]
    half = about(LessonTested(drill="DRL-1", lines=("b.yaml#/rules",)), 10)
    assert lines_left(NOTED, DIFFED, APPROVED, half) == ["a.yaml#/days"]
    assert lesson(NOTED, DIFFED, APPROVED, half).state is S.APPROVED
    rest = about(LessonTested(drill="DRL-2", lines=("a.yaml#/days",)), 11)
    now = lesson(NOTED, DIFFED, APPROVED, half, rest)
    assert now.state is S.TESTED
    assert [one.tested_by for one in now.lines] == ["DRL-1", "DRL-2", None]


def test_a_new_change_voids_the_approval_and_the_tests() -> None:
    tested = about(LessonTested(drill="DRL-1", lines=("b.yaml#/rules", "a.yaml#/days")), 10)
    now = lesson(NOTED, DIFFED, APPROVED, tested, DIFFED)
    assert (now.state, now.commit) == (S.DIFF, None)
    assert all(one.tested_by is None for one in now.lines)


def test_kinds_tell_the_state_when_words_are_gone() -> None:
    story = (NOTED, AGREED, DIFFED, APPROVED)
    assert lesson(*map(erased, story)).state is S.APPROVED
    assert lesson(*map(erased, story)).found_in == "INC-7Q4KM2"
    assert lesson(NOTED, erased(about(LessonDropped()))).state is S.DROPPED
    assert lines_left(*map(erased, story)) == []


def test_what_is_about_no_lesson_changes_nothing() -> None:
    assert folded(AGREED) == LESSONS.empty
    assert folded(NOTED, on_plan(LessonDropped(), 9, ("lesson", PLAN, 4))) == folded(NOTED)
    assert called(3) == "PLN-PLAN/3"


def test_an_incident_knows_what_it_taught() -> None:
    taken = erased(entry(LessonTaken(), seq=4, refs=refs(("lesson", PLAN, 3))))
    now = LEARNED.evolve(LEARNED.empty, taken)
    assert (now.taken, now.none, now.answered) == ((3,), False, True)
    assert LEARNED.evolve(LEARNED.empty, entry(LessonsNone(), seq=4)).answered
    assert not LEARNED.empty.answered
