"""Playbooks that are being followed, as people see them: their steps under way, whose they are, and where the plan says so."""

from muster.app.look import Look
from muster.app.views import View
from muster.plan.playbooks import Action, Decision, Gate, Playbook, Step
from muster.respond.able import commander, commands
from muster.respond.ground import line_of, playbook
from muster.respond.next_step import NextStep, next_step
from muster.respond.runs import RUNS, Live, Run, StepState
from muster.respond.stepping import choices, may_pass


class StepView(View):
    """A step under way. where: the line of the plan that says it. may: whoever looks may say how it went.

    means: what each choice means, where the plan says so. bypass: they may pass alone, with a reason.
    """

    step: str
    kind: str
    phase: str
    do: str
    state: str
    role: str
    to: str
    mine: bool
    may: bool
    until: str
    choices: tuple[str, ...]
    means: tuple[tuple[str, str], ...]
    harm: str
    undo: str
    precondition: str
    agreed: tuple[str, ...]
    needed: int
    may_agree: bool
    bypass: bool
    where: str


class RunView(View):
    """A run. readable: whether its playbook can be read now. left: how often the plan was left. undoable: its last step."""

    run: int
    playbook: str
    title: str
    commit: str
    readable: bool
    steps: tuple[StepView, ...]
    done: int
    of: int
    left: int
    undoable: str
    others: tuple[str, ...]


class NextView(View):
    """The one next step of whoever looks. where: file and line of the plan."""

    run: int
    title: str
    step: str
    state: str
    kind: str
    do: str
    until: str
    where: str


class RunsView(View):
    """All runs, the next step of whoever looks, and the playbooks that can be begun, each with its purpose."""

    runs: tuple[RunView, ...]
    next: NextView | None
    playbooks: tuple[tuple[str, str], ...]
    commands: bool


def next_of(look: Look) -> NextView | None:
    """The next step of whoever looks, in all playbooks that are being followed."""
    found: NextStep | None = next_step(look.state, look.told, look.account)
    if found is None:
        return None
    return NextView(
        run=found.run,
        title=found.title,
        step=found.step,
        state=found.state.value,
        kind=found.kind,
        do=found.do,
        until=found.until or "",
        where=_place(found.file, found.line),
    )


def view(look: Look) -> RunsView:
    """The runs of an incident, for whoever looks."""
    running = look.state.slice(RUNS).running
    begun = {run.playbook for run in running.values()}
    pinned = look.told.pinned
    known = pinned.playbooks if pinned else {}
    return RunsView(
        runs=tuple(_run(look, seq, run) for seq, run in sorted(running.items())),
        next=next_of(look),
        playbooks=tuple((name, one.title) for name, one in known.items() if name not in begun),
        commands=commands(look.state, look.account),
    )


def _run(look: Look, seq: int, run: Run) -> RunView:
    plan = playbook(look.told, run.playbook, run.commit)
    steps = [(name, live, plan.steps[name]) for name, live in run.live.items() if plan and name in plan.steps]
    views = [_step(look, run, name, live, step) for name, live, step in steps]
    return RunView(
        run=seq,
        playbook=run.playbook,
        title=plan.title if plan else run.playbook,
        commit=run.commit,
        readable=plan is not None,
        steps=tuple(sorted(views, key=lambda one: (not one.mine, one.until or "9", one.step))),
        done=run.done,
        of=_length(plan),
        left=run.deviations,
        undoable=run.acted[-1] if run.acted else "",
        others=tuple(plan.steps) if plan else (),
    )


def _length(plan: Playbook | None) -> int:
    return len(plan.steps) if plan else 0


def _step(look: Look, run: Run, name: str, live: Live, step: Step) -> StepView:
    account, state = look.account, look.state
    file = f"playbooks/{run.playbook}.yaml"
    pinned = run.commit == (state.pinned or run.commit)
    theirs = live.to in (account, None) or commands(state, account) or commander(state) is None
    gate = step if isinstance(step, Gate) else None
    passing = gate.model_copy(update={"roles": (gate.bypass,)}) if gate and gate.bypass else None
    return StepView(
        step=name,
        kind=step.kind,
        phase=step.phase.value,
        do=step.do,
        state=live.state.value,
        role=step.role,
        to=look.name(live.to),
        mine=live.to == account,
        may=theirs and live.state is not StepState.WAITING,
        until=live.until or "",
        choices=choices(step),
        means=_means(step),
        harm=step.harm if isinstance(step, Action) else "",
        undo=(step.undo or "") if isinstance(step, Action) else "",
        precondition=step.precondition or "",
        agreed=tuple(look.name(one) for one in live.agreed),
        needed=gate.needed if gate else 0,
        may_agree=gate is not None
        and account not in live.agreed
        and may_pass(state, look.told, gate, account) is not None,
        bypass=passing is not None and may_pass(state, look.told, passing, account) is not None,
        where=_place(file, line_of(look.told, file, f"steps.{name}") if pinned else None),
    )


def _means(step: Step) -> tuple[tuple[str, str], ...]:
    if isinstance(step, Decision):
        return tuple((name, option.means) for name, option in step.options.items())
    return ()


def _place(file: str, line: int | None) -> str:
    return file if line is None else f"{file}:{line}"
