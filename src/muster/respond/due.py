"""What is due in a stream: effects on their way, calls without an answer, timers; each by the entry that asked for it.

Times are lane times. A body that opens, moves or ends something due is a `DueBody` and points to it by the ref `due`.
"""

from abc import abstractmethod
from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from muster.record.body import Body
from muster.record.entry import Entry, Header, Ref
from muster.record.state import Fold, Slice

REL = "due"
HIDES = "hides"  # the ref of a redaction


class DueKind(StrEnum):
    """What comes due."""

    EFFECT = "effect"
    CALL = "call"
    TIMER = "timer"


class DueState(StrEnum):
    """Where it stands. Waiting and trying are the dispatcher's; the other two are shown to a person."""

    WAITING = "waiting"
    TRYING = "trying"
    UNSURE = "unsure"
    GIVEN_UP = "given-up"


class Item(Slice):
    """One thing due. name: the channel, occasion or purpose. due: the lane time at which it is taken up.

    about: of calls and timers of one name, which one it is: a role, the number of an entry, the key of a clock.
    attempt, token: the newest attempt, and by whom. since: the attempt after which a person said "again".
    repeats: its receiver keeps no keys, so that sending again may be a second effect. doubt: an attempt ended unknown.
    """

    kind: DueKind
    name: str
    due: str
    state: DueState = DueState.WAITING
    about: str = ""
    attempt: int = 0
    since: int = 0
    token: str = ""
    sort: str = ""
    repeats: bool = False
    doubt: bool = False


class Due(Slice):
    """Everything due in a stream, by the number of the entry that asked for it."""

    items: dict[int, Item] = Field(default_factory=dict[int, Item])

    def having(self, seq: int, item: Item) -> "Due":
        """With this item, new or changed."""
        return Due(items={**self.items, seq: item})

    def changed(self, seq: int | None, **changes: object) -> "Due":
        """With some fields of an open item changed; the same when it is not open."""
        if seq is None or seq not in self.items:
            return self
        return self.having(seq, self.items[seq].model_copy(update=changes))

    def without(self, seq: int | None) -> "Due":
        """Without this item; the same when it is not open."""
        if seq is None or seq not in self.items:
            return self
        return Due(items={other: item for other, item in self.items.items() if other != seq})

    def of(self, kind: DueKind) -> dict[int, Item]:
        """The open items of one kind."""
        return {seq: item for seq, item in self.items.items() if item.kind is kind}


class DueBody(Body):
    """A body that moves what is due."""

    kind: ClassVar[str]

    @abstractmethod
    def moves(self, due: Due, head: Header) -> Due:
        """What is due after this entry."""


def pointed(head: Header) -> int | None:
    """The number of the entry that asked for what this one is about; None when it says none."""
    return next((ref.seq for ref in head.refs if ref.rel == REL), None)


def about(stream: str, seq: int) -> Ref:
    """The pointer to the entry that asked for it."""
    return Ref(REL, stream, seq)


def evolve(due: Due, entry: Entry) -> Due:
    """What is due after one more entry. What asked and was hidden or erased is no longer due: no such word is sent."""
    if isinstance(entry.body, DueBody):
        return entry.body.moves(due, entry.header)
    for ref in entry.header.refs:
        if ref.rel == HIDES:
            due = due.without(ref.seq)
    return due


DUE = Fold("due", Due(), evolve)
