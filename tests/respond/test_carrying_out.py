"""Carrying out: through the guard, with the approval that still holds, and with a decision where it is overridden."""

import pytest

from muster.core.errors import Conflict, Refused
from muster.core.people import Duty
from muster.record.entry import Ref
from muster.record.state import to_bytes
from muster.respond.actions import ACTIONS, ActionStarted, ActionState
from muster.respond.carrying_out import EndAction, Fate, FinishAction, StartAction, VerifyAction
from muster.respond.custody import ReceiveEvidence
from muster.respond.decisions import DecisionMade
from muster.respond.effects import EffectAsked, Sort
from muster.respond.facts import StateFact
from muster.respond.proposing import (
    APPROVAL_MINUTES,
    ApproveAction,
    ChangeAction,
    ProposeAction,
    WithdrawAction,
)
from tests.access.world import ANA, BEN, person
from tests.respond.test_proposing import FIELDS
from tests.respond.work_scene import MUSTER, WorkScene


@pytest.fixture
def scene() -> WorkScene:
    return WorkScene(planned=True)


def evidence(scene: WorkScene, incident: str, of: str = "PORTAL-01") -> None:
    fields = {"incident": incident, "sha256": "ab" * 32, "size": 1, "name": "x", "place": "y", "of": [of]}
    scene.do(ReceiveEvidence.model_validate(fields), ANA)


def proposed(scene: WorkScene, incident: str, **more: object) -> tuple[int, str]:
    command = ProposeAction.model_validate({"incident": incident, **FIELDS, **more})
    answer = scene.answer(command, ANA)
    return int(answer["action"]), str(answer["sha256"])


def approved(scene: WorkScene, incident: str, **more: object) -> tuple[int, str]:
    action, sha256 = proposed(scene, incident, **more)
    scene.do(ApproveAction(incident=incident, action=action, sha256=sha256), BEN)
    return action, sha256


def stage(scene: WorkScene, incident: str, action: int) -> tuple[ActionState, int]:
    found = scene.state(incident).slice(ACTIONS).pending[action]
    return found.state, found.version


def start(incident: str, action: tuple[int, str], override: str | None = None) -> StartAction:
    return StartAction(incident=incident, action=action[0], sha256=action[1], override=override)


def test_the_whole_way_by_hand(scene: WorkScene) -> None:
    incident = scene.declared()
    evidence(scene, incident)
    action = approved(scene, incident)
    answer = scene.answer(start(incident, action), ANA)
    assert (answer["effect"], answer["guard"]) == (None, "go")
    assert stage(scene, incident, action[0]) == (ActionState.RUNNING, 3)
    scene.do(FinishAction(incident=incident, action=action[0], expected=3, worked=True, text="Port off"), BEN)
    done = scene.state(incident).slice(ACTIONS).pending[action[0]]
    assert (done.state, done.until) == (ActionState.DONE, "2026-11-24T06:10:00.000000Z")
    scene.do(VerifyAction(incident=incident, action=action[0], expected=4, text="No more packets"), BEN)
    end = EndAction(incident=incident, action=action[0], expected=5, fate=Fate.UNDONE, reason="Rebuilt")
    scene.do(end, ANA)
    assert scene.state(incident).slice(ACTIONS).pending == {}
    assert scene.kinds(incident)[-7:] == [
        "action.started", "action.done", "reason.given", "action.verified", "reason.given", "action.undone",
        "reason.given",
    ]  # fmt: skip
    with pytest.raises(Refused, match="no open action"):
        scene.do(end, ANA)


def test_the_guard_holds_it_with_reasons_and_a_milder_way(scene: WorkScene) -> None:
    incident = scene.declared()
    action = approved(scene, incident)
    with pytest.raises(Refused) as caught:
        scene.do(start(incident, action), ANA)
    assert "No evidence was captured of PORTAL-01" in caught.value.what
    assert "Instead: Save memory and logs of PORTAL-01 first" in caught.value.mend
    assert stage(scene, incident, action[0])[0] is ActionState.APPROVED
    evidence(scene, incident)
    scene.do(start(incident, action), ANA)


def test_a_decision_with_a_reason_overrides_it(scene: WorkScene) -> None:
    incident = scene.declared()
    scene.do(StateFact(incident=incident, text="Data leaves now", source="proxy"), ANA)
    action = approved(scene, incident)
    dora = person("dora", Duty.RESPONDER)
    scene.people(dora)
    with pytest.raises(Refused, match="decide this alone"):
        scene.do(start(incident, action, "I know better"), dora)
    scene.do(start(incident, action, "Data leaves now"), BEN)
    assert scene.kinds(incident)[-2:] == ["decision.made", "action.started"]
    decided = scene.body(incident, -2)
    assert isinstance(decided, DecisionMade)
    assert (decided.reason, decided.authority) == ("Data leaves now", "commander")
    assert "No evidence was captured" in decided.text
    refs = scene.entries[incident][-2].header.refs
    assert refs == (Ref("action", incident, action[0]), Ref("knew-fact", incident, 3))
    assert scene.last(incident).header.refs[1] == Ref("decided", incident, scene.state(incident).seq - 1)


