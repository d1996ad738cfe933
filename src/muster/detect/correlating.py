"""Correlations as a fold: `step(plan, state, sightings) -> state, hits`, the same hits whatever the batches.

Events are placed by their own time. One is held back until nothing older can come: until an event that is newer by
the allowed lateness was seen. Then everything happens in the order of time, so neither the size of batches nor the
order of arrival within the lateness matters. What comes later than that is counted and left out. `finish` decides all
that is still held; `advance` decides what is older than a time, for when nothing new comes for a while.

Sigma specification 2.1.0, correlation rules; what it leaves open is decided in `correlation`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import heapify, heappop, heappush

from muster.detect.correlation import Correlation
from muster.detect.correlation_state import Bounds, Counts, Held, Key, State, weight_of
from muster.detect.correlation_window import Item, Place, Window, taken
from muster.detect.rule import RuleKey

MAX_PLACES = 100
"""Events that a correlation's hit brings along when it is itself correlated: the newest."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The correlations of a ruleset, those first that others look at, and the bounds of their state."""

    correlations: tuple[Correlation, ...]
    bounds: Bounds = field(default_factory=Bounds)


@dataclass(frozen=True, slots=True)
class Sighting:
    """An event that an input of a correlation matched: the correlation's place in the plan, the group, the event."""

    correlation: int
    key: Key
    inputs: int
    value: str | int | None
    place: Place


@dataclass(frozen=True, slots=True)
class Sightings:
    """A batch as correlations see it. times: of every row, in microseconds since 1970, None where there is none."""

    times: Sequence[int | None]
    rows: Mapping[int, Sequence[Sighting]]


@dataclass(frozen=True, slots=True)
class CorrelationHit:
    """A correlation held. time: of its newest event. group: field and value. events: of the window, oldest first."""

    rule: RuleKey
    time: int
    group: tuple[tuple[str, str], ...]
    events: tuple[Place, ...]


def step(plan: Plan, state: State, batch: Sightings) -> tuple[State, list[CorrelationHit]]:
    """The state after a batch and the hits that are decided by it. The given state stays as it was."""
    work = _Work(plan, state)
    for row, time in enumerate(batch.times):
        seen = batch.rows.get(row, ())
        if time is None:
            work.counts.untimed += bool(seen)
            continue
        if seen:
            work.take(time, seen)
        work.see(time)
        if seen:
            work.decide()
            while work.held_weight > plan.bounds.held:
                work.raise_floor(work.held[0][0] + 1)
                work.decide()
    work.decide()
    return work.state(), work.hits


def advance(plan: Plan, state: State, time: int) -> tuple[State, list[CorrelationHit]]:
    """Decides what is older than a time, as if nothing older could come any more."""
    work = _Work(plan, state)
    work.raise_floor(time)
    work.decide()
    return work.state(), work.hits


def finish(plan: Plan, state: State) -> tuple[State, list[CorrelationHit]]:
    """Decides everything: there will be no more events."""
    work = _Work(plan, state)
    while (time := work.next()) is not None:
        work.raise_floor(time + 1)
        work.decide()
    return work.state(), work.hits


