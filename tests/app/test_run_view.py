"""Playbooks that are followed, as people see them."""

from muster.app import run_view
from muster.app.run_view import RunsView
from muster.core.people import Actor
from muster.respond.ground import Told
from muster.respond.running import AgreeToStep, FailStep, FinishStep, SkipStep, TakeStep
from tests.access.world import ANA, BEN, CARO
from tests.app.looking import looking
from tests.respond.playbooks import RunScene, small, step

OPTIONS = {"a": {"means": "One way", "next": "done"}, "b": {"means": "Another", "next": "done"}}


def seen(scene: RunScene, who: Actor = ANA, told: Told | None = None) -> RunsView:
    return run_view.view(looking(scene, scene.incident, told or scene.told(scene.incident), who))


def test_a_step_with_its_plan_line_its_choices_and_whose_it_is() -> None:
    scene = RunScene(
        small("ask", ask=step("decision", "legal", options=OPTIONS, default="a", within_minutes=15))
    )
    run = scene.started()
    view = seen(scene, CARO)
    (one,) = view.runs
    assert (one.run, one.title, one.readable, one.left) == (run, "A small one", True, 0)
    (at,) = one.steps
    assert (at.step, at.kind, at.to, at.mine, at.may) == ("ask", "decision", "Caro", True, True)
    assert (at.choices, at.means) == (("a", "b"), (("a", "One way"), ("b", "Another")))
    assert (at.where, at.until) == ("playbooks/small.yaml:12", "2026-11-24T02:25:00.000000Z")
    assert view.next is not None
    assert (view.next.run, view.next.do, view.next.where) == (
        run,
        "Do the decision",
        "playbooks/small.yaml:12",
    )
    assert seen(scene, BEN).next is None
    assert "small" not in [name for name, _ in view.playbooks]
    assert "web-intrusion" in [name for name, _ in view.playbooks]


def test_leaving_the_plan_is_counted_and_failure_is_said() -> None:
    scene = RunScene(
        small("look", look=step("task", "legal", next="second"), second=step("task", "legal", next="done"))
    )
    run = scene.started()
    scene.do(TakeStep(incident=scene.incident, run=run, step="look"), CARO)
    scene.do(FailStep(incident=scene.incident, run=run, step="look", reason="x"), CARO)
    assert seen(scene).runs[0].steps[0].state == "failed"
    scene.do(SkipStep(incident=scene.incident, run=run, step="look", reason="x"), CARO)
    (one,) = seen(scene).runs
    assert (one.left, one.steps[0].step) == (1, "second")


def test_a_gate_says_who_agreed_and_who_may() -> None:
    gate = step(
        "gate", "legal", roles=["legal", "deputy"], needed=2, next="done", otherwise="done", bypass="deputy"
    )
    scene = RunScene(small("gate", gate=gate))
    run = scene.started()
    scene.do(AgreeToStep(incident=scene.incident, run=run, step="gate"), CARO)
    (mine,) = seen(scene, CARO).runs[0].steps
    assert (mine.agreed, mine.needed, mine.may_agree, mine.bypass) == (("Caro",), 2, False, False)
    (theirs,) = seen(scene, BEN).runs[0].steps
    assert (theirs.may_agree, theirs.bypass) == (True, True)


def test_an_action_says_its_harm_and_what_can_be_undone() -> None:
    action = step(
        "action",
        "legal",
        action="cut",
        decision="disconnect",
        harm="No orders",
        undo="Plug it in",
        next="more",
    )
    scene = RunScene(small("cut", cut=action, more=step("task", "legal", next="done")))
    run = scene.started()
    (at,) = seen(scene).runs[0].steps
    assert (at.harm, at.undo) == ("No orders", "Plug it in")
    scene.do(FinishStep(incident=scene.incident, run=run, step="cut"), CARO)
    assert seen(scene).runs[0].undoable == "cut"


def test_a_run_whose_plan_cannot_be_read_says_so() -> None:
    scene = RunScene(small("look", look=step("task", "legal", next="done")))
    scene.started()
    (one,) = seen(scene, told=Told()).runs
    assert (one.readable, one.title, one.steps) == (False, "small", ())
