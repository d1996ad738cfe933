"""What one rule document may cost: bounds that are checked before pySigma sees it.

Rules come from strangers. These bounds keep the known ways to blow up a parser out: aliases that refer to aliases,
thousands of detections named thousands of times, selectors that pySigma turns into backtracking expressions,
`windash`, which multiplies a value by five for each dash. All public rules stay far below them.
"""

import re
from collections.abc import Iterator
from typing import cast

from muster.detect.rule import NotLoadable, Reason

MAX_BYTES = 8 * 2**20
"""Of one file."""
MAX_NODES = 200_000
"""Values, keys and lists of one document, aliases counted each time."""
MAX_DEPTH = 24
MAX_CONDITION = 20_000
"""Characters of all conditions of one rule."""
MAX_PARENTHESES = 40
MAX_EXPANDED = 1_000_000
"""Words of the condition times values of the detections."""
MAX_STARS = 2
"""In one selector (`1 of name*`)."""
MAX_TEXT = 65_536
"""Characters of one value."""
MAX_REGEX = 4_096
MAX_REGEXES = 32_768
"""Characters of one regular expression, and of all in a rule: pySigma compiles each with Python's `re`."""
MAX_DASHED = 20_000
"""Values of one rule after `windash`."""

_DASH = re.compile(r"\B[-/]\b")
_WORD = re.compile(r"[^\s()]+")


def check(document: dict[object, object]) -> None:
    """Raises `NotLoadable` when the document is larger than a rule may be; else nothing."""
    _size(document)
    detection = document.get("detection")
    if not isinstance(detection, dict):
        return
    detections = cast("dict[object, object]", detection)
    _check_dashes(detections)
    _check_regexes(detections)
    words = _check_conditions(detections.get("condition"))
    if words * _size(detections) > MAX_EXPANDED:
        raise _too_large(f"its condition could name more than {MAX_EXPANDED} values")


def _size(document: object) -> int:
    count = 0
    waiting: list[tuple[object, int]] = [(document, 0)]
    while waiting:
        node, depth = waiting.pop()
        count += 1
        if count > MAX_NODES:
            raise _too_large(f"more than {MAX_NODES} values")
        if depth > MAX_DEPTH:
            raise _too_large(f"nested deeper than {MAX_DEPTH}")
        if isinstance(node, str) and len(node) > MAX_TEXT:
            raise _too_large(f"a text of more than {MAX_TEXT} characters")
        waiting.extend((child, depth + 1) for child in _children(node))
    return count


def _children(node: object) -> list[object]:
    if isinstance(node, dict):
        return list(cast("dict[object, object]", node).values())
    if isinstance(node, list):
        return cast("list[object]", node)
    return []


def _check_conditions(condition: object) -> int:
    conditions = cast("list[object]", condition) if isinstance(condition, list) else [condition]
    texts = [text for text in conditions if isinstance(text, str)]
    if sum(map(len, texts)) > MAX_CONDITION:
        raise _too_large(f"a condition of more than {MAX_CONDITION} characters")
    words = 0
    for text in texts:
        depth = 0
        for character in text:
            depth += (character == "(") - (character == ")")
            if depth > MAX_PARENTHESES:
                raise _too_large(f"parentheses nested deeper than {MAX_PARENTHESES}")
        negations = 0
        for word in _WORD.findall(text):
            words += 1
            negations = negations + 1 if word.lower() == "not" else 0
            if word.count("*") > MAX_STARS or negations > MAX_PARENTHESES:
                raise _too_large("a condition with too many wildcards or negations in a row")
    return words


def _check_dashes(detections: dict[object, object]) -> None:
    total = 0
    for value in _with(detections, "windash"):
        total += 5 ** len(_DASH.findall(value))
        if total > MAX_DASHED:
            raise _too_large(f"windash makes more than {MAX_DASHED} values of it")


def _check_regexes(detections: dict[object, object]) -> None:
    total = 0
    for value in _with(detections, "re"):
        total += len(value)
        if len(value) > MAX_REGEX or total > MAX_REGEXES:
            raise _too_large(
                f"regular expressions of more than {MAX_REGEX} characters, or {MAX_REGEXES} in all"
            )


def _with(node: object, modifier: str) -> Iterator[str]:
    """The texts of all items that bear a modifier."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            for key, value in cast("dict[object, object]", part).items():
                if isinstance(key, str) and modifier in key.split("|")[1:]:
                    values = cast("list[object]", value) if isinstance(value, list) else [value]
                    yield from (text for text in values if isinstance(text, str))
                else:
                    waiting.append(value)
        else:
            waiting.extend(_children(part))


def _too_large(detail: str) -> NotLoadable:
    return NotLoadable(Reason.TOO_LARGE, detail)
