"""What correlations remember between batches: a value with bounds, and its canonical JSON.

Equal states have equal bytes. What is read back stays with the correlations that still mean the same; windows of a
correlation that is gone or was changed are forgotten. Bytes that are no state give an empty one, and say so.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import orjson

from muster.detect.correlation import Correlation
from muster.detect.correlation_window import Item, Place, Window

Key = tuple[str, ...]
"""The values of the group-by fields."""
Held = tuple[int, int, Key, Item]
"""Something that is not decided yet: its time, the place of its correlation in the plan, its group, itself."""

MAX_TEXT = 200
"""Characters of a value that is kept; what is longer is kept by its beginning and its hash."""
BYTES_A_WEIGHT = 1_000
"""A state has at most this many bytes for each unit of the weight that it holds back and remembers, and one more."""
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a state may hold. lateness: microseconds that an event may come after a newer one; None: any.

    held: weight of events that wait for older ones. weight: of the windows (an event weighs one, or more when its
    values are long). window: events of one group.
    """

    lateness: int | None = 60 * 1_000_000
    held: int = 100_000
    window: int = 10_000
    weight: int = 200_000


@dataclass(slots=True)
class Counts:
    """What was not correlated, since the state is kept. late: came too late. untimed: says no time that can be read.

    forgotten: events dropped from windows because the state would have grown beyond its bounds.
    """

    late: int = 0
    untimed: int = 0
    forgotten: int = 0


@dataclass(slots=True)
class State:
    """Treat it as a value: `correlating.step` gives another one. newest: the newest time seen; None: none yet.

    floor: what is older is decided. windows: for each correlation of the plan, its groups, the longest idle first.
    """

    newest: int | None = None
    floor: int | None = None
    held: list[Held] = field(default_factory=list[Held])
    windows: list[dict[Key, Window]] = field(default_factory=list[dict[Key, Window]])
    counts: Counts = field(default_factory=Counts)

    def to_bytes(self, plan: Sequence[Correlation]) -> bytes:
        """Canonical JSON (RFC 8785)."""
        marks = [one.mark for one in plan]
        sources = sorted({place[0] for item in self._items() for place in item.places})
        numbers = {source: at for at, source in enumerate(sources)}
        return orjson.dumps(
            {
                "counts": [self.counts.late, self.counts.untimed, self.counts.forgotten],
                "floor": self.floor,
                "held": [
                    [marks[at], list(key), _written(item, numbers)] for _, at, key, item in sorted(self.held)
                ],
                "newest": self.newest,
                "sources": sources,
                "v": _VERSION,
                "windows": {
                    marks[at]: [
                        [list(key), one.last, one.grown, [_written(item, numbers) for item in one.items]]
                        for key, one in groups.items()
                    ]
                    for at, groups in enumerate(self.windows)
                    if groups
                },
            },
            option=orjson.OPT_SORT_KEYS,
        )

    def _items(self) -> list[Item]:
        kept = [item for groups in self.windows for one in groups.values() for item in one.items]
        return [*kept, *(held[3] for held in self.held)]


def empty(plan: Sequence[Correlation]) -> State:
    """A state that has seen nothing."""
    return State(windows=[{} for _ in plan])


def from_bytes(data: bytes, plan: Sequence[Correlation]) -> tuple[State, str]:
    """The state of these bytes for these correlations, and what is wrong with them ("": nothing)."""
    state = empty(plan)
    places = {one.mark: at for at, one in enumerate(plan)}
    try:
        told = cast("dict[str, object]", orjson.loads(data))
        if told["v"] != _VERSION:
            return state, f"the state is of version {told['v']}, this is version {_VERSION}"
        sources = cast("list[str]", told["sources"])
        late, untimed, forgotten = cast("list[int]", told["counts"])
        state.counts = Counts(late, untimed, forgotten)
        state.newest, state.floor = cast("int | None", told["newest"]), cast("int | None", told["floor"])
        for mark, key, told_item in cast("list[tuple[str, list[str], list[object]]]", told["held"]):
            if mark in places:
                item = _read(told_item, sources)
                state.held.append((item.time, places[mark], tuple(key), item))
        state.held.sort()
        windows = cast(
            "dict[str, list[tuple[list[str], int | None, bool, list[list[object]]]]]", told["windows"]
        )
        for mark, groups in windows.items():
            if mark in places:
                for key, last, grown, items in groups:
                    window = _window(plan[places[mark]], [_read(one, sources) for one in items])
                    window.last, window.grown = last, grown
                    state.windows[places[mark]][tuple(key)] = window
    except (orjson.JSONDecodeError, LookupError, TypeError, ValueError) as fault:
        return empty(plan), f"the state cannot be read: {fault or type(fault).__name__}"
    return state, ""


def short(text: str) -> str:
    """A value as it is kept: itself, or its beginning and its hash when it is long or has control characters."""
    if len(text) <= MAX_TEXT and text.isprintable():
        return text
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[: MAX_TEXT // 2])
    return f"{clean}#{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def weight_of(key: Key) -> int:
    """How much a group's names add to the size of a state."""
    return 1 + sum(map(len, key)) // 100


def _window(asked: Correlation, items: list[Item]) -> Window:
    window = Window()
    for item in items:
        window.add(asked, item)
    return window


def _written(item: Item, sources: dict[str, int]) -> list[object]:
    value = str(item.value) if isinstance(item.value, int) else item.value
    places = [[sources[source], position] for source, position in item.places]
    return [item.time, places, str(item.inputs), value, isinstance(item.value, int)]


def _read(told: list[object], sources: list[str]) -> Item:
    time, places, inputs, value, number = cast(
        "tuple[int, list[tuple[int, int]], str, str | None, bool]", told
    )
    at: tuple[Place, ...] = tuple((sources[source], position) for source, position in places)
    return Item(time, at, int(inputs), int(value) if number and value is not None else value)
