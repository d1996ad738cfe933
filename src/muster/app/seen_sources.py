"""What the detector has seen, in its memory: log sources by lane, fields that rules miss, rules that raise, lines unread."""

from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

from muster.app.seen_words import (
    MOST_NAMES,
    MOST_RULES,
    MOST_SOURCES,
    Missing,
    RuleFault,
    SeenSource,
    Sighted,
    Unread,
)
from muster.core.text import shown
from muster.detect.blind import blind
from muster.detect.events import Reading
from muster.detect.moments import SECOND, moment, written
from muster.detect.normalising import happened
from muster.detect.rule import RuleKey
from muster.detect.ruleset import Ruleset
from muster.detect.seen import Kind, Seen
from muster.detect.shapes.registry import SHAPES
from muster.detect.shapes.shape import ShapeName
from muster.detect.windows_source import named
from muster.store.spool import SpooledBatch

MOST_LANES = 8
MOST_NOTED = 200_000
"""Names of fields remembered for a lane, over all kinds of events."""
_WINDOWS = "windows"
Key = tuple[str, ...]


@dataclass(slots=True)
class _Source:
    first: str
    last: str = ""
    events: int = 0
    last_event: str | None = None
    lag_seconds: int | None = None
    minutes: Counter[int] = field(default_factory=Counter[int])
    numbers: set[str] = field(default_factory=set[str])
    fields: set[str] = field(default_factory=set[str])


@dataclass(slots=True)
class _Memory:
    """seen: what `blind` compares with the rules. missing: its answer, until new kinds, fields or rules come."""

    seen: Seen = field(default_factory=Seen)
    noted: int = 0
    compared: int = -1
    rules: Ruleset | None = None
    missing: tuple[Missing, ...] = ()
    unread: Counter[str] = field(default_factory=Counter[str])


@dataclass
class SeenSources:
    """Gathers from batches, and tells. The lane or source that came the longest ago goes first beyond a bound."""

    cut: bool = False
    _sources: "OrderedDict[Key, _Source]" = field(default_factory=OrderedDict[Key, _Source])
    _lanes: "OrderedDict[str, _Memory]" = field(default_factory=OrderedDict[str, _Memory])
    _faults: "OrderedDict[Key, RuleFault]" = field(default_factory=OrderedDict[Key, RuleFault])

    def take(self, batch: SpooledBatch, reading: Reading) -> None:
        """Adds what a batch held. The reading has watched what came."""
        memory = self._lanes.pop(batch.lane, None) or _Memory()
        self._lanes[batch.lane] = memory
        self._bound(self._lanes, MOST_LANES)
        memory.unread.update(str(one.flaw) for one in reading.unreadable)
        piece = Seen()
        if reading.seen is not None:
            piece.add(reading.seen, SHAPES)
        last: dict[Key, int] = {}
        for kind, delivered in piece.kinds.items():
            self._note(memory, kind, piece)
            key = _key(batch.lane, kind)
            source = self._sources.pop(key, None) or _Source(first=_iso(batch.arrived))
            self._sources[key] = source
            source.last = max(source.last, _iso(batch.arrived))
            source.events += delivered.count
            source.minutes[_minute(batch.arrived)] += delivered.count
            _add(source.fields, delivered.fields)
            _add(source.numbers, {kind.number} - {""})
            last[key] = max(last.get(key, 0), delivered.row)
        self._bound(self._sources, MOST_SOURCES)
        for key, row in last.items():
            if key in self._sources:
                _time(self._sources[key], batch, reading, row)

    def fault(self, batch: SpooledBatch, ruleset: Ruleset, by_rule: Mapping[RuleKey, str]) -> None:
        """Adds the rules that were set aside in a batch."""
        titles = {one.rule.key: one.rule.title for one in ruleset.loaded if one.rule.key in by_rule}
        for rule, what in by_rule.items():
            before = self._faults.pop((batch.lane, rule), None)
            self._faults[batch.lane, rule] = RuleFault(
                lane=batch.lane,
                rule=_short(rule),
                title=_short(titles.get(rule) or rule),
                what=_short(what),
                batches=1 + (before.batches if before else 0),
                last=_iso(batch.arrived),
            )
        self._bound(self._faults, MOST_RULES)

    def told(self, ruleset: Ruleset | None, now: str) -> Sighted:
        """All of it for the server. now: as arrivals are written in names of files."""
        sources = [_told(key, one, _minute(now)) for key, one in self._sources.items()]
        missing = [one for name, memory in self._lanes.items() for one in _missing(name, memory, ruleset)]
        unread = [
            Unread(lane=_short(name), reason=reason, lines=count)
            for name, memory in self._lanes.items()
            for reason, count in memory.unread.items()
        ]
        return Sighted(
            sources=tuple(sources[::-1]),
            missing=tuple(missing[:MOST_RULES]),
            faults=tuple(self._faults.values()),
            unread=tuple(unread[:MOST_RULES]),
            cut=self.cut or len(missing) > MOST_RULES,
        )

    def _note(self, memory: _Memory, kind: Kind, piece: Seen) -> None:
        """Adds a kind to what the rules of its lane are compared with, within the bound."""
        fresh = piece.kinds[kind].fields.difference(
            memory.seen.kinds[kind].fields if kind in memory.seen.kinds else ()
        )
        if memory.noted + len(fresh) + 1 > MOST_NOTED:
            self.cut = True
            return
        memory.noted += len(fresh) + (kind not in memory.seen.kinds)
        memory.seen.add(Seen(kinds={kind: piece.kinds[kind]}), SHAPES)

    def _bound(
        self,
        many: "OrderedDict[Key, _Source] | OrderedDict[str, _Memory] | OrderedDict[Key, RuleFault]",
        most: int,
    ) -> None:
        while len(many) > most:
            many.popitem(last=False)
            self.cut = True


