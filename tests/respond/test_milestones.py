"""Milestones are claims: with evidence where it matters, revocable, and every time is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core.errors import Refused
from muster.core.time import TimeSource
from muster.record.entry import Ref
from muster.respond.custody import ReceiveEvidence
from muster.respond.facts import MakeAssumption, StateFact
from muster.respond.incident import INCIDENT, IncidentState
from muster.respond.milestones import (
    MILESTONES,
    Claim,
    Claimed,
    ClaimMilestone,
    MilestoneClaimed,
    MilestoneRevoked,
    Milestones,
    NoteSeenAgain,
    RevokeMilestone,
)
from tests.access.world import ANA, BEN, entry, erased, refs
from tests.respond.work_scene import WorkScene


@pytest.fixture
def scene() -> WorkScene:
    return WorkScene()


def claim(incident: str, milestone: Claimed, *shown_by: int, **more: str) -> ClaimMilestone:
    return ClaimMilestone.model_validate(
        {"incident": incident, "milestone": milestone, "shown_by": shown_by, **more}
    )


def milestones(scene: WorkScene, incident: str) -> Milestones:
    return scene.state(incident).slice(MILESTONES)


def test_contained_must_be_shown_by_facts_or_evidence(scene: WorkScene) -> None:
    incident = scene.declared()
    with pytest.raises(Refused, match="must be shown"):
        scene.do(claim(incident, Claimed.CONTAINED), ANA)
    scene.do(MakeAssumption(incident=incident, text="It is over"), ANA)
    for number in (3, 0):
        with pytest.raises(Refused, match="no fact that stands and no evidence"):
            scene.do(claim(incident, Claimed.CONTAINED, number), ANA)
    scene.do(StateFact(incident=incident, text="No more traffic", source="proxy"), ANA)
    scene.do(ReceiveEvidence(incident=incident, sha256="ab" * 32, size=1, name="x", place="y"), ANA)
    scene.do(claim(incident, Claimed.CONTAINED, 4, 5, 4, text="All three hosts are off"), ANA)
    assert scene.kinds(incident)[-2:] == ["milestone.claimed", "reason.given"]
    claimed = scene.entries[incident][-2].header
    assert claimed.refs == (Ref("shows", incident, 4), Ref("shows", incident, 5))
    assert milestones(scene, incident).standing(Claimed.CONTAINED) == claimed.seq
    with pytest.raises(Refused, match="stands already"):
        scene.do(claim(incident, Claimed.CONTAINED, 4), BEN)


def test_its_time_may_be_stated_with_its_precision(scene: WorkScene) -> None:
    incident = scene.declared()
    scene.do(claim(incident, Claimed.STARTED, happened_at="2026-11-20T01:00Z"), ANA)
    assert scene.last(incident).header.happened.source is TimeSource.STATED
    assert milestones(scene, incident).at(Claimed.STARTED) == "2026-11-20T01:00:00.000000Z"
    assert milestones(scene, incident).at(Claimed.DETECTED) is None


def test_a_revoked_claim_keeps_its_time(scene: WorkScene) -> None:
    incident = scene.declared()
    scene.do(claim(incident, Claimed.DETECTED), ANA)
    scene.do(RevokeMilestone(incident=incident, milestone=Claimed.DETECTED, reason="too early"), BEN)
    scene.wait(5)
    scene.do(claim(incident, Claimed.DETECTED), BEN)
    assert milestones(scene, incident).claims[Claimed.DETECTED] == {
        3: Claim(at="2026-11-24T02:10:00.000000Z", who=ANA.account, revoked=True),
        6: Claim(at="2026-11-24T02:15:00.000000Z", who=BEN.account),
    }
    with pytest.raises(Refused, match="Nobody claims eradicated"):
        scene.do(RevokeMilestone(incident=incident, milestone=Claimed.ERADICATED, reason="x"), BEN)


def test_seen_again_revokes_contained_and_eradicated_and_nothing_else(scene: WorkScene) -> None:
    incident = scene.declared()
    scene.do(StateFact(incident=incident, text="Quiet", source="x"), ANA)
    for milestone in (Claimed.STARTED, Claimed.CONTAINED, Claimed.ERADICATED):
        scene.do(claim(incident, milestone, 3), ANA)
    answer = scene.answer(NoteSeenAgain(incident=incident, text="The same tool on web-2"), BEN)
    assert answer == {"seq": 7, "revoked": 2, "reopened": False}
    assert milestones(scene, incident).standing(Claimed.STARTED) == 4
    assert milestones(scene, incident).standing(Claimed.CONTAINED) is None
    assert milestones(scene, incident).claims[Claimed.ERADICATED][6].revoked
    assert scene.answer(NoteSeenAgain(incident=incident, text="x"), BEN)["revoked"] == 0


@pytest.mark.parametrize("state", [IncidentState.RECOVERING, IncidentState.WATCHING, IncidentState.REVIEW])
def test_seen_again_reopens_what_was_past_active(scene: WorkScene, state: IncidentState) -> None:
    incident = scene.declared()
    scene.moved(incident, state)
    assert scene.answer(NoteSeenAgain(incident=incident, text="x"), BEN)["reopened"] is True
    assert scene.state(incident).slice(INCIDENT).state is IncidentState.ACTIVE
    assert scene.last(incident).header.refs == (Ref("because", incident, 4),)


STORY = st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 12)), max_size=25)


@given(STORY)
def test_no_claim_is_ever_lost(story: list[tuple[bool, bool, int]]) -> None:
    folded, made = MILESTONES.empty, 0
    for seq, (claims, gone, at) in enumerate(story):
        body = (MilestoneClaimed if claims else MilestoneRevoked)(milestone=Claimed.CONTAINED)
        one = entry(body, seq=seq, refs=refs(("revokes", "INC-000000", at)))
        folded = MILESTONES.evolve(folded, erased(one) if gone else one)
        made += claims and not gone
    assert len(folded.claims.get(Claimed.CONTAINED, {})) == made
