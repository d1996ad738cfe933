"""What an incident owes, folded from its entries, and its clocks by them alone."""

from datetime import timedelta

import pytest

from muster.core.time import Moment, Precision, TimeSource, stored
from muster.disclose.clock import ClockState
from muster.disclose.owed import (
    FIXED,
    OWED,
    AnchorRecorded,
    AnchorWithdrawn,
    ObligationDelayed,
    ObligationFiled,
    ScopeDeclared,
    anchor_key,
    clocks_of,
    recorded,
)
from muster.plan.obligations import Anchor
from muster.plan.severity import YesNo
from muster.record.entry import Draft
from muster.respond.incident import ReasonGiven
from tests.access.world import ANA, START, entry, erased, refs
from tests.disclose.duties import EVERY, named
from tests.disclose.scene import Scene


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_the_approved_plan_declares_the_scope(scene: Scene) -> None:
    incident = scene.declared()
    states = {clock.state for clock in clocks_of(scene.state(incident), EVERY, START)}
    assert states == {ClockState.NEEDS_FACTS}
    scene.write(ANA, Draft(incident, ScopeDeclared(obligation="gdpr-33", ours=YesNo.UNKNOWN)))
    clock = named(clocks_of(scene.state(incident), EVERY, START), "gdpr-33/notification")
    assert clock.state is ClockState.SCOPE_NOT_DECLARED


def test_answers_and_an_anchor_start_the_clock(scene: Scene) -> None:
    incident = scene.declared()
    scene.answered(incident, "personal-data-affected", "yes")
    scene.answered(incident, "risk-unlikely", "no")
    since = Moment(START - timedelta(hours=1), Precision.MINUTE, "+01:00", TimeSource.STATED)
    scene.write(ANA, Draft(incident, AnchorRecorded(anchor=Anchor.AWARE), happened=since))
    clock = named(clocks_of(scene.state(incident), EVERY, START), "gdpr-33/notification")
    assert clock.state is ClockState.RUNNING
    assert clock.operational_due == START + timedelta(hours=71)
    kept = recorded(scene.state(incident), EVERY).anchors["aware"][0]
    assert (kept.moment.precision, kept.moment.zone, kept.who) == (Precision.MINUTE, "+01:00", ANA.account)


def test_withdrawn_by_its_number_only() -> None:
    key = anchor_key(Anchor.DETERMINED, "gdpr-33")
    state = OWED.evolve(
        OWED.empty, entry(AnchorRecorded(anchor=Anchor.DETERMINED, obligation="gdpr-33"), seq=3)
    )
    assert state.anchors.keys() == {key}
    other = OWED.evolve(state, entry(AnchorWithdrawn(), seq=4, refs=refs(("withdraws", "INC-000000", 2))))
    assert not other.anchors[key][0].undone
    gone = OWED.evolve(
        state, erased(entry(AnchorWithdrawn(), seq=4, refs=refs(("withdraws", "INC-000000", 3))))
    )
    assert gone.anchors[key][0].undone


def test_a_reason_explains_the_filing_it_names_also_when_its_words_are_gone() -> None:
    state = OWED.evolve(OWED.empty, entry(ObligationFiled(obligation="a", stage="b"), seq=3))
    assert not state.filings["a/b"].explained
    other = entry(ReasonGiven(text="x"), seq=5, refs=refs(("explains", "INC-000000", 4)))
    assert OWED.evolve(state, other) == state
    reason = entry(ReasonGiven(text="x"), seq=4, refs=refs(("explains", "INC-000000", 3)))
    assert OWED.evolve(state, erased(reason)).filings["a/b"].explained


def test_the_last_delay_counts(scene: Scene) -> None:
    incident = scene.declared()
    for days in (1, 2):
        until = stored(START + timedelta(days=days))
        scene.write(ANA, Draft(incident, ObligationDelayed(obligation="a", stage="b", until=until)))
    assert recorded(scene.state(incident), EVERY).delays["a/b"].until == START + timedelta(days=2)


def test_what_holds_no_words_is_listed_for_redaction() -> None:
    assert {body.kind for body in FIXED} == {
        "scope.declared", "anchor.recorded", "anchor.withdrawn", "obligation.filed", "obligation.delayed",
    }  # fmt: skip
