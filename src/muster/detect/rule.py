"""What is known of a rule besides its logic: key, names, level, log source; and why a rule is not loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NewType

from muster.core.labels import Severity

RuleKey = NewType("RuleKey", str)
"""Unique in a ruleset: the rule's path, and `#2`, `#3`, ... for later documents of the same file."""


class Level(StrEnum):
    """Sigma's levels (Sigma specification 2.1.0, `level`)."""

    INFORMATIONAL = "informational"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


_SEVERITY = {
    Level.CRITICAL: Severity.SEV1,
    Level.HIGH: Severity.SEV2,
    Level.MEDIUM: Severity.SEV3,
    Level.LOW: Severity.SEV4,
    Level.INFORMATIONAL: Severity.SEV5,
}


def severity_hint(level: Level | None) -> Severity:
    """A first guess for the person who triages; a rule without a level counts as medium."""
    return _SEVERITY[level or Level.MEDIUM]


@dataclass(frozen=True, slots=True)
class LogSource:
    """Where a rule expects its events from; lower case, None where the rule does not say."""

    product: str | None = None
    category: str | None = None
    service: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One loaded rule. `rule_id` is the UUID text of its author, which two files may share; `key` is unique.

    remarks: faults that do not touch its logic (a date nobody can read), for whoever keeps the rules.
    """

    key: RuleKey
    path: str
    rule_id: str | None
    title: str
    level: Level | None
    author: str | None
    tags: tuple[str, ...]
    source: LogSource
    remarks: tuple[str, ...] = ()
    license: str | None = None
    references: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """How reports call the rule: its id, or its key where it has none."""
        return self.rule_id or self.key


def rule_written(rule: Rule) -> list[object]:
    """A rule in lists and texts, as JSON has them; its key and path, which are those of its file, left out."""
    source = [rule.source.product, rule.source.category, rule.source.service]
    words = [rule.remarks, rule.license, rule.references]
    return [rule.rule_id, rule.title, rule.level, rule.author, rule.tags, source, *words]


def rule_of(key: RuleKey, path: str, told: Sequence[Any]) -> Rule:
    """What `rule_written` wrote. Raises ValueError or TypeError for anything else."""
    rule_id, title, level, author, tags, source, remarks, terms, references = told
    known = None if level is None else Level(level)
    return Rule(
        key, path, rule_id, title, known, author, tuple(tags), LogSource(*source), tuple(remarks), terms, tuple(references)
    )  # fmt: skip


class Reason(StrEnum):
    """Why a document is not loaded, for counting; the detail is beside it."""

    NOT_YAML = "not-yaml"
    NOT_A_RULE = "not-a-rule"
    INVALID = "invalid"
    CORRELATION = "correlation"
    FILTER = "filter"
    ACTION = "action-document"
    PLACEHOLDER = "placeholder"
    MODIFIER = "modifier"
    REGEX = "regex"
    TOO_LARGE = "too-large"
    PIPELINE = "pipeline"


@dataclass(frozen=True, slots=True)
class Unloaded:
    """A document that is not part of the ruleset. `detail` is one line of harmless text."""

    path: str
    rule_id: str | None
    title: str | None
    reason: Reason
    detail: str


class NotLoadable(Exception):
    """Raised inside the front end for one document; `compile` turns it into an `Unloaded`."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
