"""A run is the fold of its entries: none holds words, a withheld one moves nothing, the end takes it away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.record.body import Body
from muster.record.state import to_bytes
from muster.respond.runs import (
    RUNS,
    Live,
    Run,
    RunEnded,
    RunStarted,
    StepApproved,
    StepCompensated,
    StepDone,
    StepFailed,
    StepOffered,
    StepSkipped,
    StepStarted,
    StepState,
    StepWaiting,
    moved,
)
from tests.access.world import ANA, BEN, entry, erased, refs
from tests.respond.playbooks import RunScene, small, step

UNTIL = "2026-11-24T03:10:00.000000Z"
START = Run(playbook="p", commit="c", ready={"a": 1})


def after(run: Run, *bodies: Body) -> Run:
    for body in bodies:
        now = moved(run, body, ANA.account)
        assert now is not None
        run = now
    return run


def test_a_step_is_offered_taken_and_done() -> None:
    offered = after(START, StepOffered(step="a", to=BEN.account, role="legal", until=UNTIL))
    assert (offered.ready, offered.live) == ({}, {"a": Live(to=BEN.account, until=UNTIL)})
    taken = after(offered, StepStarted(step="a"))
    assert (taken.live["a"].state, taken.live["a"].to) == (StepState.STARTED, ANA.account)
    assert after(taken, StepFailed(step="a")).live["a"].state is StepState.FAILED
    done = after(taken, StepDone(step="a", leads_to=("b", "c")))
    assert (done.live, done.ready, done.done) == ({}, {"b": 1, "c": 1}, 1)


def test_who_agreed_is_kept_when_it_is_offered_again() -> None:
    gate = after(START, StepOffered(step="a", to=None, role="x"), StepApproved(step="a", role="x"))
    again = after(gate, StepOffered(step="a", to=BEN.account, role="x"))
    assert again.live["a"].agreed == (ANA.account,)


def test_branches_that_meet_are_counted() -> None:
    meets = after(START, StepDone(step="a", leads_to=("j",)), StepDone(step="b", leads_to=("j",)))
    assert meets.ready == {"j": 2}
    assert after(meets, StepWaiting(step="j", until=UNTIL)).live["j"].state is StepState.WAITING


def test_loops_deviations_and_what_can_be_undone_are_counted() -> None:
    run = after(
        START,
        StepDone(step="a", leads_to=("a",), loops=True),
        StepDone(step="a", leads_to=("b",), loops=True, undo=True),
        StepSkipped(step="b", leads_to=("c",)),
        StepDone(step="c", undo=True),
        StepDone(step="a", undo=True),
    )
    assert (run.loops, run.deviations, run.acted) == ({"a": 2}, 1, ("a", "c", "a"))
    assert after(run, StepCompensated(step="a")).acted == ("a", "c")
    assert after(run, StepCompensated(step="never")).acted == ("a", "c", "a")
    assert moved(run, RunEnded(outcome="done", deviations=1), "x") is None


BODIES: list[Body] = [
    RunStarted(playbook="p", commit="c", first="a"),
    StepOffered(step="a", to=BEN.account, role="legal"),
    StepStarted(step="a"),
    StepDone(step="a", leads_to=("b",)),
    StepFailed(step="b"),
    StepWaiting(step="b", until=UNTIL),
    StepApproved(step="a", role="legal"),
    StepSkipped(step="a", leads_to=("b",)),
    StepCompensated(step="a"),
    RunEnded(outcome="stopped", deviations=0),
]


@given(st.lists(st.tuples(st.sampled_from(BODIES), st.booleans(), st.integers(0, 6)), max_size=25))
def test_the_fold_reads_on_whatever_is_withheld(story: list[tuple[Body, bool, int]]) -> None:
    folded = RUNS.empty
    for seq, (body, gone, at) in enumerate(story):
        one = entry(body, seq=seq, refs=refs(("run", "INC-000000", at)))
        before = folded
        folded = RUNS.evolve(folded, erased(one) if gone else one)
        if gone:
            assert folded == before


@pytest.mark.parametrize("name", ["look", "look-at-every-host-of-the-portal"])
def test_a_run_and_each_step_under_way_cost_at_most_200_bytes(name: str) -> None:
    scene = RunScene(small(name, **{name: step("task", next="done")}))
    before = len(to_bytes(scene.state(scene.incident)))
    seq = scene.started()
    both = len(to_bytes(scene.state(scene.incident))) - before
    run = scene.run(seq)
    assert both <= 2 * 200
    assert len(run.live[name].model_dump_json(exclude_defaults=True)) + len(name) <= 200
