"""The logic of a rule after pySigma: terms (a field and a test) joined by all, any and not.

A term on an absent field is false, so its negation is true. Everything is hashable: equal terms of many rules
are evaluated once.
"""

import dataclasses
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from ipaddress import IPv4Network, IPv6Network

ANYWHERE = "muster.text"
"""The field that stands for the whole event: all its values, joined by U+001F. Keywords are tested on it."""


class Anchor(Enum):
    """Where in the value a text must stand."""

    __hash__ = object.__hash__

    WHOLE = auto()
    START = auto()
    END = auto()
    INSIDE = auto()


class Gap(Enum):
    """A wildcard: any run of characters, or exactly one."""

    MANY = auto()
    ONE = auto()


class Part(Enum):
    """A part of a time (Sigma specification 2.1.0, "Time modifiers")."""

    MINUTE = auto()
    HOUR = auto()
    DAY = auto()
    WEEK = auto()
    MONTH = auto()
    YEAR = auto()


class Order(Enum):
    """A numeric comparison."""

    __hash__ = object.__hash__

    LESS = auto()
    AT_MOST = auto()
    MORE = auto()
    AT_LEAST = auto()


@dataclass(frozen=True, slots=True)
class Text:
    """The value equals, starts with, ends with or contains the text; unless `cased`, folded (see `folding`)."""

    text: str
    anchor: Anchor
    cased: bool = False


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A pattern with wildcards in its middle; unless `cased`, folded (see `folding`).

    whole: the pattern covers the value; otherwise it stands somewhere in it (keywords).
    """

    parts: tuple[str | Gap, ...]
    whole: bool
    cased: bool = False


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression found anywhere in the value; the dot matches a newline."""

    pattern: str
    ignore_case: bool = False
    multiline: bool = False


@dataclass(frozen=True, slots=True)
class InNetwork:
    """The value is an address of the network; text that is no address is not."""

    network: IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Compare:
    """The value is a decimal number that compares so; other text does not."""

    order: Order
    number: Decimal


@dataclass(frozen=True, slots=True)
class TimePart:
    """The value is a time (see `moments`) of which a part equals the number, or compares so; other text does not."""

    part: Part
    number: int
    order: Order | None = None


@dataclass(frozen=True, slots=True)
class Present:
    """The event has the field, be its value empty."""


@dataclass(frozen=True, slots=True)
class SameAs:
    """The value has the value of another field as its whole, start, end or part; folded (see `folding`)."""

    field: str
    anchor: Anchor


Test = Text | Wildcard | Regex | InNetwork | Compare | TimePart | Present | SameAs


@dataclass(frozen=True, slots=True)
class Term:
    """A test on one field; the field's name is compared exactly."""

    field: str
    test: Test
    _hash: int = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.field, self.test)))

    def __hash__(self) -> int:  # a term is looked up many times while rules are compiled
        return self._hash


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    part: "Condition"


Condition = Term | AllOf | AnyOf | Not


def terms(condition: Condition) -> list[Term]:
    """All terms of a condition, with repeats, from left to right."""
    found: list[Term] = []
    waiting: list[Condition] = [condition]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Term):
            found.append(part)
        elif isinstance(part, Not):
            waiting.append(part.part)
        else:
            waiting.extend(reversed(part.parts))
    return found
