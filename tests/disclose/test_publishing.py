"""Drafting from a template, checking, approving by somebody else, and sending: every change voids, no doubt goes out."""

import pytest

from muster.core.errors import Conflict, MusterError, Refused
from muster.core.people import Actor
from muster.disclose.publishing import ApproveStatement, DraftStatement, SendStatement
from muster.disclose.statement import STATEMENTS, Statement, StatementDrafted
from muster.record.decision import NOTHING_KNOWN
from muster.respond.effects import EffectAsked, Sort
from muster.respond.facts import Ending, MakeAssumption, Settle, StateFact
from tests.access.world import ANA, BEN
from tests.disclose.scene import KnownPlan, Scene, pinned

ANSWERS = {
    "what-happened": "Strangers broke into our portal and copied orders.",
    "since-when": "24 November 2026",
    "data-kinds": "names, addresses and orders",
    "contact-point": "help@shop.example",
    "confirmed": "yes",
}


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def incident(scene: Scene) -> str:
    code = scene.declared()
    for fact, answer in ANSWERS.items():
        scene.answered(code, fact, answer)
    return code


def draft(scene: Scene, incident: str, actor: Actor = ANA, **more: object) -> dict[str, object]:
    command = {"incident": incident, "template": "letter", "recipients": ("nordwind",), **more}
    return dict(scene.act(DraftStatement.model_validate(command), actor).answer)


def statement(scene: Scene, incident: str, first: object) -> Statement:
    assert isinstance(first, int)
    return scene.state(incident).slice(STATEMENTS).statements[first]


def approve(scene: Scene, incident: str, made: dict[str, object], actor: Actor = BEN) -> None:
    named = {"incident": incident, "statement": made["statement"], "sha256": made["sha256"]}
    scene.act(ApproveStatement.model_validate(named), actor)


def send(scene: Scene, incident: str, made: dict[str, object]) -> None:
    named = {"incident": incident, "statement": made["statement"], "sha256": made["sha256"]}
    scene.act(SendStatement.model_validate(named), BEN)


def refused(act: object, *arguments: object) -> MusterError:
    assert callable(act)
    with pytest.raises(MusterError) as caught:
        act(*arguments)
    assert caught.value.mend
    return caught.value


def test_the_whole_way_from_facts_to_the_door(scene: Scene, incident: str) -> None:
    made = draft(scene, incident)
    assert made["findings"] == []
    body = scene.entries[incident][-2].body
    assert isinstance(body, StatementDrafted)
    assert body.text == (
        "Dear customer,\n\nStrangers broke into our portal and copied orders. It began on 24 November 2026.\n\n"
        "It concerns names, addresses and orders.\n\nWe are sorry. Ask us: help@shop.example"
    )
    assert [len(sentence.facts) for sentence in body.sentences] == [0, 2, 1, 1]
    approve(scene, incident, made)
    send(scene, incident, made)
    asked = scene.body(incident)
    assert isinstance(asked, EffectAsked)
    assert (asked.to, asked.sort, asked.text) == (("nordwind",), Sort.STATEMENT, body.text)
    assert asked.payload == {"sha256": made["sha256"], "statement": f"{incident}/{made['statement']}"}
    assert scene.kinds(incident)[-4:] == [
        "statement.checked",
        "statement.approved",
        "statement.sent",
        "effect.asked",
    ]


def test_one_effect_for_each_recipient_with_an_id_of_its_own(scene: Scene, incident: str) -> None:
    made = draft(scene, incident, recipients=("a", "b", "c"))
    approve(scene, incident, made)
    send(scene, incident, made)
    bodies = [scene.body(incident, place) for place in (-3, -2, -1)]
    assert len({body.effect for body in bodies if isinstance(body, EffectAsked)}) == 3


def test_no_drafter_approves_also_not_an_earlier_one(scene: Scene, incident: str) -> None:
    made = draft(scene, incident)
    assert "does not approve" in refused(approve, scene, incident, made, ANA).what
    again = draft(scene, incident, BEN, statement=made["statement"], expected=1, subject="About your data")
    for actor in (ANA, BEN):
        assert "does not approve" in refused(approve, scene, incident, again, actor).what


def test_a_change_meanwhile_is_a_conflict_and_voids_the_approval(scene: Scene, incident: str) -> None:
    made = draft(scene, incident)
    again = draft(scene, incident, statement=made["statement"], expected=1, subject="About your data")
    assert isinstance(refused(approve, scene, incident, made), Conflict)
    approve(scene, incident, again)
    last = draft(scene, incident, statement=made["statement"], expected=2)
    assert statement(scene, incident, made["statement"]).approved_by is None
    assert "Nobody has approved" in refused(send, scene, incident, last).what
    with pytest.raises(Conflict):
        draft(scene, incident, statement=made["statement"], expected=1)


