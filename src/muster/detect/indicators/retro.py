"""Indicators over the row groups of stored segments: only columns that hold observables are read, and of each its values."""

from collections.abc import Iterable

import numpy as np

from muster.detect.columns import Batch
from muster.detect.events import read_lines
from muster.detect.hunting import Caught
from muster.detect.indicators import normal_form
from muster.detect.indicators.indicator import Kind
from muster.detect.indicators.life import Life
from muster.detect.indicators.observables import FIELDS
from muster.detect.indicators.reporting import Told, told
from muster.detect.indicators.seeking import Found, Watched, seek
from muster.detect.rule import Level, RuleKey
from muster.detect.ruleset import Needs
from muster.detect.segment import Stored


def hunt(watched: Watched, group: Stored, at: int, into: Caught) -> dict[RuleKey, Told]:
    """Adds what is found in a row group to the hits; gives how each is told. at: seconds since 1970."""
    batch: Batch = group
    rows = np.arange(group.num_rows)
    if not group.schema.names:  # events that fit no columns
        reading = read_lines(group.raw(rows.tolist()), Needs(frozenset(FIELDS), text=False))
        batch, rows = reading.batch, np.asarray(reading.positions, np.int64)
    found = seek(watched, batch, at).found
    if not found:
        return {}
    batches, codes = group.batch_codes
    made: dict[RuleKey, Told] = {}
    for one in found:
        said = told(one)
        made[RuleKey(said.key)] = said
        for row in rows[list(one.rows)].tolist():
            place = (batches[int(codes[row])], RuleKey(said.key))
            into.places.setdefault(place, set()).add(int(group.positions[row]))
    return made


def told_again(watched: Watched, key: RuleKey, at: int) -> Told:
    """How a hit that was noted by its key alone is told: as it stands in the lists, where it still does."""
    _, _, rest = key.partition(":")
    kind, _, value = rest.partition(":")
    known = [told(one) for one in _standing(watched, kind, value, at)]
    return (
        known[0] if known else Told(key, f"Indicator {normal_form.defanged(value)}"[:200], Level.MEDIUM, "")
    )


def _standing(watched: Watched, kind: str, value: str, at: int) -> Iterable[Found]:
    for feed in watched.feeds:
        for row in feed.index.rows(value):
            one = feed.index.indicator(row)
            standing = watched.judged(feed, one, at)
            if one.kind is Kind(kind) and standing.life is Life.ACTIVE:
                yield Found(feed, one, standing, (), (), value)
