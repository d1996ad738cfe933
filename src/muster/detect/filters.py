"""Filters: documents of their own that narrow rules of others (Sigma filters specification 2.1.0).

A filter has a log source, a list of rules (ids or names, or `any`) and a condition, which holds for what the rule may
still report: a rule with filters means its own condition and each filter's condition. A filter is read as if it stood
in the rule: with the rule's log source and through the same pipeline. A filter that cannot be read is listed and the
rule stays as it was: rather a hit too many. So is one that concerns no loaded rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sigma.rule import SigmaLogSource  # pyright: ignore[reportMissingTypeStubs] - it has no stub files

from muster.detect.condition import AllOf, Condition
from muster.detect.pipeline import Pipeline
from muster.detect.rule import NotLoadable, Reason
from muster.detect.sigma_condition import condition_of
from muster.detect.sigma_document import Document, FilterDocument, parse_rule


@dataclass(slots=True)
class Filters:
    """The filters of a ruleset. used: places of those that narrowed a rule. faults: place -> why one could not."""

    documents: Sequence[FilterDocument]
    used: set[int] = field(default_factory=set[int])
    faults: dict[int, NotLoadable] = field(default_factory=dict[int, NotLoadable])

    def concerning(self, source: SigmaLogSource, references: Sequence[str]) -> list[int]:
        """The places of the filters for a rule: of its log source before the pipeline changes it, and its names."""
        return [place for place, one in enumerate(self.documents) if _concerns(one, source, references)]

    def narrowed(
        self, condition: Condition, document: Document, places: Sequence[int], pipeline: Pipeline
    ) -> Condition:
        """The rule's condition with those of its filters."""
        parts = [condition]
        for place in places:
            fields = {**document.fields, "detection": self.documents[place].detection}
            try:
                parsed = parse_rule(fields)
                pipeline.apply(parsed)
                parts.append(condition_of(parsed))
                self.used.add(place)
            except NotLoadable as no:
                self.faults.setdefault(place, no)
        return condition if len(parts) == 1 else AllOf(tuple(parts))

    def unused(self) -> dict[int, NotLoadable]:
        """The filters that did nothing, or not all they should, with the reason."""
        idle = NotLoadable(Reason.FILTER, "it concerns no rule that is loaded")
        left = {place: idle for place in range(len(self.documents)) if place not in self.used}
        return {**left, **self.faults}


def _concerns(one: FilterDocument, source: SigmaLogSource, references: Sequence[str]) -> bool:
    if source not in one.parsed.logsource:
        return False
    rules = one.parsed.filter.rules
    if isinstance(rules, str):
        return True
    return any(rule.reference in references or rule.reference.lower() in references for rule in rules)
