"""Closing: only with its review, the plan's fields, and nothing owed; each step asks what the plan asks."""

import pytest

from muster.core.errors import Refused
from muster.disclose.filing import FileNotice, RecordAnchor
from muster.learn.causes import CauseKind, FindCause
from muster.learn.closing import missing, owed
from muster.learn.lesson_steps import NoLesson, NoteLesson
from muster.learn.review import HoldReview
from muster.plan.obligations import Anchor
from muster.plan.required import Transition
from muster.plan.severity import Ratings
from muster.record.decision import NOTHING_KNOWN
from muster.record.entry import Draft, Ref
from muster.respond.incident import INCIDENT, IncidentState
from muster.respond.log import ReplaceSummary
from muster.respond.milestones import MILESTONES, Claimed, MilestoneClaimed, MilestoneRevoked
from muster.respond.progress import Reopen
from muster.respond.severity import RateSeverity
from tests.access.world import ANA, START
from tests.disclose.duties import GDPR
from tests.learn.scene import Scene, plan

S = IncidentState
CLOSED = {
    "closed": {
        "summary": "scribe", "how-learned": "scribe", "review": "commander", "causes": "commander",
        "lessons": "commander", "since-when": "scribe",
    }
}  # fmt: skip


def in_review(scene: Scene) -> str:
    incident = scene.declared()
    scene.onward(incident, S.REVIEW)
    return incident


def refusal(scene: Scene, incident: str) -> str:
    with pytest.raises(Refused) as caught:
        scene.closed(incident)
    assert caught.value.mend
    return caught.value.what


def test_closing_asks_for_all_that_is_missing_at_once_and_takes_it_one_by_one() -> None:
    scene = Scene(plan(CLOSED))
    incident = in_review(scene)
    asked = "a review that was held; a cause, or the reason why none is sought; a lesson, or the word that there is none; an answer to since-when"
    assert refusal(scene, incident) == f"It cannot close yet. Missing: {asked}."
    scene.act(HoldReview(incident=incident, people=(ANA.account,)))
    assert "review" not in refusal(scene, incident)
    scene.act(FindCause(incident=incident, text="No rule reads it", cause=CauseKind.DETECTION, opinion=True))
    scene.answered(incident, "since-when", "Monday")
    scene.act(NoteLesson(incident=incident, text="Read the log of the portal"))
    assert scene.closed(incident).answer["state"] == "closed"
    assert scene.state(incident).slice(INCIDENT).state is S.CLOSED


def test_without_any_plan_only_the_review_is_asked_for() -> None:
    scene = Scene()
    scene.known = NOTHING_KNOWN
    incident = in_review(scene)
    assert refusal(scene, incident) == "It cannot close yet. Missing: a review that was held."
    scene.act(HoldReview(incident=incident, people=(ANA.account,)))
    scene.closed(incident)


def test_what_respond_refuses_stays_refused() -> None:
    scene = Scene()
    incident = scene.declared()
    assert refusal(scene, incident) == "An incident is closed after its review."


def test_no_lesson_with_its_reason_is_enough() -> None:
    scene = Scene(plan({"closed": {"lessons": "commander"}}))
    incident = in_review(scene)
    scene.act(HoldReview(incident=incident, people=(ANA.account,)))
    scene.act(NoLesson(incident=incident, reason="The plan was right"))
    scene.closed(incident)


def test_reopened_it_is_reviewed_again() -> None:
    scene = Scene()
    incident = in_review(scene)
    scene.act(HoldReview(incident=incident, people=(ANA.account,)))
    scene.closed(incident)
    scene.do(Reopen(incident=incident, reason="It is back"), ANA)
    scene.onward(incident, S.REVIEW)
    assert "review" in refusal(scene, incident)


def test_a_running_legal_clock_keeps_it_open() -> None:
    scene = Scene(plan(obligations={"gdpr-33": GDPR}))
    incident = in_review(scene)
    scene.act(HoldReview(incident=incident, people=(ANA.account,)))
    assert "gdpr-33/notification, which is needs-facts" in refusal(scene, incident)
    scene.answered(incident, "personal-data-affected", "yes")
    scene.answered(incident, "risk-unlikely", "no")
    assert "not-started" in refusal(scene, incident)
    scene.act(RecordAnchor(incident=incident, anchor=Anchor.AWARE))
    assert "running" in refusal(scene, incident)
    scene.act(FileNotice(incident=incident, obligation="gdpr-33", stage="notification"))
    assert owed(scene.state(incident), scene.known, START) == ()
    scene.closed(incident)


def test_each_step_asks_for_the_fields_of_the_plan() -> None:
    scene = Scene(
        plan({"active": {"commander": "x", "severity": "x"}, "review": {"summary": "x", "data-kinds": "x"}})
    )
    incident = scene.declared()
    with pytest.raises(Refused, match="Missing: a commander; a rated severity"):
        scene.onward(incident, S.ACTIVE)
    scene.commanded(incident, ANA)
    scene.do(RateSeverity(incident=incident, ratings=Ratings(), expected=1), ANA)
    scene.onward(incident, S.ACTIVE)
    with pytest.raises(Refused, match="a summary; an answer to data-kinds"):
        scene.onward(incident, S.REVIEW)
    scene.do(ReplaceSummary(incident=incident, text="x", expected=0), ANA)
    scene.answered(incident, "data-kinds", "orders")
    scene.onward(incident, S.REVIEW)


def test_what_a_step_lacks_is_asked_without_moving() -> None:
    fields = {"eradicated": "x", "contained": "x", "evidence": "x", "since-when": "x", "reason": "x"}
    scene = Scene(plan({"watching": fields}))
    incident = scene.declared()
    assert missing(scene.state(incident), scene.known, Transition.WATCHING) == (
        "the milestone eradicated", "the milestone contained", "captured evidence", "an answer to since-when",
    )  # fmt: skip
    assert missing(scene.state(incident), scene.known, Transition.ACTIVE) == ()


def test_a_revoked_milestone_is_asked_for_again() -> None:
    scene = Scene(plan({"recovering": {"contained": "x"}}))
    scene.folds = {**scene.folds, MILESTONES.name: MILESTONES}
    incident = scene.declared()
    claimed = MilestoneClaimed(milestone=Claimed.CONTAINED)
    scene.write(ANA, Draft(incident, claimed))
    assert missing(scene.state(incident), scene.known, Transition.RECOVERING) == ()
    ref = Ref("revokes", incident, scene.state(incident).seq)
    scene.write(ANA, Draft(incident, MilestoneRevoked(milestone=Claimed.CONTAINED), (ref,)))
    with pytest.raises(Refused, match="the milestone contained"):
        scene.onward(incident, S.RECOVERING)
