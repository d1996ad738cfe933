"""The detection process: takes batches from the spool, matches rules, reports hits as any other client does.

It is told on its standard input what to do (one JSON line), and ends when that input ends: with its parent.
Run as `python -m muster.app.detector`.
"""

import json
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from muster.app.correlating import BYTES_A_REPORT, HITS_A_REPORT, LATENESS, Correlating
from muster.app.explaining import Explaining
from muster.app.indicator_hits import IndicatorHits
from muster.app.kept_back import KeptBackCounts
from muster.app.lane_clients import LaneClients
from muster.app.rule_words import asset_words, rule_words
from muster.app.seen_sources import SeenSources
from muster.client import Client, Problem, ServerAway
from muster.core.errors import BadInput, Unavailable
from muster.detect.columns import Events
from muster.detect.events import Reading, read
from muster.detect.faults import Faults
from muster.detect.grouping import Grouped, group
from muster.detect.ignoring import NOTHING, Ignoring, ignoring, without_ignores
from muster.detect.matching import match
from muster.detect.moments import SECOND
from muster.detect.packing import Arrived, pack
from muster.detect.pipeline_choice import PipelineChoice
from muster.detect.ruleset import Ruleset
from muster.plan.ignores import Ignore
from muster.store.archive import Archive
from muster.store.data_folder import DataFolder
from muster.store.ruleset_cache import RulesetCache, cache_root
from muster.store.spool import Spool, SpooledBatch

LOOK_SECONDS = 0.2
RULES_SECONDS = 5.0
SAY_SECONDS = 10.0
TIDY_SECONDS = 300.0
WAIT_SECONDS = 1.0
LISTED = 500


