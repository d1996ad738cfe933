"""`muster hunt`: rules over stored events. Hits go to the server as other hits do; with --json they are only printed."""

import hashlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import monotonic, time
from typing import TYPE_CHECKING, Any

import click

from muster import cli_indicators
from muster.cli_detect import MAX_RULES, Greedy, choice_of, existing, no_rules, progress
from muster.cli_detect_sources import rule_files
from muster.cli_verbs import answered, client_of
from muster.core.errors import BadInput
from muster.core.text import shown
from muster.record.lane import REAL

if TYPE_CHECKING:
    from muster.app.hunting import Hunt, Progress
    from muster.client import Client
    from muster.detect.ignoring import Ignoring
    from muster.detect.pipeline_choice import PipelineChoice
    from muster.detect.ruleset import Ruleset
    from muster.store.archive import Range

SAY_SECONDS = 2.0


@click.command(cls=Greedy)
@click.option("--rules", "rules", metavar="PATH...", multiple=True,
              help="Rule files, folders of them (*.yml, *.yaml), .tar.gz or .zip archives.")  # fmt: skip
@click.option("--indicators", "indicators", metavar="FILE...", multiple=True,
              help="Lists of indicators, as for `muster detect`. With or without rules.")  # fmt: skip
@click.option("--store", "store", metavar="DIR|URL", required=True,
              help="The archive of a server: DATA/archive, or a URL such as s3://BUCKET/PREFIX.")  # fmt: skip
