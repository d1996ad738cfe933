"""Following a playbook: started, ticked, its steps taken, done, failed, agreed to, left out, and undone."""

from dataclasses import dataclass

from muster.access.command import Line, MaybeLine, MaybeText, Seq, Text
from muster.access.verbs import Standing
from muster.core.errors import BadInput, NotFound, Refused
from muster.plan.playbooks import Gate, Playbook, Step
from muster.record.body import Body
from muster.record.context import Context
from muster.record.decision import JSON, Decision, Known
from muster.record.entry import Draft, Ref
from muster.record.state import States, StreamState
from muster.respond.able import commander, commands
from muster.respond.ground import playbook, playbooks
from muster.respond.incident import still_open
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
    StepSkipped,
    StepStarted,
    StepState,
    moved,
)
from muster.respond.stepping import advance, choices, chosen, may_pass, usual
from muster.respond.work import InIncident, Work, now, reasoned


class StartRun(InIncident):
    """Begin to follow a playbook of the plan that the incident has pinned."""

    playbook: Line


class OfRun(InIncident):
    """A command about a run, by the number of the entry that started it."""

    run: Seq


class Tick(OfRun):
    """Let everything happen in a run whose time has come."""


class OfStep(OfRun):
    """A command about a step that is under way."""

    step: Line


class TakeStep(OfStep):
    """Say that you are at a step."""


class FinishStep(OfStep):
    """Say that a step is done. choice: where it asks for one. text: what came of it."""

    choice: MaybeLine = None
    text: MaybeText = None


class FailStep(OfStep):
    """Say that a step did not work."""

    reason: Text


class AgreeToStep(OfStep):
    """Agree at a gate that it goes on, or say no. bypass: your reason to pass alone, if the plan lets you."""

    agree: bool = True
    bypass: MaybeText = None


class SkipStep(OfStep):
    """Leave the plan here, with the reason; it is counted. to: the step where it goes on, if not the usual one."""

    reason: Text
    to: MaybeLine = None


class UndoStep(OfStep):
    """Say that what a step did was undone; the last one first."""

    reason: Text


class StopRun(OfRun):
    """Stop following a playbook before its end."""

    reason: Text


@dataclass(frozen=True, slots=True)
class _At:
    """A run as a command finds it."""

    state: StreamState
    seq: int
    run: Run
    plan: Playbook
    known: Known
    context: Context


def start(states: States, command: StartRun, context: Context, known: Known) -> Decision:
    """run.started, and the first step offered. Raises NotFound, Refused."""
    state = still_open(states, command.incident)
    commit = state.pinned or context.plans.pinned
    plan = playbook(known, command.playbook, commit)
    if plan is None:
        named = ", ".join(playbooks(known, commit))
        mend = f"It has {named}." if named else "It has none: work by tasks, or approve a plan that has some."
        raise NotFound("The plan has no such playbook.", "playbook", mend)
    if any(run.playbook == command.playbook for run in state.slice(RUNS).running.values()):
        raise Refused("This playbook is being followed already.", "playbook", "Go on with that run.")
    started = RunStarted(playbook=command.playbook, commit=commit, first=plan.starts_with)
    seq = state.seq + 1
    run = Run(playbook=command.playbook, commit=commit, ready={plan.starts_with: 1})
    on = advance(state, run, plan, known, now(context), context.actor.account)
    begun = _At(state, seq, run, plan, known, context)
    drafts = (Draft(command.incident, started), *_drafts(begun, on))
    return Decision(drafts, {"run": seq, "roles": list(plan.roles), "happened": _told(on)})


def tick(states: States, command: Tick, context: Context, known: Known) -> Decision:
    """What is due in a run; nothing when nothing is. Raises NotFound, Refused."""
    at = _run(states, command, context, known)
    return _on(at, (), None)


def take(states: States, command: TakeStep, context: Context, known: Known) -> Decision:
    """step.started; whoever takes it has it. Raises NotFound, Refused."""
    at, live, _ = _step(states, command, context, known)
    _not_waiting(live)
    account = context.actor.account
    if live.state is StepState.STARTED and live.to == account:
        raise Refused("You are at it already.", "step", "Say when it is done.")
    _theirs(at.state, live, account)
    drafts = _drafts(at, (StepStarted(step=command.step),))
    return Decision(drafts, {"run": command.run, "step": command.step})