@dataclass
class Detector:
    """Matches what waits, each batch by the rules of its moment. `stop` is set when the parent is gone."""

    client: Client
    spool: Spool
    keep_days: int
    archive: Archive
    cache: RulesetCache = field(default_factory=lambda: RulesetCache(cache_root()))
    stop: threading.Event = field(default_factory=threading.Event)
    ruleset: Ruleset | None = None
    version: str = ""
    matched: int = 0
    unreadable: int = 0
    fault: str = ""
    ignores: Ignoring = NOTHING
    explaining: Explaining = field(default_factory=Explaining)
    seen: SeenSources = field(default_factory=SeenSources)
    indicators: IndicatorHits = field(default_factory=IndicatorHits)
    kept_back: KeptBackCounts = field(init=False)
    correlating: Correlating = field(init=False)
    lanes: LaneClients = field(init=False)

    def __post_init__(self) -> None:
        self.lanes = LaneClients(self.client)
        self.correlating = Correlating(self.spool.waiting.parent / "correlations.json", self.spool)
        self.kept_back = KeptBackCounts(self.spool.waiting.parent / "ignores.json")

    def run(self) -> None:
        """Works until stopped."""
        ask_rules = say = sweep = tidy = 0.0
        quiet_since = time.monotonic()
        while not self.stop.is_set():
            now = time.monotonic()
            try:
                if now >= ask_rules:
                    changed = self.take_rules()
                    ask_rules, say = now + RULES_SECONDS, 0.0 if changed else say
                if now >= say:
                    self.say()
                    say = now + SAY_SECONDS
                if now >= sweep:
                    self.forget_old()
                    sweep = now + 3600
                if now >= tidy and not self.spool.waiting_batches():
                    tidy = now if self.tidy() else now + TIDY_SECONDS
                worked = self.work_once()
                if worked:
                    quiet_since = now
                elif now - quiet_since > LATENESS / SECOND:
                    self.correlating.idle()
                    self.report_correlations()
                    quiet_since = now
                if worked and not self.spool.waiting_batches():
                    say = 0.0
                self.stop.wait(0 if worked else LOOK_SECONDS)
            except (Problem, ServerAway, OSError, Unavailable) as error:
                # The batch stays where it is and is matched again: reporting twice changes nothing.
                self.fault = str(error)[:500]
                self.lanes.forget()
                say = 0.0
                self.stop.wait(WAIT_SECONDS)

    def take_rules(self) -> bool:
        """Asks for the rules and compiles them when they changed. True when they did."""
        answer = self.client.get("rules", known=self.version)
        if self.ruleset is not None and answer["version"] == self.version:
            return False
        files: Mapping[str, str] = answer.get("files") or {}
        rules = {path: text.encode() for path, text in files.items()}
        told: Mapping[str, Any] = answer.get("ignores") or {}
        self.ignores = ignoring({name: Ignore.model_validate(one) for name, one in told.items()}, rules)
        self.ruleset = self.cache.ruleset({**rules, **self.ignores.files}, PipelineChoice())
        self.indicators.use(answer.get("indicators") or {})
        self.version = answer["version"]
        self.explaining.use(rules)
        self.correlating.use(self.ruleset)
        return True

    def say(self) -> None:
        """Tells the server how it is: what is loaded, what is not and why."""
        ruleset = self.ruleset
        unloaded = ruleset.unloaded if ruleset else ()
        notes = (one.note for one in (self.correlating, self.kept_back, self.indicators, self.explaining))
        self.client.post(
            "detector",
            {
                "rules_loaded": without_ignores(ruleset, self.ignores) if ruleset else 0,
                "rules_not_loaded": [
                    [one.path, one.title or "", f"{one.reason.value}: {one.detail}"]
                    for one in unloaded[:LISTED]
                ],
                "rules_not_loaded_count": len(unloaded),
                "events_matched": self.matched,
                "events_unreadable": self.unreadable,
                "indicators": self.indicators.said(),
                "kept_back": [one.model_dump() for one in self.kept_back.counted[-LISTED:]],
                "seen": self.seen.told(ruleset, datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")).model_dump(),
                "fault": self.fault or next(filter(None, notes), ""),
            },
        )

    def work_once(self) -> bool:
        """Matches the oldest batch that waits. False when none does, or there are no rules yet."""
        if self.ruleset is None:
            return False
        batches = self.spool.waiting_batches()
        if not batches:
            return False
        self.take_rules()  # what was approved before these events came reads them already
        self.match_batch(batches[0], self.ruleset)
        self.fault = ""
        return True

    def match_batch(self, batch: SpooledBatch, ruleset: Ruleset) -> None:
        """Matches one batch, reports its hits, and moves it away only then."""
        try:
            lines = batch.lines()
        except (OSError, EOFError) as error:
            aside = self.spool.set_aside(batch)
            self.fault = f"A batch could not be read ({error}); it is kept as {aside.name}."
            return
        reading = read(lines, replace(ruleset.needs, everything=True), watch=True)
        faults = Faults()
        matched, kept = self.ignores.apply(match(ruleset, reading.batch, faults), day_of(batch))
        self.correlating.take(batch, reading, matched)
        grouped = group(ruleset, [hit for hit in matched if hit.rule not in ruleset.silent], reading.batch)
        self.explaining.prepare(one.rule for one in grouped if one.evidence)
        grouped += self.indicators.find(reading.batch, batch.arrived)
        client = self.lanes.of(batch.lane)
        for report in reports(batch.sha256, reading.lines, grouped, reading.positions, self.explaining):
            client.verb("hits", report)
        self.report_correlations()
        self.store(batch, reading)
        self.kept_back.add(batch.file.name, batch.lane, batch.arrived, kept)
        self.spool.done(batch)
        self.seen.take(batch, reading)
        self.seen.fault(batch, ruleset, faults.by_rule)
        self.matched += len(reading.positions)
        self.unreadable += len(reading.unreadable)

    def store(self, batch: SpooledBatch, reading: Reading) -> None:
        """Stores the batch for hunting; once, however often it is matched."""
        if isinstance(reading.batch, Events):
            arrived = Arrived(batch.lane, batch.arrived, batch.sha256, reading.lines)
            self.archive.put(pack(reading.batch, reading.positions, arrived))

    def report_correlations(self) -> None:
        """Reports the correlations' hits that are not known to be reported."""
        for lane, report in self.correlating.reports():
            self.lanes.of(lane).verb("hits", report)
        self.correlating.reported()

    def forget_old(self) -> None:
        """Removes matched event files whose days are over; signals keep their evidence."""
        before = datetime.now(UTC) - timedelta(days=self.keep_days)
        self.spool.forget_matched(before.strftime("%Y%m%dT%H%M%S.%fZ"))
        self.archive.forget(before.strftime("%Y%m%dT%H"))

    def tidy(self) -> bool:
        """While nothing waits: makes larger segments of those of an hour that is over. False when there is nothing."""
        over = datetime.now(UTC) - timedelta(minutes=5)
        return self.archive.merge(over.strftime("%Y%m%dT%H"))


def day_of(batch: SpooledBatch) -> date:
    """The day (UTC) on which a batch arrived: what an ignore keeps back of it is the same whenever it is matched."""
    return datetime.strptime(batch.arrived[:8], "%Y%m%d").replace(tzinfo=UTC).date()


def reports(
    batch: str,
    events: int,
    grouped: list[Grouped],
    positions: tuple[int, ...],
    explaining: Explaining | None = None,
) -> list[dict[str, Any]]:
    """The reports of one batch's hits: each within the bounds, rows as positions among the lines of the batch."""
    made: list[dict[str, Any]] = []
    hits: list[dict[str, Any]] = []
    size = 0
    for one in grouped:
        data = b"".join(evidence.data.rstrip(b"\r\n") + b"\n" for evidence in one.evidence)
        words = rule_words(
            one.rule, one.rule_id, one.title, one.level, one.author, one.tags, one.license, one.references
        )
        hit: dict[str, Any] = {
            **words,
            "rows": [positions[row] for row in one.rows],
            **asset_words(one.assets),
        }
        if one.evidence:
            places = [positions[evidence.row] for evidence in one.evidence]
            hit["evidence"] = {"data": b64encode(data).decode(), "events": places}
            if explaining is not None:
                hit["why"] = explaining.why(one.rule, one.evidence, places)
        if hits and (len(hits) >= HITS_A_REPORT or size + len(data) > BYTES_A_REPORT):
            made.append({"batch": batch, "events": events, "hits": hits})
            hits, size = [], 0
        hits.append(hit)
        size += len(data) + 16 * len(one.rows) + 1024 * len(one.assets.named)
    if hits:
        made.append({"batch": batch, "events": events, "hits": hits})
    return made


def main() -> None:
    """Reads what to do, owns the spool, works until standard input ends."""
    told = json.loads(sys.stdin.readline() or "{}")
    folder = DataFolder(Path(told["data"]))
    try:
        folder.own("detector")
    except BadInput as error:
        sys.exit(error.line())
    with Client(told["server"], told["token"], timeout=60) as client:
        detector = Detector(
            client, Spool(folder.spool, folder.events), int(told["keep_days"]), Archive(str(folder.archive))
        )
        threading.Thread(target=_until_parent_ends, args=(detector.stop,), daemon=True).start()
        detector.run()


def _until_parent_ends(stop: threading.Event) -> None:
    while sys.stdin.read(1):
        continue
    stop.set()


if __name__ == "__main__":
    main()
