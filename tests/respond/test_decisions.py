"""Decisions: asked for and open until made, by somebody who may, with what stood in that minute."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from muster.core.errors import BadInput, Refused
from muster.core.people import Role
from muster.record.body import Body
from muster.record.entry import Ref
from muster.record.state import to_bytes
from muster.respond.correction import CorrectWork
from muster.respond.decisions import (
    DECISIONS,
    MOST_REFS,
    AskDecision,
    Asked,
    Decide,
    DecisionAsked,
    DecisionMade,
    DecisionPut,
    DecisionWithdrawn,
    WithdrawDecision,
)
from muster.respond.facts import AskQuestion, Ending, MakeAssumption, Settle, StateFact
from tests.access.world import ANA, BEN, CARO, entry, erased, refs
from tests.respond.work_scene import WorkScene


@pytest.fixture
def scene() -> WorkScene:
    return WorkScene(planned=True)


def decide(incident: str, **more: object) -> Decide:
    fields = {"incident": incident, "text": "We cut the portal off", "reason": "Data leaves", **more}
    return Decide.model_validate(fields)


def test_a_decision_asked_for_is_open_until_it_is_made(scene: WorkScene) -> None:
    incident = scene.declared()
    scene.commanded(incident, ANA)
    asking = AskDecision(incident=incident, text="Cut off the portal?", options=("yes", "no"), minutes=15)
    answer = scene.answer(asking, BEN)
    assert answer == {"decision": 5, "asked": ANA.account, "by": "2026-11-24T02:25:00.000000Z"}
    assert scene.state(incident).slice(DECISIONS).pending == {
        5: Asked(role=Role.COMMANDER, by="2026-11-24T02:25:00.000000Z")
    }
    with pytest.raises(Refused, match="not yours"):
        scene.do(decide(incident, answers=5), BEN)
    assert scene.answer(decide(incident, answers=5), ANA)["authority"] == "commander"
    assert scene.last(incident).header.refs[0] == Ref("decides", incident, 5)
    assert scene.state(incident).slice(DECISIONS).pending == {}
    with pytest.raises(Refused, match="no decision that is asked for"):
        scene.do(decide(incident, answers=5), ANA)


def test_it_keeps_what_was_known_in_that_minute(scene: WorkScene) -> None:
    incident = scene.declared()
    scene.do(StateFact(incident=incident, text="Data left", source="proxy log"), ANA)
    scene.do(MakeAssumption(incident=incident, text="It was the portal"), ANA)
    scene.do(AskQuestion(incident=incident, text="Since when?"), ANA)
    scene.do(StateFact(incident=incident, text="Wrong", source="x"), ANA)
    withdrawn = Settle(incident=incident, thing=6, expected=1, ending=Ending.WITHDRAWN, text="x")
    scene.do(withdrawn, ANA)
    assert scene.answer(decide(incident))["knew"] == 3
    first = scene.last(incident).header
    assert set(first.refs) == set(
        refs(("knew-fact", incident, 3), ("knew-assumption", incident, 4), ("knew-question", incident, 5))
    )
    scene.do(
        Settle(incident=incident, thing=4, expected=1, ending=Ending.CONFIRMED, text="x", source="y"), ANA
    )
    scene.do(decide(incident, replaces=first.seq), ANA)
    assert Ref("knew-fact", incident, 4) in scene.last(incident).header.refs
    assert Ref("knew-assumption", incident, 4) in scene.entries[incident][first.seq].header.refs


def test_very_many_facts_are_counted_instead_of_named(scene: WorkScene) -> None:
    incident = scene.declared()
    for _ in range(MOST_REFS + 2):
        scene.do(AskQuestion(incident=incident, text="x"), ANA)
    assert scene.answer(decide(incident))["knew"] == MOST_REFS
    body = scene.body(incident)
    assert isinstance(body, DecisionMade)
    assert body.left_out == 2
    assert len(scene.last(incident).header.to_bytes()) < 40_000


def test_under_a_line_of_the_authority_register(scene: WorkScene) -> None:
    incident = scene.declared()
    scene.commanded(incident, ANA)
    police = decide(incident, authority="call-police")
    assert scene.answer(police, CARO)["authority"] == "call-police"
    with pytest.raises(BadInput, match="no line of this name"):
        scene.do(decide(incident, authority="paint"), ANA)
    with pytest.raises(Refused) as caught:
        scene.do(decide(incident, authority="speak-to-press"), CARO)
    assert "It could be Amara Diallo (communications)" in caught.value.mend


def test_without_a_commander_responders_decide_and_others_do_not(scene: WorkScene) -> None:
    incident = scene.declared()
    assert scene.answer(decide(incident), BEN)["authority"] is None
    with pytest.raises(Refused, match="not yours"):
        scene.do(decide(incident), CARO)


def test_one_person_may_be_asked_and_is_the_one_to_answer(scene: WorkScene) -> None:
    incident = scene.declared()
    seq = scene.answer(AskDecision(incident=incident, text="x?", to=CARO.account), ANA)["decision"]
    with pytest.raises(Refused, match="not yours"):
        scene.do(decide(incident, answers=seq), BEN)
    assert scene.answer(decide(incident, answers=seq), CARO)["authority"] is None
    role = scene.answer(AskDecision(incident=incident, text="x?", role=Role.SCRIBE), ANA)
    assert role["asked"] is None
    with pytest.raises(ValidationError, match="not both"):
        AskDecision(incident=incident, text="x", to=CARO.account, role=Role.SCRIBE)
    scene.do(WithdrawDecision(incident=incident, decision=role["decision"], reason="x"), BEN)
    assert scene.state(incident).slice(DECISIONS).pending == {}
    with pytest.raises(Refused, match="no decision that is asked for"):
        scene.do(WithdrawDecision(incident=incident, decision=99, reason="x"), BEN)


def test_a_role_that_was_asked_answers_by_that_role(scene: WorkScene) -> None:
    incident = scene.declared()
    scene.commanded(incident, ANA)
    scene.handed_over(incident, Role.SCRIBE, ANA, CARO)
    seq = scene.answer(AskDecision(incident=incident, text="x?", role=Role.SCRIBE), ANA)["decision"]
    assert scene.answer(decide(incident, answers=seq), CARO)["authority"] == "scribe"


def test_only_a_decision_that_holds_is_replaced(scene: WorkScene) -> None:
    incident = scene.declared()
    with pytest.raises(Refused, match="no decision that holds"):
        scene.do(decide(incident, replaces=1), ANA)
    scene.do(decide(incident), ANA)
    scene.do(decide(incident, replaces=3, happened_at="2026-11-24T02:00Z"), ANA)
    assert scene.state(incident).slice(DECISIONS).made == (4,)


BODIES: list[Body] = [
    DecisionAsked(text="x"),
    DecisionMade(text="x", reason="y"),
    DecisionWithdrawn(text="x"),
    DecisionPut(to=BEN.account, by="2026-11-24T02:25:00.000000Z"),
]


@given(st.lists(st.tuples(st.sampled_from(BODIES), st.booleans(), st.integers(0, 6)), max_size=25))
def test_words_may_be_erased_without_changing_what_is_open(story: list[tuple[Body, bool, int]]) -> None:
    kept, folded = DECISIONS.empty, DECISIONS.empty
    for seq, (body, gone, at) in enumerate(story):
        rels = ("decision", "decides", "replaces")
        one = entry(body, seq=seq, refs=refs(*((rel, "INC-000000", at) for rel in rels)))
        kept = DECISIONS.evolve(kept, one)
        folded = DECISIONS.evolve(folded, erased(one) if gone and not isinstance(body, DecisionPut) else one)
        DECISIONS.evolve(kept, erased(one))
    assert folded == kept


def test_an_open_decision_costs_at_most_200_bytes(scene: WorkScene) -> None:
    incident = scene.declared()
    scene.do(AskDecision(incident=incident, text="x?"), ANA)
    before = len(to_bytes(scene.state(incident)))
    scene.do(AskDecision(incident=incident, text="x?", to=CARO.account), ANA)
    assert len(to_bytes(scene.state(incident))) - before <= 200


def test_it_knows_where_its_newest_words_stand_as_long_as_it_holds(scene: WorkScene) -> None:
    incident = scene.declared()
    scene.commanded(incident, ANA)
    seq = int(scene.answer(decide(incident))["decision"])
    scene.do(CorrectWork(incident=incident, corrects=seq, text="We cut the shop off"), ANA)
    assert scene.state(incident).slice(DECISIONS).words == {seq: scene.state(incident).seq}
    scene.do(decide(incident, replaces=seq), ANA)
    assert scene.state(incident).slice(DECISIONS).words == {}
