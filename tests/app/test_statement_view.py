"""Statements as people see them: each sentence with the facts behind it, and how far it is on its way."""

from muster.app import statement_view
from muster.app.statement_view import StatementView
from muster.core.people import Actor
from muster.disclose.publishing import ApproveStatement, DraftStatement, SendStatement
from muster.respond.facts import Ending, Settle, StateFact
from muster.respond.ground import Told
from tests.access.world import ANA, BEN
from tests.app.looking import looking
from tests.disclose.scene import Scene
from tests.plan.shop_plan import plan

TOLD = Told(pinned=plan().pinned, in_force=plan().in_force)


def drafted(made: Scene, incident: str, **more: object) -> tuple[int, str, int]:
    made.do(StateFact(incident=incident, text="A key was used.", source="log"), ANA)
    fact = made.state(incident).seq
    fields = {
        "incident": incident,
        "audience": "internal",
        "subject": "What we know",
        "sentences": [{"text": "A key was used from outside.", "facts": [fact]}],
        "recipients": ["noor-lindgren"],
    }
    answer = made.act(DraftStatement.model_validate(fields | more)).answer
    return int(str(answer["statement"])), str(answer["sha256"]), fact


def seen(made: Scene, incident: str, who: Actor = ANA, **more: object) -> StatementView:
    return statement_view.view(looking(made, incident, TOLD, who, **more)).statements[0]  # pyright: ignore[reportArgumentType] - tests pass what fits


def test_a_sentence_rests_on_its_facts() -> None:
    made = Scene(TOLD)
    incident = made.declared()
    seq, sha256, fact = drafted(made, incident)
    view = seen(made, incident)
    assert (view.seq, view.state, view.subject, view.sha256) == (seq, "draft", "What we know", sha256)
    assert (view.audience, view.recipients, view.mine) == ("internal", ("noor-lindgren",), True)
    (sentence,) = view.sentences
    assert (sentence.text, sentence.fixed, sentence.flagged) == ("A key was used from outside.", False, False)
    (behind,) = sentence.behind
    assert (behind.seq, behind.text, behind.changed, behind.stands) == (fact, "A key was used.", False, True)


def test_a_changed_fact_flags_the_sentence_and_voids_the_approval() -> None:
    made = Scene(TOLD)
    incident = made.declared()
    seq, sha256, fact = drafted(made, incident)
    look = looking(made, incident, TOLD, BEN)
    assert statement_view.to_approve(look) == (seq,)
    assert statement_view.to_approve(looking(made, incident, TOLD, ANA)) == ()
    made.act(ApproveStatement(incident=incident, statement=seq, sha256=sha256), BEN)
    assert seen(made, incident).approved_by == "Ben"
    settle = Settle(incident=incident, thing=fact, expected=1, ending=Ending.REFUTED, text="Another key")
    made.do(settle, ANA)
    view = seen(made, incident)
    assert (view.state, view.flagged, view.approved_by) == ("draft", (1,), "")
    assert view.sentences[0].flagged
    assert (view.sentences[0].behind[0].changed, view.sentences[0].behind[0].stands) == (True, False)
    assert statement_view.shaken(looking(made, incident, TOLD)) == (seq,)


def test_its_way_to_being_sent() -> None:
    made = Scene(TOLD)
    incident = made.declared()
    seq, sha256, _ = drafted(made, incident)
    made.act(ApproveStatement(incident=incident, statement=seq, sha256=sha256), BEN)
    made.act(SendStatement(incident=incident, statement=seq, sha256=sha256), ANA)
    assert seen(made, incident).state == "sent"
    assert statement_view.shaken(looking(made, incident, TOLD)) == ()


def test_hidden_words_of_a_draft_stay_hidden_although_the_state_holds_them() -> None:
    made = Scene(TOLD)
    incident = made.declared()
    seq, _, fact = drafted(made, incident)
    view = seen(made, incident, hidden={seq})
    assert (view.readable, view.missing, view.subject, view.sentences) == (False, "(hidden)", "", ())
    assert "A key was used" not in view.model_dump_json()
    assert seen(made, incident, hidden={fact}).sentences[0].behind[0].text == "(hidden)"


def test_what_can_be_chosen() -> None:
    made = Scene(TOLD)
    incident = made.declared()
    view = statement_view.view(looking(made, incident, TOLD))
    assert "customer-first-notice" in [name for name, _ in view.templates]
    assert {"data-protection-authority", "noor-lindgren"} <= {name for name, _ in view.recipients}
    assert "customer" in view.audiences
