"""Hunting: rules over the row groups of stored segments; the same `match`, and hits named by batch and position.

So a hit of a stored event is the hit that it was when the event came, and reporting it again changes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muster.detect.columns import Batch
from muster.detect.correlating import CorrelationHit, Plan, Sighting, Sightings, finish, step
from muster.detect.correlation import Correlation
from muster.detect.correlation_sighting import sightings
from muster.detect.correlation_state import Bounds, Counts, empty
from muster.detect.events import read_lines
from muster.detect.ignoring import NOTHING, Ignoring
from muster.detect.matching import match
from muster.detect.moments import SECOND
from muster.detect.rule import RuleKey
from muster.detect.ruleset import Ruleset
from muster.detect.segment import Stored

MOST = 20_000_000
"""Events that correlations keep; in a window at most a hundredth of them."""
LATENESS = Bounds().lateness or 0
Places = Mapping[tuple[str, RuleKey], Sequence[int]]
"""Batch and rule -> positions of the events that the rule matched in it, ascending."""
Seen = tuple[int | None, Sequence[Sighting]]
"""What correlations see of one event: its time in microseconds since 1970, and its sightings."""


@dataclass(slots=True)
class Caught:
    """The hits of some row groups. seen: what is left for correlations to decide."""

    places: dict[tuple[str, RuleKey], set[int]] = field(default_factory=dict[tuple[str, RuleKey], set[int]])
    seen: list[Seen] = field(default_factory=list[Seen])

    def sorted(self) -> Places:
        """The hits, each event once however often it is stored."""
        return {key: sorted(found) for key, found in sorted(self.places.items())}

    def tree(self) -> dict[str, Any]:
        """All of it as plain JSON data: `hits` and `seen`."""
        return {
            "hits": [[batch, rule, list(at)] for (batch, rule), at in self.sorted().items()],
            "seen": [[time, [_plain(one) for one in some]] for time, some in self.seen],
        }

    def add(self, tree: Mapping[str, Any]) -> None:
        """Takes in what `tree` gave."""
        for batch, rule, at in tree["hits"]:
            self.places.setdefault((batch, RuleKey(rule)), set()).update(at)
        self.seen.extend(map(seen_of, tree["seen"]))


def seen_of(told: Sequence[Any]) -> Seen:
    """An event as correlations see it, from the plain data of `Caught.tree`."""
    time, some = told
    return time, [
        Sighting(at, tuple(key), inputs, value, (place[0], place[1]))
        for at, key, inputs, value, place in some
    ]


def _plain(one: Sighting) -> list[Any]:
    return [one.correlation, list(one.key), one.inputs, one.value, list(one.place)]


def hunt(
    ruleset: Ruleset,
    group: Stored,
    arrived: Mapping[str, datetime],
    into: Caught,
    ignores: Ignoring = NOTHING,
) -> None:
    """Matches one row group. arrived: when its batches came, for events that say no time, and for ignores that end."""
    batch, rows = _batch(ruleset, group)
    today = min(arrived.values()).date()  # of one hour, so of one day
    hits, _ = ignores.apply(match(ruleset, batch), today)
    if not hits:
        return
    batches, codes = group.batch_codes
    positions = group.positions
    for hit in hits:
        at = rows[list(hit.rows)]
        for code in map(int, np.unique(codes[at])):
            if hit.rule not in ruleset.silent:
                found = into.places.setdefault((batches[code], hit.rule), set())
                found.update(positions[at[codes[at] == code]].tolist())
    if ruleset.correlations:
        told = sightings(Plan(ruleset.correlations), hits, batch, source="", positions=rows.tolist())
        for row, some in sorted(told.rows.items()):
            place = (batches[codes[rows[row]]], int(positions[rows[row]]))
            came = _microseconds(arrived[place[0]])
            time = told.times[row]
            if time is None or time > came + LATENESS:
                time = came
            into.seen.append((time, [replace(one, place=place) for one in some]))


def _microseconds(time: datetime) -> int:
    return int(time.timestamp()) * SECOND + time.microsecond


def _batch(ruleset: Ruleset, group: Stored) -> tuple[Batch, NDArray[np.int64]]:
    """What is matched, and for each of its rows the row of the group. Events that fit no columns are read again."""
    every = np.arange(group.num_rows)
    if group.schema.names:
        return group, every
    reading = read_lines(group.raw(every.tolist()), ruleset.needs)
    return reading.batch, np.asarray(reading.positions, np.int64)


def decide(correlations: Sequence[Correlation], seen: Iterable[Seen]) -> tuple[list[CorrelationHit], Counts]:
    """The hits of correlations over all that was seen, whatever its order, and how many events were left out."""
    some = list(seen)
    bounds = Bounds(lateness=None, held=MOST, window=MOST // 100, weight=MOST)
    plan = Plan(tuple(correlations), bounds)
    batch = Sightings([time for time, _ in some], {row: what for row, (_, what) in enumerate(some)})
    state, early = step(plan, empty(plan.correlations), batch)
    state, late = finish(plan, state)
    return [*early, *late], state.counts
