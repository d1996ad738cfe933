"""The state of a stream: a record of slices, one for each package that asks something of it.

State is a fold over entries and holds what rules ask, not the log (design, "Tables").
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict

from muster.record.entry import Entry

S = TypeVar("S", bound="Slice")


class Slice(BaseModel):
    """One package's part of a stream's state. Frozen; must survive erased bodies."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True)
class Fold(Generic[S]):
    """How one slice is folded: its name, its empty value, and `evolve`, total over erased and withheld bodies."""

    name: str
    empty: S
    evolve: Callable[[S, Entry], S]


Folds = Mapping[str, Fold[Any]]


@dataclass(frozen=True)
class StreamState:
    """A stream as rules see it: where it stands, its lane, and its slices by name.

    seq: sequence number of its last entry, -1 when it has none. head: that entry's hash in hex, or None.
    """

    stream: str
    seq: int = -1
    head: str | None = None
    lane: str | None = None
    pinned: str | None = None
    slices: Mapping[str, Slice] = field(default_factory=dict[str, Slice])

    @property
    def exists(self) -> bool:
        """Whether anything was ever written to it."""
        return self.seq >= 0

    def slice(self, fold: Fold[S]) -> S:
        """The slice of this fold; its empty value when nothing was folded into it yet."""
        found = self.slices.get(fold.name, fold.empty)
        if not isinstance(found, type(fold.empty)):
            raise TypeError(f"slice {fold.name} is of another type")
        return found


def advance(state: StreamState, entry: Entry, leaf: bytes, folds: Folds) -> StreamState:
    """The state after one more entry, whose leaf hash is given (32 bytes)."""
    slices = dict(state.slices)
    for name, fold in folds.items():
        before = slices.get(name, fold.empty)
        after = fold.evolve(before, entry)
        if after is not fold.empty:
            slices[name] = after
    return replace(
        state,
        seq=entry.header.seq,
        head=leaf.hex(),
        lane=state.lane or entry.header.lane,
        pinned=entry.header.plan.pinned,
        slices=slices,
    )


def fold(stream: str, entries: Iterable[tuple[Entry, bytes]], folds: Folds) -> StreamState:
    """The state of a stream from all its entries, in order, each with its leaf hash."""
    state = StreamState(stream)
    for entry, leaf in entries:
        state = advance(state, entry, leaf, folds)
    return state


def to_bytes(state: StreamState) -> bytes:
    """The slices as bytes for the projection: equal states give equal bytes. Not bounded, unlike a body."""
    tree = {name: item.model_dump(mode="json", exclude_defaults=True) for name, item in state.slices.items()}
    return orjson.dumps(tree, option=orjson.OPT_SORT_KEYS)


def slices_from_bytes(data: bytes, folds: Folds) -> dict[str, Slice]:
    """The slices of their stored bytes."""
    tree: dict[str, Any] = orjson.loads(data)
    found: dict[str, Slice] = {}
    for name, stored in tree.items():
        empty: Slice = folds[name].empty
        found[name] = type(empty).model_validate(stored)
    return found


States = Mapping[str, StreamState]
