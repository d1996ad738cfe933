"""An incident as it can be looked back on: its entries as they were written, by the clock of its lane, and the plans it was under."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from muster.app.plan_versions import PlanVersion
from muster.learn.times import clock_of, written
from muster.plan.plan import InForce, Pinned
from muster.record.body import Body
from muster.record.entry import Entry
from muster.record.state import StreamState
from muster.respond.ground import Told

B = TypeVar("B", bound=Body)
HIDDEN = "(hidden)"
ERASED = "(erased)"


@dataclass(frozen=True)
class Lines:
    """Entries of one stream, in order. hidden: those whose words nobody is to read, erased ones not among them."""

    entries: Sequence[Entry]
    hidden: Collection[int] = frozenset()

    @cached_property
    def _by_seq(self) -> Mapping[int, Entry]:
        return {entry.header.seq: entry for entry in self.entries}

    @cached_property
    def _reasons(self) -> Mapping[int, int]:
        found: dict[int, int] = {}
        for entry in self.entries:
            if entry.header.kind == "reason.given":
                for ref in entry.header.refs:
                    if ref.rel == "explains":
                        found.setdefault(ref.seq, entry.header.seq)
        return found

    @cached_property
    def _clock(self) -> Mapping[int, datetime]:
        return clock_of(self.entries)

    def entry(self, seq: int) -> Entry | None:
        """The entry with this number; None when it was not read."""
        return self._by_seq.get(seq)

    def of(self, *bodies: type[Body]) -> Iterator[Entry]:
        """The entries of these kinds, in order, those without readable words too."""
        kinds = {body.kind for body in bodies}
        return (entry for entry in self.entries if entry.header.kind in kinds)

    @cached_property
    def _pointing(self) -> Mapping[tuple[str, int], Sequence[Entry]]:
        found: dict[tuple[str, int], list[Entry]] = {}
        for entry in self.entries:
            for rel, seq in dict.fromkeys((ref.rel, ref.seq) for ref in entry.header.refs):
                found.setdefault((rel, seq), []).append(entry)
        return found

    def about(self, seq: int, rel: str) -> Iterator[Entry]:
        """The entries that point to this one by a ref of this name, in order."""
        return iter(self._pointing.get((rel, seq), ()))

    def body(self, seq: int | None, model: type[B]) -> B | None:
        """What an entry says; None when it is hidden, erased or of another kind."""
        entry = None if seq is None or seq in self.hidden else self.entry(seq)
        return entry.body if entry is not None and isinstance(entry.body, model) else None

    def text(self, seq: int | None, name: str = "text") -> str:
        """One field of an entry as words; of what is hidden or erased it is said."""
        entry = None if seq is None else self.entry(seq)
        if entry is None:
            return ""
        if seq in self.hidden:
            return HIDDEN
        return ERASED if entry.body is None else str(getattr(entry.body, name, None) or "")

    def reason(self, seq: int) -> str:
        """The reason that was given for an entry; empty when there is none."""
        return self.text(self._reasons.get(seq))

    def at(self, seq: int) -> datetime | None:
        """When it happened, as its entry says."""
        entry = self.entry(seq)
        return entry.header.happened.at if entry else None

    def written(self, entry: Entry) -> datetime:
        """When it was written, by the clock of the lane."""
        return written(entry, self._clock).at


@dataclass(frozen=True)
class Past(Lines):
    """One incident, whole. now: of its lane. lessons: the plan's stream, where lessons live, with its entries.

    version: the plan of a commit, None where there is none or it cannot be read.
    """

    state: StreamState = field(default_factory=lambda: StreamState(""))
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    now: datetime = field(kw_only=True)
    accounts: Mapping[str, str] = field(default_factory=dict[str, str])
    version: Callable[[str], PlanVersion | None] = field(default=lambda _commit: None)
    signals: Mapping[str, Lines] = field(default_factory=dict[str, Lines])
    plan: StreamState = field(default_factory=lambda: StreamState(""))
    plan_lines: Lines = field(default_factory=lambda: Lines(()))

    def name(self, account: str | None) -> str:
        """An account's name; nobody when there is none."""
        if not account:
            return "nobody"
        return self.names.get(
            account, {"server": "Muster", "nobody": "without account"}.get(account, "somebody")
        )

    def who(self, entry: Entry) -> str:
        """The name of whoever wrote it."""
        return self.name(entry.header.who)

    @cached_property
    def pinned(self) -> Pinned | None:
        """What was agreed: the plan that the incident is under at its end."""
        return self.pinned_at(self.state.pinned)

    def pinned_at(self, commit: str | None) -> Pinned | None:
        """What the plan of a commit agreed."""
        found = self.version(commit) if commit else None
        return found.plan.pinned if found and found.plan else None

    def in_force(self, entry: Entry) -> InForce | None:
        """What the world was, by the plan that was in force when the entry was written."""
        found = self.version(entry.header.plan.in_force)
        return found.plan.in_force if found and found.plan else None

    def told(self, entry: Entry) -> Told:
        """What a rule was told when the entry was written."""
        return Told(
            pinned=self.pinned_at(entry.header.plan.pinned),
            in_force=self.in_force(entry),
            accounts=self.accounts,
        )

    def place(self, file: str, *path: str, commit: str | None = None) -> str:
        """File and line of the plan; the file alone when it cannot be read."""
        found = self.version(commit or self.state.pinned or "")
        return f"{file}:{found.loaded.line(file, path)}" if found and file in found.files else file
