"""From the hits of a batch to what correlations see of it: times, groups and values of the events that matched."""

from collections.abc import Mapping, Sequence

from muster.detect import columns
from muster.detect.columns import Batch
from muster.detect.correlating import Plan, Sighting, Sightings
from muster.detect.correlation import Correlation, Input
from muster.detect.correlation_state import Key, short
from muster.detect.correlation_window import taken
from muster.detect.matching import Hit
from muster.detect.moments import TIME_FIELDS, moment
from muster.detect.rule import RuleKey


def sightings(
    plan: Plan, hits: Sequence[Hit], batch: Batch, *, source: str, positions: Sequence[int],
    arrived: int | None = None, latest: int | None = None,
) -> Sightings:  # fmt: skip
    """What the plan sees of the hits of `match(ruleset, batch)`.

    source, positions: how events are called, positions[row] in its source. arrived: the time of events that say none,
    or one after `latest` (a clock that is wrong must not make everybody else late); microseconds since 1970.
    """
    reader = _Reader(batch)
    times = reader.times(arrived, latest)
    matched: dict[RuleKey, Sequence[int]] = {hit.rule: hit.rows for hit in hits}
    rows: dict[int, list[Sighting]] = {}
    for at, asked in enumerate(plan.correlations):
        seen: dict[tuple[int, Key], tuple[int, str | int | None]] = {}
        for place, one in enumerate(asked.inputs):
            for row in matched.get(one.rule, ()):
                what = reader.what(asked, one, row)
                if what is not None:
                    key, value = what
                    before, first = seen.get((row, key), (0, value))
                    seen[row, key] = (before | 1 << place, first)
        for (row, key), (inputs, value) in seen.items():
            rows.setdefault(row, []).append(Sighting(at, key, inputs, value, (source, positions[row])))
    return Sightings(times, rows)


class _Reader:
    """The columns of one batch, each read once."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._places = columns.names(batch)
        self._texts: dict[str, Mapping[int, str]] = {}

    def what(self, asked: Correlation, one: Input, row: int) -> tuple[Key, str | int | None] | None:
        """The group and the value of a row; None when it lacks a field, or the value is none that can be used."""
        names = [self._column(field).get(row) for field in one.group]
        values = [self._column(field).get(row) for field in one.value]
        group = tuple(short(text) for text in names if text is not None)
        texts = [short(text) for text in values if text is not None]
        if len(group) < len(names) or len(texts) < len(values):
            return None
        value = taken(asked, texts)
        return None if value is None and one.value else (group, value)

    def times(self, arrived: int | None, latest: int | None) -> list[int | None]:
        """When each row happened: the first of the usual fields in which it says so."""
        found: list[int | None] = [arrived] * self._batch.num_rows
        for field in reversed(TIME_FIELDS):
            place = self._places.get(field)
            if place is None:
                continue
            column = columns.read(self._batch, place)
            for row, value in column.texts().items():
                time = moment(value)
                if time is not None and (latest is None or time <= latest):
                    found[row] = time
        return found

    def _column(self, field: str) -> Mapping[int, str]:
        if field not in self._texts:
            place = self._places.get(field)
            self._texts[field] = {} if place is None else columns.read(self._batch, place).texts()
        return self._texts[field]
