"""One group's events of one correlation within one span, with what is asked of them kept up to date."""

import re
from bisect import bisect_left, insort
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from muster.detect.correlation import NUMERIC, TEMPORAL, Correlation, Kind, occurs

Place = tuple[str, int]
"""Where an event is: its source, as whoever feeds events calls it, and its position there."""
UNIT = 10**9
"""Numbers are kept as whole multiples of 10^-9, so that sums do not depend on their order."""
_NUMBER = re.compile(r"(-)?([0-9]{1,18})(?:\.([0-9]{1,9}))?")


def taken(asked: Correlation, texts: Sequence[str]) -> str | int | None:
    """What a correlation takes of the values of its fields: text, a number in 10^-9, or None: nothing it can use."""
    if not texts:
        return None
    if asked.kind not in NUMERIC:
        return "\x1f".join(texts)
    found = _NUMBER.fullmatch(texts[0])
    if found is None or len(texts) > 1:
        return None
    number = int(found[2]) * UNIT + int((found[3] or "").ljust(9, "0"))
    return -number if found[1] else number


@dataclass(frozen=True, slots=True, order=True)
class Item:
    """A hit of an input. time: microseconds since 1970. inputs: bit n for the input at place n.

    places: the event; of a correlation's hit its events. value: text (value_count), a number in 10^-9, or None.
    """

    time: int
    places: tuple[Place, ...]
    inputs: int
    value: str | int | None = None

    @property
    def weight(self) -> int:
        """How much it adds to the size of a state."""
        return len(self.places) + (len(self.value) // 32 if isinstance(self.value, str) else 0)


@dataclass(slots=True)
class Window:
    """The items of a group, oldest first. last: the time of the last hit's last item. grown: since it was looked at."""

    items: deque[Item] = field(default_factory=deque[Item])
    last: int | None = None
    grown: bool = False
    weight: int = 0
    total: int = 0
    counts: Counter[str | int] = field(default_factory=Counter[str | int])
    sorted: list[int] = field(default_factory=list[int])

    def copy(self) -> "Window":
        """Another window with the same content."""
        return Window(
            deque(self.items), self.last, self.grown, self.weight, self.total, self.counts.copy(), list(self.sorted)
        )  # fmt: skip

    def add(self, asked: Correlation, item: Item) -> None:
        """Takes an item that is not older than any in it."""
        self.items.append(item)
        self.grown = True
        self.weight += item.weight
        self._count(asked, item, 1)
        if isinstance(item.value, int):
            self.total += item.value
            if asked.kind in (Kind.VALUE_PERCENTILE, Kind.VALUE_MEDIAN):
                insort(self.sorted, item.value)

    def drop(self, asked: Correlation) -> None:
        """Lets go of the oldest item."""
        item = self.items.popleft()
        self.weight -= item.weight
        self._count(asked, item, -1)
        if isinstance(item.value, int):
            self.total -= item.value
            if self.sorted:
                del self.sorted[bisect_left(self.sorted, item.value)]

    def expire(self, asked: Correlation, before: int) -> None:
        """Lets go of everything before a time."""
        while self.items and self.items[0].time < before:
            self.drop(asked)

    def _count(self, asked: Correlation, item: Item, by: int) -> None:
        counted: Iterator[str | int]
        if asked.kind is Kind.VALUE_COUNT and item.value is not None:
            counted = iter((item.value,))
        elif asked.kind in TEMPORAL:
            counted = _bits(item.inputs)
        else:
            return
        for one in counted:
            self.counts[one] += by
            if not self.counts[one]:
                del self.counts[one]

    def holds(self, asked: Correlation) -> bool:
        """Whether the condition holds of all that is in it."""
        if not self.items:
            return False
        if asked.kind in TEMPORAL:
            return self._temporal(asked)
        number = asked.number * UNIT if asked.kind in NUMERIC else asked.number
        match asked.kind:
            case Kind.VALUE_COUNT:
                found = len(self.counts)
            case Kind.VALUE_SUM:
                found = self.total
            case Kind.VALUE_AVG:
                found, number = self.total, number * len(self.items)
            case Kind.VALUE_PERCENTILE:
                found = self.sorted[max(0, -(-asked.percentile * len(self.sorted) // 100) - 1)]
            case Kind.VALUE_MEDIAN:
                middle = len(self.sorted)
                found, number = self.sorted[middle // 2] + self.sorted[(middle - 1) // 2], number * 2
            case _:
                found = len(self.items)
        return asked.relation.holds(found, number)

    def _temporal(self, asked: Correlation) -> bool:
        ordered = asked.kind is Kind.TEMPORAL_ORDERED
        if asked.extended is not None:
            chains = self._chains() if ordered else {sum(1 << int(place) for place in self.counts)}
            return any(occurs(asked.extended, chain) for chain in chains)
        if ordered and asked.early and not asked.relation.holds(len(self.counts), asked.number):
            return False
        found = self._longest(len(asked.inputs)) if ordered else len(self.counts)
        return asked.relation.holds(found, asked.number)

    def _instants(self) -> Iterator[int]:
        """The inputs of each time, oldest first."""
        for _, items in groupby(self.items, key=lambda item: item.time):
            inputs = 0
            for item in items:
                inputs |= item.inputs
            yield inputs

    def _longest(self, count: int) -> int:
        """Of how many inputs, in the order of the rule, there are items in that order."""
        best = [0] * count  # the longest row that ends with this input
        for inputs in self._instants():
            before = 0
            for place in range(count):
                if inputs >> place & 1:
                    best[place] = max(best[place], before + 1)
                before = max(before, best[place])
        return max(best)

    def _chains(self) -> set[int]:
        """All sets of inputs that occur in the order of the rule."""
        chains = {0}
        for inputs in self._instants():
            for place in _bits(inputs):
                chains |= {chain | 1 << place for chain in chains if chain < 1 << place}
        return chains


def _bits(inputs: int) -> Iterator[int]:
    while inputs:
        low = inputs & -inputs
        yield low.bit_length() - 1
        inputs ^= low
