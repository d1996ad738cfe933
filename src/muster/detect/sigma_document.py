"""From the bytes of a rule file to pySigma's rules, correlations and filters: YAML, bounds, metadata.

The one place that reads rule files.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import yaml
from sigma.correlations import SigmaCorrelationRule
from sigma.filters import SigmaFilter
from sigma.rule import SigmaRule  # pyright: ignore[reportMissingTypeStubs] - it has no stub files
from sigma.rule.attributes import SigmaLevel  # pyright: ignore[reportMissingTypeStubs] - it has no stub files
from sigma.rule.base import SigmaRuleBase  # pyright: ignore[reportMissingTypeStubs] - it has no stub files

from muster.detect import limits
from muster.detect.rule import Level, LogSource, NotLoadable, Reason, Rule, RuleKey, Unloaded
from muster.detect.rule_yaml import documents
from muster.detect.sigma_correlation import parse as parse_correlation
from muster.detect.sigma_encodings import known
from muster.detect.sigma_faults import FAULTS, one_line, remarks
from muster.detect.sigma_keys import rewritten

known()


@dataclass(frozen=True, slots=True)
class Document:
    """A rule that pySigma could parse, before any pipeline. fields: as they stand in the file, detections rewritten."""

    rule: Rule
    parsed: SigmaRule
    fields: Mapping[object, object]

    @property
    def references(self) -> tuple[str, ...]:
        """By what other documents may refer to it."""
        return _references(self.parsed)


@dataclass(frozen=True, slots=True)
class CorrelationDocument:
    """A correlation that pySigma could parse."""

    rule: Rule
    parsed: SigmaCorrelationRule

    @property
    def references(self) -> tuple[str, ...]:
        """By what other documents may refer to it."""
        return _references(self.parsed)


@dataclass(frozen=True, slots=True)
class FilterDocument:
    """A filter that pySigma could parse. detection: its named parts, rewritten, and its condition."""

    rule: Rule
    parsed: SigmaFilter
    detection: Mapping[object, object]


def parse_rule(fields: Mapping[object, object]) -> SigmaRule:
    """What pySigma makes of a rule whose detections are rewritten. Raises `NotLoadable`."""
    try:
        parsed = SigmaRule.from_dict(cast("dict[str, Any]", dict(fields)), collect_errors=True)
    except FAULTS as fault:
        raise NotLoadable(Reason.INVALID, str(fault) or type(fault).__name__) from fault
    remarks(parsed.errors)
    return parsed


def read(path: str, data: bytes) -> "Iterator[Read | Unloaded]":
    """The documents of one file in order; empty ones are left out. A file without any gives one `Unloaded`.

    path: names the file in keys and reports. data: YAML in UTF-8, at most `limits.MAX_BYTES`.
    """
    number = 0
    try:
        for number, content in enumerate(_contents(data), 1):
            yield _document(path, number, content)
    except NotLoadable as no:
        yield Unloaded(path, None, None, no.reason, one_line(no.detail))
        return
    if number == 0:
        yield Unloaded(path, None, None, Reason.NOT_A_RULE, "the file is empty")


def _contents(data: bytes) -> Iterator[object]:
    if len(data) > limits.MAX_BYTES:
        raise NotLoadable(Reason.TOO_LARGE, f"a file of more than {limits.MAX_BYTES} bytes")
    try:
        yield from documents(data.decode("utf-8-sig"))
    except (yaml.YAMLError, *FAULTS) as fault:
        raise NotLoadable(Reason.NOT_YAML, str(fault) or type(fault).__name__) from fault


def _document(path: str, number: int, content: object) -> "Read | Unloaded":
    if not isinstance(content, dict):
        return Unloaded(path, None, None, Reason.NOT_A_RULE, "not a mapping of keys to values")
    fields = cast("dict[object, object]", content)
    try:
        return _of_kind(path, number, fields)
    except NotLoadable as no:
        return Unloaded(
            path, _text(fields.get("id")), _text(fields.get("title")), no.reason, one_line(no.detail)
        )


def _of_kind(path: str, number: int, fields: dict[object, object]) -> "Read":
    limits.check(fields)
    if "action" in fields:
        raise NotLoadable(Reason.ACTION, "documents with `action` (global, reset, repeat) are not supported")
    if "correlation" in fields:
        return _correlation(path, number, fields)
    return _filter(path, number, fields) if "filter" in fields else _rule(path, number, fields)


def _rule(path: str, number: int, fields: dict[object, object]) -> Document:
    if "detection" not in fields:
        raise NotLoadable(Reason.NOT_A_RULE, "it has no detection")
    detection = fields["detection"]
    if isinstance(detection, dict):
        fields = {**fields, "detection": rewritten(cast("dict[object, object]", detection))}
    parsed = parse_rule(fields)
    return Document(_about(path, number, fields, parsed, _source(parsed)), parsed, fields)


def _correlation(path: str, number: int, fields: dict[object, object]) -> CorrelationDocument:
    try:
        parsed = parse_correlation(fields)
    except FAULTS as fault:
        raise NotLoadable(Reason.INVALID, str(fault) or type(fault).__name__) from fault
    remarks(parsed.errors)
    return CorrelationDocument(_about(path, number, fields, parsed, LogSource()), parsed)


def _filter(path: str, number: int, fields: dict[object, object]) -> FilterDocument:
    told = fields["filter"]
    if not isinstance(told, dict):
        raise NotLoadable(Reason.INVALID, "`filter` is not a mapping")
    named = cast("dict[object, object]", told)
    detection = rewritten({name: part for name, part in named.items() if name != "rules"})
    limits.check({"detection": detection})
    try:
        whole = {**fields, "filter": {**detection, **({"rules": named["rules"]} if "rules" in named else {})}}
        parsed = SigmaFilter.from_dict(cast("dict[str, Any]", whole), collect_errors=True)
    except FAULTS as fault:
        raise NotLoadable(Reason.INVALID, str(fault) or type(fault).__name__) from fault
    remarks(parsed.errors)
    return FilterDocument(_about(path, number, fields, parsed, _source(parsed)), parsed, detection)


Read = Document | CorrelationDocument | FilterDocument


def _about(
    path: str, number: int, fields: dict[object, object], parsed: SigmaRuleBase, source: LogSource
) -> Rule:
    level: object = parsed.level
    return Rule(
        key=RuleKey(path if number == 1 else f"{path}#{number}"),
        path=path,
        rule_id=_text(fields.get("id")),
        title=parsed.title,
        level=Level(level.name.lower()) if isinstance(level, SigmaLevel) else None,
        author=_text(fields.get("author")),
        tags=tuple(str(tag) for tag in parsed.tags),
        source=source,
        remarks=remarks(parsed.errors),
        license=_text(fields.get("license")),
        references=_lines(fields.get("references")),
    )


def _source(parsed: SigmaRule | SigmaFilter) -> LogSource:
    source = parsed.logsource
    return LogSource(_lower(source.product), _lower(source.category), _lower(source.service))


def _references(parsed: SigmaRuleBase) -> tuple[str, ...]:
    return tuple(str(one) for one in (parsed.id, parsed.name) if one is not None)


def _lower(name: str | None) -> str | None:
    return name.lower() if name else None


def _lines(value: object) -> tuple[str, ...]:
    """References as lines; what is no text among them is left out."""
    many = cast("list[object]", value) if isinstance(value, list) else []
    return tuple(one_line(one) for one in many if isinstance(one, str) and one.strip())


def _text(value: object) -> str | None:
    """Names of people and things as one line; a list of authors is joined."""
    if isinstance(value, list):
        value = ", ".join(part for part in cast("list[object]", value) if isinstance(part, str))
    return one_line(str(value)) if isinstance(value, str | int | float) and value != "" else None
