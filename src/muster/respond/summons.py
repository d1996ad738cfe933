"""Whom the plan in force names for an occasion, and one open call for each occasion and what it is about."""

from collections.abc import Iterable, Mapping
from typing import Final

from muster.access.known import plan_known
from muster.core.labels import Secrecy
from muster.plan.calling import Occasion
from muster.plan.people import Channel, ChannelKind, Person, Reachable
from muster.record.context import Context
from muster.record.decision import Known
from muster.record.entry import Draft, Entry
from muster.record.state import States, StreamState
from muster.respond.calling import (
    MOST_PEOPLE,
    CallAcknowledged,
    CallAsked,
    Callee,
    CallList,
    Way,
    call,
    next_call,
)
from muster.respond.due import DUE, DueKind, DueState, about
from muster.respond.ground import account_of, holders
from muster.respond.secrecy import SIGHT

CLOCK_WARNING: Final = "clock-warning"
WEBHOOK: Final = "webhook:"
MAIL: Final = "mail"
# Whom nobody can reach is passed over after this time, as if they were silent.
SILENT_MINUTES = 1
MOST_WAYS = 4
# The people of a call stand in its body, which holds at most 64 kB.
MOST_BYTES = 48_000
# Occasions that have no path of their own in the plan.
_LIKE: Mapping[str, Occasion] = {CLOCK_WARNING: Occasion.CLOCK_OVERDUE}


def call_list(
    known: Known,
    occasion: str,
    state: StreamState | None,
    context: Context,
    first: Iterable[str] = (),
) -> CallList:
    """Who is called for an occasion now, as the plan in force has it; nobody while none is approved.

    state: the stream that it is about, None for any: of one for named people, only those are called. first: people
    of the plan who come before all others.
    """
    in_force = plan_known(known).in_force
    if in_force is None:
        return CallList()
    calling = in_force.calling
    path = calling.calls(in_force.roles, _LIKE.get(occasion) or Occasion(occasion), context.instant)
    waits = dict.fromkeys(first, calling.unacknowledged_after_minutes)
    for one in path:
        waits.setdefault(one.person, one.wait_minutes)
    people = in_force.people.people
    found = (
        _callee(person, people.get(person), minutes)
        for person, minutes in waits.items()
        if _admitted(known, state, person)
    )
    return CallList(people=_short(found))


def still_called(known: Known, state: StreamState, asked: CallAsked) -> CallList | None:
    """Who of a call is still in the plan, and may see what it is about, with their newest ways; None under no plan."""
    in_force = plan_known(known).in_force
    if in_force is None:
        return None
    people = in_force.people.people
    return CallList(
        people=tuple(
            _callee(one.person, people[one.person], one.minutes)
            for one in asked.people
            if one.person in people and _admitted(known, state, one.person)
        )
    )


def _callee(person: str, told: Person | None, minutes: int) -> Callee:
    ways = ways_of(told) if told else ()
    return Callee(
        person=person, ways=ways[:MOST_WAYS], minutes=minutes if ways else min(minutes, SILENT_MINUTES)
    )


def ways_of(somebody: Reachable) -> tuple[Way, ...]:
    """The ways by which Muster itself reaches a person or contact of the plan, the best first."""
    return tuple(way for way in map(_way, somebody.channels.values()) if way is not None)


def _way(channel: Channel) -> Way | None:
    """By which channel of the registry an address is reached: mail, or the webhook that it names; None for others."""
    if channel.address.startswith(WEBHOOK):
        return Way(channel=channel.address, address=channel.address.removeprefix(WEBHOOK))
    return Way(channel=MAIL, address=channel.address) if channel.kind is ChannelKind.MAIL else None


def _admitted(known: Known, state: StreamState | None, person: str) -> bool:
    """Whether they may know that it exists: a call about something for named people would betray it to others."""
    if state is None:
        return True
    sight = state.slice(SIGHT)
    return sight.secrecy is not Secrecy.NAMED or account_of(known, person) in sight.people


def _short(people: Iterable[Callee]) -> tuple[Callee, ...]:
    found: list[Callee] = []
    left = MOST_BYTES
    for one in people:
        left -= len(one.model_dump_json().encode())
        if left < 0 or len(found) == MOST_PEOPLE:
            break
        found.append(one)
    return tuple(found)


def person_of(known: Known, account: str | None) -> str | None:
    """The person of the plan to whom an account is tied."""
    accounts = plan_known(known).accounts
    return next((person for person, tied in accounts.items() if tied == account), None)


def answering(known: Known, role: str, context: Context) -> tuple[str, ...]:
    """The people who answer for a role of the plan: who is on call first, then all who may hold it."""
    in_force = plan_known(known).in_force
    on_call = in_force.calling.on_call(in_force.roles, role, context.instant) if in_force else None
    return tuple(dict.fromkeys((*((on_call,) if on_call else ()), *holders(known, role))))


def standing(state: StreamState, occasion: str, subject: str = "") -> int | None:
    """The open call for an occasion and what it is about, by the number of its entry; None when nobody is called."""
    calls = state.slice(DUE).of(DueKind.CALL).items()
    return next((seq for seq, item in calls if item.name == occasion and item.about == subject), None)


def summon(
    state: StreamState,
    known: Known,
    occasion: str,
    context: Context,
    *,
    subject: str = "",
    first: Iterable[str] = (),
    number: int = 0,
    former: int | None = None,
) -> tuple[Draft, ...]:
    """The people whom the plan names are called; nothing while they are called for this already.

    A call that nobody answered any more begins anew. former: an open call whose place this one takes in any case.
    number: tells several calls of one command apart.
    """
    seq = standing(state, occasion, subject) if former is None else former
    if former is None and seq is not None and state.slice(DUE).items[seq].state is DueState.WAITING:
        return ()
    calls = call_list(known, occasion, state, context, first)
    return call(state, calls, occasion, context, about=subject, number=number, former=seq)


def acknowledged(stream: str, calls: Iterable[int]) -> tuple[Draft, ...]:
    """call.acknowledged for these calls: what was done answers them."""
    return tuple(Draft(stream, CallAcknowledged(), (about(stream, seq),)) for seq in calls)


def tick(states: States, entry: Entry, context: Context, known: Known) -> tuple[Draft, ...]:
    """What happens when the time of a call is over: the next person as the plan in force has them now."""
    if not isinstance(entry.body, CallAsked):
        return ()
    state, asked = states[entry.header.stream], entry.body
    return next_call(state, entry.header.seq, asked, context, still_called(known, state, asked))
