"""Actions as people see them: the guard's answer, who could approve, and what whoever looks may do."""

from muster.app import action_view
from muster.app.action_view import ActionView
from muster.core.people import Actor
from muster.respond.carrying_out import FinishAction
from muster.respond.proposing import ChangeAction
from tests.access.world import ANA, BEN, CARO
from tests.app.looking import looking
from tests.respond.test_carrying_out import approved, evidence, proposed, start
from tests.respond.test_proposing import FIELDS
from tests.respond.work_scene import WorkScene


def seen(scene: WorkScene, incident: str, who: Actor = ANA, **more: object) -> ActionView:
    return action_view.view(looking(scene, incident, scene.told(incident), who, **more)).actions[0]  # pyright: ignore[reportArgumentType] - tests pass what fits


def test_a_proposal_with_what_stands_against_it() -> None:
    scene = WorkScene(planned=True)
    incident = scene.declared()
    seq, sha256 = proposed(scene, incident)
    view = seen(scene, incident, BEN)
    assert (view.seq, view.sha256, view.state, view.by, view.mine) == (seq, sha256, "proposed", "Ana", False)
    assert view.proposal["purpose"] == FIELDS["purpose"]
    assert view.guard.level == "hold"
    assert any("No evidence was captured" in reason for reason in view.guard.reasons)
    assert "first; then this is free to go" in view.guard.milder
    assert view.may_approve
    assert not seen(scene, incident, ANA).may_approve
    assert not seen(scene, incident, CARO).may_approve
    assert "Ines Caruso" in view.approvers
    assert action_view.waits_for_me(looking(scene, incident, scene.told(incident), BEN)) == (seq,)
    assert action_view.needs(scene.state(incident)) == {seq}


def test_a_changed_proposal_is_read_where_it_stands_now() -> None:
    scene = WorkScene(planned=True)
    incident = scene.declared()
    seq, _ = proposed(scene, incident)
    changed = {"incident": incident, **FIELDS, "purpose": "Another", "change": seq, "expected": 1}
    scene.do(ChangeAction.model_validate(changed), ANA)
    view = seen(scene, incident)
    assert (view.seq, view.proposal["purpose"], view.version) == (seq, "Another", 2)
    assert action_view.needs(scene.state(incident)) == {scene.state(incident).seq}


def test_its_way_and_when_its_time_is_over() -> None:
    scene = WorkScene(planned=True)
    incident = scene.declared()
    evidence(scene, incident)
    action = approved(scene, incident, minutes=30)
    view = seen(scene, incident)
    assert (view.state, view.lapsed) == ("approved", False)
    scene.wait(241)
    assert seen(scene, incident).lapsed
    assert action_view.waits_for_me(looking(scene, incident, scene.told(incident), BEN)) == ()
    scene.now = scene.now.replace(hour=2, minute=20)
    scene.do(start(incident, action, "We must"), BEN)
    assert seen(scene, incident).state == "running"
    scene.do(FinishAction(incident=incident, action=action[0], worked=True, text="x", expected=3), ANA)
    assert seen(scene, incident).state == "done"


def test_what_is_hidden_cannot_be_approved() -> None:
    scene = WorkScene(planned=True)
    incident = scene.declared()
    seq, _ = proposed(scene, incident, purpose="hunter2")
    view = seen(scene, incident, BEN, hidden={seq})
    assert (view.title, view.readable, view.may_approve, view.proposal) == ("(hidden)", False, False, {})
    assert "hunter2" not in view.model_dump_json()
    assert view.guard.level == "hold"


def test_what_can_be_chosen() -> None:
    scene = WorkScene(planned=True)
    incident = scene.declared()
    view = action_view.view(looking(scene, incident, scene.told(incident)))
    assert "disconnect" in [name for name, _ in view.decisions]
    assert "customer-portal" in view.services
    assert (view.actions, view.more) == ((), 0)
