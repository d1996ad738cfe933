"""A slow evaluator for the tests: one event, one rule, straight from the words of Sigma's specification.

It knows nothing of the engine and nothing of pySigma: it reads the rule's own mapping and condition, and uses
Python's `re`, `str`, `datetime` and `ipaddress`.
"""

import base64
import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import product

Event = Mapping[str, str]
_ORDER: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
}
_PARTS: Mapping[str, Callable[[datetime], int]] = {
    "minute": lambda t: t.minute,
    "hour": lambda t: t.hour,
    "day": lambda t: t.day,
    "week": lambda t: int(t.strftime("%V")),
    "month": lambda t: t.month,
    "year": lambda t: t.year,
}
_BARE = ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f")
_ZONED = ("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z", "%d/%b/%Y:%H:%M:%S %z")
Values = Mapping[str, Sequence[str]]
"""Placeholder -> what it stands for."""


def rule_holds(detection: Mapping[str, object], event: Event, values: Values | None = None) -> bool:
    """A rule's `detection`: its condition, or any of its conditions, over its named parts."""
    conditions = detection["condition"]
    named = {name: part for name, part in detection.items() if name != "condition"}
    answers: dict[str, bool] = {}

    def ask(name: str) -> bool:
        if name not in answers:
            answers[name] = holds(named[name], event, values)
        return answers[name]

    texts = conditions if isinstance(conditions, list) else [conditions]
    return any(_Reader(text, list(named), ask).whole() for text in texts)


class _Reader:
    """Reads a condition from left to right: or, and, not, parentheses, a name, `1 of`, `any of`, `all of`."""

    def __init__(self, text: str, names: list[str], ask: Callable[[str], bool]) -> None:
        self._words = re.findall(r"[()]|[^\s()]+", text)
        self._names = names
        self._ask = ask

    def whole(self) -> bool:
        answer = self._either()
        assert not self._words
        return answer

    def _next(self, word: str) -> bool:
        if self._words and self._words[0] == word:
            del self._words[0]
            return True
        return False

    def _either(self) -> bool:
        answers = [self._both()]
        while self._next("or"):
            answers.append(self._both())
        return any(answers)

    def _both(self) -> bool:
        answers = [self._one()]
        while self._next("and"):
            answers.append(self._one())
        return all(answers)

    def _one(self) -> bool:
        if self._next("not"):
            return not self._one()
        if self._next("("):
            answer = self._either()
            assert self._next(")")
            return answer
        word = self._words.pop(0)
        if word in ("1", "any", "all") and self._next("of"):
            pattern = self._words.pop(0)
            wanted = "[^_].*" if pattern == "them" else re.escape(pattern).replace(r"\*", ".*")
            answers = [self._ask(name) for name in self._names if re.fullmatch(wanted, name)]
            return all(answers) if word == "all" else any(answers)
        return self._ask(word)


def holds(selection: object, event: Event, values: Values | None = None) -> bool:
    """A selection: a mapping (all items), a list (any item), or a keyword."""
    if isinstance(selection, Mapping):
        return all(_item(key, value, event, values or {}) for key, value in selection.items())
    if isinstance(selection, list):
        return any(holds(part, event, values) for part in selection)
    return _keyword([], selection, event, {})


def _item(key: str, value: object, event: Event, values: Values) -> bool:
    field, *mods = key.split("|")
    listed = value if isinstance(value, list) else [value]
    answers = [_value(field, mods, one, event, values) for one in listed] or [field not in event]
    answer = all(answers) if "all" in mods else any(answers)
    return not answer if "neq" in mods else answer


def _value(field: str, mods: list[str], value: object, event: Event, values: Values) -> bool:
    if "exists" in mods:
        return (field in event) is value
    if value is None:
        return field not in event
    if not field:
        return _keyword(mods, value, event, values)
    if field not in event:
        return False
    have = event[field]
    if "re" in mods:
        return any(_found(mods, pattern, have) for pattern in _expanded(mods, str(value), values))
    if "cidr" in mods:
        try:
            return ipaddress.ip_address(have) in ipaddress.ip_network(str(value))
        except ValueError:
            return False
    if any(mod in _PARTS or mod in _ORDER for mod in mods):
        return _compared(mods, value, have)
    if "fieldref" in mods:
        other = event.get(str(value))
        return other is not None and _affix(mods, folded(other), folded(have))
    return any(_text(mods, one, have) for one in variants(mods, value, values))


def _compared(mods: list[str], value: object, have: str) -> bool:
    timed = [mod for mod in mods if mod in _PARTS]
    if timed:
        at = _time(have)
        if at is None:
            return False
        have = str(_PARTS[timed[0]](at))
    ordered = [mod for mod in mods if mod in _ORDER]
    if not have.isascii():  # digits of other scripts spell no number here
        return False
    try:
        mine, theirs = Decimal(have), Decimal(str(value))
        return _ORDER[ordered[0]](mine, theirs) if ordered else mine == theirs
    except InvalidOperation:
        return False


def _keyword(mods: list[str], value: object, event: Event, values: Values) -> bool:
    everything = "\x1f".join(event.values())
    if "re" in mods:
        return any(_found(mods, pattern, everything) for pattern in _expanded(mods, str(value), values))
    return any(
        _glob([MANY, *one, MANY], everything, cased="cased" in mods) for one in variants(mods, value, values)
    )