@pytest.mark.parametrize("approved", [False, True])
def test_a_refuted_fact_stops_it(scene: Scene, incident: str, approved: bool) -> None:
    made = draft(scene, incident)
    if approved:
        approve(scene, incident, made)
    fact = max(statement(scene, incident, made["statement"]).facts)
    scene.do(Settle(incident=incident, thing=fact, expected=1, ending=Ending.REFUTED, text="No"), BEN)
    flagged = statement(scene, incident, made["statement"]).flagged
    assert flagged
    act = send if approved else approve
    assert str(flagged[0]) in refused(act, scene, incident, made).what


def test_a_place_without_an_answer_blocks_it(scene: Scene) -> None:
    incident = scene.declared()
    made = draft(scene, incident)
    problems = statement(scene, incident, made["statement"]).problems
    assert problems is not None
    assert {"not-filled", "fact-missing", "not-confirmed"} <= set(problems)
    assert "not-filled" in refused(approve, scene, incident, made).what


def test_a_foreign_link_blocks_it(scene: Scene, incident: str) -> None:
    scene.answered(incident, "contact-point", "https://shop.example.evil.test", 1)
    made = draft(scene, incident)
    assert "foreign-link" in refused(approve, scene, incident, made).what


def test_an_authority_is_told_what_is_not_known_yet(scene: Scene, incident: str) -> None:
    scene.answered(incident, "contact-point", "unknown", 1)
    draft(scene, incident, template="authority")
    body = scene.entries[incident][-2].body
    assert isinstance(body, StatementDrafted)
    assert "Ask us: not yet known" in body.text
    draft(scene, incident)
    body = scene.entries[incident][-2].body
    assert isinstance(body, StatementDrafted)
    assert "{{ contact-point }}" in body.text


def test_wrapped_lines_are_joined_and_lists_stay_lists(scene: Scene, incident: str) -> None:
    parts = pinned()
    text = "1. What: {{ confirmed }}\n   and more.\n2. Whom:\n   {{ data-kinds }}\n- last"
    letter = parts.templates["letter"].model_copy(update={"text": text})
    scene.known = KnownPlan(pinned=parts.model_copy(update={"templates": {"letter": letter}}))
    draft(scene, incident)
    body = scene.entries[incident][-2].body
    assert isinstance(body, StatementDrafted)
    assert body.text == "1. What: yes and more.\n2. Whom: names, addresses and orders\n- last"


def own(scene: Scene, incident: str, text: str, *facts: int) -> set[str]:
    """The problems of a statement with this sentence added."""
    made = draft(scene, incident, sentences=({"text": text, "facts": facts},))
    return set(statement(scene, incident, made["statement"]).problems or ())


def test_sentences_of_ones_own_rest_on_facts(scene: Scene, incident: str) -> None:
    fact = int(str(scene.do(StateFact(incident=incident, text="x", source="y"), ANA).answer["seq"]))
    belief = int(str(scene.do(MakeAssumption(incident=incident, text="x"), ANA).answer["seq"]))
    assert own(scene, incident, "They copied 12 orders.") == {"no-fact"}
    assert own(scene, incident, "They copied 12 orders.", fact) == set()
    assert own(scene, incident, "We will answer every question.") == set()
    assert own(scene, incident, "They copied 12 orders.", belief) == {"unconfirmed"}
    assert own(scene, incident, "They copied 12 orders.", 1) == {"fact-gone"}


def test_approved_once_sent_once(scene: Scene, incident: str) -> None:
    made = draft(scene, incident)
    approve(scene, incident, made)
    assert "approved already" in refused(approve, scene, incident, made).what
    send(scene, incident, made)
    assert "sent already" in refused(send, scene, incident, made).what
    again = DraftStatement.model_validate(
        {"incident": incident, "template": "letter", "statement": made["statement"], "expected": 1}
    )
    with pytest.raises(Refused, match="sent already"):
        scene.act(again)


def test_the_plan_changed_since_the_approval(scene: Scene, incident: str) -> None:
    made = draft(scene, incident)
    approve(scene, incident, made)
    parts = pinned()
    narrower = parts.model_copy(
        update={"policy": parts.policy.model_copy(update={"domains": ("other.example",)})}
    )
    scene.known = KnownPlan(pinned=narrower)
    assert "foreign-address" in refused(send, scene, incident, made).what


def test_what_is_missing_is_asked_for(scene: Scene, incident: str) -> None:
    assert refused(scene.act, DraftStatement(incident=incident)).where == "audience"
    assert refused(scene.act, DraftStatement(incident=incident, template="nothing")).where == "template"
    nobody = draft(scene, incident, recipients=())
    approve(scene, incident, nobody)
    assert refused(send, scene, incident, nobody).where == "recipients"
    no_words = DraftStatement.model_validate({"incident": incident, "audience": "public"})
    assert refused(scene.act, no_words).where == "sentences"
    unknown = ApproveStatement(incident=incident, statement=1, sha256="0" * 64)
    assert "no statement" in refused(scene.act, unknown).what
    scene.known = NOTHING_KNOWN
    assert refused(scene.act, DraftStatement(incident=incident, template="letter")).where == "template"
