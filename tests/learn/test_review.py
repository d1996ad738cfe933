"""The review: scheduled at recovery by the plan's time, held by somebody, and seen when it never was."""

from datetime import timedelta

import pytest

from muster.core.errors import BadInput, Refused
from muster.core.time import from_stored, stored
from muster.learn.review import (
    REVIEW,
    HoldReview,
    ReviewHeld,
    ReviewScheduled,
    ReviewState,
    ScheduleReview,
    standing,
)
from muster.plan.severity import Functional, Ratings
from muster.respond.incident import IncidentReopened, IncidentState
from muster.respond.progress import Reopen, StandDown
from muster.respond.severity import RateSeverity
from tests.access.world import ANA, BEN, START, entry, erased
from tests.learn.scene import Scene

S = IncidentState


@pytest.fixture
def scene() -> Scene:
    return Scene()


def state(scene: Scene, incident: str) -> ReviewState:
    return standing(scene.state(incident), scene.now).state


def test_recovery_schedules_it_for_the_commander(scene: Scene) -> None:
    incident = scene.declared()
    scene.commanded(incident, BEN)
    scene.do(RateSeverity(incident=incident, ratings=Ratings(functional=Functional.HIGH), expected=1), ANA)
    assert state(scene, incident) is ReviewState.NOT_SCHEDULED
    scene.onward(incident, S.RECOVERING, BEN)
    assert scene.kinds(incident)[-2:] == ["incident.recovering", "review.scheduled"]
    review = scene.state(incident).slice(REVIEW)
    assert (review.due, review.lead) == (stored(START + timedelta(days=3)), BEN.account)
    scene.onward(incident, S.REVIEW, BEN)
    assert scene.state(incident).slice(REVIEW).scheduled == 1


def test_skipping_recovery_schedules_it_all_the_same(scene: Scene) -> None:
    incident = scene.declared()
    scene.onward(incident, S.REVIEW)
    assert state(scene, incident) is ReviewState.SCHEDULED


def test_never_held_it_is_overdue_and_says_by_how_long(scene: Scene) -> None:
    incident = scene.declared()
    scene.act(ScheduleReview(incident=incident, due="2026-11-27T09:00Z", lead=BEN.account))
    scene.wait(7 * 24 * 60)
    now = standing(scene.state(incident), scene.now)
    assert (now.state, now.lead) == (ReviewState.OVERDUE, BEN.account)
    assert now.late_by == scene.now - from_stored("2026-11-27T09:00:00.000000Z")


@pytest.mark.parametrize(
    ("minutes", "expected"), [(60, ReviewState.HELD), (30 * 24 * 60, ReviewState.HELD_LATE)]
)
def test_held_in_time_or_late_for_ever(scene: Scene, minutes: int, expected: ReviewState) -> None:
    incident = scene.declared()
    scene.onward(incident, S.REVIEW)
    scene.wait(minutes)
    scene.act(HoldReview(incident=incident, people=(BEN.account, ANA.account, BEN.account)), BEN)
    body = scene.body(incident)
    assert body == ReviewHeld(people=tuple(sorted({ANA.account, BEN.account})))
    scene.wait(90 * 24 * 60)
    assert state(scene, incident) is expected


def test_held_yesterday_written_down_today(scene: Scene) -> None:
    incident = scene.declared()
    scene.act(HoldReview(incident=incident, people=(ANA.account,), held_at="2026-11-23T10:00Z"))
    assert scene.state(incident).slice(REVIEW).held == "2026-11-23T10:00:00.000000Z"
    with pytest.raises(BadInput):
        scene.act(HoldReview(incident=incident, people=(ANA.account,), held_at="2027-01-01T10:00Z"))


def test_scheduled_again_the_lead_stays_unless_it_is_another(scene: Scene) -> None:
    incident = scene.declared()
    scene.act(ScheduleReview(incident=incident, lead=BEN.account))
    scene.act(ScheduleReview(incident=incident, due="2026-12-01T09:00Z"))
    review = scene.state(incident).slice(REVIEW)
    assert (review.due, review.lead) == ("2026-12-01T09:00:00.000000Z", BEN.account)
    scene.act(HoldReview(incident=incident, people=(ANA.account,)))
    with pytest.raises(Refused, match="held already"):
        scene.act(ScheduleReview(incident=incident))


def test_reopened_it_must_be_held_again(scene: Scene) -> None:
    incident = scene.declared()
    scene.onward(incident, S.REVIEW)
    scene.act(HoldReview(incident=incident, people=(ANA.account,)))
    scene.do(Reopen(incident=incident, reason="It is back"), ANA)
    assert state(scene, incident) is ReviewState.NOT_SCHEDULED
    assert scene.state(incident).slice(REVIEW).times_held == 1
    scene.onward(incident, S.RECOVERING)
    assert state(scene, incident) is ReviewState.SCHEDULED


def test_an_ended_incident_takes_no_review(scene: Scene) -> None:
    incident = scene.declared()
    scene.do(StandDown(incident=incident, reason="A test"), ANA)
    with pytest.raises(Refused):
        scene.act(HoldReview(incident=incident, people=(ANA.account,)))


def test_words_gone_it_was_held_all_the_same() -> None:
    held = entry(ReviewHeld(people=("a",)), seq=3)
    assert REVIEW.evolve(REVIEW.empty, erased(held)) == REVIEW.evolve(REVIEW.empty, held)
    due = entry(ReviewScheduled(due=stored(START)), seq=2)
    assert REVIEW.evolve(REVIEW.empty, erased(due)).scheduled == 1
    reopened = erased(entry(IncidentReopened(reason="x"), seq=4))
    assert REVIEW.evolve(REVIEW.evolve(REVIEW.empty, held), reopened).held is None
