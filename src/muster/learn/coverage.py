"""Coverage by technique: what was seen firing in the record, reality and drills apart, beside what rules only claim.

A rule that exists proves nothing; a hit of reality or of a drill does. So a technique counts as seen when a signal was
raised by a rule that names it, and the layer for the ATT&CK Navigator is scored by that alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from muster.detect.rulebook.tags import TACTICS

NO_TACTIC = "no tactic named"


@dataclass(frozen=True, slots=True)
class Firing:
    """Signals of one rule in one lane: whether it is the asking person's own, how many, their matched events, the newest, and the rule's tags by kind."""

    rule: str
    is_own: bool
    signals: int
    events: int
    last_at: str
    techniques: tuple[str, ...]
    tactics: tuple[str, ...]


@dataclass(slots=True)
class Seen:
    """What fired for a technique. rules: those of which signals came."""

    signals: int = 0
    events: int = 0
    last_at: str = ""
    rules: set[str] = field(default_factory=set[str])

    def add(self, one: Firing) -> None:
        """Counts it."""
        self.signals += one.signals
        self.events += one.events
        self.last_at = max(self.last_at, one.last_at)
        self.rules.add(one.rule)


@dataclass(slots=True)
class Covered:
    """One technique under one tactic. loaded: how many rules in force name it. own: the lane of whoever asks, mostly reality."""

    technique: str
    tactic: str
    loaded: int = 0
    own: Seen = field(default_factory=Seen)
    drills: Seen = field(default_factory=Seen)


Named = tuple[Sequence[str], Sequence[str]]
"""The techniques and the tactics that one rule in force names."""


def coverage(firings: Iterable[Firing], rules: Iterable[Named]) -> tuple[Covered, ...]:
    """By tactic in the order of an attack, then by technique. A technique stands under each tactic that its rules name.

    Which technique belongs to which tactic is said by the rules, not looked up.
    """
    found: dict[tuple[str, str], Covered] = {}
    for one in firings:
        for covered in _places(found, one.techniques, one.tactics):
            (covered.own if one.is_own else covered.drills).add(one)
    for techniques, tactics in rules:
        for covered in _places(found, techniques, tactics):
            covered.loaded += 1
    order = {tactic: place for place, tactic in enumerate(TACTICS)}
    return tuple(sorted(found.values(), key=lambda one: (order.get(one.tactic, len(order)), one.technique)))


def _places(
    found: dict[tuple[str, str], Covered], techniques: Sequence[str], tactics: Sequence[str]
) -> Iterable[Covered]:
    return [
        found.setdefault((tactic, technique), Covered(technique, tactic))
        for technique in techniques
        for tactic in (tactics or (NO_TACTIC,))
    ]


def layer(covered: Iterable[Covered], name: str) -> Mapping[str, object]:
    """A layer for the ATT&CK Navigator, layer format 4.5: of each technique how many signals there were in the own lane.

    What fired in other drills only has score 0 and says so; what never fired is left out.
    """
    by_technique: dict[str, Covered] = {}
    for one in covered:
        if one.own.signals or one.drills.signals:
            by_technique.setdefault(one.technique, one)
    techniques = [
        {
            "techniqueID": technique,
            "score": one.own.signals,
            "comment": f"{one.own.signals} signals, {one.drills.signals} in drills.",
            "enabled": True,
            "metadata": [
                {"name": "last", "value": one.own.last_at or "never"},
                {"name": "last in a drill", "value": one.drills.last_at or "never"},
            ],
        }
        for technique, one in sorted(by_technique.items())
    ]
    most = max((one.own.signals for one in by_technique.values()), default=1)
    return {
        "name": name,
        "versions": {"layer": "4.5", "navigator": "5.1.0"},
        "domain": "enterprise-attack",
        "description": "Techniques seen firing in the record, not what rules claim. Score: signals.",
        "techniques": techniques,
        "gradient": {"colors": ["#ffffff", "#1b6ec2"], "minValue": 0, "maxValue": max(most, 1)},
        "legendItems": [],
    }
