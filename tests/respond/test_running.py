"""Following a playbook: who may do what at a step, deviations with a reason, undoing backwards, its own version."""

import pytest

from muster.core.errors import BadInput, NotFound, Refused
from muster.record.decision import NOTHING_KNOWN
from muster.respond.ground import Told
from muster.respond.progress import StandDown
from muster.respond.running import (
    AgreeToStep,
    FailStep,
    FinishStep,
    SkipStep,
    StartRun,
    StopRun,
    TakeStep,
    Tick,
    UndoStep,
)
from muster.respond.runs import RUNS, RunEnded, RunStarted, StepDone, StepSkipped
from tests.access.world import ADA, ANA, BEN, CARO
from tests.respond.playbooks import RunScene, small, step

ACT = {"action": "isolate", "decision": "disconnect", "harm": "x", "undo": "y"}


@pytest.fixture
def scene() -> RunScene:
    return RunScene(
        small(
            "look",
            look=step("task", "legal", next="gate"),
            gate=step(
                "gate", roles=["commander", "deputy"], needed=2, bypass="legal", next="cut", otherwise="look"
            ),
            cut=step("action", next="lock", **ACT),
            lock=step("action", next="seen", **ACT),
            seen=step("verify", next="done", otherwise="look"),
        )
    )


def test_it_begins_with_the_version_that_the_incident_has_pinned(scene: RunScene) -> None:
    answer = scene.answer(StartRun(incident=scene.incident, playbook="small"), ANA)
    assert answer["roles"] == ["commander"]
    assert scene.body(scene.incident, -2) == RunStarted(playbook="small", commit="builtin-1", first="look")
    with pytest.raises(Refused, match="followed already"):
        scene.started()
    with pytest.raises(NotFound, match="no such playbook"):
        scene.do(StartRun(incident=scene.incident, playbook="other"), ANA)


def test_a_run_stays_on_its_version_when_the_plan_changes(scene: RunScene) -> None:
    seq = scene.started()
    old = scene.told(scene.incident).pinned
    assert old is not None
    scene.playbook = small("other", other=step("task", next="done"))
    command = FinishStep(incident=scene.incident, run=seq, step="look")
    told = scene.told(scene.incident)
    pinned = Told(
        pinned=told.pinned, in_force=told.in_force, accounts=told.accounts, versions={"builtin-1": old}
    )
    scene.do(command, ANA, pinned)
    assert scene.live(seq) == {"gate": "offered"}


def test_a_playbook_that_cannot_be_read_says_how_to_go_on(scene: RunScene) -> None:
    command = Tick(incident=scene.incident, run=scene.started())
    with pytest.raises(Refused) as caught:
        scene.rule_of(command).decide(scene.states, command, scene.context(ANA), NOTHING_KNOWN)
    assert "printed plan" in caught.value.mend


def test_a_step_belongs_to_somebody(scene: RunScene) -> None:
    seq = scene.started()
    scene.commanded(scene.incident, ANA)
    for command in (
        TakeStep(incident=scene.incident, run=seq, step="look"),
        FinishStep(incident=scene.incident, run=seq, step="look"),
        FailStep(incident=scene.incident, run=seq, step="look", reason="x"),
        SkipStep(incident=scene.incident, run=seq, step="look", reason="x"),
    ):
        with pytest.raises(Refused, match="somebody else's"):
            scene.do(command, BEN)
    take = TakeStep(incident=scene.incident, run=seq, step="look")
    scene.do(take, CARO)
    with pytest.raises(Refused, match="at it already"):
        scene.do(take, CARO)
    scene.do(FailStep(incident=scene.incident, run=seq, step="look", reason="No disk left"), CARO)
    assert scene.live(seq) == {"look": "failed"}
    assert scene.tick(seq) == 0
    scene.do(FinishStep(incident=scene.incident, run=seq, step="look", text="With another disk"), CARO)
    assert scene.kinds(scene.incident)[-3:] == ["step.done", "reason.given", "step.offered"]
    with pytest.raises(Refused, match="not under way"):
        scene.do(FinishStep(incident=scene.incident, run=seq, step="look"), CARO)
    with pytest.raises(Refused, match="no run that goes on"):
        scene.do(Tick(incident=scene.incident, run=seq + 99), ANA)


def test_a_gate_takes_two_people_and_no_other_way(scene: RunScene) -> None:
    seq = scene.started()
    scene.finish(seq, "look")
    agree = AgreeToStep(incident=scene.incident, run=seq, step="gate")
    with pytest.raises(Refused, match="asks whether you agree"):
        scene.finish(seq, "gate")
    with pytest.raises(Refused, match="gate is not left out"):
        scene.do(SkipStep(incident=scene.incident, run=seq, step="gate", reason="x"), ANA)
    with pytest.raises(Refused, match="not asked for here"):
        scene.do(agree, ADA)
    scene.do(agree, ANA)
    with pytest.raises(Refused, match="agreed already"):
        scene.do(agree, ANA)
    assert scene.live(seq) == {"gate": "offered"}
    scene.do(agree, BEN)
    assert scene.live(seq) == {"cut": "offered"}
    with pytest.raises(Refused, match="asks nobody to agree"):
        scene.do(AgreeToStep(incident=scene.incident, run=seq, step="cut"), ANA)


