"""Effects: asked for by an entry, tried, then done or failed; one outcome for each attempt, and only of the open one.

After a crash in the middle nobody knows whether it happened. Where the receiver keeps keys it is simply sent again
under the same key; else a notification goes out marked "may be a repeat", and about all others a person is asked.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from muster.access.command import Command, Rule, Seq, Text, WorkCode
from muster.access.verbs import Verb
from muster.core.errors import Refused
from muster.core.time import stored
from muster.record.body import kinds_of
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft, Header, Ref
from muster.record.state import States, StreamState
from muster.respond.due import DUE, Due, DueBody, DueKind, DueState, Item, about, pointed
from muster.respond.incident import ReasonGiven, existing

# How long to wait after each failed attempt, in seconds of the lane; after the last of them it is given up.
WAITS = (5, 15, 60, 180, 600, 1_800, 3_600, 7_200)


class Sort(StrEnum):
    """What an effect is: words to our own people, outward words, or something done to a system."""

    NOTIFICATION = "notification"
    STATEMENT = "statement"
    ACTION = "action"


class EffectAsked(DueBody):
    """An effect on the world. effect: its opaque id. to: addresses, or opaque ids of recipients.

    key: another idempotency key than this entry's stream and number, e.g. of an effect that it repeats.
    may_repeat: the receiver keeps no keys. not_before: the lane time from which on it may happen.
    """

    kind: ClassVar[str] = "effect.asked"
    effect: str
    channel: str
    to: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    payload: dict[str, str] = Field(default_factory=dict[str, str])
    key: str | None = None
    may_repeat: bool = True
    sort: Sort = Sort.NOTIFICATION
    not_before: str | None = None

    def moves(self, due: Due, head: Header) -> Due:
        item = Item(
            kind=DueKind.EFFECT,
            name=self.channel,
            due=self.not_before or stored(head.happened.at),
            sort=self.sort.value,
            repeats=self.may_repeat,
        )
        return due.having(head.seq, item)


class EffectTried(DueBody):
    """An attempt begins. repeat: an earlier one may have succeeded. dry_run: a drill, nothing leaves."""

    kind: ClassVar[str] = "effect.tried"
    attempt: int
    token: str
    repeat: bool = False
    dry_run: bool = False

    def moves(self, due: Due, head: Header) -> Due:
        return due.changed(pointed(head), state=DueState.TRYING, attempt=self.attempt, token=self.token)


class EffectDone(DueBody):
    """The attempt succeeded; `answer` is what the channel makes of the receiver's answer, in words of its own."""

    kind: ClassVar[str] = "effect.done"
    attempt: int
    token: str
    answer: str = ""
    dry_run: bool = False

    def moves(self, due: Due, head: Header) -> Due:
        return due.without(pointed(head))


class EffectFailed(DueBody):
    """The attempt failed. unclear: it may have succeeded all the same. next: when it is tried again; None: never."""

    kind: ClassVar[str] = "effect.failed"
    attempt: int
    token: str
    reason: str
    unclear: bool = False
    next: str | None = None

    def moves(self, due: Due, head: Header) -> Due:
        seq = pointed(head)
        found = due.items.get(-1 if seq is None else seq)
        doubt = self.unclear or (found is not None and found.doubt)
        if self.next is None:
            return due.changed(seq, state=DueState.GIVEN_UP, doubt=doubt)
        return due.changed(seq, state=DueState.WAITING, due=self.next, doubt=doubt)


class EffectUnsure(DueBody):
    """Nobody knows whether the attempt succeeded, and a repeat could harm: a person finds out and says."""

    kind: ClassVar[str] = "effect.unsure"
    attempt: int

    def moves(self, due: Due, head: Header) -> Due:
        return due.changed(pointed(head), state=DueState.UNSURE, doubt=True)


class Became(StrEnum):
    """What became of an effect, as a person found out: it happened, it is to be tried again, or it is given up."""

    DONE = "done"
    AGAIN = "again"
    DROPPED = "dropped"


class EffectSettled(DueBody):
    """A person said what became of it; why stands in the next entry."""

    kind: ClassVar[str] = "effect.settled"
    became: Became

    def moves(self, due: Due, head: Header) -> Due:
        seq = pointed(head)
        if self.became is not Became.AGAIN or seq not in due.items:
            return due.without(seq)
        attempt = due.items[seq].attempt
        return due.changed(seq, state=DueState.WAITING, due=stored(head.happened.at), since=attempt)