@click.option(
    "--pipeline", "pipelines", multiple=True, metavar="NAME|FILE|none", help="As for `muster detect`."
)
@click.option(
    "--since",
    metavar="TIME",
    help="Events that came in this hour or later: 2026-11-24 or 2026-11-24T02 (UTC).",
)
@click.option("--until", metavar="TIME", help="Events that came before this hour.")
@click.option("--lane", default=REAL, show_default=True, help="The lane of the events.")
@click.option(
    "--spark", metavar="MASTER", help="Match on a Spark cluster: spark://HOST:PORT (extra muster-ir[spark])."
)
@click.option("--server", envvar="MUSTER_URL", default="http://localhost:8420", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the hits as JSON lines, and report nothing.")
@click.pass_context
def hunt(ctx: click.Context, **options: Any) -> None:
    """Match Sigma rules and indicators against stored events.

    Hits go to the server, as signals that come from a hunt; one that is known already is not told again. A hunt that
    was stopped goes on where it was when it is begun again. Progress is on standard error. With --json: a line for
    each rule and batch, rule, title, level, author, lane, batch (its SHA-256), events (0-based positions in it).
    """
    if not options["rules"] and not options["indicators"]:
        raise click.UsageError("There is nothing to look for. Give --rules, --indicators, or both.")
    if options["indicators"] and options["spark"]:
        raise click.UsageError("Indicators are not looked for on Spark: hunt for them without --spark.")
    asked = _Asked(**options)
    ctx.exit(asked.run() if asked.as_json else answered(asked.run))


@dataclass
class _Asked:
    """One run of the command."""

    rules: tuple[str, ...]
    indicators: tuple[str, ...]
    store: str
    pipelines: tuple[str, ...]
    since: str | None
    until: str | None
    lane: str
    spark: str | None
    server: str
    as_json: bool
    errors: list[str] = field(default_factory=list[str])
    _said: float = 0.0
    _told: "Callable[[Progress], None] | None" = None

    def run(self) -> int:
        within = self._range()
        choice = choice_of(self.pipelines)
        if "://" not in self.store and not Path(self.store).is_dir():
            raise BadInput(
                "There is no such folder.", f"--store {self.store}", "Give DATA/archive of a server."
            )
        if self.as_json:
            return self._hunt(within, choice, None)
        with client_of(self.server) as client:
            return self._hunt(within, choice, client)

    def _hunt(self, within: "Range", choice: "PipelineChoice", client: "Client | None") -> int:
        from muster.app.hunting import Hunt
        from muster.app.lane_clients import LaneClients
        from muster.store.archive import Archive
        from muster.store.hunt_state import HuntState
        from muster.store.state_folder import state_root

        told: Mapping[str, Any] = {} if client is None else client.get("rules", known="")
        files = self._files(told.get("files") or {})
        ignores = _ignores(told.get("ignores") or {}, files)
        ruleset = self._compile({**files, **ignores.files}, choice)
        clients = None if client is None else LaneClients(client)
        loaded = cli_indicators.load(self.indicators) if self.indicators else None
        state = HuntState(state_root() / "hunts" / f"{self._id(files)}.jsonl")
        run = Hunt(
            Archive(self.store), ruleset, state, within, watch=self._watch, ignores=ignores,
            report=None if clients is None else lambda lane, report: _tell(clients.of(lane), report),
        )  # fmt: skip
        if loaded is not None:
            run.watched, run.at = loaded.watched, int(time())
            self.errors += loaded.missing()
        if self.spark is not None:
            from muster.app.spark_hunting import SparkHunting

            job = SparkHunting(self.spark, self.store, {**files, **ignores.files}, choice, ignores)
            run.elsewhere = job.catch
        if state.done:
            click.echo(f"muster: going on with a hunt; {len(state.done)} hours are done.", err=True)
        if client is not None:
            self._told = partial(_say, client, state.file.stem, ruleset, self.lane)
        self._finish(run)
        if self._told is not None:
            run.progress.done = True
            self._told(run.progress)
        state.end()
        if self.errors:
            click.echo(
                shown(f"muster: {len(self.errors)} files not read, or not whole (first: {self.errors[0]})"),
                err=True,
            )
        return 0

    def _finish(self, run: "Hunt") -> None:
        import orjson

        rules = (*run.ruleset.rules, *(one.rule for one in run.ruleset.correlations))
        about = {
            rule.key: {"rule": rule.name, "title": rule.title, "level": rule.level, "author": rule.author}
            for rule in rules
        }
        for hit in run.run():
            if self.as_json:
                if hit["rule"] not in about:
                    said = run.told(hit["rule"])
                    about[hit["rule"]] = {
                        "rule": said.key, "title": said.title, "level": said.level, "author": said.author,
                    }  # fmt: skip
                sys.stdout.buffer.write(
                    orjson.dumps({**about[hit["rule"]], **{k: v for k, v in hit.items() if k != "rule"}})
                )
                sys.stdout.buffer.write(b"\n")
        sys.stdout.flush()
        words = f"{run.progress.events:,} events hunted through, {run.progress.hits:,} hits"
        if run.ruleset.unloaded:
            words += (
                f"; {len(run.ruleset.unloaded)} rules not loaded (first: {run.ruleset.unloaded[0].detail})"
            )
        if run.untimed:
            words += f"; {run.untimed} events not correlated, since they say no time that can be read"
        click.echo(shown(f"muster: {words}."), err=True)

    def _files(self, known: Mapping[str, str]) -> dict[str, bytes]:
        """The rule files; one that the server has, too, is called as it is there, so that its hits are the same hits."""
        there = {hashlib.sha256(text.encode()).digest(): path for path, text in known.items()}
        files: dict[str, bytes] = {}
        size = 0
        for path in existing(self.rules, "--rules"):
            for label, data in rule_files(path, self.errors):
                files[there.get(hashlib.sha256(data).digest(), label)] = data
                size += len(data)
                if size > MAX_RULES:
                    raise BadInput(f"More than {MAX_RULES} bytes of rules.", str(path), "Give fewer rules.")
        return files

    def _compile(self, files: Mapping[str, bytes], choice: "PipelineChoice") -> "Ruleset":
        from muster.store.ruleset_cache import RulesetCache, cache_root

        compiled = RulesetCache(cache_root()).ruleset(files, choice, progress())
        if self.rules and not compiled.loaded:
            raise BadInput(no_rules(compiled, self.errors), "--rules", "Give Sigma rules in YAML.")
        return compiled

    def _id(self, files: Mapping[str, bytes]) -> str:
        """Which hunt it is: the same rules, store, range and receiver make the same hunt."""
        digest = hashlib.sha256()
        receiver = "" if self.as_json else self.server
        place = self.store if "://" in self.store else str(Path(self.store).resolve())
        for part in (place, self.since, self.until, self.lane, receiver, *self.pipelines):
            digest.update(f"{part}\0".encode())
        for one in self.indicators:
            digest.update(cli_indicators.digest(one))
        for path, data in sorted(files.items()):
            digest.update(path.encode() + hashlib.sha256(data).digest())
        return digest.hexdigest()[:32]

    def _range(self) -> "Range":
        from muster.store.archive import Range

        return Range(self.lane, _hour(self.since, "--since"), _hour(self.until, "--until"))

    def _watch(self, made: "Progress") -> None:
        now = monotonic()
        if now - self._said >= SAY_SECONDS:
            self._said = now
            if self._told is not None:
                self._told(made)
            click.echo(f"muster: {made.events:,} of {made.total:,} events, {made.hits:,} hits", err=True)


def _say(client: "Client", hunt: str, ruleset: "Ruleset", lane: str, made: "Progress") -> None:
    """Tells the server how far the hunt is, for the page Hunts."""
    newest = sorted(made.by_hour.items())[-1_000:]
    client.post("hunts", {
        "hunt": hunt, "title": " ".join(ruleset.rules[0].title.split())[:200], "rules": len(ruleset.rules),
        "events_lane": lane, "events": made.events, "total": made.total, "hits": made.hits,
        "by_hour": dict(newest), "done": made.done,
    })  # fmt: skip


def _tell(client: "Client", report: Mapping[str, Any]) -> None:
    client.verb("hits", report)


def _ignores(told: Mapping[str, Any], files: Mapping[str, bytes]) -> "Ignoring":
    """The ignores of the plan in force: what they keep back of live hits, they keep back here."""
    from muster.detect.ignoring import ignoring
    from muster.plan.ignores import Ignore

    return ignoring({name: Ignore.model_validate(one) for name, one in told.items()}, files)


def _hour(text: str | None, option: str) -> str | None:
    """An hour as segments are called by."""
    if text is None:
        return None
    from datetime import UTC, datetime

    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput("This is no time.", f"{option} {text}", "Write 2026-11-24 or 2026-11-24T02.") from None
    return (time.astimezone(UTC) if time.tzinfo else time).strftime("%Y%m%dT%H")