class _Work:
    """One step's copy of the state. Windows are copied when they are first touched."""

    def __init__(self, plan: Plan, state: State) -> None:
        self._plan = plan
        self._asked = plan.correlations
        self._newest, self._floor = state.newest, state.floor
        self.held: list[Held] = list(state.held)
        self.held_weight = sum(item.weight + weight_of(key) for _, _, key, item in self.held)
        self._windows = [dict(groups) for groups in state.windows]
        self._own: set[tuple[int, Key]] = set()
        self.counts = replace(state.counts)
        self.hits: list[CorrelationHit] = []
        self._weight = sum(
            window.weight + weight_of(key) for groups in self._windows for key, window in groups.items()
        )
        self._timers = [
            (window.items[0].time + asked.span + 1, at, key)
            for at, asked in enumerate(self._asked)
            if not asked.early
            for key, window in self._windows[at].items()
            if window.items
        ]
        heapify(self._timers)
        inputs: dict[RuleKey, list[tuple[int, int]]] = {}
        for at, asked in enumerate(self._asked):
            for place, one in enumerate(asked.inputs):
                inputs.setdefault(one.rule, []).append((at, place))
        self._above = [inputs.get(asked.rule.key, []) for asked in self._asked]

    def state(self) -> State:
        if self._floor is not None:
            self._forget_idle(self._floor)
        counts = Counts(self.counts.late, self.counts.untimed, self.counts.forgotten)
        return State(self._newest, self._floor, self.held, self._windows, counts)

    def take(self, time: int, seen: Sequence[Sighting]) -> None:
        """Holds what an event shows, unless it comes too late."""
        if self._floor is not None and time < self._floor:
            self.counts.late += 1
            return
        for one in seen:
            item = Item(time, (one.place,), one.inputs, one.value)
            heappush(self.held, (time, one.correlation, one.key, item))
            self.held_weight += item.weight + weight_of(one.key)

    def see(self, time: int) -> None:
        """An event of this time came, whether or not anything matched it."""
        if self._newest is None or time > self._newest:
            self._newest = time
            if self._plan.bounds.lateness is not None:
                self.raise_floor(time - self._plan.bounds.lateness)

    def raise_floor(self, time: int) -> None:
        self._floor = time if self._floor is None else max(self._floor, time)

    def next(self) -> int | None:
        """The next time at which something happens."""
        times = [heap[0][0] for heap in (self.held, self._timers) if heap]
        return min(times) if times else None

    def decide(self) -> None:
        """Lets happen, in order, everything before the floor."""
        while (time := self.next()) is not None and self._floor is not None and time < self._floor:
            self._happen(time)

    def _happen(self, time: int) -> None:
        """All of one time: correlations one after the other, so that each has the hits of those below it."""
        new: dict[int, list[tuple[Key, Item]]] = {}
        while self.held and self.held[0][0] == time:
            _, at, key, item = heappop(self.held)
            self.held_weight -= item.weight + weight_of(key)
            new.setdefault(at, []).append((key, item))
        ended: dict[int, list[Key]] = {}
        while self._timers and self._timers[0][0] == time:
            _, at, key = heappop(self._timers)
            ended.setdefault(at, []).append(key)
        for at, asked in enumerate(self._asked):
            if at not in new and at not in ended:
                continue
            hits = [hit for key in sorted(set(ended.get(at, ()))) for hit in self._end(at, asked, key, time)]
            hits += self._add(at, asked, new.get(at, []), time)
            for hit in hits:
                for above, place in self._above[at]:
                    new.setdefault(above, []).extend(self._passed_on(hit, above, place, time))
            self.hits += hits

    def _add(
        self, at: int, asked: Correlation, new: list[tuple[Key, Item]], time: int
    ) -> list[CorrelationHit]:
        touched: list[Key] = []
        for key, item in sorted(new, key=lambda pair: (pair[0], pair[1].places)):
            window = self._window(at, key)
            if not window.items and not asked.early:
                heappush(self._timers, (time + asked.span + 1, at, key))
            before = window.weight
            if asked.early:
                window.expire(asked, time - asked.span)
            if not window.items:
                window.last = None
            window.add(asked, item)
            while len(window.items) > self._plan.bounds.window:
                window.drop(asked)
                self.counts.forgotten += 1
            self._weight += window.weight - before
            touched.append(key)
        hits: list[CorrelationHit] = []
        for key in dict.fromkeys(touched):
            window = self._windows[at][key]
            quiet = window.last is not None and window.last >= time - asked.span
            if asked.early and not quiet and window.holds(asked):
                hits.append(_hit(asked, key, window))
                window.last = time
        self._keep_bounds(time)
        return hits

    def _end(self, at: int, asked: Correlation, key: Key, time: int) -> list[CorrelationHit]:
        """The oldest of a window is about to leave it: what is in it now is whole, if it grew since the last time."""
        if key not in self._windows[at]:
            return []
        window = self._window(at, key, used=False)
        if not window.items:
            return []
        first = window.items[0].time
        hits: list[CorrelationHit] = []
        if first + asked.span + 1 == time:
            quiet = window.last is not None and window.last >= first
            if window.grown and not quiet and window.holds(asked):
                hits.append(_hit(asked, key, window))
                window.last = window.items[-1].time
            window.grown = False
            before = window.weight
            window.expire(asked, first + 1)
            self._weight += window.weight - before
        if window.items:
            heappush(self._timers, (window.items[0].time + asked.span + 1, at, key))
        return hits

    def _passed_on(
        self, hit: CorrelationHit, above: int, place: int, time: int
    ) -> Iterator[tuple[Key, Item]]:
        """A hit as an event of a correlation that looks at it: its fields are those it is grouped by."""
        asked, have = self._asked[above], dict(hit.group)
        part = asked.inputs[place]
        if any(name not in have for name in (*part.group, *part.value)):
            return
        value = taken(asked, [have[name] for name in part.value])
        if value is None and part.value:
            return
        key = tuple(have[name] for name in part.group)
        yield key, Item(time, hit.events[-MAX_PLACES:], 1 << place, value)

    def _window(self, at: int, key: Key, *, used: bool = True) -> Window:
        """The window of a group, as this step's own; `used` makes it the last to be forgotten."""
        groups = self._windows[at]
        window = groups.get(key)
        if window is None:
            window = groups[key] = Window()
            self._weight += weight_of(key)
            self._own.add((at, key))
        elif (at, key) not in self._own:
            window = groups[key] = window.copy()
            self._own.add((at, key))
        if used:
            groups[key] = groups.pop(key)
        return window

    def _keep_bounds(self, time: int) -> None:
        """Forgets whole groups, of those whose newest event is the oldest, while the state is too large."""
        if self._weight > self._plan.bounds.weight:
            self._forget_idle(time)
        while self._weight > self._plan.bounds.weight:
            oldest = min(
                (
                    (groups[key].items[-1].time if groups[key].items else 0, at)
                    for at, groups in enumerate(self._windows)
                    if (key := next(iter(groups), None)) is not None
                ),
                default=None,
            )
            if oldest is None:
                return
            groups = self._windows[oldest[1]]
            key = next(iter(groups))
            window = groups.pop(key)
            self._weight -= window.weight + weight_of(key)
            self.counts.forgotten += len(window.items)

    def _forget_idle(self, before: int) -> None:
        """Lets go of groups that nothing from this time on can concern."""
        for asked, groups in zip(self._asked, self._windows, strict=True):
            for key in list(groups):
                window = groups[key]
                newest = window.items[-1].time if window.items else window.last or 0
                if newest + asked.span + 1 >= before:
                    break
                del groups[key]
                self._weight -= window.weight + weight_of(key)


def _hit(asked: Correlation, key: Key, window: Window) -> CorrelationHit:
    places = dict.fromkeys(place for item in window.items for place in item.places)
    return CorrelationHit(
        asked.rule.key, window.items[-1].time, tuple(zip(asked.group_by, key, strict=True)), tuple(places)
    )
