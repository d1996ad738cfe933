"""Evidence: hashed on receipt, held by one person at a time, verified on demand; a changed byte is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from muster.core.errors import Conflict, Refused
from muster.core.time import TimeSource
from muster.record.body import Body
from muster.record.decision import NOTHING_KNOWN
from muster.record.state import to_bytes
from muster.respond.custody import (
    CUSTODY,
    AcceptEvidence,
    EvidenceAccepted,
    EvidenceAccessed,
    EvidenceDescribed,
    EvidenceOffered,
    EvidenceReceived,
    EvidenceVerified,
    NoteAccess,
    OfferEvidence,
    ReceiveEvidence,
    VerifyEvidence,
)
from tests.access.world import ANA, BEN, CARO, account_id, entry, erased, refs
from tests.respond.work_scene import MUSTER, WorkScene

SHA = "ab" * 32


@pytest.fixture
def scene() -> WorkScene:
    return WorkScene()


def received(scene: WorkScene, incident: str, **more: object) -> int:
    fields = {
        "incident": incident, "sha256": SHA, "size": 4096, "name": "Memory of web-1",
        "place": "Rack 4", "of": ["web-1"], **more,
    }  # fmt: skip
    return int(scene.answer(ReceiveEvidence.model_validate(fields), ANA)["evidence"])


def test_it_is_received_with_its_hash_and_held_by_the_receiver(scene: WorkScene) -> None:
    incident = scene.declared()
    seq = received(scene, incident, happened_at="2026-11-24T02:00Z", collector="The data centre")
    exhibit = scene.state(incident).slice(CUSTODY).exhibits[seq]
    assert (exhibit.sha256, exhibit.holder, exhibit.version) == (SHA, ANA.account, 1)
    assert scene.entries[incident][seq].header.happened.source is TimeSource.STATED
    described = scene.body(incident)
    assert isinstance(described, EvidenceDescribed)
    assert (described.collector, described.place) == ("The data centre", "Rack 4")
    again = scene.body(incident, received(scene, incident) + 1)
    assert isinstance(again, EvidenceDescribed)
    assert again.collector == ANA.account
    with pytest.raises(ValidationError):
        received(scene, incident, sha256="ab")


def test_custody_changes_only_when_it_is_accepted(scene: WorkScene) -> None:
    incident = scene.declared()
    seq = received(scene, incident)
    scene.do(OfferEvidence(incident=incident, evidence=seq, to=BEN.account, expected=1), ANA)
    held = scene.state(incident).slice(CUSTODY).exhibits[seq]
    assert (held.holder, held.offered) == (ANA.account, BEN.account)
    with pytest.raises(Refused, match="not offered to you"):
        scene.do(AcceptEvidence(incident=incident, evidence=seq, expected=2), CARO)
    scene.do(AcceptEvidence(incident=incident, evidence=seq, expected=2), BEN)
    held = scene.state(incident).slice(CUSTODY).exhibits[seq]
    assert (held.holder, held.offered, held.version) == (BEN.account, None, 3)
    assert scene.body(incident) == EvidenceAccepted(former=ANA.account)
    with pytest.raises(Refused, match="Somebody else holds"):
        scene.do(OfferEvidence(incident=incident, evidence=seq, to=CARO.account, expected=3), ANA)


def test_an_offer_goes_to_somebody_else_who_can_take_it(scene: WorkScene) -> None:
    incident = scene.declared()
    seq = received(scene, incident)
    with pytest.raises(Refused, match="hold it already"):
        scene.do(OfferEvidence(incident=incident, evidence=seq, to=ANA.account, expected=1), ANA)
    with pytest.raises(Refused, match="active account"):
        scene.do(OfferEvidence(incident=incident, evidence=seq, to=account_id("x"), expected=1), ANA)
    scene.do(OfferEvidence(incident=incident, evidence=seq, to=BEN.account, expected=1), ANA)
    scene.do(OfferEvidence(incident=incident, evidence=seq, to=CARO.account, expected=2), ANA)
    with pytest.raises(Conflict) as caught:
        scene.do(AcceptEvidence(incident=incident, evidence=seq, expected=2), BEN)
    assert caught.value.theirs == f"held by {ANA.account}, offered to {CARO.account}"
    with pytest.raises(Refused, match="not offered to you"):
        scene.do(AcceptEvidence(incident=incident, evidence=seq, expected=3), BEN)


def test_a_changed_byte_does_not_verify_and_no_longer_counts(scene: WorkScene) -> None:
    incident = scene.declared()
    seq = received(scene, incident)
    assert scene.answer(VerifyEvidence(incident=incident, evidence=seq), MUSTER)["equal"] is True
    assert scene.state(incident).slice(CUSTODY).of("WEB-1")
    for now in ("cd" * 32, ""):
        scene.blobs[SHA] = now
        answer = scene.answer(VerifyEvidence(incident=incident, evidence=seq), BEN)
        assert (answer["equal"], answer["found"]) == (False, now)
        assert not scene.state(incident).slice(CUSTODY).of("web-1")
    del scene.blobs[SHA]
    scene.do(VerifyEvidence(incident=incident, evidence=seq), BEN)
    assert scene.state(incident).slice(CUSTODY).of("web-1")
    assert not scene.state(incident).slice(CUSTODY).of("web-2")


def test_what_was_not_looked_at_is_not_said_to_be_equal(scene: WorkScene) -> None:
    incident = scene.declared()
    seq = received(scene, incident)
    command = VerifyEvidence(incident=incident, evidence=seq)
    with pytest.raises(Refused, match="not looked at"):
        scene.rule_of(command).decide(scene.states, command, scene.context(ANA), NOTHING_KNOWN)


def test_access_is_noted_and_unknown_numbers_are_refused(scene: WorkScene) -> None:
    incident = scene.declared()
    seq = received(scene, incident)
    scene.do(NoteAccess(incident=incident, evidence=seq, purpose="To look for tools"), BEN)
    assert scene.body(incident) == EvidenceAccessed(purpose="To look for tools")
    with pytest.raises(Refused, match="no evidence"):
        scene.do(NoteAccess(incident=incident, evidence=seq + 1, purpose="x"), BEN)


BODIES: list[Body] = [
    EvidenceReceived(sha256=SHA, size=1, of=("web-1",)),
    EvidenceDescribed(name="x", place="y", collector="z"),
    EvidenceOffered(to=BEN.account),
    EvidenceAccepted(former=ANA.account),
    EvidenceVerified(found="", equal=False),
    EvidenceAccessed(purpose="x"),
]


@given(st.lists(st.tuples(st.sampled_from(BODIES), st.booleans(), st.integers(0, 6)), max_size=25))
def test_words_may_be_erased_without_changing_custody(story: list[tuple[Body, bool, int]]) -> None:
    kept, folded = CUSTODY.empty, CUSTODY.empty
    for seq, (body, gone, at) in enumerate(story):
        one = entry(body, seq=seq, refs=refs(("evidence", "INC-000000", at)))
        words = isinstance(body, EvidenceDescribed | EvidenceAccessed)
        kept = CUSTODY.evolve(kept, one)
        folded = CUSTODY.evolve(folded, erased(one) if gone and words else one)
        CUSTODY.evolve(kept, erased(one))
    assert folded == kept


def test_evidence_costs_at_most_200_bytes(scene: WorkScene) -> None:
    incident = scene.declared()
    received(scene, incident)
    before = len(to_bytes(scene.state(incident)))
    received(scene, incident)
    assert len(to_bytes(scene.state(incident))) - before <= 200
