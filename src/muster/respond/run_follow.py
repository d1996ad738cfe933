"""What follows in runs by itself: steps go to new holders, waits end, and one timer for the next time anything does."""

from muster.access.command import Follow
from muster.core.time import stored
from muster.record.context import Context
from muster.record.decision import Known
from muster.record.entry import Draft, Entry, Ref
from muster.record.state import States, StreamState
from muster.respond.due import DUE, DueKind, about
from muster.respond.ground import playbook
from muster.respond.incident import INCIDENT
from muster.respond.runs import RUNS, Run, RunEnded, moved
from muster.respond.stepping import advance, due_at
from muster.respond.timers import TimerCancelled, TimerSet

PURPOSE = "run"
# What cannot move a run: words, and what the door does.
_STILL = ("log.", "effect.", "call.", "timer.")


def follow(
    _before: States, after: States, drafts: tuple[Draft, ...], context: Context, known: Known
) -> tuple[Draft, ...]:
    """step.* that happen by themselves now in any run of the touched incidents, and their one timer."""
    found: list[Draft] = []
    touched = {draft.stream for draft in drafts if not draft.body.kind.startswith(_STILL)}
    for stream in sorted(touched):
        state = after.get(stream)
        if state is not None and (state.slice(RUNS).running or _timer(state) is not None):
            found += go_on(state, context, known)
    return tuple(found)


def go_on(state: StreamState, context: Context, known: Known) -> tuple[Draft, ...]:
    """Everything that happens now in the runs of an incident, and the timer of what happens next."""
    drafts: list[Draft] = []
    left: list[Run] = []
    ended = state.slice(INCIDENT).state
    for seq, run in sorted(state.slice(RUNS).running.items()):
        plan = playbook(known, run.playbook, run.commit)
        bodies = (
            ()
            if plan is None or ended is None or ended.ended
            else advance(state, run, plan, known, context.instant, context.actor.account)
        )
        current: Run | None = run
        for body in bodies:
            drafts.append(Draft(state.stream, body, (Ref("run", state.stream, seq),)))
            current = None if current is None else moved(current, body, context.actor.account)
            if isinstance(body, RunEnded):
                current = None
        if current is not None:
            left.append(current)
    over = ended is None or ended.ended
    return (*drafts, *_timed(state, None if over else due_at(left), context))


def tick(states: States, entry: Entry, context: Context, known: Known) -> tuple[Draft, ...]:
    """What is due in the runs of an incident, when their timer fired. The fired timer itself is gone by then."""
    return go_on(states[entry.header.stream], context, known)


def _timer(state: StreamState) -> int | None:
    return next(
        (seq for seq, item in state.slice(DUE).of(DueKind.TIMER).items() if item.name == PURPOSE), None
    )


def _timed(state: StreamState, due: str | None, context: Context) -> tuple[Draft, ...]:
    """The timer moved to this time, set, or cancelled; nothing when it stands right. What is late is due now."""
    seq = _timer(state)
    refs = () if seq is None else (about(state.stream, seq),)
    if due is None:
        return () if seq is None else (Draft(state.stream, TimerCancelled(), refs),)
    due = max(due, stored(context.instant))
    if seq is not None and state.slice(DUE).items[seq].due == due:
        return ()
    return (Draft(state.stream, TimerSet(purpose=PURPOSE, due=due), refs),)


FOLLOW: Follow = follow
