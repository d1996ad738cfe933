"""From rule files to a ruleset: each document is read, translated, numbered, and sorted by what it asks first."""

import warnings
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from muster.detect import routing
from muster.detect.condition import ANYWHERE, Condition, SameAs, Term, Test, Text, terms
from muster.detect.correlation import fields_of
from muster.detect.expression import SHORT_TEXT, Alphabet, Expression
from muster.detect.field_index import expression_of
from muster.detect.field_tests import FieldTests
from muster.detect.folding import fold
from muster.detect.gate import Gate, split
from muster.detect.pieces import Pieces
from muster.detect.pipeline import Pipeline
from muster.detect.pipeline_choice import PipelineChoice
from muster.detect.program import Node, required, used
from muster.detect.rule import LogSource, NotLoadable, Reason, Rule
from muster.detect.rule_reading import RuleFiles, read_files, silent
from muster.detect.ruleset import Loaded, Needs, Ruleset

MAX_SCANNED = 20_000
"""Texts, wildcards and regular expressions of one rule (whole values are not counted: they are looked up)."""
MAX_REGEX_POSITIONS = 10_000
"""Of all regular expressions and wildcards of one rule together."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    place: int
    rule: Rule
    condition: Condition
    terms: tuple[Term, ...]


def compiled(rules: Mapping[str, bytes], pipeline: PipelineChoice, pieces: Pieces | None = None) -> Ruleset:
    """What `ruleset.compile` gives."""
    Pipeline(pipeline)  # a bad one is told before any work is done
    scans = _Scans()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pySigma lets `re` print what it thinks of a rule's expression
        pieces = pieces or Pieces()
        read = read_files(rules, pipeline, pieces)
        candidates: list[_Candidate] = []
        for place, rule, condition in read.conditions(pieces):
            try:
                candidates.append(_candidate(place, rule, condition, scans))
            except NotLoadable as no:
                read.unload(place, rule, no)
        return _compiled(candidates, read, scans, pieces)


class _Scans:
    """What is scanned for, each test translated once however many rules use it.

    Short texts are not among it: they are looked for otherwise, and the few that are not (see `field_tests`) are
    translated there.
    """

    def __init__(self) -> None:
        self.known: dict[Test, Expression | None] = {}

    def add(self, wanted: Iterable[Term]) -> tuple[str, ...]:
        """Remarks on the tests. Raises `NotLoadable` when one cannot be compiled, or all together are too much."""
        scanned = positions = 0
        remarks: list[str] = []
        tests = [term.test for term in wanted]
        if len(tests) <= MAX_SCANNED:
            tests = [test for test in tests if not _is_short(test)]
        for test in dict.fromkeys(tests):
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


def _compiled(candidates: list[_Candidate], read: RuleFiles, scans: _Scans, pieces: Pieces) -> Ruleset:
    numbers, tests = _tests(candidates, scans, pieces)
    refused = tests.refused
    loaded: list[Loaded] = []
    gates = _Gates(tests, numbers)
    for candidate in candidates:
        faults = [refused[numbers[term]] for term in candidate.terms if numbers[term] in refused]
        if faults:
            read.unload(candidate.place, candidate.rule, NotLoadable(Reason.REGEX, faults[0]))
        else:
            loaded.append(gates.add(candidate, len(loaded)))
    correlations = read.correlated(one.rule.key for one in loaded)
    unloaded = tuple(one for _, one in sorted(read.unloaded, key=lambda pair: pair[0]))
    needs = _needs(numbers, fields_of(correlations))
    return Ruleset(
        tuple(loaded), tuple(gates.sources), gates.made(), unloaded, tests, needs, correlations, silent(correlations)
    )  # fmt: skip


def _tests(
    candidates: Iterable[_Candidate], scans: _Scans, pieces: Pieces
) -> tuple[dict[Term, int], FieldTests]:
    """The number of each term, and what they ask; terms that differ in letter case only, where it is no matter, are one."""
    numbers: dict[Term, int] = {}
    alike: dict[object, int] = {}
    by_field: defaultdict[str, list[tuple[int, Test]]] = defaultdict(list)
    scanned: dict[int, Expression] = {}
    made = 0
    for term in dict.fromkeys([term for candidate in candidates for term in candidate.terms]):
        number = numbers[term] = alike.setdefault(_likeness(term), len(alike))
        if number == made:
            made += 1
            by_field[term.field].append((number, term.test))
            scan = None if _is_short(term.test) else scans.known[term.test]
            if scan is not None:
                scanned[number] = scan
    return numbers, FieldTests(by_field, scanned, pieces)


def _is_short(test: Test) -> bool:
    """Whether it is a text that can be looked for in any case, and need not be translated for that."""
    return isinstance(test, Text) and 0 < len(test.text) <= SHORT_TEXT


def _likeness(term: Term) -> object:
    """The same for terms that ask the same."""
    test = term.test
    if isinstance(test, Text) and not test.cased:
        return term.field, test.anchor, fold(test.text)
    return term


class _Gates:
    """Rules sorted by what they ask in common."""

    def __init__(self, tests: FieldTests, numbers: Mapping[Term, int]) -> None:
        self.sources: dict[LogSource, int] = {}
        self._late = tests.late
        self._numbers = numbers
        self._rules: defaultdict[tuple[int, Node], list[int]] = defaultdict(list)
        self._fields: defaultdict[tuple[int, Node], set[str]] = defaultdict(set)

    def add(self, candidate: _Candidate, place: int) -> Loaded:
        source = self.sources.setdefault(candidate.rule.source, len(self.sources))
        gate, program = split(candidate.condition, self._numbers)
        asked = used(program)
        left = [term for term in candidate.terms if self._numbers[term] in asked]
        self._rules[source, gate].append(place)
        self._fields[source, gate].update(term.field for term in left)
        return Loaded(
            candidate.rule,
            program,
            tuple(dict.fromkeys(term.field for term in candidate.terms)),
            tuple(dict.fromkeys(term.field for term in left if self._numbers[term] in self._late)),
            required(program, self._late),
        )

    def made(self) -> tuple[Gate, ...]:
        return tuple(
            Gate(source, program, tuple(rules), frozenset(self._fields[source, program]))
            for (source, program), rules in self._rules.items()
        )


def _needs(wanted: Iterable[Term], more: frozenset[str]) -> Needs:
    fields = {term.field for term in wanted} | more
    fields |= {term.test.field for term in wanted if isinstance(term.test, SameAs)}
    return Needs(frozenset(fields - {ANYWHERE}) | routing.FIELDS, ANYWHERE in fields)
