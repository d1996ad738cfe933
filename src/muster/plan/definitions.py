"""What we call an event, a signal, an incident and so on: criteria with examples (SP 800-61 r2, 2.1; r3 DE.AE-08)."""

from enum import StrEnum

from muster.plan.part import Line, Part


class Term(StrEnum):
    """The six words that a plan must define before anybody argues about them at night."""

    EVENT = "event"
    SIGNAL = "signal"
    INCIDENT = "incident"
    BREACH = "breach"
    VULNERABILITY = "vulnerability"
    CRISIS = "crisis"


class Definition(Part):
    """One word. criteria: each alone is enough. examples are one, counter_examples look like one and are none."""

    means: Line
    criteria: tuple[Line, ...]
    examples: tuple[Line, ...] = ()
    counter_examples: tuple[Line, ...] = ()


class Definitions(Part):
    """The file definitions.yaml."""

    terms: dict[Term, Definition]