KINDS = kinds_of(EffectAsked, EffectTried, EffectDone, EffectFailed, EffectUnsure, EffectSettled)
# Entries with no words to hide: what failed is told in words of our own.
FIXED = (EffectTried, EffectDone, EffectFailed, EffectUnsure, EffectSettled)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended. final: trying again is of no use. unclear: it may have succeeded all the same."""

    done: bool
    words: str = ""
    final: bool = False
    unclear: bool = False


def key_of(body: EffectAsked, stream: str, seq: int) -> str:
    """The idempotency key under which the receiver gets it, however often."""
    return body.key or f"{stream}/{seq}"


def begin(
    state: StreamState, seq: int, token: str, context: Context, *, dry_run: bool = False
) -> Draft | None:
    """What to write before an attempt: effect.tried; or that a person is asked, or that it is given up; or nothing.

    Called by whoever holds the lease: an attempt that is still open then has lost its executor.
    """
    item = state.slice(DUE).items.get(seq)
    if item is None or item.kind is not DueKind.EFFECT or item.due > stored(context.instant):
        return None
    refs = (about(state.stream, seq),)
    if item.state is DueState.TRYING and item.repeats and item.sort != Sort.NOTIFICATION:
        return Draft(state.stream, EffectUnsure(attempt=item.attempt), refs)
    if item.state not in (DueState.WAITING, DueState.TRYING):
        return None
    if item.attempt - item.since > len(WAITS):  # it takes its executor down with it each time
        body = EffectFailed(
            attempt=item.attempt, token=token, reason="It never came to an end.", unclear=True
        )
        return Draft(state.stream, body, refs)
    repeat = item.doubt or item.state is DueState.TRYING
    tried = EffectTried(
        attempt=item.attempt + 1, token=token, repeat=repeat and item.repeats, dry_run=dry_run
    )
    return Draft(state.stream, tried, refs)


def ended(
    state: StreamState, seq: int, tried: EffectTried, outcome: Outcome, context: Context
) -> tuple[Draft, ...]:
    """What to write after an attempt. Raises Refused when it is not the open one: somebody else took it over."""
    item = state.slice(DUE).items.get(seq)
    if item is None or item.state is not DueState.TRYING:
        raise _not_open(state.stream)
    if (item.attempt, item.token) != (tried.attempt, tried.token):
        raise _not_open(state.stream)
    refs = (about(state.stream, seq),)
    marks = {"attempt": tried.attempt, "token": tried.token}
    if outcome.done:
        done = EffectDone.model_validate({**marks, "answer": outcome.words, "dry_run": tried.dry_run})
        return (Draft(state.stream, done, refs),)
    count = tried.attempt - item.since
    again = not outcome.final and count <= len(WAITS)
    asks = outcome.unclear and item.repeats and item.sort != Sort.NOTIFICATION
    wait = timedelta(seconds=WAITS[min(count, len(WAITS)) - 1])
    failed = EffectFailed.model_validate(
        {
            **marks,
            "reason": outcome.words,
            "unclear": outcome.unclear,
            "next": stored(context.instant + wait) if again and not asks else None,
        }
    )
    drafts = (Draft(state.stream, failed, refs),)
    return (*drafts, Draft(state.stream, EffectUnsure(attempt=tried.attempt), refs)) if asks else drafts


def _not_open(stream: str) -> Refused:
    return Refused(
        "This attempt is not the open one.", stream, "Another executor took it over; its outcome stands."
    )


class Settle(Command):
    """Say what became of an effect that nobody is sure about, or that was given up."""

    stream: WorkCode
    effect: Seq
    became: Became
    reason: Text


def settle(states: States, command: Settle, _context: Context, _known: Known) -> Decision:
    """effect.settled, reason.given. Raises NotFound, Refused."""
    state = existing(states, command.stream)
    item = state.slice(DUE).items.get(command.effect)
    if item is None or item.kind is not DueKind.EFFECT:
        raise Refused("This number is no effect that is open.", "effect", "Take the number of its entry.")
    if item.state is DueState.TRYING:
        raise Refused("It is being tried at this moment.", "effect", "Wait for its outcome.")
    refs = (about(command.stream, command.effect),)
    explains = (Ref("explains", command.stream, state.seq + 1),)
    drafts = (
        Draft(command.stream, EffectSettled(became=command.became), refs),
        Draft(command.stream, ReasonGiven(text=command.reason), explains),
    )
    return Decision(drafts, {"effect": command.effect, "became": command.became})


def _one(command: Settle) -> tuple[str, ...]:
    return (command.stream,)


RULES = (Rule(Verb.EFFECT, Settle, settle, _one),)