def _key(lane: str, kind: Kind) -> Key:
    return (lane, kind.shape, kind.channel, kind.product, kind.service, kind.category)


def _add(known: set[str], more: set[str]) -> None:
    if len(known) < 4_096:
        known.update(more)


def _time(source: _Source, batch: SpooledBatch, reading: Reading, row: int) -> None:
    """When the last event of a source says it happened, and how long after that it came."""
    raws = getattr(reading.batch, "raws", ())
    text = happened(raws[row], reading.heading) if row < len(raws) else None
    at = moment(text) if text else None
    arrived = moment(_iso(batch.arrived))
    if at is not None and arrived is not None:
        source.last_event = written(at)
        source.lag_seconds = (arrived - at) // SECOND


def _told(key: Key, one: _Source, minute: int) -> SeenSource:
    lane, shape, channel, product, service, category = key
    services, categories = ((service,) if service else ()), ((category,) if category else ())
    if channel and not (service or category):
        services, categories = named(channel, one.numbers)
    if shape == ShapeName.WEB_ACCESS and not categories:
        categories = ("webserver",)
    for old in [at for at in one.minutes if at <= minute - 60]:
        del one.minutes[old]
    return SeenSource(
        lane=_short(lane),
        shape=shape,
        channel=_short(channel),
        product=_short(product) or (_WINDOWS if channel else ""),
        services=services[:MOST_NAMES],
        categories=categories[:MOST_NAMES],
        numbers=tuple(map(_short, sorted(one.numbers)[:MOST_NAMES])),
        fields=tuple(map(_short, sorted(one.fields)[:MOST_NAMES])),
        fields_count=len(one.fields),
        events=one.events,
        last_hour=sum(one.minutes.values()),
        first=one.first,
        last=one.last,
        last_event=one.last_event,
        lag_seconds=one.lag_seconds,
    )


def _missing(name: str, memory: _Memory, ruleset: Ruleset | None) -> tuple[Missing, ...]:
    """What rules miss in a lane; compared again only when kinds, fields or rules are new."""
    if ruleset is None:
        return ()
    if memory.compared != memory.noted or memory.rules is not ruleset:
        memory.compared, memory.rules = memory.noted, ruleset
        memory.missing = tuple(
            Missing(
                lane=_short(name),
                rule=_short(one.rule.key),
                title=_short(one.rule.title or one.rule.key),
                fields=tuple(map(_short, one.fields[:MOST_NAMES])),
                is_all=one.is_all,
            )
            for one in blind(ruleset, memory.seen).undelivered[: MOST_RULES + 1]
        )
    return memory.missing


def _iso(arrived: str) -> str:
    """`20261124T021000.000000Z` as ISO 8601."""
    day, _, time = arrived.partition("T")
    return f"{day[:4]}-{day[4:6]}-{day[6:8]}T{time[:2]}:{time[2:4]}:{time[4:]}"


def _minute(arrived: str) -> int:
    return (moment(_iso(arrived)) or 0) // (60 * SECOND)


def _short(text: str) -> str:
    return shown(text)[:300]
