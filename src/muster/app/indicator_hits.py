"""Indicators as the detection process looks for them in every batch: from lists told with the rules, to hits like a rule's."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from muster.detect.columns import Batch
from muster.detect.faults import guarded
from muster.detect.grouping import Grouped, evidence
from muster.detect.indicators.life import Life
from muster.detect.indicators.loading import Loaded, load
from muster.detect.indicators.reporting import told
from muster.detect.indicators.seeking import Found, seek
from muster.detect.rule import RuleKey, severity_hint


@dataclass(slots=True)
class IndicatorHits:
    """The lists in force, and what was found but is not reported, since the process began. note: what went wrong."""

    loaded: Loaded = field(default_factory=Loaded)
    quiet: Counter[Life] = field(default_factory=Counter[Life])
    note: str = ""
    _files: Mapping[str, str] = field(default_factory=dict[str, str])

    def use(self, files: Mapping[str, str]) -> None:
        """Takes lists by path; those that are taken already cost nothing."""
        if files != self._files:
            self.loaded = load({path: text.encode() for path, text in files.items()})
            self._files = files

    def find(self, batch: Batch, arrived: str) -> list[Grouped]:
        """What to report of a batch: one for each value, whichever lists name it.

        What raises keeps back nothing of the rules: it is noted. Judged at the moment the batch arrived (as the spool writes it), so that a batch taken again gives the same.
        """
        at = datetime.strptime(arrived, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC)
        sought, why = guarded(lambda: seek(self.loaded.watched, batch, int(at.timestamp())))
        if sought is None:
            self.note = f"Indicators were not looked for in a batch; rules were matched: {why}"
            return []
        self.quiet.update(sought.quiet)
        best: dict[str, Grouped] = {}
        for one in sorted(sought.found, key=lambda one: -one.standing.score):
            made = _grouped(one, batch)
            first = best.setdefault(made.rule, made)
            if first is not made:
                rows = tuple(sorted({*first.rows, *made.rows}))
                best[made.rule] = replace(first, rows=rows, evidence=evidence(rows, batch))
        return list(best.values())

    def said(self) -> dict[str, object]:
        """What the detection process says of them."""
        return {
            "loaded": self.loaded.count,
            "left_out": self.loaded.left,
            "quiet": {life.value: count for life, count in self.quiet.items()},
        }


def _grouped(found: Found, batch: Batch) -> Grouped:
    said = told(found)
    return Grouped(
        rule=RuleKey(said.key),
        rule_id=None,
        title=said.title,
        level=said.level,
        severity=severity_hint(said.level),
        author=said.author,
        tags=(),
        rows=found.rows,
        evidence=evidence(found.rows, batch),
    )
