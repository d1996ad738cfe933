"""Ignores applied: what is kept back of the hits of rules, before correlations count them, and how much.

Each ignore becomes a rule of the same log source as the one it concerns, compiled and matched with all others, through
the same pipelines. A row is kept back of a rule's hits when an ignore of that rule meets it. An ignore that cannot be
compiled is listed like a rule, and keeps nothing back: rather a hit too many.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from muster.detect.matching import Hit
from muster.detect.rule import RuleKey
from muster.detect.rulebook.pages import Page, pages
from muster.detect.ruleset import Ruleset
from muster.plan.ignores import Ignore

FOLDER = "plan/ignores/"


@dataclass(frozen=True, slots=True)
class KeptBack:
    """How many events an ignore kept back of the hits of a rule, in one batch."""

    ignore: str
    rule: RuleKey
    count: int


@dataclass(frozen=True, slots=True)
class Ignoring:
    """The ignores of a plan beside its rules. files: what they are compiled from; of: path of such a file -> the rules."""

    ignores: Mapping[str, Ignore]
    files: Mapping[str, bytes]
    of: Mapping[str, tuple[RuleKey, ...]]

    def is_ignore(self, rule: RuleKey) -> bool:
        """Whether a compiled rule is an ignore."""
        return rule in self.of

    def apply(self, hits: Sequence[Hit], today: date) -> tuple[list[Hit], tuple[KeptBack, ...]]:
        """The hits that are left, in their order, and what was kept back. today: in UTC; what expired does not apply."""
        met = {hit.rule: set(hit.rows) for hit in hits if hit.rule in self.of}
        by_rule: dict[RuleKey, list[str]] = {}
        for path, rules in self.of.items():
            if self.ignores[_name(path)].applies(today):
                for rule in rules:
                    by_rule.setdefault(rule, []).append(path)
        left: list[Hit] = []
        kept: Counter[tuple[str, RuleKey]] = Counter()
        for hit in hits:
            if hit.rule in self.of:
                continue
            rows = hit.rows
            for path in by_rule.get(hit.rule, ()):
                is_all = not self.ignores[_name(path)].detection
                found = set(rows) if is_all else met.get(RuleKey(path), set[int]()).intersection(rows)
                if found:
                    kept[_name(path), hit.rule] += len(found)
                    rows = tuple(row for row in rows if row not in found)
            if rows:
                left.append(hit if rows is hit.rows else replace(hit, rows=rows))
        return left, tuple(KeptBack(ignore, rule, count) for (ignore, rule), count in kept.items())


NOTHING = Ignoring({}, {}, {})


def ignoring(ignores: Mapping[str, Ignore], files: Mapping[str, bytes]) -> Ignoring:
    """Ignores by name, tied to the rules in files. One whose rule is not there, or is a correlation, does nothing."""
    asked = tuple({one.rule.lower() for one in ignores.values()})
    named = {path: data for path, data in files.items() if _may_be_named(path, data, asked)}
    every = [page for page in pages(named) if "detection" in page.fields]
    made: dict[str, bytes] = {}
    of: dict[str, tuple[RuleKey, ...]] = {}
    for name, ignore in ignores.items():
        concerned = [page for page in every if _concerns(ignore, page)]
        if not concerned:
            continue
        path = f"{FOLDER}{name}.yaml"
        of[path] = tuple(_key(page) for page in concerned)
        if ignore.detection:
            first = concerned[0]
            told = {
                "title": f"Ignore {name}",
                "logsource": first.fields.get("logsource"),
                "detection": ignore.detection,
            }
            made[path] = json.dumps(told, default=str).encode()
    return Ignoring(ignores, made, of)


def without_ignores(ruleset: Ruleset, ignores: Ignoring) -> int:
    """How many rules are loaded that are rules, correlations among them."""
    return sum(not ignores.is_ignore(rule.key) for rule in ruleset.rules) + len(ruleset.correlations)


def _may_be_named(path: str, data: bytes, asked: tuple[str, ...]) -> bool:
    """Whether it is worth reading a file: most are named by no ignore."""
    return any(
        one in (path.lower(), path.removeprefix("plan/").lower()) or one.encode() in data.lower()
        for one in asked
    )


def _concerns(ignore: Ignore, page: Page) -> bool:
    asked = ignore.rule.lower()
    return asked in (page.text("id").lower(), page.path.lower(), page.path.removeprefix("plan/").lower())


def _key(page: Page) -> RuleKey:
    return RuleKey(page.path if page.number == 1 else f"{page.path}#{page.number}")


def _name(path: str) -> str:
    return path.removeprefix(FOLDER).removesuffix(".yaml")
