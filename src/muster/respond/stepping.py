"""What comes next in a run, decided from its state, the playbook and the time; nothing else moves a run by itself."""

from collections.abc import Iterable
from datetime import datetime

from muster.core.people import Role
from muster.core.time import from_stored
from muster.plan.playbooks import (
    Action,
    Decision,
    End,
    Gate,
    If,
    Join,
    Parallel,
    Playbook,
    Repeat,
    Step,
    Timer,
    Verify,
)
from muster.record.body import Body
from muster.record.decision import Known
from muster.record.state import StreamState
from muster.respond.ground import account_of, holders
from muster.respond.roles import ROLES
from muster.respond.runs import Live, Run, RunEnded, StepDone, StepOffered, StepState, StepWaiting, moved
from muster.respond.work import after

# A playbook that passes the linter comes to a person or a wait much sooner.
_MOST = 200


def whom(state: StreamState, known: Known, role: str) -> tuple[str | None, bool]:
    """Whose a step of this role is now, and whether that is a stand-in: its holder, else deputy, else commander."""
    in_roles = {held.value: account for held, account in state.slice(ROLES).holders.items()}
    by_plan = (account_of(known, person) for person in holders(known, role))
    found = in_roles.get(role) or next((account for account in by_plan if account is not None), None)
    if found is not None:
        return found, False
    return in_roles.get(Role.DEPUTY.value) or in_roles.get(Role.COMMANDER.value), True


def advance(
    state: StreamState, run: Run, playbook: Playbook, known: Known, instant: datetime, who: str
) -> tuple[Body, ...]:
    """Everything that happens now by itself: steps are offered, waits end, branches part and meet, the run ends.

    Nothing when it was asked a moment before: asking twice changes nothing.
    """
    found: list[Body] = []
    current: Run | None = run
    while current is not None and len(found) < _MOST:
        body = _next(state, current, playbook, known, instant)
        if body is None:
            break
        found.append(body)
        current = moved(current, body, who)
    return tuple(found)


def _next(state: StreamState, run: Run, playbook: Playbook, known: Known, instant: datetime) -> Body | None:
    for name, times in run.ready.items():
        body = _enter(state, run, playbook, known, instant, name, times)
        if body is not None:
            return body
    for name, live in run.live.items():
        step = playbook.steps.get(name)
        body = None if step is None else _go_on(state, known, name, step, live, instant)
        if body is not None:
            return body
    if not run.ready and not run.live:
        return RunEnded(outcome="done", deviations=run.deviations)
    return None


def _enter(
    state: StreamState,
    run: Run,
    playbook: Playbook,
    known: Known,
    instant: datetime,
    name: str,
    times: int,
) -> Body | None:
    step = playbook.steps.get(name)
    match step:
        case None | End():
            return StepDone(step=name)
        case Parallel():
            return StepDone(step=name, leads_to=step.branches)
        case Timer(minutes=int(minutes)):
            return StepWaiting(step=name, until=after(instant, minutes))
        case Join() if times < branches_into(playbook, name):
            return None
        case Repeat() if run.loops.get(name, 0) >= step.most:
            return StepDone(step=name, leads_to=(step.next,), choice="enough", by_time=True)
        case _:
            return _offer(state, known, name, step, instant)


def _offer(state: StreamState, known: Known, name: str, step: Step, instant: datetime) -> StepOffered:
    to, unfilled = whom(state, known, step.role)
    until = after(instant, step.within_minutes) if isinstance(step, Decision) else None
    return StepOffered(step=name, to=to, role=step.role, unfilled=unfilled, until=until)


def _go_on(
    state: StreamState, known: Known, name: str, step: Step, live: Live, instant: datetime
) -> Body | None:
    over = live.until is not None and instant >= from_stored(live.until)
    match step:
        case Timer() if over and live.state is StepState.WAITING:
            return StepDone(step=name, leads_to=(step.next,), by_time=True)
        case Decision() if over:
            silent = step.options[step.default]
            return StepDone(step=name, leads_to=(silent.next,), choice=step.default, by_time=True)
        case _:
            pass
    if live.state is not StepState.OFFERED:
        return None
    to, unfilled = whom(state, known, step.role)
    if to == live.to:
        return None
    return StepOffered(step=name, to=to, role=step.role, unfilled=unfilled, until=live.until)


def branches_into(playbook: Playbook, join: str) -> int:
    """How many branches meet at a join."""
    return sum(
        len(step.branches)
        for step in playbook.steps.values()
        if isinstance(step, Parallel) and step.join == join
    )


def choices(step: Step) -> tuple[str, ...]:
    """What can be chosen when a step is done; nothing for most."""
    match step:
        case Decision():
            return tuple(step.options)
        case Verify():
            return ("worked", "did not")
        case If():
            return (*step.one_of, "otherwise")
        case Repeat():
            return ("again", "enough")
        case _:
            return ()


def chosen(name: str, step: Step, choice: str | None) -> StepDone:
    """The step as done with this choice, which is one of `choices`."""
    match step:
        case Decision():
            return StepDone(step=name, leads_to=(step.options[choice or step.default].next,), choice=choice)
        case Verify():
            to = step.next if choice == "worked" else step.otherwise
            return StepDone(step=name, leads_to=(to,), choice=choice)
        case If():
            to = step.then if choice in step.one_of else step.otherwise
            return StepDone(step=name, leads_to=(to,), choice=choice)
        case Repeat():
            again = choice == "again"
            to = step.body if again else step.next
            return StepDone(step=name, leads_to=(to,), choice=choice, loops=again)
        case _:
            undo = isinstance(step, Action) and step.undo is not None
            return StepDone(step=name, leads_to=usual(step), undo=undo)


def usual(step: Step) -> tuple[str, ...]:
    """Where a step leads when nobody chooses."""
    match step:
        case End():
            return ()
        case Parallel():
            return step.branches
        case Decision():
            return (step.options[step.default].next,)
        case If():
            return (step.otherwise,)
        case _:
            return (step.next,)


def due_at(runs: Iterable[Run]) -> str | None:
    """The first time at which something happens by itself in one of these runs."""
    return min(
        (live.until for run in runs for live in run.live.values() if live.until is not None), default=None
    )


def may_pass(state: StreamState, known: Known, gate: Gate, account: str) -> str | None:
    """The role of a gate by which this account agrees; None when it has no say."""
    held = {role.value for role in state.slice(ROLES).held_by(account)}
    for role in gate.roles:
        by_plan = {account_of(known, person) for person in holders(known, role)}
        if role in held or account in by_plan:
            return role
    return None
