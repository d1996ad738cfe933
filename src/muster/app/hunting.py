"""A hunt: rules over the archive, hour by hour; what was found is reported, and only then noted as done.

A part is one lane and hour: all events of a batch lie in it, so the hits of a batch are told as a whole and are the
hits that they were when the batch came. A part that has grown since it was done is done again; a hit is recorded once.
"""

import hashlib
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from muster.app.correlating import BYTES_A_REPORT, HITS_A_REPORT
from muster.app.rule_words import rule_words, words_of
from muster.core.errors import Unavailable
from muster.detect import hunting
from muster.detect.grouping import MAX_EVIDENCE_BYTES, MAX_EVIDENCE_EVENTS
from muster.detect.hunting import Caught, Places, Seen
from muster.detect.ignoring import NOTHING, Ignoring
from muster.detect.indicators import retro
from muster.detect.indicators.reporting import Told
from muster.detect.indicators.seeking import Watched
from muster.detect.rule import Rule, RuleKey
from muster.detect.ruleset import Ruleset
from muster.detect.segment import Segment
from muster.detect.segment_name import SegmentName
from muster.store.archive import ALL, Archive, Range
from muster.store.hunt_state import HuntState

EVIDENCE_A_RULE = 10
"""Reports of a rule whose events are sent along; a signal keeps no more."""
Report = Callable[[str, Mapping[str, Any]], None]
"""Called with a lane and a report for the verb `hits`."""


@dataclass
class Progress:
    """How far a hunt is, in events; hits by hour of arrival."""

    events: int = 0
    total: int = 0
    hits: int = 0
    by_hour: Counter[str] = field(default_factory=Counter[str])
    done: bool = False


@dataclass(frozen=True)
class Part:
    """The segments of one lane and hour."""

    lane: str
    hour: str
    segments: tuple[SegmentName, ...]

    @property
    def name(self) -> str:
        return f"{self.lane} {self.hour}"

    @property
    def sha256(self) -> str:
        """Of the segments' names: of what is hunted through."""
        return hashlib.sha256("\n".join(one.path for one in self.segments).encode()).hexdigest()


