"""Proposing and approving: the hash of what was read, never one's own, only by whom the plan names."""

import pytest
from pydantic import ValidationError

from muster.core.errors import Conflict, Refused
from muster.core.people import Role
from muster.record.decision import NOTHING_KNOWN
from muster.respond.actions import ACTIONS, ActionProposed, ActionState
from muster.respond.proposing import ApproveAction, ChangeAction, ProposeAction, WithdrawAction
from tests.access.world import ADA, ANA, BEN, CARO
from tests.respond.work_scene import WorkScene

FIELDS = {
    "action": "isolate-host", "decision": "disconnect", "target_kind": "host", "target": "PORTAL-01",
    "purpose": "Stop the tool from calling home", "harm": "The portal is slow", "undo": "Put the port back",
    "minutes": 240, "evidence_effect": "changes",
}  # fmt: skip


@pytest.fixture
def scene() -> WorkScene:
    return WorkScene(planned=True)


def proposed(scene: WorkScene, incident: str, **more: object) -> dict[str, object]:
    return scene.answer(ProposeAction.model_validate({"incident": incident, **FIELDS, **more}), ANA)


def approve(incident: str, answer: dict[str, object]) -> ApproveAction:
    return ApproveAction.model_validate(
        {"incident": incident, "action": answer["action"], "sha256": answer["sha256"]}
    )


def state_of(scene: WorkScene, incident: str, action: object) -> ActionState:
    return scene.state(incident).slice(ACTIONS).pending[int(str(action))].state


def test_a_proposal_answers_the_guard_and_who_could_approve(scene: WorkScene) -> None:
    incident = scene.declared()
    answer = proposed(scene, incident)
    assert (answer["action"], answer["version"], answer["guard"]) == (3, 1, "hold")
    assert answer["reasons"] == ["No evidence was captured of PORTAL-01, and this changes it."]
    assert "Save memory" in str(answer["milder"])
    assert str(answer["approvers"]).startswith("Ines Caruso (commander)")
    assert "Noor Lindgren" not in str(answer["approvers"])
    body = scene.body(incident)
    assert isinstance(body, ActionProposed)
    assert body.sha256 == answer["sha256"]


def test_it_says_what_it_may_break() -> None:
    for field in ("purpose", "harm", "target", "decision"):
        with pytest.raises(ValidationError):
            ProposeAction.model_validate({"incident": "INC-7Q4KM2", **FIELDS, field: " "})


def test_nobody_approves_what_they_proposed(scene: WorkScene) -> None:
    incident = scene.declared()
    answer = proposed(scene, incident)
    with pytest.raises(Refused) as caught:
        scene.do(approve(incident, answer), ANA)
    assert "A second person approves it: Ines Caruso (commander)" in caught.value.mend
    approved = scene.answer(approve(incident, answer), BEN)
    assert approved["role"] == "commander"
    assert approved["until"] == "2026-11-24T06:10:00.000000Z"
    assert state_of(scene, incident, answer["action"]) is ActionState.APPROVED
    with pytest.raises(Refused, match="approved already"):
        scene.do(approve(incident, answer), BEN)


def test_only_whom_the_plan_names_approves_and_the_others_are_told_who(scene: WorkScene) -> None:
    incident = scene.declared()
    answer = proposed(scene, incident)
    for actor in (CARO, ADA):
        with pytest.raises(Refused, match="does not let you approve") as caught:
            scene.do(approve(incident, answer), actor)
        assert "Ines Caruso" in caught.value.mend
    police = proposed(scene, incident, decision="call-police")
    assert scene.answer(approve(incident, police), CARO)["role"] == "legal"


def test_an_approval_names_what_was_read(scene: WorkScene) -> None:
    incident = scene.declared()
    answer = proposed(scene, incident)
    change = ChangeAction.model_validate(
        {"incident": incident, "change": answer["action"], "expected": 1, **FIELDS, "target": "PORTAL-02"}
    )
    changed = scene.answer(change, ANA)
    assert changed["version"] == 2
    with pytest.raises(Refused, match="changed since you read it"):
        scene.do(approve(incident, answer), BEN)
    scene.do(approve(incident, changed), BEN)
    with pytest.raises(Conflict, match="changed this action first"):
        scene.do(change, ANA)
    scene.do(change.model_copy(update={"expected": 3, "harm": "None"}), ANA)
    assert state_of(scene, incident, answer["action"]) is ActionState.PROPOSED


def test_whoever_changed_it_does_not_approve_it(scene: WorkScene) -> None:
    incident = scene.declared()
    answer = proposed(scene, incident)
    change = ChangeAction.model_validate(
        {"incident": incident, "change": answer["action"], "expected": 1, **FIELDS, "count": 2}
    )
    changed = scene.answer(change, BEN)
    with pytest.raises(Refused, match="proposed this yourself"):
        scene.do(approve(incident, changed), BEN)
    scene.do(approve(incident, changed), ANA)


def test_hidden_words_cannot_be_approved(scene: WorkScene) -> None:
    incident = scene.declared()
    command = approve(incident, proposed(scene, incident))
    with pytest.raises(Refused, match="cannot be read any more"):
        scene.rule_of(command).decide(scene.states, command, scene.context(BEN), NOTHING_KNOWN)


def test_without_a_line_in_the_register_it_is_for_command() -> None:
    scene = WorkScene()
    incident = scene.declared()
    answer = proposed(scene, incident)
    assert answer["approvers"] == "nobody yet: offer somebody command or the role of deputy"
    with pytest.raises(Refused, match="does not let you approve"):
        scene.do(approve(incident, answer), BEN)
    scene.commanded(incident, ANA)
    scene.handed_over(incident, Role.DEPUTY, ANA, BEN)
    assert proposed(scene, incident)["approvers"] == "the deputy of this incident"
    assert scene.answer(approve(incident, answer), BEN)["role"] == "commander"


def test_it_is_withdrawn_before_it_is_done(scene: WorkScene) -> None:
    incident = scene.declared()
    answer = proposed(scene, incident)
    withdraw = WithdrawAction(incident=incident, action=3, expected=1, reason="We found a milder one")
    scene.do(withdraw, BEN)
    assert scene.state(incident).slice(ACTIONS).pending == {}
    with pytest.raises(Refused, match="no open action"):
        scene.do(approve(incident, answer), BEN)
