"""A dry run prints the path; what is never reached, never ends or harms too early is seen."""

import pytest

from muster.core.errors import BadInput
from muster.plan import playbook_walk as walk
from muster.plan.playbooks import Playbook
from tests.plan.shop_plan import plan

WEB = plan().pinned.playbooks["web-intrusion"]
COMMON = {"phase": "contain", "role": "commander", "do": "Do it."}


def of(**steps: dict[str, object]) -> Playbook:
    return Playbook.model_validate(
        {
            **WEB.model_dump(mode="json"),
            "starts_with": "a",
            "steps": {name: {**COMMON, **step} for name, step in steps.items()},
        }
    )


TASK, END = {"kind": "task"}, {"kind": "end"}


def test_silence_takes_the_usual_way_to_the_end() -> None:
    path = walk.dry_run(WEB)
    assert path[:4] == ("confirm", "real", "clocks", "two-ways")
    assert path[4:7] == ("capture", "reach", "picture")
    assert path[-1] == "done"
    assert "tell-authority" not in path


def test_choices_lead_elsewhere() -> None:
    assert walk.dry_run(WEB, {"real": "ours"}) == ("confirm", "real", "stood-down", "done")
    assert "tell-customers" in walk.dry_run(WEB, {"data": "then"})
    with pytest.raises(BadInput, match="does not come to an end"):
        walk.dry_run(WEB, {"contained": "otherwise"})


def test_every_playbook_of_the_example_is_sound() -> None:
    for playbook in plan().pinned.playbooks.values():
        assert walk.dry_run(playbook)
        assert walk.unreachable(playbook) == ()
        assert walk.endless(playbook) == ()
        assert walk.loops(playbook) == ()
        assert list(walk.unjoined(playbook)) == []
        assert walk.unguarded(playbook) == ()
        assert walk.before_evidence(playbook) == ()


def test_a_circle_without_a_way_out_is_endless_and_what_leads_to_it_is_not() -> None:
    playbook = of(a={**TASK, "next": "b"}, b={**TASK, "next": "c"}, c={**TASK, "next": "b"}, d=END)
    assert walk.endless(playbook) == ("b", "c")
    assert walk.loops(playbook) == ()
    assert walk.unreachable(playbook) == ("d",)


def test_a_circle_that_only_a_fact_leaves_is_a_loop() -> None:
    turn = {"kind": "if", "fact": "confirmed", "one_of": ["yes"], "then": "c", "otherwise": "a"}
    assert walk.loops(of(a={**TASK, "next": "b"}, b=turn, c=END)) == ("a", "b")
    look = {"kind": "verify", "next": "c", "otherwise": "a"}
    assert walk.loops(of(a={**TASK, "next": "b"}, b=look, c=END)) == ()


def test_a_step_that_does_not_exist_ends_a_dry_run() -> None:
    with pytest.raises(BadInput, match="step lost"):
        walk.dry_run(of(a={**TASK, "next": "lost"}))


def test_an_action_without_undo_is_guarded_only_by_a_gate_that_leads_to_it() -> None:
    act = {
        "kind": "action", "action": "wipe", "decision": "disconnect", "harm": "All is lost",
        "evidence_first": False, "next": "c",
    }  # fmt: skip
    gate = {"kind": "gate", "roles": ["commander"], "next": "b", "otherwise": "c"}
    assert walk.unguarded(of(a={**TASK, "next": "b"}, b=act, c=END)) == ("b",)
    assert walk.unguarded(of(a=gate, b=act, c=END)) == ()
    assert walk.unguarded(of(a={**gate, "otherwise": "b", "next": "c"}, b=act, c=END)) == ("b",)
    assert walk.unguarded(of(a=act, c=END)) == ("a",)