def test_one_no_is_enough(scene: RunScene) -> None:
    seq = scene.started()
    scene.finish(seq, "look")
    scene.do(AgreeToStep(incident=scene.incident, run=seq, step="gate", agree=False), BEN)
    assert scene.body(scene.incident, -2) == StepDone(step="gate", leads_to=("look",), choice="no")
    assert scene.live(seq) == {"look": "offered"}


def test_who_may_pass_alone_gives_a_reason_and_it_is_counted(scene: RunScene) -> None:
    seq = scene.started()
    scene.finish(seq, "look")
    alone = AgreeToStep(incident=scene.incident, run=seq, step="gate", bypass="It spreads")
    with pytest.raises(Refused, match="does not let you pass alone"):
        scene.do(alone, ANA)
    scene.do(alone, CARO)
    assert scene.kinds(scene.incident)[-3:] == ["step.skipped", "reason.given", "step.offered"]
    assert scene.run(seq).deviations == 1


def test_leaving_the_plan_needs_a_reason_and_is_counted(scene: RunScene) -> None:
    seq = scene.started()
    skip = SkipStep(incident=scene.incident, run=seq, step="look", reason="We did it on Monday", to="seen")
    with pytest.raises(BadInput, match="no such step"):
        scene.do(skip.model_copy(update={"to": "nowhere"}), ANA)
    scene.do(skip, ANA)
    assert scene.body(scene.incident, -3) == StepSkipped(step="look", leads_to=("seen",))
    assert scene.run(seq).deviations == 1
    scene.finish(seq, "seen", "worked")
    assert scene.body(scene.incident) == RunEnded(outcome="done", deviations=1)


def test_a_choice_is_asked_for_where_there_is_one(scene: RunScene) -> None:
    seq = scene.started()
    with pytest.raises(BadInput, match="asks for no choice"):
        scene.finish(seq, "look", "worked")
    scene.do(SkipStep(incident=scene.incident, run=seq, step="look", reason="x", to="seen"), ANA)
    for choice in (None, "perhaps"):
        with pytest.raises(BadInput, match="asks for a choice"):
            scene.finish(seq, "seen", choice)


def test_what_was_done_is_undone_backwards(scene: RunScene) -> None:
    seq = scene.started()
    scene.finish(seq, "look")
    for actor in (ANA, BEN):
        scene.do(AgreeToStep(incident=scene.incident, run=seq, step="gate"), actor)
    scene.finish(seq, "cut")
    scene.finish(seq, "lock")
    undo = UndoStep(incident=scene.incident, run=seq, step="cut", reason="Too much harm")
    with pytest.raises(Refused) as caught:
        scene.do(undo, ANA)
    assert caught.value.mend == "First lock."
    scene.do(undo.model_copy(update={"step": "lock"}), ANA)
    stop = scene.answer(StopRun(incident=scene.incident, run=seq, reason="False alarm"), ANA)
    assert stop["not_undone"] == ["cut"]
    assert scene.kinds(scene.incident)[-2:] == ["run.ended", "reason.given"]
    assert scene.state(scene.incident).slice(RUNS).running == {}


def test_there_is_nothing_to_undo_at_first(scene: RunScene) -> None:
    seq = scene.started()
    with pytest.raises(Refused) as caught:
        scene.do(UndoStep(incident=scene.incident, run=seq, step="cut", reason="x"), ANA)
    assert caught.value.mend == "There is nothing to undo."


def test_nobody_ends_a_wait_by_saying_so() -> None:
    scene = RunScene(small("wait", wait=step("timer", minutes=30, next="done")))
    seq = scene.started()
    with pytest.raises(Refused, match="is a wait"):
        scene.finish(seq, "wait")
    scene.do(SkipStep(incident=scene.incident, run=seq, step="wait", reason="Data leaves now"), ANA)
    assert scene.state(scene.incident).slice(RUNS).running == {}


def test_nothing_happens_in_an_incident_that_ended(scene: RunScene) -> None:
    seq = scene.started()
    scene.do(StandDown(incident=scene.incident, reason="x"), ANA)
    with pytest.raises(Refused, match="stood down"):
        scene.tick(seq)


def test_a_run_goes_on_from_its_entries_alone(scene: RunScene) -> None:
    seq = scene.started()
    scene.finish(seq, "look")
    state = scene.state(scene.incident)
    folded = RUNS.empty
    for one in scene.entries[scene.incident]:
        folded = RUNS.evolve(folded, one)
    assert folded == state.slice(RUNS)
