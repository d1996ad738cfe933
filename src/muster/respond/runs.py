"""Runs of playbooks: entries and their fold; a run stays on the version of the playbook it began with (PB-3)."""

from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import Field

from muster.record.body import Body, kinds_of
from muster.record.entry import Entry
from muster.record.state import Fold, Slice
from muster.respond.work import pointed


class RunStarted(Body):
    """A playbook is being followed, as the plan of this commit has it."""

    kind: ClassVar[str] = "run.started"
    playbook: str
    commit: str
    first: str


class StepOffered(Body):
    """The step is next for this account. role: whose it is by the plan; unfilled: nobody of that role was found.

    until: silence until then takes the default.
    """

    kind: ClassVar[str] = "step.offered"
    step: str
    to: str | None
    role: str
    unfilled: bool = False
    until: str | None = None


class StepStarted(Body):
    """Somebody is at it."""

    kind: ClassVar[str] = "step.started"
    step: str


class StepDone(Body):
    """The step is done and leads to these. choice: what was chosen, where there was a choice; by_time: by nobody."""

    kind: ClassVar[str] = "step.done"
    step: str
    leads_to: tuple[str, ...] = ()
    choice: str | None = None
    by_time: bool = False
    loops: bool = False
    undo: bool = False


class StepFailed(Body):
    """It did not work; it waits for somebody to try again, or to leave it out."""

    kind: ClassVar[str] = "step.failed"
    step: str


class StepWaiting(Body):
    """The step is over at this time."""

    kind: ClassVar[str] = "step.waiting"
    step: str
    until: str


class StepApproved(Body):
    """Whoever wrote this agrees, as this role, that it goes on."""

    kind: ClassVar[str] = "step.approved"
    step: str
    role: str


class StepSkipped(Body):
    """The plan was left here, for the reason in the next entry: the run goes on there."""

    kind: ClassVar[str] = "step.skipped"
    step: str
    leads_to: tuple[str, ...] = ()


class StepCompensated(Body):
    """What the step did was undone."""

    kind: ClassVar[str] = "step.compensated"
    step: str


class RunEnded(Body):
    """The run is over. stopped: before its end, for the reason in the next entry."""

    kind: ClassVar[str] = "run.ended"
    outcome: Literal["done", "stopped"]
    deviations: int


class StepState(StrEnum):
    """Where a step stands; what is done is no longer in the state."""

    OFFERED = "offered"
    STARTED = "started"
    WAITING = "waiting"
    FAILED = "failed"


class Live(Slice):
    """A step that somebody, or the clock, is at. agreed: who agreed so far."""

    state: StepState = StepState.OFFERED
    to: str | None = None
    until: str | None = None
    agreed: tuple[str, ...] = ()


class Run(Slice):
    """A run. ready: steps that come next, with how often they were led to; loops: how often a loop went round.

    acted: done steps that can be undone, in order. deviations: how often the plan was left.
    """

    playbook: str
    commit: str
    ready: dict[str, int] = Field(default_factory=dict[str, int])
    live: dict[str, Live] = Field(default_factory=dict[str, Live])
    loops: dict[str, int] = Field(default_factory=dict[str, int])
    acted: tuple[str, ...] = ()
    done: int = 0
    deviations: int = 0


class Runs(Slice):
    """The runs that go on, by the number of the entry that started them."""

    running: dict[int, Run] = Field(default_factory=dict[int, Run])


def moved(run: Run, body: Body, who: str) -> Run | None:
    """The run after this body; None when it is over. The one way a run moves, on disk and while it is decided."""
    match body:
        case StepOffered():
            live = Live(to=body.to, until=body.until, agreed=_live(run, body.step).agreed)
            return _with(run, body.step, live, ready=_less(run.ready, body.step))
        case StepWaiting():
            live = Live(state=StepState.WAITING, until=body.until)
            return _with(run, body.step, live, ready=_less(run.ready, body.step))
        case StepStarted():
            taken = {"state": StepState.STARTED, "to": who}
            return _with(run, body.step, _live(run, body.step).model_copy(update=taken))
        case StepFailed():
            failed = _live(run, body.step).model_copy(update={"state": StepState.FAILED})
            return _with(run, body.step, failed)
        case StepApproved():
            live = _live(run, body.step)
            agreed = live.model_copy(update={"agreed": (*live.agreed, who)})
            return _with(run, body.step, agreed)
        case StepDone():
            after = _left(run, body.step, body.leads_to)
            loops = {**run.loops, body.step: run.loops.get(body.step, 0) + 1} if body.loops else run.loops
            acted = (*run.acted, body.step) if body.undo else run.acted
            return after.model_copy(update={"loops": loops, "acted": acted, "done": run.done + 1})
        case StepSkipped():
            after = _left(run, body.step, body.leads_to)
            return after.model_copy(update={"deviations": run.deviations + 1})
        case StepCompensated():
            at = len(run.acted) - 1 - run.acted[::-1].index(body.step) if body.step in run.acted else None
            left = tuple(step for place, step in enumerate(run.acted) if place != at)
            return run.model_copy(update={"acted": left})
        case RunEnded():
            return None
        case _:
            return run


def _live(run: Run, step: str) -> Live:
    return run.live.get(step, Live())


def _with(run: Run, step: str, live: Live, **changes: object) -> Run:
    return run.model_copy(update={**changes, "live": {**run.live, step: live}})


def _less(ready: dict[str, int], step: str) -> dict[str, int]:
    return {other: times for other, times in ready.items() if other != step}


def _left(run: Run, step: str, leads_to: tuple[str, ...]) -> Run:
    ready = _less(run.ready, step)
    for name in leads_to:
        ready = {**ready, name: ready.get(name, 0) + 1}
    live = {other: one for other, one in run.live.items() if other != step}
    return run.model_copy(update={"ready": ready, "live": live})


def evolve(runs: Runs, entry: Entry) -> Runs:
    """The runs after one more entry. None of its entries holds words; a withheld one moves nothing."""
    head, body = entry.header, entry.body
    if isinstance(body, RunStarted):
        run = Run(playbook=body.playbook, commit=body.commit, ready={body.first: 1})
        return Runs(running={**runs.running, head.seq: run})
    seq = pointed(head, "run")
    if seq is None or seq not in runs.running or body is None:
        return runs
    after = moved(runs.running[seq], body, head.who)
    others = {other: run for other, run in runs.running.items() if other != seq}
    if after is None:
        return Runs(running=others)
    return Runs(running={**runs.running, seq: after})


RUNS = Fold("runs", Runs(), evolve)
# None of them has words to hide.
FIXED = (
    RunStarted,
    StepOffered,
    StepStarted,
    StepDone,
    StepFailed,
    StepWaiting,
    StepApproved,
    StepSkipped,
    StepCompensated,
    RunEnded,
)
KINDS = kinds_of(*FIXED)
