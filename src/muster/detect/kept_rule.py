"""What a rule file was translated to, as JSON and back: then pySigma need not see the file again.

Kept is what each rule means by itself, under one pipeline: filters and correlations, which concern several documents,
are read anew each time, and so are the rules that they concern.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sigma.rule import SigmaLogSource  # pyright: ignore[reportMissingTypeStubs] - it has no stub files

from muster.detect.condition import Condition
from muster.detect.condition_json import Reader, written
from muster.detect.rule import NotLoadable, Reason, Rule, RuleKey, Unloaded, rule_of, rule_written
from muster.detect.sigma_document import Document, read


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a rule means without filters, or why it cannot be loaded."""

    condition: Condition | None
    reason: Reason | None = None
    detail: str = ""

    def get(self) -> Condition:
        """The condition. Raises `NotLoadable` when there is none."""
        if self.condition is None:
            raise NotLoadable(self.reason or Reason.INVALID, self.detail)
        return self.condition


@dataclass(frozen=True, slots=True)
class KeptRule:
    """A rule that was translated before. number: its place in its file, from 1."""

    rule: Rule
    references: tuple[str, ...]
    source: SigmaLogSource
    meaning: Meaning
    number: int

    def document(self, path: str, data: bytes) -> Document:
        """The same rule, read from its file by pySigma."""
        found = list(read(path, data))[self.number - 1]
        if not isinstance(found, Document):
            raise TypeError(found)
        return found


def name_of(data: bytes, pipeline: bytes) -> str:
    """Under which name the translation of a file is kept. pipeline: its mark."""
    return "rules " + hashlib.sha256(pipeline + data).hexdigest()


def kept_bytes(documents: Sequence[tuple[Document, Meaning] | Unloaded]) -> bytes:
    """The documents of one file, in order."""
    return orjson.dumps(list(_written(documents)))


def _written(documents: Iterable[tuple[Document, Meaning] | Unloaded]) -> Iterable[object]:
    for document in documents:
        if isinstance(document, Unloaded):
            yield [document.rule_id, document.title, document.reason, document.detail]
            continue
        rule, meaning = document
        source = rule.parsed.logsource
        condition = None if meaning.condition is None else written(meaning.condition)
        yield [
            rule_written(rule.rule),
            rule.references,
            [source.category, source.product, source.service],
            condition,
            meaning.reason,
            meaning.detail,
        ]


def kept_of(path: str, data: bytes, reader: Reader) -> list[KeptRule | Unloaded] | None:
    """What `kept_bytes` made, for a file at a path; None when it is nothing of the kind."""
    try:
        return [_read(path, number, told, reader) for number, told in enumerate(orjson.loads(data), 1)]
    except (ValueError, TypeError, KeyError, IndexError, StopIteration, ArithmeticError):
        return None


_UNLOADED = 4


def _read(path: str, number: int, told: Sequence[Any], reader: Reader) -> KeptRule | Unloaded:
    if len(told) == _UNLOADED:
        rule_id, title, reason, detail = told
        return Unloaded(path, rule_id, title, Reason(reason), detail)
    about, references, source, condition, reason, detail = told
    rule = rule_of(RuleKey(path if number == 1 else f"{path}#{number}"), path, about)
    meaning = Meaning(
        None if condition is None else reader.condition(condition), reason and Reason(reason), detail
    )
    return KeptRule(rule, tuple(references), SigmaLogSource(*source), meaning, number)
