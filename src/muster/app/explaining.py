"""Why rules matched the events that are kept as evidence, for the reports of the detection process."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from muster.app.rule_words import as_line
from muster.detect.condition import Condition, terms
from muster.detect.events import read_lines
from muster.detect.explaining import Explainer, conditions
from muster.detect.faults import guarded
from muster.detect.grouping import Evidence
from muster.detect.pipeline_choice import PipelineChoice
from muster.detect.rule import RuleKey
from muster.detect.ruleset import Needs

MOST_REASONS = 100
"""Of one hit, over all its events."""
MOST_BYTES = 20_000
"""Of the words of one hit's reasons; an entry holds 64 KiB."""
MOST_RULES = 200
"""Whose tests are kept ready at a time."""
MOST_TESTS = 5_000
"""A rule of more tests (a long list of addresses) is not explained: compiling it again would take too long."""
_NEEDS = Needs(frozenset(), text=True, everything=True)


@dataclass
class Explaining:
    """Explains hits of the rules in use. A rule is read a second time when it first hits, and then kept.

    What raises costs the reasons, never the hit. note: the last of it.
    """

    files: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    note: str = ""
    _conditions: dict[RuleKey, Condition] = field(default_factory=dict[RuleKey, Condition])
    _read: set[str] = field(default_factory=set[str])
    _ready: dict[RuleKey, Explainer] = field(default_factory=dict[RuleKey, Explainer])

    def use(self, files: Mapping[str, bytes]) -> None:
        """From now on the rules are these files."""
        self.files = files
        self._conditions, self._read, self._ready = {}, set(), {}

    def prepare(self, rules: Iterable[RuleKey]) -> None:
        """Reads the files of these rules, all at once, unless they are read."""
        paths = {rule if rule in self.files else rule.rpartition("#")[0] for rule in rules}
        wanted = {path: self.files[path] for path in paths if path in self.files and path not in self._read}
        if wanted:
            around = {path: data for path, data in self.files.items() if _is_around(path, data)}
            found, fault = guarded(lambda: conditions({**around, **wanted}, PipelineChoice()))
            self._conditions |= found or {}
            self._note(fault)
            self._read |= wanted.keys()

    def why(self, rule: RuleKey, evidence: Sequence[Evidence], places: Sequence[int]) -> list[dict[str, Any]]:
        """What made a prepared rule match the events of its evidence; places: theirs in the batch."""
        told, fault = guarded(lambda: self._why(rule, evidence, places))
        self._note(fault)
        return told or []

    def _note(self, fault: str) -> None:
        if fault:
            self.note = f"Why a rule matched could not be told; its hits were reported: {fault}"

    def _why(
        self, rule: RuleKey, evidence: Sequence[Evidence], places: Sequence[int]
    ) -> list[dict[str, Any]]:
        explainer = self._explainer(rule)
        if explainer is None:
            return []
        whole = [(one.data.rstrip(b"\r\n"), place) for one, place in zip(evidence, places, strict=True) if one.whole]  # fmt: skip
        reading = read_lines([line for line, _ in whole], _NEEDS)
        told: list[dict[str, Any]] = []
        size = 0
        for position, reasons in zip(reading.positions, explainer.explained(reading.batch), strict=True):
            for one in reasons:
                start, end = one.span or (0, 0)
                name, words = (
                    as_line(one.field.encode("utf-8", "backslashreplace").decode()) or "(no name)",
                    as_line(one.words),
                )
                size += len(name.encode()) + len(words.encode())
                if len(told) >= MOST_REASONS or size > MOST_BYTES:
                    return told
                told.append(
                    {"event": whole[position][1], "field": name, "words": words, "held": one.held, "start": start, "end": end}
                )  # fmt: skip
        return told

    def _explainer(self, rule: RuleKey) -> Explainer | None:
        condition = self._conditions.get(rule)
        if condition is None or len(terms(condition)) > MOST_TESTS:
            return None
        if rule not in self._ready:
            if len(self._ready) >= MOST_RULES:
                self._ready.clear()
            self._ready[rule] = Explainer(condition)
        return self._ready[rule]


def _is_around(path: str, data: bytes) -> bool:
    """Pipelines and filters, which change what other files mean."""
    return path.endswith((".pipeline.yml", ".pipeline.yaml")) or b"\nfilter:" in data
