"""Steps are of a fixed set of kinds; each asks for what its kind needs."""

import pytest
from pydantic import ValidationError

from muster.plan.playbooks import Action, End, Playbook
from tests.plan.shop_plan import plan

END = {"kind": "end", "phase": "learn", "role": "commander", "do": "Done."}
BASE = plan().pinned.playbooks["web-intrusion"].model_dump(mode="json")


def with_step(**step: object) -> Playbook:
    return Playbook.model_validate({**BASE, "starts_with": "a", "steps": {"a": {**END, **step}}})


def test_the_kind_decides_what_a_step_needs() -> None:
    assert isinstance(with_step().steps["a"], End)
    for wrong in (
        {"kind": "dance"},
        {"kind": "task"},
        {"kind": "end", "next": "b"},
        {"kind": "decision", "within_minutes": 5, "default": "x", "options": {"x": {"means": "a", "next": "a"}}},
        {"kind": "repeat", "body": "a", "next": "a", "most": 0},
        {"kind": "action", "action": "isolate-host", "decision": "disconnect", "next": "a"},
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            with_step(**wrong)


def test_every_action_of_the_example_says_its_harm_and_its_undo() -> None:
    actions = [
        step
        for playbook in plan().pinned.playbooks.values()
        for step in playbook.steps.values()
        if isinstance(step, Action)
    ]
    assert len(actions) >= 5
    assert all(action.harm and action.undo for action in actions)


def test_the_example_has_a_step_of_every_kind_but_one() -> None:
    kinds = {step.kind for playbook in plan().pinned.playbooks.values() for step in playbook.steps.values()}
    assert kinds == {
        "task", "action", "decision", "gate", "timer", "notify", "verify", "if", "repeat", "parallel", "join", "end",
    }  # fmt: skip
