"""Hits of a batch as what is reported per rule: names, rows, and the bytes of the first events as evidence."""

from collections.abc import Sequence
from dataclasses import dataclass

from muster.core.labels import Severity
from muster.detect import columns
from muster.detect.assets import CLIENT_FIELDS, NONE, Assets, assets, hosts
from muster.detect.columns import Batch
from muster.detect.matching import Hit
from muster.detect.rule import Level, RuleKey, severity_hint
from muster.detect.ruleset import Ruleset

MAX_EVIDENCE_EVENTS = 10
MAX_EVIDENCE_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Evidence:
    """An event as it came. whole: false when its end is cut off (one event larger than all evidence may be)."""

    row: int
    data: bytes
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Grouped:
    """One rule's hits in one batch. rows: all of them, ascending. Rules of others must be named with their author."""

    rule: RuleKey
    rule_id: str | None
    title: str
    level: Level | None
    severity: Severity
    author: str | None
    tags: tuple[str, ...]
    rows: tuple[int, ...]
    evidence: tuple[Evidence, ...]
    license: str | None = None
    references: tuple[str, ...] = ()
    assets: Assets = NONE


def group(ruleset: Ruleset, hits: Sequence[Hit], batch: Batch) -> list[Grouped]:
    """What to report of the hits of `match(ruleset, batch)`, one for each hit and in their order.

    Evidence: the first 10 events of each rule, 256 KiB together, whole events only unless the first is larger;
    none when the batch has no column `muster.raw`.
    """
    rules = {rule.key: rule for rule in ruleset.rules}
    named = hosts({row for hit in hits for row in hit.rows}, batch)
    proxy = {row for hit in hits if rules[hit.rule].source.category == "proxy" for row in hit.rows}
    clients = hosts(proxy - named.keys(), batch, CLIENT_FIELDS) | named
    return [
        Grouped(
            rule=hit.rule,
            rule_id=(rule := rules[hit.rule]).rule_id,
            title=rule.title,
            level=rule.level,
            severity=severity_hint(rule.level),
            author=rule.author,
            tags=rule.tags,
            rows=hit.rows,
            evidence=evidence(hit.rows, batch),
            license=rule.license,
            references=rule.references,
            assets=assets(hit.rows, clients if rule.source.category == "proxy" else named),
        )
        for hit in hits
    ]


def evidence(rows: Sequence[int], batch: Batch) -> tuple[Evidence, ...]:
    """The bytes of the first of these rows' events, within the bounds."""
    first = rows[:MAX_EVIDENCE_EVENTS]
    kept: list[Evidence] = []
    left = MAX_EVIDENCE_BYTES
    for row, data in zip(first, columns.raw(batch, first) or (), strict=False):
        if len(data) > left:
            if not kept:
                kept.append(Evidence(row, data[:left], whole=False))
            break
        kept.append(Evidence(row, data))
        left -= len(data)
    return tuple(kept)
