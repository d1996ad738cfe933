"""Correlations in the detection process: what must not be forgotten between batches, and reports of their hits.

One file beside the spool holds the state of each lane, the batch that it includes, and the hits that are decided but
perhaps not yet reported. It is written whole before anything is reported, and a batch is moved only after both. So a
crash at any point loses no hit; what is reported again has the same key and is no new hit.
"""

import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from muster.app.rule_words import asset_words, words_of
from muster.detect import correlating
from muster.detect.assets import HOST_FIELDS, assets, hosts
from muster.detect.correlating import CorrelationHit, Plan
from muster.detect.correlation_sighting import sightings
from muster.detect.correlation_state import Bounds, State, empty, from_bytes
from muster.detect.events import Reading, read
from muster.detect.grouping import evidence
from muster.detect.matching import Hit
from muster.detect.moments import SECOND
from muster.detect.rule import Rule, RuleKey
from muster.detect.ruleset import Needs, Ruleset
from muster.record.lane import REAL
from muster.store.safe_file import write_safely
from muster.store.spool import Spool, SpooledBatch

# One report stays well below what the server takes, however many rules matched.
HITS_A_REPORT = 100
BYTES_A_REPORT = 4 * 1024 * 1024
LATENESS = Bounds().lateness or 0
_NAMES = ("rule_key", "rule_id", "title", "level", "author", "tags", "license", "references")
_HOSTS = Needs(frozenset(HOST_FIELDS), text=False)
_VERSION = 1


@dataclass
class Correlating:
    """The correlations of a detector. file: where they are kept; spool: where the events of their hits lie."""

    file: Path
    spool: Spool
    ruleset: Ruleset | None = None
    note: str = ""
    _plan: Plan = field(default_factory=lambda: Plan(()))
    _states: dict[str, State] = field(default_factory=dict[str, State])
    _applied: str = ""
    _pending: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def use(self, ruleset: Ruleset) -> None:
        """Takes up what is kept, for these rules; windows of correlations that changed are forgotten."""
        self.ruleset, self._plan = ruleset, Plan(ruleset.correlations)
        self._states, self._applied, self._pending, self.note = {}, "", [], ""
        try:
            told = json.loads(self.file.read_bytes())
            if told["v"] == _VERSION:
                self._applied, self._pending = told["applied"], told["pending"]
                for lane, text in told["lanes"].items():
                    self._states[lane], wrong = from_bytes(text.encode(), ruleset.correlations)
                    self.note = self.note or wrong
        except FileNotFoundError:
            return
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as fault:
            self._states, self._applied, self._pending = {}, "", []
            self.note = (
                f"What correlations remembered cannot be read: {type(fault).__name__}; they begin anew."
            )

    def take(self, batch: SpooledBatch, reading: Reading, hits: Sequence[Hit]) -> None:
        """Adds a batch to the state of its lane, once however often it is taken."""
        if not self._plan.correlations or self._applied == batch.file.name:
            return
        arrived = _microseconds(batch.arrived)
        seen = sightings(
            self._plan, hits, reading.batch, source=batch.sha256, positions=reading.positions,
            arrived=arrived, latest=arrived + LATENESS,
        )  # fmt: skip
        state, found = correlating.step(self._plan, self._state(batch.lane), seen)
        self._keep(batch.lane, state, found, batch.file.name)

    def idle(self) -> bool:
        """Nothing came for as long as an event may be late: decides all that is held. True when hits came of it."""
        for lane, state in list(self._states.items()):
            if state.held and state.newest is not None:
                after, found = correlating.advance(self._plan, state, state.newest + 1)
                self._keep(lane, after, found, self._applied)
        return bool(self._pending)

    def reports(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Reports of the hits that are not known to be reported, with their lane, each under the batch of its newest event."""
        by_batch: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
        for told in self._pending:
            batch = told["places"][-1][0]
            rows = sorted({position for source, position in told["places"] if source == batch})
            hit = {**{name: told[name] for name in _NAMES if name in told}, "rows": rows}
            by_batch.setdefault((told.get("lane", REAL), batch), {}).setdefault(
                f"{told['rule_key']} {rows}", hit
            )
        for (lane, batch), hits in by_batch.items():
            reading = self._reading(batch)
            events = reading.lines if reading else max(hit["rows"][-1] for hit in hits.values()) + 1
            waiting: list[dict[str, Any]] = []
            size = 0
            for hit in hits.values():
                words = {**hit, **(_of_events(reading, hit["rows"]) if reading else {})}
                added = len(words["evidence"]["data"]) if "evidence" in words else 0
                if waiting and (len(waiting) >= HITS_A_REPORT or size + added > BYTES_A_REPORT):
                    yield lane, {"batch": batch, "events": events, "hits": waiting}
                    waiting, size = [], 0
                waiting.append(words)
                size += added + 16 * len(hit["rows"])
            yield lane, {"batch": batch, "events": events, "hits": waiting}

    def reported(self) -> None:
        """All of it was reported: the next time that anything is kept, it is kept no more."""
        self._pending = []

    def _state(self, lane: str) -> State:
        return self._states.get(lane) or empty(self._plan.correlations)

    def _keep(self, lane: str, state: State, found: Sequence[CorrelationHit], applied: str) -> None:
        silent = self.ruleset.silent if self.ruleset else frozenset[RuleKey]()
        rules = {one.rule.key: one.rule for one in self._plan.correlations}
        told = (_told(rules[hit.rule], hit) for hit in found if hit.rule not in silent)
        pending = [*self._pending, *({**one, "lane": lane} for one in told)]
        states = {**self._states, lane: state}
        lanes = {name: one.to_bytes(self._plan.correlations).decode() for name, one in states.items()}
        data = {"v": _VERSION, "applied": applied, "lanes": lanes, "pending": pending}
        write_safely(self.file, json.dumps(data, sort_keys=True).encode(), name="correlations")
        self._states, self._applied, self._pending = states, applied, pending

    def _reading(self, batch: str) -> Reading | None:
        """The events of a batch; None when its days are over."""
        found = self.spool.find(batch)
        try:
            return read(found.lines(), _HOSTS) if found else None
        except (OSError, EOFError):
            return None


def _of_events(reading: Reading, positions: Sequence[int]) -> dict[str, Any]:
    """What a report says of a hit's events: which hosts they name, and the first of them as evidence."""
    places = {position: row for row, position in enumerate(reading.positions)}
    rows = [places[position] for position in positions if position in places]
    words = asset_words(assets(rows, hosts(rows, reading.batch)))
    kept = evidence(rows, reading.batch)
    if not kept:
        return words
    data = b"".join(one.data.rstrip(b"\r\n") + b"\n" for one in kept)
    told = {"data": b64encode(data).decode(), "events": [reading.positions[one.row] for one in kept]}
    return {**words, "evidence": told}


def _told(rule: Rule, hit: CorrelationHit) -> dict[str, Any]:
    return {
        **words_of(rule),
        "places": [list(place) for place in hit.events],
    }


def _microseconds(arrived: str) -> int:
    """The time of arrival as the spool writes it."""
    time = datetime.strptime(arrived, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC)
    return int(time.timestamp()) * SECOND + time.microsecond
