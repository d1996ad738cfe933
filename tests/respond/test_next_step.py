"""One next step for each person, with the line of the plan."""

from dataclasses import replace

from muster.record.decision import NOTHING_KNOWN
from muster.respond.next_step import next_step
from muster.respond.running import FailStep, TakeStep
from muster.respond.runs import StepState
from tests.access.world import ADA, ANA, CARO
from tests.respond.playbooks import RunScene, small, step


def three() -> RunScene:
    options = {"a": {"means": "x", "next": "meet"}, "b": {"means": "y", "next": "meet"}}
    return RunScene(
        small(
            "all",
            all=step("parallel", branches=["read", "call", "ask"], join="meet"),
            read=step("task", "legal", next="meet"),
            call=step("task", "legal", next="meet"),
            ask=step("decision", "legal", options=options, default="a", within_minutes=15),
            meet=step("join", next="done"),
        )
    )


def test_of_several_it_is_one_what_failed_or_was_begun_or_is_due_first() -> None:
    scene = three()
    seq = scene.started()

    def mine() -> str | None:
        found = next_step(scene.state(scene.incident), scene.told(scene.incident), CARO.account)
        return found.step if found else None

    assert mine() == "ask"
    scene.do(TakeStep(incident=scene.incident, run=seq, step="read"), CARO)
    assert mine() == "read"
    scene.do(FailStep(incident=scene.incident, run=seq, step="call", reason="x"), CARO)
    assert mine() == "call"


def test_it_names_the_line_of_the_plan() -> None:
    scene = three()
    seq = scene.started()
    found = next_step(scene.state(scene.incident), scene.told(scene.incident), CARO.account)
    assert found is not None
    assert (found.run, found.title, found.step, found.state) == (seq, "A small one", "ask", StepState.OFFERED)
    assert (found.kind, found.do, found.choices) == ("decision", "Do the decision", ("a", "b"))
    assert (found.file, found.line) == ("playbooks/small.yaml", 15)
    assert found.until == "2026-11-24T02:25:00.000000Z"


def test_nobody_else_has_one_and_a_lost_plan_says_nothing() -> None:
    scene = three()
    scene.started()
    state = scene.state(scene.incident)
    for account in (ANA.account, ADA.account):
        assert next_step(state, scene.told(scene.incident), account) is None
    assert next_step(state, NOTHING_KNOWN, CARO.account) is None


def test_after_re_pinning_the_lines_are_those_of_another_version_so_it_names_none() -> None:
    scene = three()
    scene.started()
    state = replace(scene.state(scene.incident), pinned="2" * 40)
    found = next_step(state, scene.told(scene.incident), CARO.account)
    assert found is not None
    assert (found.file, found.line) == ("playbooks/small.yaml", None)
