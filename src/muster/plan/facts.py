"""Facts that we ask for in an incident: which, in what words, and which role answers.

Templates, obligations and required fields name facts only from this list, so a text that waits for something
nobody will ever say is found before the night in which it is needed.
"""

from enum import StrEnum

from muster.plan.part import Id, Line, Part


class FactKind(StrEnum):
    """What the answer looks like."""

    TEXT = "text"
    TIME = "time"
    NUMBER = "number"
    YES_NO = "yes-no"
    CHOICE = "choice"


class AskedFact(Part):
    """One question. answered_by: a role. choices: for the kind `choice` only."""

    question: Line
    answered_by: Id
    kind: FactKind = FactKind.TEXT
    choices: tuple[Line, ...] = ()


class Facts(Part):
    """The file facts.yaml."""

    facts: dict[Id, AskedFact]
