"""Reminding of legal clocks: one timer for each that is open, a call before it runs out and another when it did.

Alarms go by the operational deadline, which is never later than any reading of the law. A clock whose facts nobody
has answered runs out as well: what is open is never a silent no.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from muster.access.command import Follow
from muster.core.ids import StreamType, stream_type
from muster.core.time import from_stored, stored
from muster.disclose.clock import Clock
from muster.disclose.owed import OWED, clocks_of
from muster.disclose.planned import plan_of
from muster.plan.calling import Occasion
from muster.record.context import Context
from muster.record.decision import Known
from muster.record.entry import Draft, Entry
from muster.record.state import States, StreamState
from muster.respond.due import DUE, DueKind, Item, about
from muster.respond.incident import INCIDENT
from muster.respond.summons import CLOCK_WARNING, acknowledged, answering, standing, summon
from muster.respond.timers import ABOUT, TimerCancelled, TimerSet

PURPOSE: Final = "clock"
# What moves no clock: words, and what the door does.
_STILL = ("log.", "effect.", "call.", "timer.")
_OCCASIONS = (Occasion.CLOCK_OVERDUE, CLOCK_WARNING)


@dataclass(frozen=True, slots=True)
class Running:
    """A clock that runs out: whose duty it is (a role), when somebody is reminded of it, and when it has run out."""

    owner: str
    warned: datetime
    due: datetime

    def following(self, now: datetime) -> datetime | None:
        """When it comes up next after now; None when it has run out."""
        return next((at for at in (self.warned, self.due) if at > now), None)


def running(state: StreamState, known: Known, now: datetime) -> dict[str, Running]:
    """Every open clock of an incident that was started and has a deadline, by its key; none once it has ended."""
    stands = state.slice(INCIDENT).state
    if stands is None or stands.ended:
        return {}
    obligations = plan_of(known).obligations
    if not obligations:
        return {}
    found = {one.key: _running(one, state) for one in clocks_of(state, obligations, now)}
    return {key: one for key, one in found.items() if one is not None}


def _running(clock: Clock, state: StreamState) -> Running | None:
    """Reminded of after three quarters of its time, or when what held it back is over."""
    if not clock.open or clock.deadline is None:
        return None
    owed = state.slice(OWED)
    delay = owed.delays.get(clock.key)
    held = from_stored(delay.until) if delay else clock.deadline.operational
    due = max(clock.deadline.operational, held)
    began = next(
        (
            from_stored(one.at)
            for one in (*owed.filings.values(), *(one for row in owed.anchors.values() for one in row))
            if one.seq == clock.deadline.anchored_by
        ),
        due,
    )
    return Running(clock.obligation.owner, began + (due - began) * 3 // 4, due)


def follow(
    before: States, after: States, drafts: tuple[Draft, ...], context: Context, known: Known
) -> tuple[Draft, ...]:
    """timer.set, timer.cancelled and call.acknowledged for the clocks of every touched incident."""
    found: list[Draft] = []
    for stream in dict.fromkeys(draft.stream for draft in drafts if not draft.body.kind.startswith(_STILL)):
        state = after.get(stream)
        if state is not None and stream_type(stream) is StreamType.INCIDENT:
            found += _kept(before.get(stream), state, context, known)
    return tuple(found)


def _kept(
    before: StreamState | None, state: StreamState, context: Context, known: Known
) -> tuple[Draft, ...]:
    now = context.instant
    clocks = running(state, known, now)
    timers = _timers(state)
    # Of clocks that ran out already, those are called for that this very change let run out.
    late = any(one.due <= now for one in clocks.values())
    was = running(before, known, now) if before is not None and late else {}
    drafts: list[Draft] = []
    for key, one in clocks.items():
        seq = timers.get(key)
        item = None if seq is None else state.slice(DUE).items[seq]
        at = one.following(now)
        if item is not None and from_stored(item.due) <= now:
            continue  # it fires at this moment, and looks then where its clock stands
        if at is None and was.get(key) == one:
            continue
        due = stored(at or now)
        if item is None or item.due != due:
            drafts.append(_timer(state.stream, key, due, seq))
    gone = (seq for key, seq in timers.items() if key not in clocks)
    cancelled = (Draft(state.stream, TimerCancelled(), (about(state.stream, seq),)) for seq in gone)
    return (*drafts, *cancelled, *acknowledged(state.stream, _answered(state, clocks, now)))


def tick(states: States, entry: Entry, context: Context, known: Known) -> tuple[Draft, ...]:
    """When a clock's timer fired: whoever owes it is called, that it runs out or ran out; then its next timer."""
    state, asked, now = states[entry.header.stream], entry.body, context.instant
    if not isinstance(asked, TimerSet):
        return ()
    key = asked.data.get(ABOUT, "")
    clock = running(state, known, now).get(key)
    if clock is None:
        return ()
    drafts: list[Draft] = []
    at = clock.following(now)
    if at is not None:
        drafts.append(_timer(state.stream, key, stored(at), _timers(state).get(key)))
    if clock.warned <= now:
        drafts += _called(state, clock, context, known)
    return tuple(drafts)


def _called(state: StreamState, clock: Running, context: Context, known: Known) -> tuple[Draft, ...]:
    """One call for all clocks of an owner; that one ran out takes the place of the reminder."""
    over = clock.due <= context.instant
    warning = standing(state, CLOCK_WARNING, clock.owner)
    overdue = standing(state, Occasion.CLOCK_OVERDUE, clock.owner)
    if not over and overdue is not None:
        return ()
    return summon(
        state,
        known,
        Occasion.CLOCK_OVERDUE if over else CLOCK_WARNING,
        context,
        subject=clock.owner,
        first=answering(known, clock.owner, context),
        former=warning if over and overdue is None else None,
    )


def _answered(state: StreamState, clocks: Mapping[str, Running], now: datetime) -> tuple[int, ...]:
    """The open calls for which no clock of their owner runs out any more."""
    late = {one.owner for one in clocks.values() if one.due <= now}
    soon = {one.owner for one in clocks.values() if one.warned <= now}
    return tuple(
        seq
        for seq, item in state.slice(DUE).of(DueKind.CALL).items()
        if item.name in _OCCASIONS and not _waits(item, late, soon)
    )


def _waits(item: Item, late: set[str], soon: set[str]) -> bool:
    return item.about in (late if item.name == Occasion.CLOCK_OVERDUE else soon)


def _timers(state: StreamState) -> dict[str, int]:
    """The open timers of clocks, by the clock's key."""
    timers = state.slice(DUE).of(DueKind.TIMER).items()
    return {item.about: seq for seq, item in timers if item.name == PURPOSE}


def _timer(stream: str, key: str, due: str, former: int | None) -> Draft:
    refs = () if former is None else (about(stream, former),)
    return Draft(stream, TimerSet(purpose=PURPOSE, due=due, data={ABOUT: key}), refs)


FOLLOW: Follow = follow