def test_in_an_emergency_one_person_who_may_goes_alone_and_it_is_marked(scene: WorkScene) -> None:
    incident = scene.declared()
    evidence(scene, incident)
    action = proposed(scene, incident)
    with pytest.raises(Refused, match="Nobody has approved it"):
        scene.do(start(incident, action), ANA)
    scene.do(start(incident, action, "It spreads by the minute"), ANA)
    assert scene.body(incident) == ActionStarted(sha256=action[1], alone=True)
    decided = scene.body(incident, -2)
    assert isinstance(decided, DecisionMade)
    assert decided.text.endswith("without a second person's approval")


def test_an_approval_lapses_and_is_void_after_a_change(scene: WorkScene) -> None:
    incident = scene.declared()
    evidence(scene, incident)
    action = approved(scene, incident)
    scene.wait(APPROVAL_MINUTES)
    with pytest.raises(Refused, match="Nobody has approved it as it stands"):
        scene.do(start(incident, action), ANA)
    change = {"incident": incident, "change": action[0], "expected": 2, **FIELDS, "harm": "None at all"}
    changed = scene.answer(ChangeAction.model_validate(change), BEN)
    with pytest.raises(Refused, match="changed since you read it"):
        scene.do(start(incident, action), ANA)
    with pytest.raises(Refused, match="Nobody has approved it"):
        scene.do(start(incident, (action[0], str(changed["sha256"]))), ANA)


def test_a_channel_is_asked_with_what_was_approved(scene: WorkScene) -> None:
    incident = scene.declared()
    evidence(scene, incident)
    action = approved(scene, incident, channel="firewall", payload={"port": "7"})
    effect = scene.answer(start(incident, action), ANA)["effect"]
    assert effect == scene.state(incident).seq
    body = scene.body(incident)
    assert isinstance(body, EffectAsked)
    assert (body.channel, body.to, body.sort) == ("firewall", ("PORTAL-01",), Sort.ACTION)
    assert body.payload == {"port": "7", "action_sha256": action[1], "minutes": "240"}
    assert not body.may_repeat
    assert scene.last(incident).header.refs == (Ref("action", incident, action[0]),)
    finish = FinishAction(incident=incident, action=action[0], expected=3, worked=True, text="Done")
    scene.do(finish, MUSTER)


def test_what_failed_needs_a_new_approval(scene: WorkScene) -> None:
    incident = scene.declared()
    evidence(scene, incident)
    action = approved(scene, incident)
    scene.do(start(incident, action), ANA)
    failed = FinishAction(incident=incident, action=action[0], expected=3, worked=False, text="No answer")
    scene.do(failed, ANA)
    assert stage(scene, incident, action[0]) == (ActionState.PROPOSED, 4)
    with pytest.raises(Refused, match="Nobody has approved it"):
        scene.do(start(incident, action), ANA)
    with pytest.raises(Refused, match="proposed this yourself"):
        scene.do(ApproveAction(incident=incident, action=action[0], sha256=action[1]), ANA)


def test_no_step_is_left_out(scene: WorkScene) -> None:
    incident = scene.declared()
    evidence(scene, incident)
    action = approved(scene, incident)
    early = FinishAction(incident=incident, action=action[0], expected=2, worked=True, text="x")
    with pytest.raises(Refused, match="First it must be running"):
        scene.do(early, ANA)
    scene.do(start(incident, action), ANA)
    with pytest.raises(Refused, match="running already"):
        scene.do(start(incident, action), ANA)
    with pytest.raises(Refused, match="running already"):
        scene.do(WithdrawAction(incident=incident, action=action[0], expected=3, reason="x"), ANA)
    scene.do(FinishAction(incident=incident, action=action[0], expected=3, worked=True, text="x"), ANA)
    permanent = EndAction(incident=incident, action=action[0], expected=4, fate=Fate.PERMANENT, reason="x")
    with pytest.raises(Refused, match="First it must be verified"):
        scene.do(permanent, ANA)
    with pytest.raises(Conflict):
        scene.do(VerifyAction(incident=incident, action=action[0], expected=3, text="x"), ANA)
    scene.do(VerifyAction(incident=incident, action=action[0], expected=4, text="x"), BEN)
    scene.do(permanent.model_copy(update={"expected": 5}), ANA)
    assert scene.state(incident).slice(ACTIONS).pending == {}


def test_an_open_action_costs_at_most_200_bytes(scene: WorkScene) -> None:
    incident = scene.declared()
    evidence(scene, incident)
    approved(scene, incident)
    before = len(to_bytes(scene.state(incident)))
    action = approved(scene, incident)
    assert len(to_bytes(scene.state(incident))) - before <= 200
    scene.do(start(incident, action), ANA)
    scene.do(FinishAction(incident=incident, action=action[0], expected=3, worked=True, text="x"), ANA)
    assert len(to_bytes(scene.state(incident))) - before <= 200