def _found(mods: list[str], pattern: str, have: str) -> bool:
    flags = re.DOTALL | (re.IGNORECASE if "i" in mods else 0) | (re.MULTILINE if "m" in mods else 0)
    if "startswith" in mods:
        return re.match(pattern, have, flags) is not None
    if "endswith" in mods:
        return any(re.compile(pattern, flags).fullmatch(have, at) for at in range(len(have) + 1))
    return re.search(pattern, have, flags) is not None


def _time(text: str) -> datetime | None:
    if text.isascii() and text.isdigit() and 9 <= len(text) <= 13:
        return datetime.fromtimestamp(int(text) / (1 if len(text) < 12 else 1000), UTC)
    for form in _BARE:
        with suppress(ValueError):
            return datetime.strptime(text, form).replace(tzinfo=UTC)
    for form in _ZONED:
        with suppress(ValueError):
            return datetime.strptime(text, form).astimezone(UTC)
    return None


MANY, ONE = object(), object()
"""Wildcards in a value that was read."""


def pieces(text: str) -> list[object]:
    """A value as its characters and wildcards (Sigma specification, "Escaping")."""
    found: list[object] = []
    for token in re.findall(r"\\[*?\\]|.", text, re.DOTALL):
        if token == "*":
            found.append(MANY)
        elif token == "?":
            found.append(ONE)
        else:
            found.append(token[-1])
    return found


def variants(mods: list[str], value: object, values: Values | None = None) -> list[list[object]]:
    """What a value stands for after its modifiers, before its affixes: each as characters and wildcards."""
    text = ("true" if value else "false") if isinstance(value, bool) else str(value)
    found = [pieces(one) for one in _expanded(mods, text, values or {})]
    if "windash" in mods:
        found = [one for each in found for one in _dashed(each)]
    for mod, encoding, mark in (
        ("wide", "utf-16-le", b""), ("utf16le", "utf-16-le", b""), ("utf16be", "utf-16-be", b""),
        ("utf16", "utf-16-le", b"\xff\xfe"),
    ):  # fmt: skip
        if mod in mods:
            found = [[*mark.decode("latin-1"), *_each(one, encoding)] for one in found]
    encoded = bool({"wide", "utf16le", "utf16be", "utf16"} & set(mods))
    if "base64" in mods or "base64offset" in mods:
        datas = ["".join(map(str, one)).encode("latin-1" if encoded else "utf-8") for one in found]
        if "base64" in mods:
            return [list(base64.b64encode(data).decode()) for data in datas]
        return [list(_shifted(data, at)) for data in datas for at in range(3)]
    return found


def _each(one: list[object], encoding: str) -> list[object]:
    out: list[object] = []
    for c in one:
        out += list(c.encode(encoding).decode("latin-1")) if isinstance(c, str) else [c]
    return out


def _shifted(data: bytes, at: int) -> str:
    """The characters of the base64 of `data` at an offset that do not depend on the bytes before and after."""
    after = -(at + len(data)) % 3
    zeros, ones = (base64.b64encode(fill * at + data + fill * after).decode() for fill in (b"\x00", b"\xff"))
    return "".join(a for a, b in zip(zeros, ones, strict=True) if a == b)


def _dashed(one: list[object]) -> list[list[object]]:
    plain = "".join(c if isinstance(c, str) else "\n" for c in one)  # a wildcard is no word character
    places = [found.start() for found in re.finditer(r"\B[-/]\b", plain)]
    out: list[list[object]] = []
    for dashes in product("-/\u2013\u2014\u2015", repeat=len(places)):
        copy = list(one)
        for place, dash in zip(places, dashes, strict=True):
            copy[place] = dash
        out.append(copy)
    return out


def _expanded(mods: list[str], text: str, values: Values) -> list[str]:
    if "expand" not in mods:
        return [text]
    texts = [text]
    for name, stands in values.items():
        texts = [one.replace(f"%{name}%", other) for one in texts for other in stands]
    return list(dict.fromkeys(texts))


def _text(mods: list[str], value: list[object], have: str) -> bool:
    head = [MANY] if {"contains", "endswith"} & set(mods) else []
    tail = [MANY] if {"contains", "startswith"} & set(mods) else []
    return _glob([*head, *value, *tail], have, cased="cased" in mods)


def _affix(mods: list[str], text: str, have: str) -> bool:
    if "contains" in mods:
        return text in have
    if "startswith" in mods:
        return have.startswith(text)
    return have.endswith(text) if "endswith" in mods else have == text


def _glob(pattern: list[object], have: str, *, cased: bool) -> bool:
    spelled = "".join(
        ".*" if c is MANY else "." if c is ONE else re.escape(str(c) if cased else folded(str(c)))
        for c in pattern
    )
    spelled = re.sub(r"(\.\*)+", ".*", spelled) if r"\." not in spelled else spelled
    return re.fullmatch(spelled, have if cased else folded(have), re.DOTALL) is not None


@cache
def folded(text: str) -> str:
    """Unicode's simple case folding, letter by letter: `C` and `S` of CaseFolding.txt."""
    out: list[str] = []
    for c in text:
        full, low = c.casefold(), c.lower()
        out.append(full if len(full) == 1 else low if len(low) == 1 else c)
    return "".join(out)
