"""Calling people: one after another until somebody says that they are on it, or everybody was called often enough.

What goes out names the occasion and the code, never the matter: it passes through systems that may be watched.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from muster.access.command import Command, Rule, Seq, WorkCode
from muster.access.verbs import Verb
from muster.core.errors import Refused
from muster.core.time import stored
from muster.record.body import Kind, Tree, kinds_of
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft, Header
from muster.record.state import States, StreamState
from muster.respond.due import DUE, Due, DueBody, DueKind, DueState, Item, about, pointed
from muster.respond.effects import EffectAsked
from muster.respond.incident import existing

ROUNDS = 6
MOST_PEOPLE = 100
EXAMPLE = "example.invalid"
NOBODY_REAL = "Nobody real can be called: every address in the plan is under example.invalid."


class Way(BaseModel):
    """One way to reach somebody: a channel of the registry, and the address there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    channel: str
    address: str


class Callee(BaseModel):
    """A person of the plan, with their ways, and for how many minutes their silence is waited out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    person: str
    ways: tuple[Way, ...] = ()
    minutes: int = 20


class CallList(BaseModel):
    """Who is called, in this order, as the plan in force has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    people: tuple[Callee, ...] = ()

    @property
    def reaches_nobody(self) -> bool:
        """Whether no address is real: the example plan is in force, or nobody can be reached at all."""
        return all(_example(way.address) for one in self.people for way in one.ways)


def _example(address: str) -> bool:
    host = address.rpartition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]
    host = host.strip().rstrip(".").lower()
    return host == EXAMPLE or host.endswith(f".{EXAMPLE}")


class CallAsked(DueBody):
    """The person at `place` of the list is called; silent until `until` (lane time), the next one is.

    With a ref `due` it takes the place of the call before. turn: how often the whole list was gone through.
    about: of calls for one occasion, which one it is: a role, the number of an entry; never words.
    """

    kind: ClassVar[str] = "call.asked"
    v: ClassVar[int] = 2
    occasion: str
    about: str = ""
    people: tuple[Callee, ...]
    place: int = 0
    turn: int = 0
    until: str

    def moves(self, due: Due, head: Header) -> Due:
        item = Item(kind=DueKind.CALL, name=self.occasion, due=self.until, about=self.about)
        return due.without(pointed(head)).having(head.seq, item)


class CallAcknowledged(DueBody):
    """Somebody is on it: nobody else is called."""

    kind: ClassVar[str] = "call.acknowledged"

    def moves(self, due: Due, head: Header) -> Due:
        return due.without(pointed(head))


class CallUnanswered(DueBody):
    """Everybody was called, more than once, and nobody answered. It stays open until somebody does."""

    kind: ClassVar[str] = "call.unanswered"
    turns: int

    def moves(self, due: Due, head: Header) -> Due:
        return due.changed(pointed(head), state=DueState.GIVEN_UP)


def _about_nothing(tree: Tree) -> Tree:
    """Version 1 knew one call for each occasion."""
    return {**tree, "about": ""}


KINDS = {
    **kinds_of(CallAcknowledged, CallUnanswered),
    CallAsked.kind: Kind(CallAsked, {1: _about_nothing}),
}
# Entries with no words to hide: who was called when must stay.
FIXED = (CallAsked, CallAcknowledged, CallUnanswered)

_WORDS: Mapping[str, str] = {
    "signal": "a grave signal waits",
    "declared": "an incident was declared",
    "role-offered": "a role is offered and waits to be taken",
    "decision-asked": "a decision is asked for",
    "no-commander": "an incident has no commander",
    "clock-warning": "a clock is running out",
    "clock-overdue": "a clock is overdue",
}


def call(
    state: StreamState,
    calls: CallList,
    occasion: str,
    context: Context,
    *,
    about: str = "",
    number: int = 0,
    former: int | None = None,
) -> tuple[Draft, ...]:
    """call.asked for the first of the list, and one effect for each of their ways; nothing for an empty list.

    number: tells several calls of one command apart, so that their effects have different ids. former: the open call
    whose place it takes.
    """
    if not calls.people:
        return ()
    until = _until(calls.people[0], context)
    asked = CallAsked(
        occasion=occasion, about=about, people=calls.people[:MOST_PEOPLE], place=0, turn=0, until=until
    )
    return _called(state.stream, asked, context, number, former)


def next_call(
    state: StreamState, seq: int, asked: CallAsked, context: Context, current: CallList | None = None
) -> tuple[Draft, ...]:
    """When a call's time is over: the next person is called, or call.unanswered; nothing when it was answered.

    current: the list as the plan has it now; who is no longer on it is passed over, their ways are the newest.
    """
    item = state.slice(DUE).items.get(seq)
    if item is None or item.state is not DueState.WAITING or item.due > stored(context.instant):
        return ()
    people = asked.people if current is None else _still(asked.people, current)
    place, turn = asked.place + 1, asked.turn
    if place >= len(people):
        place, turn = 0, turn + 1
    if turn >= ROUNDS or not people:
        return (Draft(state.stream, CallUnanswered(turns=turn), (about(state.stream, seq),)),)
    following = {"people": people, "place": place, "turn": turn, "until": _until(people[place], context)}
    return _called(state.stream, asked.model_copy(update=following), context, seq, seq)


def _still(people: Sequence[Callee], current: CallList) -> tuple[Callee, ...]:
    """The list, as long as it was, with the newest ways; who left keeps the place, so that nobody is skipped."""
    known = {one.person: one for one in current.people}
    return tuple(known.get(one.person, one.model_copy(update={"ways": (), "minutes": 0})) for one in people)


def _until(callee: Callee, context: Context) -> str:
    return stored(context.instant + timedelta(minutes=callee.minutes))


def _minutes(number: int) -> str:
    return "1 minute" if number == 1 else f"{number} minutes"


def _called(
    stream: str, asked: CallAsked, context: Context, number: int, former: int | None
) -> tuple[Draft, ...]:
    callee, occasion = asked.people[asked.place], asked.occasion
    refs = () if former is None else (about(stream, former),)
    words = f"{stream}: {_WORDS.get(occasion, occasion)}"
    effects = (
        EffectAsked(
            effect=context.id(f"call {stream} {number}", way_number),
            channel=way.channel,
            to=(way.address,),
            subject=words,
            text=f"{words}.\n\nOpen {stream} in Muster and say that you are on it. "
            f"Without an answer the next person is called after {_minutes(callee.minutes)}.\n",
            payload={"stream": stream, "occasion": occasion},
        )
        for way_number, way in enumerate(callee.ways)
    )
    return (Draft(stream, asked, refs), *(Draft(stream, effect) for effect in effects))


class Answer(Command):
    """Say that you are on it, so that nobody else is called. call: one call only; left out: all of this stream."""

    stream: WorkCode
    call: Seq | None = None


def answer(states: States, command: Answer, _context: Context, _known: Known) -> Decision:
    """call.acknowledged for each open call. Raises NotFound, Refused."""
    state = existing(states, command.stream)
    calls = state.slice(DUE).of(DueKind.CALL)
    wanted = tuple(calls) if command.call is None else (command.call,)
    if not wanted or any(seq not in calls for seq in wanted):
        raise Refused("Nobody is being called for this.", "call", "Somebody may have answered already.")
    drafts = tuple(Draft(command.stream, CallAcknowledged(), (about(command.stream, seq),)) for seq in wanted)
    return Decision(drafts, {"answered": wanted})


def _one(command: Answer) -> tuple[str, ...]:
    return (command.stream,)


RULES = (Rule(Verb.ANSWER, Answer, answer, _one),)
