"""Which indicators stand in which events: the distinct values of the fields that hold observables are looked up.

What is found is judged at one moment (`at`), not at the time of its event: whoever looks through old events for a new
indicator wants what happened before the indicator was known.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from muster.core.labels import Tlp
from muster.detect import columns
from muster.detect.columns import Batch, Coded
from muster.detect.indicators import life
from muster.detect.indicators.index import Index
from muster.detect.indicators.indicator import Indicator, Kind
from muster.detect.indicators.life import NO_MARK, Life, Mark, Standing
from muster.detect.indicators.observables import FIELDS, of_host, of_mail, of_url
from muster.detect.indicators.warning_list import WarningList


@dataclass(frozen=True, slots=True)
class Feed:
    """A list that is looked for. tlp: of indicators that bear none. imported, lifetime: see `life.standing`."""

    name: str
    index: Index
    source: str = ""
    tlp: Tlp = Tlp.AMBER
    imported: int = 0
    lifetime: int | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Watched:
    """All that is looked for, what is excluded, and what people said of single values."""

    feeds: tuple[Feed, ...] = ()
    excluded: tuple[WarningList, ...] = ()
    marks: Mapping[str, Mark] = field(default_factory=dict[str, Mark])
    threshold: int = life.THRESHOLD

    def judged(self, feed: Feed, one: Indicator, at: int) -> Standing:
        """Where an indicator of a feed stands at a time, in seconds since 1970."""
        return life.standing(
            one,
            self.marks.get(one.value, NO_MARK),
            at,
            imported=feed.imported,
            lifetime=feed.lifetime,
            threshold=self.threshold,
            listed=any(listed.holds(one.value) for listed in self.excluded),
        )


@dataclass(frozen=True, slots=True)
class Found:
    """An indicator of one feed that stands in events. rows ascend. seen: one of the values as it stood there."""

    feed: Feed
    indicator: Indicator
    standing: Standing
    rows: tuple[int, ...]
    fields: tuple[str, ...]
    seen: str


@dataclass(frozen=True, slots=True)
class Sought:
    """What was found and is reported; and how many (indicator, feed) were found but are not reported, by their life."""

    found: tuple[Found, ...] = ()
    quiet: Mapping[Life, int] = field(default_factory=dict[Life, int])


@dataclass(slots=True)
class _Seen:
    rows: set[int] = field(default_factory=set[int])
    fields: list[str] = field(default_factory=list[str])
    text: str = ""


def seek(watched: Watched, batch: Batch, at: int) -> Sought:
    """The indicators in a batch of events, judged at a time in seconds since 1970."""
    if not watched.feeds:
        return Sought()
    seen: dict[tuple[int, int], _Seen] = {}
    present = columns.names(batch)
    for name in FIELDS:
        if name in present and (column := columns.distinct(batch, name)) is not None:
            _column(watched.feeds, name, column, seen)
    return _judged(watched, seen, at)


def about(watched: Watched, value: Indicator, at: int) -> Iterator[tuple[Feed, Indicator, Standing]]:
    """Each indicator that a value is, or that holds it (a name above it, a network), and where it stands at a time."""
    read = {Kind.DOMAIN: of_host, Kind.URL: of_url, Kind.MAIL: of_mail}.get(value.kind)
    keys = list(dict.fromkeys([value.value, *(read(value.value) if read else ())]))
    for feed in watched.feeds:
        for row in sorted({row for _, row in _probed(feed.index, keys)}):
            one = feed.index.indicator(row)
            yield feed, one, watched.judged(feed, one, at)


def _column(feeds: Sequence[Feed], name: str, column: Coded, seen: dict[tuple[int, int], _Seen]) -> None:
    read = FIELDS[name]
    keys: list[str] = []
    ends: list[int] = []
    for value in column.distinct:
        if value:
            keys += read(value)
        ends.append(len(keys))
    found: dict[int, list[tuple[int, int]]] = {}  # place of a distinct value -> (feed, row)
    for number, feed in enumerate(feeds):
        for key, row in _probed(feed.index, keys):
            found.setdefault(bisect_right(ends, key), []).append((number, row))
    if found:
        _take(name, column, found, seen)


def _probed(index: Index, keys: list[str]) -> Iterator[tuple[int, int]]:
    """Place of a key, and the row of an indicator that it is, or that holds it."""
    for place, rows in index.find(keys):
        for row in rows:
            if index.kind(row) is not Kind.HASHED:
                yield place, row
    if index.networks.held:
        for place, key in enumerate(keys):
            if key[0].isdigit() or ":" in key:
                for row in index.networks.rows(key):
                    yield place, row
    if index.hashed:
        hashed = [_md5(key) for key in keys]
        for place, rows in index.find(hashed):
            for row in rows:
                if index.kind(row) is Kind.HASHED:
                    yield place, row


def _md5(key: str) -> str:
    return hashlib.md5(key.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def _take(
    name: str,
    column: Coded,
    found: Mapping[int, list[tuple[int, int]]],
    seen: dict[tuple[int, int], _Seen],
) -> None:
    hit = np.zeros(len(column.distinct), np.bool_)
    hit[list(found)] = True
    there = np.flatnonzero(hit[column.codes])
    for row, code in zip(column.rows[there].tolist(), column.codes[there].tolist(), strict=True):
        for which in found[code]:
            one = seen.setdefault(which, _Seen())
            one.rows.add(row)
            if name not in one.fields:
                one.fields.append(name)
            one.text = one.text or column.distinct[code]


def _judged(watched: Watched, seen: Mapping[tuple[int, int], _Seen], at: int) -> Sought:
    quiet: dict[Life, int] = {}
    values: dict[tuple[int, Kind, str], Found] = {}
    for (number, row), one in sorted(seen.items()):
        feed = watched.feeds[number]
        indicator = feed.index.indicator(row)
        standing = watched.judged(feed, indicator, at)
        if standing.life is not Life.ACTIVE:
            quiet[standing.life] = quiet.get(standing.life, 0) + 1
            continue
        made = Found(feed, indicator, standing, tuple(sorted(one.rows)), tuple(one.fields), one.text)
        # Where a list names a value twice, what it says with the higher score counts.
        before = values.get((number, indicator.kind, indicator.value))
        if before is None or before.standing.score < standing.score:
            values[number, indicator.kind, indicator.value] = made
    return Sought(tuple(values.values()), quiet)
