"""Hints: a text that must stand in every value that a wildcard or a regular expression matches.

Where the hint is missing the slow test need not be asked. A hint is plain ASCII and folded (see `folding`); it is
looked for in the folded value, so letter case is no matter, whether the test minds it or not.
"""

from muster.detect.condition import Regex, Test, Text, Wildcard
from muster.detect.folding import fold

SHORTEST = 4

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 \"'%&,-/:;<=>@_`~!#")
_QUANTIFIERS = frozenset("*+?{")


def hint_of(test: Test) -> str:
    """The longest hint of a test; empty when there is none of at least four characters."""
    if isinstance(test, Text):
        found = _ascii_runs(test.text)
    elif isinstance(test, Wildcard):
        found = [run for part in test.parts if isinstance(part, str) for run in _ascii_runs(part)]
    elif isinstance(test, Regex):
        found = _runs(test.pattern)
    else:
        return ""
    longest = max(found, key=len, default="")
    return fold(longest) if len(longest) >= SHORTEST else ""


def _ascii_runs(text: str) -> list[str]:
    return "".join(character if character.isascii() else "\0" for character in text).split("\0")


def _runs(pattern: str) -> list[str]:
    """Texts that a regular expression demands, found outside of groups and classes; none when it has alternatives.

    What is not understood ends a text, so that a hint may be shorter than it could be, but is never wrong.
    """
    pattern = pattern.removeprefix("(?i)")
    if "(?" in pattern.replace("(?:", ""):
        return []
    runs = [""]
    at = depth = 0
    while at < len(pattern):
        character = pattern[at]
        literal = ""
        step = 1
        if character == "\\":
            following = pattern[at + 1 : at + 2]
            literal = "" if following.isalnum() or not following.isascii() else following
            step = 2 if not following.isalnum() or following in "bBdDsSwWAZntrfva" else _rest(pattern, at)
        elif character == "[":
            step = _class_end(pattern, at) - at
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
        elif character == "|" and not depth:
            return []
        elif character in _PLAIN:
            literal = character
        after = pattern[at + step : at + step + 1]
        if literal and not depth and after not in _QUANTIFIERS:
            runs[-1] += literal
        elif runs[-1] and character not in _QUANTIFIERS:
            runs.append("")
        elif character in _QUANTIFIERS:
            runs.append("")
            step = pattern.find("}", at) + 1 - at if character == "{" and "}" in pattern[at:] else step
        at += step
    return runs


def _rest(pattern: str, at: int) -> int:
    """Past an escape of several characters, whose end is not looked for: the rest of the pattern gives no hint."""
    return len(pattern) - at


def _class_end(pattern: str, at: int) -> int:
    at += 1
    at += pattern.startswith("^", at)
    at += pattern.startswith("]", at)
    while at < len(pattern) and pattern[at] != "]":
        at += 2 if pattern[at] == "\\" else 1
    return at + 1
