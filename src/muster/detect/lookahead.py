"""Look-ahead at the very beginning of an expression, written as a conjunction that needs none.

`^(?=A)(?!B)C` is found in a text exactly when A and C are found at its beginning and B is not: all three look at the
same place, the first, and nothing is carried from one to the other. So it becomes three expressions that Hyperscan
can take. Anything else that looks around stays as it is, and is refused there.
"""

import re
from dataclasses import dataclass, replace

from muster.detect.condition import Regex

_FLAGS = re.compile(r"\(\?[aiLmsux]*-?[imsx]*[:)]")
_LEADING = "(?i)"


@dataclass(frozen=True, slots=True)
class Conjunct:
    """An expression that must be found, or must not be."""

    regex: Regex
    wanted: bool


def conjuncts(regex: Regex) -> tuple[Conjunct, ...]:
    """What the expression means together; itself alone when it does not begin with look-ahead."""
    whole = (Conjunct(regex, wanted=True),)
    pattern, ignore_case = regex.pattern, regex.ignore_case
    if pattern.startswith(_LEADING):
        pattern, ignore_case = pattern[len(_LEADING) :], True
    if pattern.startswith("\\A"):
        pattern = pattern[2:]
    elif pattern.startswith("^") and not regex.multiline:
        pattern = pattern[1:]
    else:
        return whole
    # Flags within may change what `^` and the dot are; "(?:" has none and is harmless.
    if any(found != "(?:" for found in _FLAGS.findall(pattern)):
        return whole
    found: list[Conjunct] = []
    same = replace(regex, ignore_case=ignore_case)
    while pattern.startswith(("(?=", "(?!")):
        end = _end(pattern)
        if end is None or pattern[end + 1 : end + 2] in ("*", "+", "?", "{"):
            return whole
        body = replace(same, pattern=f"\\A(?:{pattern[3:end]})")
        found.append(Conjunct(body, wanted=pattern[2] == "="))
        pattern = pattern[end + 1 :]
    if not found or _alternatives(pattern):
        return whole
    if pattern:
        found.append(Conjunct(replace(same, pattern=f"\\A(?:{pattern})"), wanted=True))
    return tuple(found)


def _end(pattern: str) -> int | None:
    """Where the group that opens at the beginning closes."""
    depth = 0
    for at, character in _outside_classes(pattern):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return at
    return None


def _alternatives(pattern: str) -> bool:
    """Whether an alternative stands outside of all groups: then what came before is only part of the first."""
    depth = 0
    for _, character in _outside_classes(pattern):
        depth += (character == "(") - (character == ")")
        if character == "|" and depth == 0:
            return True
    return False


def _outside_classes(pattern: str) -> list[tuple[int, str]]:
    """The characters that are no part of an escape or of a class, with their places."""
    found: list[tuple[int, str]] = []
    at = 0
    while at < len(pattern):
        if pattern[at] == "\\":
            at += 2
        elif pattern[at] == "[":
            at += 2 if pattern[at + 1 : at + 2] == "^" else 1
            at += 1 if pattern[at : at + 1] == "]" else 0
            while at < len(pattern) and pattern[at] != "]":
                at += 2 if pattern[at] == "\\" else 1
            at += 1
        else:
            found.append((at, pattern[at]))
            at += 1
    return found
