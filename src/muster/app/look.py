"""What a view of the room is made from: the state, the plan as told, words by entry, names, the time, and who looks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from muster.app.caller import Caller
from muster.core.time import from_stored, stored
from muster.record.body import Body
from muster.record.entry import Entry
from muster.record.state import StreamState
from muster.respond.facts import FACTS, Standing
from muster.respond.ground import Told
from muster.respond.roles import ROLES

HIDDEN = "(hidden)"
ERASED = "(erased)"


@dataclass(frozen=True)
class Words:
    """Entries of one stream by number, as far as they were read. hidden: those whose words nobody is to read."""

    entries: Mapping[int, Entry] = field(default_factory=dict[int, Entry])
    hidden: Collection[int] = ()

    def body(self, seq: int | None) -> Body | None:
        """What an entry says; None when it is hidden, erased, or was not read."""
        entry = None if seq is None or seq in self.hidden else self.entries.get(seq)
        return None if entry is None else entry.body

    def text(self, seq: int | None, name: str = "text") -> str:
        """One field of an entry as words; what is hidden or erased is said to be so."""
        if seq is None:
            return ""
        if seq in self.hidden:
            return HIDDEN
        body = self.body(seq)
        return ERASED if body is None else str(getattr(body, name, None) or "")

    def who(self, seq: int) -> str:
        """The account that wrote an entry; empty when it was not read."""
        entry = self.entries.get(seq)
        return entry.header.who if entry else ""

    def at(self, seq: int) -> str:
        """When it happened, as an entry says it; empty when it was not read."""
        entry = self.entries.get(seq)
        return stored(entry.header.happened.at) if entry else ""

    def reason(self, seq: int) -> str:
        """The reason that was written beside an entry, directly after it; empty when there is none."""
        entry = self.entries.get(seq + 1)
        explains = entry is not None and any(
            ref.rel == "explains" and ref.seq == seq for ref in entry.header.refs
        )
        return self.text(seq + 1) if explains else ""


@dataclass(frozen=True)
class Look:
    """An incident as somebody looks at it. facts: the words of what was stated, by number. now: of its lane."""

    state: StreamState
    told: Told
    words: Words
    names: Mapping[str, str]
    now: datetime
    me: Caller
    facts: Mapping[int, str] = field(default_factory=dict[int, str])

    @property
    def account(self) -> str:
        """Whoever looks."""
        return self.me.actor.account

    @property
    def holds(self) -> frozenset[str]:
        """The roles that whoever looks has in this incident."""
        return frozenset(role.value for role in self.state.slice(ROLES).held_by(self.account))

    def name(self, account: str | None) -> str:
        """An account's name; nobody when there is none."""
        return self.names.get(account, "somebody") if account else "nobody"

    def late(self, at: str | None) -> bool:
        """Whether a stored time has passed."""
        return bool(at) and self.now >= from_stored(at or "")

    def standing(self) -> tuple[tuple[int, str, str], ...]:
        """What stands now: number, what it is worth, its words."""
        things = self.state.slice(FACTS).things
        return tuple((seq, thing.standing.value, self.fact(seq)) for seq, thing in things.items())

    def confirmed(self) -> tuple[tuple[int, str], ...]:
        """The facts that stand, the newest first, to choose from."""
        found = [(seq, text) for seq, worth, text in self.standing() if worth == Standing.FACT.value]
        return tuple(sorted(found, reverse=True))

    def fact(self, seq: int) -> str:
        """The words of a fact, assumption or question."""
        return HIDDEN if seq in self.words.hidden else self.facts.get(seq) or ERASED
