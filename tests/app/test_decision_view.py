"""Decisions as people see them, with what was known in that minute."""

from muster.app import decision_view
from muster.app.decision_view import DecisionsView
from muster.core.people import Actor
from muster.respond.correction import CorrectWork
from muster.respond.decisions import AskDecision, Decide
from muster.respond.facts import AskQuestion, StateFact
from tests.access.world import ANA, BEN, CARO
from tests.app.looking import looking
from tests.respond.work_scene import WorkScene


def seen(scene: WorkScene, incident: str, who: Actor = ANA, **more: object) -> DecisionsView:
    return decision_view.view(looking(scene, incident, scene.told(incident), who, **more))  # pyright: ignore[reportArgumentType] - tests pass what fits


def test_what_is_asked_for_of_whom_and_by_when() -> None:
    scene = WorkScene(planned=True)
    incident = scene.declared()
    scene.commanded(incident, ANA)
    asking = AskDecision(incident=incident, text="Cut it off?", options=("yes", "no"), minutes=15)
    seq = scene.answer(asking, BEN)["decision"]
    (one,) = seen(scene, incident).asked
    assert (one.seq, one.text, one.options, one.to) == (seq, "Cut it off?", ("yes", "no"), "the commander")
    assert (one.who, one.mine, one.may, one.late) == ("Ben", True, True, False)
    (other,) = seen(scene, incident, BEN).asked
    assert (other.mine, other.may) == (False, False)
    scene.do(AskDecision(incident=incident, text="And this?", to=CARO.account, minutes=5), BEN)
    first = seen(scene, incident, CARO).asked[0]
    assert (first.text, first.to, first.mine, first.may) == ("And this?", "Caro", True, True)
    scene.wait(20)
    assert all(one.late for one in seen(scene, incident).asked)


def test_what_was_decided_and_what_was_known_then() -> None:
    scene = WorkScene(planned=True)
    incident = scene.declared()
    scene.commanded(incident, ANA)
    scene.do(StateFact(incident=incident, text="Data left", source="log"), ANA)
    scene.do(AskQuestion(incident=incident, text="Where to?"), BEN)
    fact = scene.state(incident).seq - 1
    made = Decide(incident=incident, text="Cut it off", reason="It leaves", objections="Ben: too early")
    seq = scene.answer(made)["decision"]
    scene.do(StateFact(incident=incident, text="Learned later", source="log"), ANA)
    scene.do(CorrectWork(incident=incident, corrects=seq, text="Cut the portal off"), ANA)
    (one,) = seen(scene, incident).made
    assert (one.text, one.corrected) == ("Cut it off", "Cut the portal off")
    assert (one.reason, one.objections, one.authority) == ("It leaves", "Ben: too early", "commander")
    assert one.who == "Ana"
    assert {(known.seq, known.worth, known.text) for known in one.knew} == {
        (fact, "fact", "Data left"),
        (fact + 1, "question", "Where to?"),
    }
    hidden = seen(scene, incident, hidden={seq, fact}).made[0]
    assert (hidden.text, hidden.reason) == ("(hidden)", "")
    assert "Data left" not in hidden.model_dump_json()


def test_while_nobody_commands_any_responder_may_decide() -> None:
    scene = WorkScene(planned=True)
    incident = scene.declared()
    assert seen(scene, incident, BEN).may
    assert not seen(scene, incident, CARO).may
    assert "disconnect" in [name for name, _ in seen(scene, incident).authorities]


def test_of_many_decisions_the_newest_are_shown() -> None:
    scene = WorkScene()
    incident = scene.declared()
    for number in range(decision_view.MOST_MADE + 2):
        scene.do(Decide(incident=incident, text=f"Decision {number}", reason="x"), ANA)
    view = seen(scene, incident)
    assert (len(view.made), view.made_more) == (decision_view.MOST_MADE, 2)
    assert view.made[0].text == f"Decision {decision_view.MOST_MADE + 1}"
    assert len(decision_view.needs(scene.state(incident))) == decision_view.MOST_MADE
