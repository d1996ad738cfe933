"""Rules drawn at random from the whole of Sigma, and events made for them: matching, nearly matching, and absent."""

import base64
import ipaddress
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.detect.oracle import MANY, ONE, variants

FIELDS = ("F", "G", "H")
PLACEHOLDERS: Mapping[str, list[str]] = {"admins": ["root", "Adm*"], "one": ["x-1"]}
WORDS = (
    "", "a", "AB", "abc", "b", "Ä", "ß", "k", "\u212a", "σας", "ΣΑΣ", "a?c", "a*c", "?b*", "A?b", "*b*c", "x*x", "€?€", "foo.bar",
    "-a", "/a", "x -a /b", "C:\\Windows\\*", "a\\*b", "a\\?b", "a\\\\b", "\\\\srv\\c$", "50%", "(x)[y]", "İx", "\u017ft", "1", "a\nb",
)  # fmt: skip
PLAIN = ("a", "AB", "abc", "Ä", "-a", "/x -b", "net.exe", "foo bar", "€", "a\\*b")
PATTERNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("a", ("a", "xax", "A")), ("^a", ("ab", "ba", "x\na")), ("b$", ("ab", "b\nx", "ba")), (r"a.b", ("a\nb", "axb", "ab")),
    (r"\d{2,}", ("x12", "1")), (r"[^a]b", ("cb", "ab")), ("a|x", ("x", "b")), (r"a{,2}b$", ("aab", "c")), (r"c\Z", ("abc", "c\n")),
    ("Ä", ("Ä", "ä")), (r"^$", ("", "x")), (r"a\\b", ("a\\b", "ab")), ("(?i)AB", ("xab", "x")), (r"(foo|bar)\.exe", ("FOO.exe", "foo.exe", "bar exe")),
    (r"\bab\b", ("x ab.", "xab")), (r"^(?=.*a)(?=.*b)c", ("cab", "cba", "ca", "acb")), (r"^(?!.*x)ab", ("ab", "abx", "xab")),
)  # fmt: skip
TIMES = (
    "2026-11-24", "2026-11-24T02:10:00Z", "2026-12-31 23:59:59", "2027-01-03T00:00:00+02:00", "24/Nov/2026:02:10:00 +0100",
    "1764000000", "1764000000123", "2026-13-01", "soon", "7",
)  # fmt: skip
PARTS = (
    ("minute", 10),
    ("hour", 2),
    ("day", 24),
    ("week", 48),
    ("month", 11),
    ("year", 2026),
    ("hour", 0),
    ("week", 53),
)
NETWORKS = ("10.0.0.0/24", "0.0.0.0/0", "192.168.1.7/32", "fe80::/10", "::/0", "2001:db8::/64")
ADDRESSES = (
    "10.0.0.1",
    "10.0.1.1",
    "192.168.1.7",
    "fe80::1",
    "2001:db8::1",
    "::1",
    "300.1.1.1",
    "10.0.0.1/24",
    "",
)
NUMBERS = ("7", "7.5", "-3", "6.999", "0x7", "nan", "1e1", "7 ", "\u0667", "")


@dataclass
class Drawn:
    """A rule's detection, and for each field texts that are near what it asks for."""

    detection: dict[str, object]
    near: dict[str, list[str]] = field(default_factory=lambda: {name: list[str]() for name in FIELDS})
    words: list[str] = field(default_factory=list[str])


