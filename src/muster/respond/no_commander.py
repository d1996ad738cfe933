"""An incident without a commander: one timer, by the minutes of its severity, until somebody commands (TRI-10)."""

from datetime import timedelta

from muster.access.known import plan_known
from muster.core.time import stored
from muster.plan.calling import Occasion
from muster.record.context import Context
from muster.record.decision import Known
from muster.record.entry import Draft, Entry
from muster.record.state import States, StreamState
from muster.respond.able import commander
from muster.respond.due import DUE, DueKind
from muster.respond.incident import INCIDENT
from muster.respond.severity import SEVERITIES
from muster.respond.summons import summon
from muster.respond.timers import TimerSet, cancelled, moved

PURPOSE = "no-commander"
MINUTES = 15


def wanted(state: StreamState) -> bool:
    """Whether the incident goes on and nobody commands."""
    stands = state.slice(INCIDENT).state
    return stands is not None and not stands.ended and commander(state) is None


def within(state: StreamState, known: Known) -> int:
    """Within how many minutes somebody must command, as the pinned plan has it for the severity."""
    pinned, severity = plan_known(known).pinned, state.slice(SEVERITIES).current
    duties = pinned.severity.duties(severity) if pinned and severity else None
    return duties.commander_within_minutes if duties else MINUTES


def keep(state: StreamState, context: Context, known: Known) -> tuple[Draft, ...]:
    """The one timer of an incident without a commander: set, moved earlier when it got worse, or cancelled.

    While no plan is in force it is never set: there is nobody whom it could call.
    """
    if not wanted(state) or plan_known(known).in_force is None:
        return cancelled(state, PURPOSE)
    timer = TimerSet(purpose=PURPOSE, due=_due(state, context, known))
    timers = state.slice(DUE).of(DueKind.TIMER)
    seq = next((seq for seq, item in timers.items() if item.name == PURPOSE), None)
    if seq is None:
        return (Draft(state.stream, timer),)
    return () if timer.due >= timers[seq].due else (moved(state.stream, seq, timer),)


def tick(states: States, entry: Entry, context: Context, known: Known) -> tuple[Draft, ...]:
    """When it fired and still nobody commands: the commanders of the plan are called, and the timer is set again."""
    state = states[entry.header.stream]
    if not wanted(state) or plan_known(known).in_force is None:
        return ()
    timer = TimerSet(purpose=PURPOSE, due=_due(state, context, known))
    return (Draft(state.stream, timer), *summon(state, known, Occasion.NO_COMMANDER, context))


def _due(state: StreamState, context: Context, known: Known) -> str:
    return stored(context.instant + timedelta(minutes=within(state, known)))
