"""`muster detect`: rules and events from files, folders and archives; hits as JSON lines. All I/O of detection is here.

Events are streamed in batches and of hits only positions are kept, so memory does not grow with the input. Each rule
that hit is one line at the end. Archives are read in place, nothing is unpacked to disk, so their paths are labels.
"""

import gc
import sys
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time
from typing import IO, TYPE_CHECKING

import click

from muster import cli_indicators
from muster.cli_detect_account import Account
from muster.cli_detect_correlations import Correlations
from muster.cli_detect_sources import DAMAGED, MAX_RULE_FILE, event_streams, rule_files, why
from muster.cli_indicators import Sightings, with_observables
from muster.core.errors import BadInput
from muster.core.text import shown

if TYPE_CHECKING:
    from muster.cli_detect_lines import Lines
    from muster.detect.pipeline_choice import PipelineChoice
    from muster.detect.rule import Rule
    from muster.detect.ruleset import Ruleset
    from muster.detect.shapes.heading import Heading

MAX_RULES = 512 * 2**20
"""Bytes of all rule files."""
_POSITION = 48  # bits of an event's position, below the number of its source


_SEVERAL = ("--rules", "--events", "--indicators")


class Greedy(click.Command):
    """`--rules A B --events C D`: the options that take several paths take all up to the next option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        spread: list[str] = []
        option, fresh = "", False
        for argument in args:
            if argument.startswith("-") and argument != "-":
                option, fresh = (argument, True) if argument in _SEVERAL else ("", False)
                spread.append(argument)
            else:
                spread += [option, argument] if option and not fresh else [argument]
                fresh = False
        return super().parse_args(ctx, spread)


@click.command(cls=Greedy)
@click.option("--rules", "rules", metavar="PATH...", multiple=True,
              help="Rule files, folders of them (*.yml, *.yaml), .tar.gz or .zip archives.")  # fmt: skip
@click.option("--events", "events", metavar="PATH...", multiple=True, required=True,
              help="JSON, XML, EVTX or log lines: files (also .gz, .zst), folders, .tar.gz or .zip archives.")  # fmt: skip
@click.option("--indicators", "indicators", metavar="FILE...", multiple=True,
              help="Lists of indicators: CSV, STIX bundles, MISP events or feeds, warning lists. With or without rules.")  # fmt: skip
@click.option("--pipeline", "pipelines", multiple=True, metavar="NAME|FILE|none",
              help="Default: sysmon, then windows, for rules of product windows; none for others. A name, a file, or both.")  # fmt: skip
@click.option("--stats", is_flag=True, help="One JSON object at the end, on standard error.")
@click.option("--strict", is_flag=True, help="Exit 3 if an event was unreadable or a rule not loaded.")
@click.option("--no-cache", is_flag=True, help="Compile the rules anew, and keep nothing of it.")
@click.option("--json", "as_json", is_flag=True, help="The hits are JSON lines with and without it.")
@click.pass_context
def detect(
    ctx: click.Context,
    rules: tuple[str, ...],
    events: tuple[str, ...],
    indicators: tuple[str, ...],
    pipelines: tuple[str, ...],
    **flags: bool,
) -> None:
    """Match Sigma rules and indicators against files of events.

    One JSON line for each rule that hit: rule, title, level, author, time (of its first event, as the event says),
    events: [{source, member, event}], event being the 0-based position in its source. Then one for each hit of a
    correlation: the same, time (of its last event, in UTC), group. Then one for each indicator that was found: the
    same, indicator (kind, value, feed, label, tlp, score, fields, seen). Exit 3 with --strict: incomplete.
    """
    run = _Run(account=Account(watch=flags["stats"]))
    if not rules and not indicators:
        raise click.UsageError("There is nothing to look for. Give --rules, --indicators, or both.")
    ruleset = run.load(rules, choice_of(pipelines), cached=not flags["no_cache"])
    if indicators:
        run.look_for(indicators)
    gc.freeze()  # the rules stay: looking through them again and again would cost a tenth of all time
    run.correlations = Correlations(ruleset)
    run.scan(ruleset, events)
    run.print_hits(ruleset)
    line = run.incomplete(ruleset)
    if line:
        click.echo(f"muster: {shown(line)}", err=True)
    if flags["stats"]:
        click.echo(run.stats(ruleset), err=True)
    if flags["strict"] and line:
        ctx.exit(3)


@dataclass(slots=True)
class _Found:
    """The hits of one rule: packed positions, and the time of the first event."""

    time: str | None
    places: "array[int]" = field(default_factory=lambda: array("Q"))


@dataclass(slots=True)
class _Run:
    """One run of the command: what was read, what was found, what went wrong."""

    sources: list[tuple[str, str | None]] = field(default_factory=list[tuple[str, str | None]])
    found: dict[str, _Found] = field(default_factory=dict[str, _Found])
    account: Account = field(default_factory=Account)
    errors: list[str] = field(default_factory=list[str])
    correlations: Correlations | None = None
    sightings: Sightings | None = None
    cpu: dict[str, float] = field(default_factory=dict[str, float])

    def load(self, paths: tuple[str, ...], choice: "PipelineChoice", *, cached: bool) -> "Ruleset":
        """The rules of all paths, compiled. Raises `BadInput` when not one could be loaded."""
        started = process_time()
        from muster.store.ruleset_cache import RulesetCache, cache_root

        self._spend("import", started)
        started = process_time()
        files: dict[str, bytes] = {}
        size = 0
        for path in existing(paths, "--rules"):
            for label, data in rule_files(path, self.errors):
                files[label] = data
                size += len(data)
                if size > MAX_RULES:
                    raise BadInput(f"More than {MAX_RULES} bytes of rules.", str(path), "Give fewer rules.")
        self._spend("read rules", started)
        started = process_time()
        compiled = RulesetCache(cache_root() if cached else None).ruleset(files, choice, progress())
        self._spend("compile", started)
        if paths and not compiled.loaded:
            raise BadInput(no_rules(compiled, self.errors), "--rules", "Give Sigma rules in YAML.")
        return compiled

    def look_for(self, paths: tuple[str, ...]) -> None:
        """The indicators of all lists, indexed. Raises `BadInput` when not one could be read."""
        started = process_time()
        self.sightings = Sightings(cli_indicators.load(paths))
        self._spend("read indicators", started)

    def scan(self, ruleset: "Ruleset", paths: tuple[str, ...]) -> None:
        """Matches all events of all paths. Raises `BadInput` when nothing could be read."""
        whole = 0
        for path in existing(paths, "--events"):
            for name, member, stream in event_streams(path, self.errors, self.account.passed_over):
                whole += self._source(ruleset, name, member, stream)
        read = self.account
        if not read.events and (read.unreadable or self.errors or not whole):
            reason = self.errors[0] if self.errors else read.first_unreadable or "no file of events"
            raise BadInput(
                f"No event could be read: {reason}.",
                "--events",
                "Give events in one of the shapes of docs/events.md.",
            )

    def _source(self, ruleset: "Ruleset", name: str, member: str | None, stream: IO[bytes]) -> int:
        from muster.cli_detect_lines import batches
        from muster.detect.shapes import heading

        self.sources.append((name, member))
        position = 0
        head = heading.NONE
        try:
            for lines in batches(stream):
                head = self._batch(ruleset, lines, position, head)
                position += len(lines)
        except (*DAMAGED, BadInput) as fault:
            self.errors.append(f"{name if member is None else f'{name}: {member}'}: {why(fault)}")
            return 0
        return 1

    def _batch(self, ruleset: "Ruleset", lines: "Lines", first: int, head: "Heading") -> "Heading":
        """Matches one batch of a source; gives the head that holds after it."""
        from muster.detect import events, matching, normalising
        from muster.detect.faults import Faults

        started = process_time()
        needs = ruleset.needs if self.sightings is None else with_observables(ruleset.needs)
        reading = events.read_lines(lines, needs, first, head, watch=self.account.watch)
        self._spend("read events", started)
        self.account.take(reading, *self.sources[-1])
        started = process_time()
        source = (len(self.sources) - 1) << _POSITION

        def happened(row: int) -> str | None:
            line = lines[reading.positions[row] - first]
            return normalising.happened(line, reading.heading) if isinstance(line, bytes) else None

        faults = Faults()
        matched = matching.match(ruleset, reading.batch, faults)
        self.account.set_aside(faults.by_rule)
        if self.correlations is not None:
            self.correlations.take(matched, reading, len(self.sources) - 1)
        for hit in matched:
            if hit.rule in ruleset.silent:
                continue
            if hit.rule not in self.found:
                self.found[hit.rule] = _Found(happened(hit.rows[0]))
            self.found[hit.rule].places.extend(source | reading.positions[row] for row in hit.rows)
        self._spend("match", started)
        if self.sightings is not None:
            started = process_time()
            self.sightings.take(reading.batch, lambda row: source | reading.positions[row], happened)
            self._spend("match indicators", started)
        return reading.heading

    def print_hits(self, ruleset: "Ruleset") -> None:
        started = process_time()
        out = sys.stdout.buffer
        for rule in ruleset.rules:
            if rule.key in self.found:
                for piece in self._line(rule, self.found[rule.key]):
                    out.write(piece)
        if self.correlations is not None:
            self.correlations.decide()
            out.writelines(self.correlations.lines(self._at))
        if self.sightings is not None:
            out.writelines(self.sightings.lines(self._place))
        out.flush()
        self._spend("print", started)

    def _line(self, rule: "Rule", found: _Found) -> Iterator[bytes]:
        import orjson

        about = {
            "rule": rule.name,
            "title": rule.title,
            "level": rule.level,
            "author": rule.author,
            "time": found.time,
        }
        yield orjson.dumps(about)[:-1] + b',"events":['
        for start in range(0, len(found.places), 1_000):
            places = [self._place(packed) for packed in found.places[start : start + 1_000]]
            yield (b"," if start else b"") + orjson.dumps(places)[1:-1]
        yield b"]}\n"

    def _place(self, packed: int) -> dict[str, object]:
        return self._at(packed >> _POSITION, packed & ((1 << _POSITION) - 1))

    def _at(self, number: int, position: int) -> dict[str, object]:
        source, member = self.sources[number]
        return {"source": source, "member": member, "event": position}

    def incomplete(self, ruleset: "Ruleset") -> str:
        """One line that says what is missing from the answer; empty when nothing is."""
        parts: list[str] = []
        if raised := self.account.raised:
            rule, (_, what) = next(iter(raised.items()))
            parts.append(
                f"{len(raised)} rules raised and were set aside in those batches (first: {rule}: {what})"
            )
        if read := self.account.unreadable:
            total = self.account.events + read
            parts.append(f"{read} of {total} events unreadable (first: {self.account.first_unreadable})")
        if ruleset.unloaded:
            total = len(ruleset.unloaded) + len(ruleset.loaded) + len(ruleset.correlations)
            counts = ", ".join(f"{reason} {count}" for reason, count in ruleset.reasons().items())
            parts.append(f"{len(ruleset.unloaded)} of {total} rules not loaded ({counts})")
        if self.errors:
            parts.append(f"{len(self.errors)} files not read, or not to their end (first: {self.errors[0]})")
        if self.correlations is not None:
            parts += self.correlations.missing()
        if self.sightings is not None:
            parts += self.sightings.loaded.missing()
        return "; ".join(parts)

    def stats(self, ruleset: "Ruleset") -> str:
        import orjson

        report = {
            **self.account.stats(ruleset),
            "sources": len(self.sources),
            "rules": {
                "loaded": len(ruleset.loaded) + len(ruleset.correlations),
                "correlations": len(ruleset.correlations),
                "not_loaded": len(ruleset.unloaded),
                "reasons": {str(reason): count for reason, count in ruleset.reasons().items()},
                "list": [
                    {
                        "path": one.path,
                        "rule": one.rule_id,
                        "title": one.title,
                        "reason": one.reason,
                        "why": one.detail,
                    }
                    for one in ruleset.unloaded
                ],
            },
            **({} if self.sightings is None else {"indicators": self.sightings.stats()}),
            "rules_hit": len(self.found),
            "correlation_hits": len(self.correlations.hits) if self.correlations else 0,
            "hits": sum(len(found.places) for found in self.found.values()),
            "errors": self.errors,
            "cpu_seconds": {stage: round(seconds, 3) for stage, seconds in self.cpu.items()},
        }
        return orjson.dumps(report).decode()

    def _spend(self, stage: str, started: float) -> None:
        self.cpu[stage] = self.cpu.get(stage, 0.0) + process_time() - started


def choice_of(pipelines: tuple[str, ...]) -> "PipelineChoice":
    """A name, files, or a name and the files that follow it. The default only where nothing is said."""
    from muster.detect.pipeline_choice import DEFAULT, NONE, PipelineChoice, PipelineName

    named = [PipelineName(one) for one in pipelines if one in tuple(PipelineName)]
    if len(named) > 1:
        raise BadInput("More than one pipeline by name.", "--pipeline", "Give one name, and files.")
    files = [Path(one) for one in pipelines if one not in tuple(PipelineName)]
    texts: list[bytes] = []
    for path in files:
        if not path.is_file():
            names = ", ".join(PipelineName)
            raise BadInput("No such pipeline or file.", f"--pipeline {path}", f"Names: {names}.")
        with path.open("rb") as stream:
            texts.append(stream.read(MAX_RULE_FILE))
    if not pipelines:
        return DEFAULT
    return PipelineChoice(named[0] if named else NONE.name, more=tuple(texts))


def progress() -> "Callable[[str, int, int], None] | None":
    """Writes how far compiling is, over and over on one line; only where a person sees it."""
    if not sys.stderr.isatty():
        return None

    def said(what: str, done: int, of: int) -> None:
        end = "\r" if done < of else "\r\x1b[K"
        click.echo(f"muster: {done:,} of {of:,} {what}{end}", err=True, nl=False)

    return said


def existing(paths: tuple[str, ...], option: str) -> list[Path]:
    for path in map(Path, paths):
        if not path.exists():
            raise BadInput("No such file or folder.", f"{option} {path}", "Check the path.")
    return [Path(path) for path in paths]


def no_rules(compiled: "Ruleset", errors: list[str]) -> str:
    if errors:
        return f"No rule could be read: {errors[0]}."
    if compiled.unloaded:
        first = compiled.unloaded[0]
        return (
            f"None of {len(compiled.unloaded)} rules could be loaded (first: {first.path}: {first.detail})."
        )
    return "There is no rule file."
