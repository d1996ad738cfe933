"""Timers: something that comes due at a lane time, for whichever rule asked; fired once, cancelled, or moved."""

from typing import ClassVar

from pydantic import Field

from muster.core.time import stored
from muster.record.body import kinds_of
from muster.record.context import Context
from muster.record.entry import Draft, Header, Ref
from muster.record.state import StreamState
from muster.respond.due import DUE, Due, DueBody, DueKind, DueState, Item, about, pointed

ABOUT = "about"


class TimerSet(DueBody):
    """At `due` (lane time) the rule of this purpose is asked. data: opaque ids and numbers for it, never words.

    `about` in it tells timers of one purpose apart. With a ref `due` it takes the place of an earlier timer.
    """

    kind: ClassVar[str] = "timer.set"
    purpose: str
    due: str
    data: dict[str, str] = Field(default_factory=dict[str, str])

    def moves(self, due: Due, head: Header) -> Due:
        item = Item(kind=DueKind.TIMER, name=self.purpose, due=self.due, about=self.data.get(ABOUT, ""))
        return due.without(pointed(head)).having(head.seq, item)


class TimerFired(DueBody):
    """It came due: `due` is the time it was set to, the header says when it was noticed."""

    kind: ClassVar[str] = "timer.fired"
    purpose: str
    due: str

    def moves(self, due: Due, head: Header) -> Due:
        return due.without(pointed(head))


class TimerCancelled(DueBody):
    """It is no longer needed."""

    kind: ClassVar[str] = "timer.cancelled"

    def moves(self, due: Due, head: Header) -> Due:
        return due.without(pointed(head))


KINDS = kinds_of(TimerSet, TimerFired, TimerCancelled)
# Entries with no words to hide.
FIXED = (TimerSet, TimerFired, TimerCancelled)


def fired(state: StreamState, seq: int, context: Context) -> Draft | None:
    """timer.fired for a timer whose time has come; None when it was cancelled, moved or fired, or is early."""
    item = state.slice(DUE).items.get(seq)
    if item is None or item.kind is not DueKind.TIMER or item.state is not DueState.WAITING:
        return None
    if item.due > stored(context.instant):
        return None
    return Draft(state.stream, TimerFired(purpose=item.name, due=item.due), (about(state.stream, seq),))


def cancelled(state: StreamState, purpose: str) -> tuple[Draft, ...]:
    """timer.cancelled for every open timer of this purpose."""
    return tuple(
        Draft(state.stream, TimerCancelled(), (about(state.stream, seq),))
        for seq, item in state.slice(DUE).of(DueKind.TIMER).items()
        if item.name == purpose
    )


def moved(stream: str, seq: int, timer: TimerSet) -> Draft:
    """A timer in the place of the one that this entry set."""
    refs: tuple[Ref, ...] = (about(stream, seq),)
    return Draft(stream, timer, refs)
