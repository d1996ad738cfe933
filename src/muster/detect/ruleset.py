"""Rules compiled for matching: every rule document is either loaded, or listed with its reason.

Left out, and listed: `action` documents, and whatever Hyperscan refuses (see `rule.Reason`). Correlations are in
`correlations`; the rules they look at are loaded like others, and those in `silent` give no hits of their own.
"""

import warnings
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from muster.detect import routing
from muster.detect.condition import ANYWHERE, Condition, SameAs, Term, Test, terms
from muster.detect.correlation import Correlation, fields_of
from muster.detect.expression import Alphabet, Expression
from muster.detect.field_index import FieldIndex, expression_of
from muster.detect.pipeline import Pipeline, PipelineChoice
from muster.detect.program import Node, build
from muster.detect.rule import LogSource, NotLoadable, Reason, Rule, RuleKey, Unloaded
from muster.detect.rule_reading import RuleFiles, read_files, silent

MAX_SCANNED = 20_000
"""Texts, wildcards and regular expressions of one rule (whole values are not counted: they are looked up)."""
MAX_REGEX_POSITIONS = 10_000
"""Of all regular expressions and wildcards of one rule together."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What a ruleset reads of an event: fields by their exact name, and whether keywords need the whole text."""

    fields: frozenset[str]
    text: bool


@dataclass(frozen=True, slots=True)
class Loaded:
    """A rule, its program, the fields it names (`muster.text` for keywords), and its place in `Ruleset.sources`."""

    rule: Rule
    program: Node
    fields: tuple[str, ...]
    source: int


@dataclass(frozen=True, slots=True)
class Ruleset:
    """Rules that can be matched. `loaded` is in the order of the given paths, as `unloaded` is.

    Nothing in it changes once it is compiled; it may not be used by two threads at once (scratch space).
    """

    loaded: tuple[Loaded, ...]
    sources: tuple[LogSource, ...]
    unloaded: tuple[Unloaded, ...]
    indexes: Mapping[str, FieldIndex]
    needs: Needs
    correlations: tuple[Correlation, ...] = ()
    silent: frozenset[RuleKey] = frozenset()

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(one.rule for one in self.loaded)

    def reasons(self) -> dict[Reason, int]:
        """How many documents are not loaded, by reason; reasons that do not occur are left out."""
        counts: dict[Reason, int] = {}
        for one in self.unloaded:
            counts[one.reason] = counts.get(one.reason, 0) + 1
        return counts


@dataclass(frozen=True, slots=True)
class _Candidate:
    place: int
    rule: Rule
    condition: Condition
    terms: tuple[Term, ...]


def compile(rules: Mapping[str, bytes], pipeline: PipelineChoice) -> Ruleset:  # noqa: A001 - the word for it
    """Compiles rule files: path -> YAML of one document or more. Never fails because of a rule.

    Raises `BadInput` when the pipeline's own text cannot be read.
    """
    Pipeline(pipeline)  # a bad one is told before any work is done
    scans = _Scans()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pySigma lets `re` print what it thinks of a rule's expression
        read = read_files(rules)
        applied = Pipeline(replace(pipeline, more=(*pipeline.more, *read.pipelines)))
        candidates: list[_Candidate] = []
        for place, rule, condition in read.conditions(applied):
            try:
                candidates.append(_candidate(place, rule, condition, scans))
            except NotLoadable as no:
                read.unload(place, rule, no)
        return _compiled(candidates, read, applied, scans)


class _Scans:
    """What is scanned for, each test translated once however many rules use it."""

    def __init__(self) -> None:
        self.known: dict[Test, Expression | None] = {}

    def add(self, wanted: Iterable[Term]) -> tuple[str, ...]:
        """Remarks on the tests. Raises `NotLoadable` when one cannot be compiled, or all together are too much."""
        scanned = positions = 0
        remarks: list[str] = []
        for test in dict.fromkeys(term.test for term in wanted):
            if test not in self.known:
                self.known[test] = expression_of(test)
            expression = self.known[test]
            if expression is None:
                continue
            scanned += 1
            if expression.alphabet is Alphabet.REGEX or expression.gaps:
                positions += expression.positions
            if not expression.unicode:
                remarks.append("the classes of one of its regular expressions know ASCII only")
            if scanned > MAX_SCANNED:
                raise NotLoadable(Reason.TOO_LARGE, f"more than {MAX_SCANNED} patterns")
            if positions > MAX_REGEX_POSITIONS:
                raise NotLoadable(Reason.TOO_LARGE, "its patterns are too large together")
        return tuple(dict.fromkeys(remarks))


def _candidate(place: int, rule: Rule, condition: Condition, scans: _Scans) -> _Candidate:
    wanted = tuple(dict.fromkeys(terms(condition)))
    remarks = scans.add(wanted)
    return _Candidate(place, replace(rule, remarks=rule.remarks + remarks), condition, wanted)


def _compiled(candidates: list[_Candidate], read: RuleFiles, pipeline: Pipeline, scans: _Scans) -> Ruleset:
    numbers: dict[Term, int] = {}
    by_field: defaultdict[str, list[tuple[int, Test]]] = defaultdict(list)
    for candidate in candidates:
        for term in candidate.terms:
            if term not in numbers:
                numbers[term] = len(numbers)
                by_field[term.field].append((numbers[term], term.test))
    indexes = {field: _index(tests, scans) for field, tests in by_field.items()}
    refused = {number: why for index in indexes.values() for number, why in index.refused.items()}
    loaded: list[Loaded] = []
    sources: dict[LogSource, int] = {}
    for candidate in candidates:
        faults = [refused[numbers[term]] for term in candidate.terms if numbers[term] in refused]
        if faults:
            read.unload(candidate.place, candidate.rule, NotLoadable(Reason.REGEX, faults[0]))
        else:
            place = sources.setdefault(candidate.rule.source, len(sources))
            fields = tuple(dict.fromkeys(term.field for term in candidate.terms))
            loaded.append(Loaded(candidate.rule, build(candidate.condition, numbers), fields, place))
    correlations = read.correlated((one.rule.key for one in loaded), pipeline)
    unloaded = tuple(one for _, one in sorted(read.unloaded, key=lambda pair: pair[0]))
    needs = _needs(numbers, fields_of(correlations))
    return Ruleset(
        tuple(loaded), tuple(sources), unloaded, indexes, needs, correlations, silent(correlations)
    )  # fmt: skip


def _index(tests: list[tuple[int, Test]], scans: _Scans) -> FieldIndex:
    scanned = {number: scan for number, test in tests if (scan := scans.known[test]) is not None}
    return FieldIndex(tests, scanned)


def _needs(wanted: Iterable[Term], more: frozenset[str]) -> Needs:
    fields = {term.field for term in wanted} | more
    fields |= {term.test.field for term in wanted if isinstance(term.test, SameAs)}
    return Needs(frozenset(fields - {ANYWHERE}) | routing.FIELDS, ANYWHERE in fields)