def finish(states: States, command: FinishStep, context: Context, known: Known) -> Decision:
    """step.done, and what comes next. Raises NotFound, Refused, BadInput."""
    at, live, step = _step(states, command, context, known)
    _not_waiting(live)
    if isinstance(step, Gate):
        raise Refused("This is a gate: it asks whether you agree.", "step", "Use `agree`.")
    _theirs(at.state, live, context.actor.account)
    offered = choices(step)
    if offered and command.choice not in offered:
        raise BadInput("This step asks for a choice.", "choice", f"Choose one of: {', '.join(offered)}.")
    if command.choice is not None and not offered:
        raise BadInput("This step asks for no choice.", "choice", "Leave it out.")
    body = chosen(command.step, step, command.choice)
    return _on(at, (body,), command.text)


def fail(states: States, command: FailStep, context: Context, known: Known) -> Decision:
    """step.failed, reason.given; it stays until it is done or left out. Raises NotFound, Refused."""
    at, live, _ = _step(states, command, context, known)
    _not_waiting(live)
    _theirs(at.state, live, context.actor.account)
    return _on(at, (StepFailed(step=command.step),), command.reason)


def agree(states: States, command: AgreeToStep, context: Context, known: Known) -> Decision:
    """step.approved, and step.done when enough agreed or one said no; step.skipped when it is passed alone.

    Raises NotFound, Refused.
    """
    at, live, step = _step(states, command, context, known)
    if not isinstance(step, Gate):
        raise Refused("This step asks nobody to agree.", "step", "Say when it is done.")
    account = context.actor.account
    if command.bypass is not None:
        only = step.model_copy(update={"roles": (step.bypass,) if step.bypass else ()})
        if may_pass(at.state, known, only, account) is None:
            raise Refused(
                "The plan does not let you pass alone.", "bypass", "Ask for the agreement it needs."
            )
        passed = StepSkipped(step=command.step, leads_to=(step.next,))
        return _on(at, (passed,), command.bypass)
    role = may_pass(at.state, known, step, account)
    if role is None:
        needed = " or ".join(step.roles)
        raise Refused("Your agreement is not asked for here.", "step", f"It takes whoever is {needed}.")
    if not command.agree:
        refused = StepDone(step=command.step, leads_to=(step.otherwise,), choice="no")
        return _on(at, (refused,), None)
    if account in live.agreed:
        raise Refused("You agreed already.", "step", "It takes somebody else, too.")
    approved = StepApproved(step=command.step, role=role)
    if len(live.agreed) + 1 < step.needed:
        return _on(at, (approved,), None)
    passed = StepDone(step=command.step, leads_to=(step.next,), choice="yes")
    return _on(at, (approved, passed), None)


def skip(states: States, command: SkipStep, context: Context, known: Known) -> Decision:
    """step.skipped, reason.given: a deviation, counted. Raises NotFound, Refused, BadInput."""
    at, live, step = _step(states, command, context, known)
    _theirs(at.state, live, context.actor.account)
    if isinstance(step, Gate) and not commands(at.state, context.actor.account):
        raise Refused("A gate is not left out.", "step", "Agree, say no, or ask the commander.")
    if command.to is not None and command.to not in at.plan.steps:
        raise BadInput("The playbook has no such step.", "to", "Take the name of one of its steps.")
    leads_to = usual(step) if command.to is None else (command.to,)
    body = StepSkipped(step=command.step, leads_to=leads_to)
    return _on(at, (body,), command.reason)


def undo(states: States, command: UndoStep, context: Context, known: Known) -> Decision:
    """step.compensated, reason.given; in the reverse of the order in which they were done. Raises Refused."""
    at = _run(states, command, context, known)
    if not at.run.acted or at.run.acted[-1] != command.step:
        first = f"First {at.run.acted[-1]}." if at.run.acted else "There is nothing to undo."
        raise Refused("This is not the last thing that was done.", "step", first)
    body = StepCompensated(step=command.step)
    return _on(at, (body,), command.reason)


