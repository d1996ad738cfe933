"""Entries: the header that is chained, the body that may be withheld or erased, and the draft of both."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from muster.core.time import Moment, Precision, TimeSource, from_stored, stored
from muster.record.body import Body, Kinds
from muster.record.canonical import canonical, parse_canonical
from muster.record.context import Context, PlanCommits


@dataclass(frozen=True, slots=True)
class Ref:
    """A pointer to another entry: what the relation is, the stream and the sequence number."""

    rel: str
    stream: str
    seq: int


@dataclass(frozen=True, slots=True)
class Draft:
    """What a rule wants written: the stream, the body, and what it points to. The store adds the rest.

    happened: None for "now, by the clock of the lane". lane: None for the lane of the stream, or of the actor when new.
    pinned: the plan that the stream is under from here on; None for the one it has, or the context's when it is new.
    """

    stream: str
    body: Body
    refs: tuple[Ref, ...] = ()
    happened: Moment | None = None
    lane: str | None = None
    pinned: str | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """What is chained. Opaque ids only: no names, addresses or free text (design, "Entry")."""

    stream: str
    seq: int
    id: str
    kind: str
    v: int
    lane: str
    who: str
    role: str | None
    through: str
    happened: Moment
    recorded_at: datetime
    plan: PlanCommits
    refs: tuple[Ref, ...]
    body_hash: str
    prev: str | None

    def tree(self) -> dict[str, Any]:
        """The header as plain JSON data."""
        return {
            "body_hash": self.body_hash,
            "happened": {
                "at": stored(self.happened.at),
                "precision": self.happened.precision.value,
                "source": self.happened.source.value,
                "zone": self.happened.zone,
            },
            "id": self.id,
            "kind": self.kind,
            "lane": self.lane,
            "plan": {"in_force": self.plan.in_force, "pinned": self.plan.pinned},
            "prev": self.prev,
            "recorded_at": stored(self.recorded_at),
            "refs": [{"rel": ref.rel, "seq": ref.seq, "stream": ref.stream} for ref in self.refs],
            "role": self.role,
            "seq": self.seq,
            "stream": self.stream,
            "through": self.through,
            "v": self.v,
            "who": self.who,
        }

    def to_bytes(self) -> bytes:
        """The canonical bytes that are hashed and stored (RFC 8785)."""
        return canonical(self.tree())

    @staticmethod
    def from_bytes(data: bytes) -> "Header":
        """The header of its stored bytes. Raises BadInput, KeyError or ValueError when it is none."""
        tree: Mapping[str, Any] = parse_canonical(data)
        happened = tree["happened"]
        return Header(
            stream=tree["stream"],
            seq=tree["seq"],
            id=tree["id"],
            kind=tree["kind"],
            v=tree["v"],
            lane=tree["lane"],
            who=tree["who"],
            role=tree["role"],
            through=tree["through"],
            happened=Moment(
                from_stored(happened["at"]),
                Precision(happened["precision"]),
                happened["zone"],
                TimeSource(happened["source"]),
            ),
            recorded_at=from_stored(tree["recorded_at"]),
            plan=PlanCommits(tree["plan"]["in_force"], tree["plan"]["pinned"]),
            refs=tuple(Ref(ref["rel"], ref["stream"], ref["seq"]) for ref in tree["refs"]),
            body_hash=tree["body_hash"],
            prev=tree["prev"],
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as rules and folds see it. `body` is None when it was erased, or withheld from an export."""

    header: Header
    body: Body | None


def read(header: bytes, body: bytes | None, kinds: Kinds) -> Entry:
    """The entry of its stored bytes, its body in today's version. Raises when either is not what was written."""
    head = Header.from_bytes(header)
    if body is None:
        return Entry(head, None)
    return Entry(head, kinds[head.kind].read(head.v, parse_canonical(body)))


def header_of(
    draft: Draft, context: Context, *, seq: int, number: int, lane: str, pinned: str, role: str | None
) -> Header:
    """The header of a draft, less `prev` and `body_hash`, which the store adds (both empty here).

    number: the draft's place in its command, which picks its id from the context.
    """
    return Header(
        stream=draft.stream,
        seq=seq,
        id=context.id("entry", number),
        kind=draft.body.kind,
        v=draft.body.v,
        lane=lane,
        who=context.actor.account,
        role=role,
        through=context.actor.through.value,
        happened=draft.happened or Moment(context.instant),
        recorded_at=context.now,
        plan=PlanCommits(context.plans.in_force, pinned),
        refs=draft.refs,
        body_hash="",
        prev=None,
    )
