"""A slow evaluator for the tests: one event, one rule, straight from the words of Sigma's specification.

It knows nothing of the engine: it walks the rule's own mapping, and uses Python's `re`, `str` and `ipaddress`.
"""

import base64
import ipaddress
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from itertools import product

Event = Mapping[str, str]
_ORDER: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
}


def holds(selection: object, event: Event) -> bool:
    """A selection: a mapping (all items), a list (any item), or a keyword."""
    if isinstance(selection, Mapping):
        return all(_item(key, value, event) for key, value in selection.items())
    if isinstance(selection, list):
        return any(holds(part, event) for part in selection)
    return _glob(str(selection), "\x1f".join(event.values()), whole=False, cased=False)


def _item(key: str, value: object, event: Event) -> bool:
    field, *mods = key.split("|")
    values = value if isinstance(value, list) else [value]
    answers = [_value(field, mods, one, event) for one in values]
    return all(answers) if "all" in mods else any(answers)


def _value(field: str, mods: list[str], value: object, event: Event) -> bool:
    if "exists" in mods:
        return (field in event) is value
    if value is None:
        return field not in event
    if not field:
        return _glob(str(value), "\x1f".join(event.values()), whole=False, cased="cased" in mods)
    if field not in event:
        return False
    have = event[field]
    if "re" in mods:
        flags = re.DOTALL | (re.IGNORECASE if "i" in mods else 0) | (re.MULTILINE if "m" in mods else 0)
        return re.search(str(value), have, flags) is not None
    if "cidr" in mods:
        try:
            return ipaddress.ip_address(have) in ipaddress.ip_network(str(value))
        except ValueError:
            return False
    for mod in mods:
        if mod in _ORDER:
            try:
                return _ORDER[mod](Decimal(have), Decimal(str(value)))
            except InvalidOperation:
                return False
    if "fieldref" in mods:
        return str(value) in event and _affix(mods, event[str(value)].lower(), have.lower())
    return any(_text(mods, one, have) for one in _variants(mods, value))


def _variants(mods: list[str], value: object) -> list[str]:
    text = ("true" if value else "false") if isinstance(value, bool) else str(value)
    texts = [text]
    if "windash" in mods:
        pieces = re.split(r"(\B[-/]\b)", text)
        choices = [
            ["-", "/", "\u2013", "\u2014", "\u2015"] if at % 2 else [piece] for at, piece in enumerate(pieces)
        ]
        texts = ["".join(choice) for choice in product(*choices)]
    if "wide" in mods:
        texts = ["".join(c + "\0" for c in one) for one in texts]
    if "base64" in mods:
        texts = [base64.b64encode(one.encode()).decode() for one in texts]
    if "base64offset" in mods:
        texts = [
            base64.b64encode(b" " * at + one.encode())[
                (0, 2, 3)[at] : (None, -3, -2)[(len(one) + at) % 3]
            ].decode()
            for one in texts
            for at in range(3)
        ]
    return texts


def _text(mods: list[str], value: str, have: str) -> bool:
    if "contains" in mods:
        value = f"*{value}*"
    elif "startswith" in mods:
        value = f"{value}*"
    elif "endswith" in mods:
        value = f"*{value}"
    return _glob(value, have, whole=True, cased="cased" in mods)


def _affix(mods: list[str], text: str, have: str) -> bool:
    if "contains" in mods:
        return text in have
    if "startswith" in mods:
        return have.startswith(text)
    return have.endswith(text) if "endswith" in mods else have == text


def _glob(pattern: str, have: str, *, whole: bool, cased: bool) -> bool:
    """Wildcards at the ends only: Unicode lower case; elsewhere: a regular expression that folds ASCII only."""
    if not whole:
        pattern = f"*{pattern.strip('*')}*"
    inner = pattern.strip("*")
    if "*" not in inner and "?" not in inner:
        if not cased:
            inner, have = inner.lower(), have.lower()
        head, tail = pattern.startswith("*"), pattern.endswith("*")
        if head and tail:
            return inner in have
        return have.endswith(inner) if head else have.startswith(inner) if tail else have == inner
    spelled = "".join(".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return re.fullmatch(_ascii_folded(spelled) if not cased else spelled, have, re.DOTALL) is not None


def _ascii_folded(spelled: str) -> str:
    out: list[str] = []
    at = 0
    while at < len(spelled):
        if spelled[at] == "\\":
            out.append(spelled[at : at + 2])
            at += 2
            continue
        c = spelled[at]
        out.append(f"[{c.lower()}{c.upper()}]" if c.isascii() and c.isalpha() else c)
        at += 1
    return "".join(out)
