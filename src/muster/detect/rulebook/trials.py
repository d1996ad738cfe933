"""Tests beside a rule: events that it must match, and events that it must not; read, run, counted.

A file `rules/NAME.test.yaml` lies beside `rules/NAME.yml`:

    rule: ID                      # only when the file holds several documents: the one that is meant
    must_match:
      - why: A shell under the web server.
        event: {Channel: Microsoft-Windows-Sysmon/Operational, EventID: 1, Image: 'C:\\x\\cmd.exe'}
    must_not_match:
      - why: Another parent.
        events: [{...}, {...}]    # several, in their order, for correlations

The events go through the same reader, ruleset and correlations as those that are posted.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import Field, JsonValue, ValidationError, model_validator

from muster.core.text import shown
from muster.detect import correlating
from muster.detect.correlation_sighting import sightings
from muster.detect.correlation_state import Bounds, empty
from muster.detect.events import read
from muster.detect.matching import match
from muster.detect.rule import Rule
from muster.detect.ruleset import Ruleset
from muster.plan.complaints import complaints
from muster.plan.finding import Finding, Weight
from muster.plan.layout import TESTS
from muster.plan.part import Line, Part
from muster.plan.yaml_text import Flaw, Parsed, read_yaml

CLAUSE = "DET-08"
MOST_EVENTS = 1_000
"""Of one test."""


class Trial(Part):
    """One test: why it is as it is, and its event or its events in their order."""

    why: Line
    event: dict[str, JsonValue] | None = None
    events: tuple[dict[str, JsonValue], ...] = Field(default=(), max_length=MOST_EVENTS)

    @model_validator(mode="after")
    def _has_some(self) -> "Trial":
        if (self.event is None) == (not self.events):
            raise ValueError("give `event`, or `events`")
        return self

    def lines(self) -> bytes:
        """The events as JSON lines."""
        every = (self.event,) if self.event is not None else self.events
        return b"".join(json.dumps(one).encode() + b"\n" for one in every)


class Trials(Part):
    """A file of tests."""

    rule: str | None = None
    must_match: tuple[Trial, ...] = ()
    must_not_match: tuple[Trial, ...] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """What running all tests gave. by_rule: rule key -> how many tests it has. findings: what failed, or is no test."""

    by_rule: Mapping[str, int]
    passed: int
    failed: int
    findings: tuple[Finding, ...]


def run(ruleset: Ruleset, tests: Mapping[str, bytes]) -> Tried:
    """Runs the files of tests (path -> YAML) on a ruleset of the rules beside them."""
    by_rule: dict[str, int] = {}
    findings: list[Finding] = []
    passed = failed = 0
    for path, data in sorted(tests.items()):
        found = _read(path, data)
        if not isinstance(found, tuple):
            findings.append(found)
            continue
        trials, parsed = found
        rule = _rule_of(ruleset, path, trials.rule)
        if rule is None:
            findings.append(_finding(path, 1, "rule-test-alone", "No loaded rule belongs to these tests.",
                "Put the file beside its rule, with the rule's name, or name the id in `rule`."))  # fmt: skip
            continue
        for line, trial, wanted in _cases(trials, parsed):
            by_rule[rule.key] = by_rule.get(rule.key, 0) + 1
            wrong = _wrong(ruleset, rule, trial, wanted=wanted)
            passed, failed = passed + (wrong is None), failed + (wrong is not None)
            if wrong is not None:
                mend = "Mend the rule, or the test if it is wrong."
                findings.append(_finding(path, line, "rule-test-failed", wrong, mend))
    return Tried(by_rule, passed, failed, tuple(findings))


def fires(ruleset: Ruleset, rule: Rule, lines: bytes) -> tuple[bool, int]:
    """Whether a rule or correlation fires on events alone (JSON lines), and how many of them could not be read."""
    reading = read(lines, ruleset.needs)
    hits = match(ruleset, reading.batch)
    found = {hit.rule for hit in hits}
    if ruleset.correlations:
        plan = correlating.Plan(ruleset.correlations, Bounds(lateness=None))
        seen = sightings(plan, hits, reading.batch, source="test", positions=reading.positions)
        state, early = correlating.step(plan, empty(plan.correlations), seen)
        found |= {hit.rule for hit in (*early, *correlating.finish(plan, state)[1])}
    return rule.key in found, len(reading.unreadable)


def _wrong(ruleset: Ruleset, rule: Rule, trial: Trial, *, wanted: bool) -> str | None:
    fired, unreadable = fires(ruleset, rule, trial.lines())
    if unreadable:
        return f"{unreadable} of its events cannot be read as an event: {shown(trial.why)}"
    if fired == wanted:
        return None
    said = "does not match, and must" if wanted else "matches, and must not"
    return f"The rule `{shown(rule.title)}` {said}: {shown(trial.why)}"


def _cases(trials: Trials, parsed: Parsed) -> Iterator[tuple[int, Trial, bool]]:
    for key, cases, wanted in (
        ("must_match", trials.must_match, True),
        ("must_not_match", trials.must_not_match, False),
    ):
        for number, trial in enumerate(cases):
            yield parsed.line((key, number)), trial, wanted


def _rule_of(ruleset: Ruleset, path: str, named: str | None) -> Rule | None:
    stem = path.removesuffix(TESTS[0]).removesuffix(TESTS[1])
    beside = (f"{stem}.yml", f"{stem}.yaml")
    every = (*ruleset.rules, *(one.rule for one in ruleset.correlations))
    mine = [rule for rule in every if rule.path in beside and named in (None, rule.rule_id, rule.title)]
    return mine[0] if mine else None


def _read(path: str, data: bytes) -> tuple[Trials, Parsed] | Finding:
    try:
        parsed = read_yaml(data)
    except Flaw as flaw:
        return _finding(path, flaw.line, "rule-test-unreadable", flaw.what, flaw.mend)
    try:
        return Trials.model_validate(parsed.value), parsed
    except ValidationError as error:
        first = next(complaints(Trials, error))
        return _finding(path, parsed.line(first.path), "rule-test-unreadable", first.what, first.mend)


def _finding(path: str, line: int, rule: str, what: str, mend: str) -> Finding:
    return Finding(file=path, line=line, rule=rule, what=what, mend=mend, clause=CLAUSE, weight=Weight.HOLE)
