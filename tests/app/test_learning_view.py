"""Learning as people see it: review, causes, and lessons with the lines of the plan that they change."""

from muster.app import learning_view
from muster.app.learning_view import LearningView
from muster.core.ids import PLAN_STREAM
from muster.core.people import Actor
from muster.learn.causes import CauseKind, FindCause
from muster.learn.lesson_steps import AgreeLesson, ChangeKnown, LineEdit, NoteLesson, WriteChange
from muster.learn.plan_change import LineChange
from muster.learn.review import HoldReview, ScheduleReview
from muster.respond.facts import StateFact
from muster.respond.ground import Told
from tests.access.world import ANA, BEN
from tests.app.looking import looking, words
from tests.learn.scene import Scene

LINE = LineChange(
    id="roles.yaml#/roles/scribe/title", file="roles.yaml", line=24, before="Scribe", after="Writer"
)


def seen(made: Scene, incident: str, who: Actor = ANA, hidden: set[int] | None = None) -> LearningView:
    plan = made.state(PLAN_STREAM)
    return learning_view.view(
        looking(made, incident, Told(), who), plan, words(made, PLAN_STREAM, hidden or ())
    )


def test_the_review_and_what_closing_still_asks_for() -> None:
    made = Scene()
    incident = made.declared()
    view = seen(made, incident)
    assert (view.review.state, view.missing) == ("not-scheduled", ("a review that was held",))
    made.act(ScheduleReview(incident=incident, due="2026-11-30T12:00Z", lead=BEN.account))
    review = seen(made, incident).review
    assert (review.state, review.due, review.lead) == ("scheduled", "2026-11-30T12:00:00.000000Z", "Ben")
    made.act(HoldReview(incident=incident, people=(ANA.account, BEN.account)))
    held = seen(made, incident)
    assert (held.review.state, held.review.held_by, held.missing) == ("held", "Ana", ())


def test_a_cause_with_what_shows_it() -> None:
    made = Scene()
    incident = made.declared()
    made.do(StateFact(incident=incident, text="No second factor", source="x"), ANA)
    fact = made.state(incident).seq
    made.act(
        FindCause(incident=incident, text="Nothing asked for one", cause=CauseKind.PROCESS, evidence=(fact,))
    )
    made.act(FindCause(incident=incident, text="Perhaps haste", cause=CauseKind.DECISION, opinion=True))
    first, second = seen(made, incident).causes
    assert (first.text, first.kind, first.evidence, first.opinion) == (
        "Nothing asked for one",
        "process",
        (fact,),
        False,
    )
    assert second.opinion
    assert {first.seq, second.seq} == learning_view.needs(made.state(incident))


def test_a_lesson_with_the_lines_that_it_changes() -> None:
    made = Scene()
    incident = made.declared()
    made.act(NoteLesson(incident=incident, text="Name the scribe first"))
    (seq,) = learning_view.plan_needs(made.state(incident))
    made.act(AgreeLesson(lesson=seq, expected=1, owner=BEN.account, due="2026-11-25T12:00Z"))
    (agreed,) = seen(made, incident).lessons
    assert (agreed.text, agreed.state, agreed.owner, agreed.late) == (
        "Name the scribe first",
        "agreed",
        "Ben",
        False,
    )
    known = ChangeKnown(lines=(LINE,), base="0" * 40, commit="1" * 40)
    write = WriteChange(lesson=seq, expected=2, lines=(LineEdit(id=LINE.id, text="Writer"),))
    decide = made.plan_work[WriteChange]
    made.write(ANA, *decide(made.states, write, made.context(ANA), known).drafts)
    (one,) = seen(made, incident, BEN).lessons
    assert (one.state, one.mine, one.written_by, one.version) == ("diff", False, "Ana", 3)
    (line,) = one.lines
    assert (line.place, line.before, line.after) == ("roles.yaml:24", "Scribe", "Writer")
    assert (line.untested, line.added, line.removed) == (False, False, False)
    made.wait(3 * 24 * 60)
    assert seen(made, incident).lessons[0].late


def test_the_hidden_words_of_a_lesson_stay_hidden() -> None:
    made = Scene()
    incident = made.declared()
    made.act(NoteLesson(incident=incident, text="hunter2"))
    (seq,) = learning_view.plan_needs(made.state(incident))
    assert seen(made, incident, hidden={seq}).lessons[0].text == "(hidden)"