@dataclass
class Hunt:
    """One run. report: None when hits are only to be collected. ignores: those of the plan. watch: told of progress; may raise to stop.

    watched: indicators that are looked for, judged at a time in seconds since 1970 (`at`).
    elsewhere: matches a part on other machines, and gives the lines of its batches with the hits.
    """

    archive: Archive
    ruleset: Ruleset
    state: HuntState
    within: Range = ALL
    report: Report | None = None
    watch: Callable[[Progress], None] = lambda _: None
    ignores: Ignoring = NOTHING
    watched: Watched = field(default_factory=Watched)
    at: int = 0
    elsewhere: "Callable[[Part], tuple[Caught, dict[str, int]]] | None" = None
    progress: Progress = field(default_factory=Progress)
    untimed: int = 0
    _told: Counter[RuleKey] = field(default_factory=Counter[RuleKey])
    _rules: Mapping[RuleKey, Rule] = field(init=False)
    _indicators: dict[RuleKey, Told] = field(default_factory=dict[RuleKey, Told])

    def __post_init__(self) -> None:
        found = (*self.ruleset.rules, *(one.rule for one in self.ruleset.correlations))
        self._rules = {rule.key: rule for rule in found}

    def run(self) -> Iterator[dict[str, Any]]:
        """All hits, those of parts that were done before among them: lane, batch, rule and positions of each.

        Raises Unavailable, and what `report` raises; it can be run again then, and goes on.
        """
        parts = parts_of(self.archive.segments(self.within))
        self.progress.total = sum(one.rows for part in parts for one in part.segments)
        seen: dict[str, list[Seen]] = {}
        lines: dict[str, int] = {}
        for part in parts:
            done = self.state.done.get(part.name)
            if done is None or done["sha256"] != part.sha256:
                done = self._part(part)
                self.state.add(done)
            else:
                self.progress.events += sum(one.rows for one in part.segments)
                self._count(part.hour, done["hits"])
            self.watch(self.progress)
            lines |= done["lines"]
            seen.setdefault(part.lane, []).extend(map(hunting.seen_of, done["seen"]))
            for batch, rule, positions in done["hits"]:
                yield {"lane": part.lane, "batch": batch, "rule": rule, "events": positions}
        yield from self._correlated(seen, lines)

    def _part(self, part: Part) -> dict[str, Any]:
        before = self.progress.events
        try:
            caught, lines = self._caught(part)
        except Unavailable:
            # Its segments may have been merged since they were listed.
            found = [one for one in parts_of(self.archive.segments(self.within)) if one.name == part.name]
            if not found or found[0] == part:
                raise
            self.progress.events, part = before, found[0]
            caught, lines = self._caught(part)
        places = caught.sorted()
        if self.report is not None and places:
            evidence = self._evidence(part, places)
            for batch, some in groupby(places.items(), key=lambda item: item[0][0]):
                hits = [self._hit(rule, at, evidence.get((batch, rule))) for (_, rule), at in some]
                self._tell(part.lane, batch, lines[batch], hits)
        tree = caught.tree()
        self._count(part.hour, tree["hits"])
        self.progress.events = before + sum(one.rows for one in part.segments)
        kept = {batch: lines[batch] for batch in {batch for batch, _ in places} | _batches(caught.seen)}
        return {"part": part.name, "sha256": part.sha256, "lines": kept, **tree}

    def _caught(self, part: Part) -> tuple[Caught, dict[str, int]]:
        if self.elsewhere is not None:
            return self.elsewhere(part)
        caught = Caught()
        lines: dict[str, int] = {}
        for name in part.segments:
            with self.archive.open(name) as file:
                segment = Segment(file)
                lines |= segment.batches
                for group in segment.each():
                    hunting.hunt(self.ruleset, group, arrivals(segment), caught, self.ignores)
                    if self.watched.feeds:
                        self._indicators |= retro.hunt(self.watched, group, self.at, caught)
                    self.progress.events += group.num_rows
                    self.watch(self.progress)
        return caught, lines

    def _evidence(self, part: Part, places: Places) -> dict[tuple[str, RuleKey], dict[int, bytes]]:
        """The bytes of the first events of hits, for so many hits of each rule as a signal keeps."""
        wanted: dict[tuple[str, int], list[tuple[str, RuleKey]]] = {}
        for (batch, rule), at in places.items():
            if self._told[rule] < EVIDENCE_A_RULE:
                self._told[rule] += 1
                for position in at[:MAX_EVIDENCE_EVENTS]:
                    wanted.setdefault((batch, position), []).append((batch, rule))
        found: dict[tuple[str, RuleKey], dict[int, bytes]] = {}
        for place, data in self._raw(part, set(wanted)):
            for key in wanted[place]:
                found.setdefault(key, {})[place[1]] = data
        return found

    def _raw(self, part: Part, wanted: set[tuple[str, int]]) -> Iterator[tuple[tuple[str, int], bytes]]:
        for name in part.segments if wanted else ():
            with self.archive.open(name) as file:
                for group in Segment(file).each():
                    batches, codes = group.batch_codes
                    places = zip(codes.tolist(), group.positions.tolist(), strict=True)
                    rows = [row for row, (code, at) in enumerate(places) if (batches[code], at) in wanted]
                    for row, data in zip(rows, group.raw(rows) if rows else (), strict=True):
                        yield (batches[codes[row]], int(group.positions[row])), data

    def _hit(self, key: RuleKey, rows: Sequence[int], raw: Mapping[int, bytes] | None) -> dict[str, Any]:
        hit: dict[str, Any] = {**self._words(key), "rows": list(rows)}
        kept: list[tuple[int, bytes]] = []
        size = 0
        for position, data in sorted((raw or {}).items()):
            if size + len(data) > MAX_EVIDENCE_BYTES:
                break
            kept.append((position, data))
            size += len(data)
        if kept:
            data = b"".join(one.rstrip(b"\r\n") + b"\n" for _, one in kept)
            hit["evidence"] = {"data": b64encode(data).decode(), "events": [at for at, _ in kept]}
        return hit

    def _words(self, key: RuleKey) -> dict[str, Any]:
        rule = self._rules.get(key)
        if rule is not None:
            return words_of(rule)
        said = self.told(key)
        return rule_words(said.key, None, said.title, said.level, said.author)

    def told(self, key: RuleKey) -> Told:
        """How the hit of an indicator is told."""
        return self._indicators.get(key) or retro.told_again(self.watched, key, self.at)

    def _tell(self, lane: str, batch: str, lines: int, hits: Sequence[dict[str, Any]]) -> None:
        """Reports hits of one batch, each report within the bounds of what the server takes."""
        if self.report is None:
            return
        waiting: list[dict[str, Any]] = []
        size = 0
        for hit in hits:
            added = len(hit.get("evidence", {}).get("data", "")) + 16 * len(hit["rows"])
            if waiting and (len(waiting) >= HITS_A_REPORT or size + added > BYTES_A_REPORT):
                self.report(lane, {"batch": batch, "events": lines, "origin": "retro", "hits": waiting})
                waiting, size = [], 0
            waiting.append(hit)
            size += added
        self.report(lane, {"batch": batch, "events": lines, "origin": "retro", "hits": waiting})

    def _count(self, hour: str, hits: Sequence[Sequence[Any]]) -> None:
        found = sum(len(positions) for _, _, positions in hits)
        self.progress.hits += found
        if found:
            self.progress.by_hour[hour] += found

    def _correlated(
        self, seen: Mapping[str, list[Seen]], lines: Mapping[str, int]
    ) -> Iterator[dict[str, Any]]:
        for lane, some in seen.items():
            if not some:
                continue
            hits, counts = hunting.decide(self.ruleset.correlations, some)
            self.untimed += counts.untimed
            for hit in hits:
                if hit.rule in self.ruleset.silent:
                    continue
                batch = hit.events[-1][0]
                rows = sorted({position for source, position in hit.events if source == batch})
                self._tell(lane, batch, lines[batch], [self._hit(hit.rule, rows, None)])
                self.progress.hits += 1
                yield {
                    "lane": lane,
                    "batch": batch,
                    "rule": hit.rule,
                    "events": rows,
                    "group": dict(hit.group),
                }


def parts_of(segments: Sequence[SegmentName]) -> list[Part]:
    """The parts of a hunt, those of a lane in the order of time."""
    return [
        Part(lane, hour, tuple(some))
        for (lane, hour), some in groupby(segments, key=lambda one: (one.lane, one.hour))
    ]


def arrivals(segment: Segment) -> dict[str, datetime]:
    """When the batches of a segment came."""
    return {batch: _time(time) for batch, time in segment.arrived.items()}


def _time(arrived: str) -> datetime:
    return datetime.strptime(arrived, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC)


def _batches(seen: Sequence[Seen]) -> set[str]:
    return {one.place[0] for _, some in seen for one in some}