class Chance:
    """Draws rules and events from one seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def rule(self) -> Drawn:
        drawn = Drawn({})
        for name in self._random.sample(
            ("sel_a", "sel_b", "filter", "_hidden", "x1"), self._random.randint(1, 3)
        ):
            drawn.detection[name] = self._selection(drawn)
        drawn.detection["condition"] = self._conditions(list(drawn.detection))
        return drawn

    def events(self, drawn: Drawn, count: int) -> list[dict[str, str]]:
        return [self._event(drawn) for _ in range(count)]

    def _conditions(self, names: list[str]) -> object:
        if self._random.random() < 0.15:
            return [self._condition(names, 2), self._condition(names, 1)]
        return self._condition(names, 3)

    def _condition(self, names: list[str], depth: int) -> str:
        kind = self._random.random()
        if depth == 0 or kind < 0.35:
            return self._random.choice(names)
        if kind < 0.5:
            shown = [name for name in names if not name.startswith("_")]
            groups = ["them"] if shown else []
            groups += [f"{name[:3]}*" for name in names]
            return f"{self._random.choice(['1', 'all', 'any'])} of {self._random.choice(groups)}"
        if kind < 0.65:
            return f"not {self._condition(names, 0)}"
        one, other = self._condition(names, depth - 1), self._condition(names, depth - 1)
        joined = f"{one} {self._random.choice(['and', 'or'])} {other}"
        return f"({joined})" if self._random.random() < 0.7 else joined

    def _selection(self, drawn: Drawn) -> object:
        kind = self._random.random()
        if kind < 0.12:
            words = [self._random.choice(PLAIN) for _ in range(self._random.randint(1, 3))]
            drawn.words += words
            return [*words, 7] if self._random.random() < 0.2 else words
        if kind < 0.3:
            return [self._mapping(drawn) for _ in range(self._random.randint(2, 3))]
        return self._mapping(drawn)

    def _mapping(self, drawn: Drawn) -> dict[str, object]:
        items: dict[str, object] = {}
        for _ in range(self._random.randint(1, 3)):
            key, value = self._item(drawn)
            items[key] = value
        return items

    def _item(self, drawn: Drawn) -> tuple[str, object]:
        name = self._random.choice(FIELDS)
        kinds: tuple[Callable[[str, Drawn], tuple[str, object]], ...] = (
            self._text, self._text, self._text, self._encoded, self._expression, self._number, self._part,
            self._network, self._presence, self._reference, self._expanded, self._keyword,
        )  # fmt: skip
        key, value = self._random.choice(kinds)(name, drawn)
        if key.startswith(name) and "exists" not in key and self._random.random() < 0.12:
            key += "|neq"
        return key, value

    def _values(self, words: tuple[str, ...]) -> tuple[str, object]:
        if self._random.random() < 0.5:
            return "", self._random.choice(words)
        values: list[object] = [self._random.choice(words) for _ in range(self._random.randint(1, 3))]
        if self._random.random() < 0.1:
            values.append(self._random.choice([None, 7, True]))
            return "", values
        return self._random.choice(["", "|all"]), values

    def _text(self, name: str, drawn: Drawn) -> tuple[str, object]:
        mods = self._random.choice(["", "|contains", "|startswith", "|endswith"])
        every, value = self._values(WORDS)
        values = value if isinstance(value, list) else [value]
        if mods and any(not isinstance(one, str) for one in values):
            mods = ""
        if self._random.random() < 0.2 and all(isinstance(one, str) for one in values):
            mods += "|cased"
        self._remember(drawn, name, mods.split("|"), values)
        return name + mods + every, value

    def _encoded(self, name: str, drawn: Drawn) -> tuple[str, object]:
        mods = self._random.choice([
            "|windash|contains", "|windash", "|base64|contains", "|base64offset|contains", "|wide|contains", "|utf16le|base64offset|contains",
            "|utf16be|base64offset|contains", "|utf16|base64|contains", "|wide|base64offset|contains", "|utf16be", "|utf16|startswith", "|windash|base64offset|contains",
        ])  # fmt: skip
        every, value = self._values(PLAIN)
        values = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
        self._remember(drawn, name, mods.split("|"), list(values))
        return name + mods + every, values

    def _remember(self, drawn: Drawn, name: str, mods: list[str], values: list[object]) -> None:
        for value in values:
            for one in self._random.sample(found := variants(mods, value), min(3, len(found))):
                text = "".join(
                    self._random.choice(["", "x", "\\ä\n"]) if c is MANY else self._random.choice("xÄ€\n") if c is ONE else str(c)
                    for c in one
                )  # fmt: skip
                drawn.near[name] += [
                    text,
                    text.swapcase(),
                    f"<{text}",
                    f"{text}>",
                    f"<{text}>",
                    text[:-1],
                    text + text,
                ]
            if "base64" in "".join(mods) and isinstance(value, str):
                drawn.near[name].append(base64.b64encode(f"x{value}".encode()).decode())

    def _expression(self, name: str, drawn: Drawn) -> tuple[str, object]:
        pattern, texts = self._random.choice(PATTERNS)
        drawn.near[name] += texts
        mods = self._random.choice(["", "|i", "|m", "|s", "|i|m", "|startswith", "|endswith", "|contains"])
        if "(?" in pattern and mods not in ("", "|s"):
            mods = ""
        return f"{name}|re{mods}", pattern

    def _number(self, name: str, drawn: Drawn) -> tuple[str, object]:
        drawn.near[name] += NUMBERS
        key = name + self._random.choice(["|lt", "|lte", "|gt", "|gte", ""])
        return key, self._random.choice([7, 7.5, -3, [7, 10]])

    def _part(self, name: str, drawn: Drawn) -> tuple[str, object]:
        drawn.near[name] += TIMES
        part, number = self._random.choice(PARTS)
        return f"{name}|{part}{self._random.choice(['', '', '|lt', '|gte'])}", number

    def _network(self, name: str, drawn: Drawn) -> tuple[str, object]:
        drawn.near[name] += ADDRESSES
        networks = self._random.sample(NETWORKS, 2)
        network = ipaddress.ip_network(networks[0])
        drawn.near[name] += [str(network[0]), str(network[-1])]
        return f"{name}|cidr", networks

    def _presence(self, name: str, drawn: Drawn) -> tuple[str, object]:
        return self._random.choice(
            [(f"{name}|exists", True), (f"{name}|exists", False), (name, None), (name, ""), (name, [])]
        )

    def _reference(self, name: str, drawn: Drawn) -> tuple[str, object]:
        other = self._random.choice([one for one in FIELDS if one != name])
        text = self._random.choice(["Ab", "Σς", ""])
        drawn.near[name] += [text, f"{text}x", f"x{text}"]
        drawn.near[other] += [text, text.swapcase()]
        return f"{name}|fieldref{self._random.choice(['', '|contains', '|startswith', '|endswith'])}", other

    def _expanded(self, name: str, drawn: Drawn) -> tuple[str, object]:
        mods, value = self._random.choice([
            ("|expand", "%admins%"), ("|expand|contains", "<%admins%|%one%>"), ("|contains|expand", "%one%"), ("|re|expand", "^%one%$"),
        ])  # fmt: skip
        drawn.near[name] += [
            "root",
            "ROOT",
            "Admin",
            "adm",
            "x-1",
            "<root|x-1>",
            "<ADMx|x-1>",
            "a x-1 b",
            "%one%",
        ]
        return name + mods, value

    def _keyword(self, name: str, drawn: Drawn) -> tuple[str, object]:
        words = [self._random.choice(PLAIN) for _ in range(2)]
        drawn.words += words
        return self._random.choice(
            [("|all", words), ("|contains", words), ("|cased", words), ("|re", r"a.b|\d{2,}")]
        )

    def _event(self, drawn: Drawn) -> dict[str, str]:
        event: dict[str, str] = {}
        for name in FIELDS:
            if self._random.random() < 0.25:
                continue
            near = drawn.near[name]
            event[name] = self._random.choice(near if near and self._random.random() < 0.85 else WORDS)
        if drawn.words and self._random.random() < 0.7:
            event["other"] = " ".join(self._random.sample(drawn.words, min(2, len(drawn.words))))
        return event
