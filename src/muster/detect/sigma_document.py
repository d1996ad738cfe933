"""From the bytes of a rule file to pySigma rules: YAML, bounds, metadata. The one place that reads rule files."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import yaml
from sigma.exceptions import (
    SigmaAuthorError,
    SigmaDateError,
    SigmaDescriptionError,
    SigmaError,
    SigmaFalsePositivesError,
    SigmaFieldsError,
    SigmaIdentifierError,
    SigmaLevelError,
    SigmaLicenseError,
    SigmaModifiedError,
    SigmaModifierError,
    SigmaReferencesError,
    SigmaRelatedError,
    SigmaScopeError,
    SigmaStatusError,
    SigmaTagError,
)
from sigma.rule import SigmaRule  # pyright: ignore[reportMissingTypeStubs] - it has no stub files
from sigma.rule.attributes import SigmaLevel  # pyright: ignore[reportMissingTypeStubs] - it has no stub files

from muster.core.text import shown
from muster.detect import limits
from muster.detect.rule import Level, LogSource, NotLoadable, Reason, Rule, RuleKey, Unloaded
from muster.detect.rule_yaml import documents
from muster.detect.sigma_encodings import known
from muster.detect.sigma_keys import rewritten

FAULTS = (SigmaError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError)
"""What pySigma raises on rules it was not made for."""

known()
_LONGEST = 200
_HARMLESS = (
    SigmaAuthorError, SigmaDateError, SigmaDescriptionError, SigmaFalsePositivesError, SigmaFieldsError,
    SigmaIdentifierError, SigmaLevelError, SigmaLicenseError, SigmaModifiedError, SigmaReferencesError,
    SigmaRelatedError, SigmaScopeError, SigmaStatusError, SigmaTagError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Document:
    """A rule that pySigma could parse, before any pipeline."""

    rule: Rule
    parsed: SigmaRule


def read(path: str, data: bytes) -> Iterator[Document | Unloaded]:
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


def one_line(text: str) -> str:
    """Text of a stranger as one harmless line of at most 200 characters."""
    line = shown(" ".join(text.split()))
    return line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..."


def _contents(data: bytes) -> Iterator[object]:
    if len(data) > limits.MAX_BYTES:
        raise NotLoadable(Reason.TOO_LARGE, f"a file of more than {limits.MAX_BYTES} bytes")
    try:
        yield from documents(data.decode("utf-8-sig"))
    except (yaml.YAMLError, *FAULTS) as fault:
        raise NotLoadable(Reason.NOT_YAML, str(fault) or type(fault).__name__) from fault


def _document(path: str, number: int, content: object) -> Document | Unloaded:
    if not isinstance(content, dict):
        return Unloaded(path, None, None, Reason.NOT_A_RULE, "not a mapping of keys to values")
    fields = cast("dict[object, object]", content)
    try:
        return _rule(path, number, fields)
    except NotLoadable as no:
        return Unloaded(
            path, _text(fields.get("id")), _text(fields.get("title")), no.reason, one_line(no.detail)
        )


def _rule(path: str, number: int, fields: dict[object, object]) -> Document:
    limits.check(fields)
    if "action" in fields:
        raise NotLoadable(Reason.ACTION, "documents with `action` (global, reset, repeat) are not supported")
    if "correlation" in fields:
        raise NotLoadable(Reason.CORRELATION, "correlation rules are not supported yet")
    if "filter" in fields:
        raise NotLoadable(Reason.FILTER, "filters are not supported yet")
    if "detection" not in fields:
        raise NotLoadable(Reason.NOT_A_RULE, "it has no detection")
    detection = fields["detection"]
    if isinstance(detection, dict):
        fields = {**fields, "detection": rewritten(cast("dict[object, object]", detection))}
    try:
        parsed = SigmaRule.from_dict(cast("dict[str, Any]", fields), collect_errors=True)
    except FAULTS as fault:
        raise NotLoadable(Reason.INVALID, str(fault) or type(fault).__name__) from fault
    for fault in parsed.errors:
        if type(fault) is SigmaModifierError:  # its subclasses speak of values
            raise NotLoadable(Reason.MODIFIER, str(fault))
        if not isinstance(fault, _HARMLESS):
            raise NotLoadable(Reason.INVALID, str(fault))
    remarks = tuple(one_line(str(fault)) for fault in parsed.errors)
    return Document(_about(path, number, fields, parsed, remarks), parsed)


def _about(
    path: str, number: int, fields: dict[object, object], parsed: SigmaRule, remarks: tuple[str, ...]
) -> Rule:
    level: object = parsed.level
    source = parsed.logsource
    return Rule(
        key=RuleKey(path if number == 1 else f"{path}#{number}"),
        path=path,
        rule_id=_text(fields.get("id")),
        title=parsed.title,
        level=Level(level.name.lower()) if isinstance(level, SigmaLevel) else None,
        author=_text(fields.get("author")),
        tags=tuple(str(tag) for tag in parsed.tags),
        source=LogSource(_lower(source.product), _lower(source.category), _lower(source.service)),
        remarks=remarks,
    )


def _lower(name: str | None) -> str | None:
    return name.lower() if name else None


def _text(value: object) -> str | None:
    """Names of people and things as one line; a list of authors is joined."""
    if isinstance(value, list):
        value = ", ".join(part for part in cast("list[object]", value) if isinstance(part, str))
    return one_line(str(value)) if isinstance(value, str | int | float) and value != "" else None