def stop(states: States, command: StopRun, context: Context, known: Known) -> Decision:
    """run.ended, reason.given; answers what was done and not undone, the last first. Raises NotFound, Refused."""
    at = _run(states, command, context, known)
    ended = RunEnded(outcome="stopped", deviations=at.run.deviations)
    drafts = (
        *_drafts(at, (ended,)),
        reasoned(command.incident, at.state.seq + 1, command.reason),
    )
    return Decision(drafts, {"run": command.run, "not_undone": list(reversed(at.run.acted))})


def _run(states: States, command: OfRun, context: Context, known: Known) -> _At:
    state = still_open(states, command.incident)
    run = state.slice(RUNS).running.get(command.run)
    if run is None:
        raise Refused("This number is no run that goes on.", "run", "Look at the list of runs.")
    plan = playbook(known, run.playbook, run.commit)
    if plan is None:
        raise Refused(
            "The playbook of this run cannot be read now.", "run", "Go on by the printed plan, and log it."
        )
    return _At(state, command.run, run, plan, known, context)


def _step(states: States, command: OfStep, context: Context, known: Known) -> tuple[_At, Live, Step]:
    at = _run(states, command, context, known)
    live, step = at.run.live.get(command.step), at.plan.steps.get(command.step)
    if live is None or step is None:
        raise Refused("This step is not under way.", "step", "It was done, or it is not its turn yet.")
    return at, live, step


def _not_waiting(live: Live) -> None:
    if live.state is StepState.WAITING:
        raise Refused("This step is a wait.", "step", "It ends by itself; leave it out if it must not.")


def _theirs(state: StreamState, live: Live, account: str) -> None:
    if account == live.to or live.to is None or commands(state, account) or commander(state) is None:
        return
    raise Refused("This step is somebody else's.", "step", "Ask them, or the commander.")


def _on(at: _At, bodies: tuple[Body, ...], reason: str | None) -> Decision:
    """These bodies, the reason of the first beside it, and everything that happens by itself after them."""
    who = at.context.actor.account
    current: Run | None = at.run
    for body in bodies:
        current = None if current is None else moved(current, body, who)
    instant = now(at.context)
    on = () if current is None else advance(at.state, current, at.plan, at.known, instant, who)
    drafts = [*_drafts(at, bodies)]
    if reason is not None:
        drafts.append(reasoned(at.state.stream, at.state.seq + 1, reason))
    drafts += _drafts(at, on)
    return Decision(tuple(drafts), {"run": at.seq, "happened": _told((*bodies, *on))})


def _drafts(at: _At, bodies: tuple[Body, ...]) -> tuple[Draft, ...]:
    return tuple(Draft(at.state.stream, body, (Ref("run", at.state.stream, at.seq),)) for body in bodies)


def _told(bodies: tuple[Body, ...]) -> list[JSON]:
    return [{"kind": body.kind, **body.tree()} for body in bodies]


WORK = (
    Work("run", "Begin to follow a playbook.", Standing.RESPONDER, StartRun, start),
    Work("tick", "Let happen in a run what is due.", Standing.RESPONDER, Tick, tick, server=True),
    Work("take-step", "Say that you are at a step.", Standing.SIGNED_IN, TakeStep, take),
    Work("finish-step", "Say that a step is done.", Standing.SIGNED_IN, FinishStep, finish),
    Work("fail-step", "Say that a step did not work.", Standing.SIGNED_IN, FailStep, fail),
    Work("agree", "Agree at a gate that it goes on, or say no.", Standing.SIGNED_IN, AgreeToStep, agree),
    Work("skip-step", "Leave the plan at a step, with a reason.", Standing.SIGNED_IN, SkipStep, skip),
    Work("undo-step", "Say that what a step did was undone.", Standing.RESPONDER, UndoStep, undo),
    Work("stop-run", "Stop following a playbook.", Standing.COMMAND, StopRun, stop),
)
