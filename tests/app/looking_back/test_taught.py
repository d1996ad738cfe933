"""What was learned: the hole among the causes, the plan's lines before and after, and the drill that tested them."""

from muster.app.looking_back.taught import taught
from muster.learn.causes import CausesNotSought
from muster.learn.lessons import LessonsNone
from tests.app.looking_back.night import Telling, night, past


def test_a_hole_is_a_cause_in_what_we_see_with_its_evidence() -> None:
    told = night()
    (hole,) = taught(told.past()).holes

    assert hole.text == "No rule reads the sign-ins."
    assert [(one.seq, one.text) for one in hole.evidence] == [(told.seqs["evidence"], "e" * 64)]


def test_the_lesson_shows_the_lines_of_the_plan_before_and_after_who_wrote_and_who_approved() -> None:
    (lesson,) = taught(night().past()).lessons

    assert [(line.place, line.before, line.after) for line in lesson.lines] == [
        ("rules/sign_in.yml:1", None, "Sign-in from outside"),
        ("talking.yaml:4", "every: 60", "every: 30"),
    ]
    assert (lesson.owner, lesson.written_by, lesson.approved_by) == ("Ana", "Ana", "Dora")
    assert (lesson.base, lesson.commit) == ("b" * 40, "d" * 40)


def test_a_report_that_is_made_after_the_test_shows_the_drill_and_one_before_says_untested() -> None:
    before, after = (taught(night(tested=one).past()).lessons[0] for one in (False, True))

    assert (before.state, before.tested_by, {line.state for line in before.lines}) == (
        "approved",
        (),
        {"untested"},
    )
    assert (after.state, after.tested_by, {line.state for line in after.lines}) == (
        "tested", ("DRL-HGV31S",), {"tested"},
    )  # fmt: skip
    assert [step.what for step in after.steps] == [
        "agreed",
        "written as a change",
        "approved, in force",
        "tested",
    ]


def test_the_review_tells_when_it_was_due_and_that_it_was_late() -> None:
    review = taught(night().past()).review

    assert (review.state, review.lead, review.people) == ("held-late", "Ben", ("Ana", "Ben"))
    assert review.held is not None
    assert review.due is not None
    assert review.held > review.due


def test_no_lesson_and_no_causes_come_with_their_reasons() -> None:
    told = Telling()
    told.say(LessonsNone())
    told.because("The plan was right.")
    told.say(CausesNotSought())
    told.because("It was no incident of ours.")
    found = taught(past(told))

    assert (found.none, found.not_sought) == ("The plan was right.", "It was no incident of ours.")
    assert (found.lessons, found.causes, found.review.state) == ((), (), "not-scheduled")
