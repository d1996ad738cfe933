"""What must be there before an incident moves on: the states are fixed in code, the plan says only the fields."""

from enum import StrEnum

from muster.plan.part import Id, Part


class Transition(StrEnum):
    """The states that an incident moves into."""

    ACTIVE = "active"
    RECOVERING = "recovering"
    WATCHING = "watching"
    REVIEW = "review"
    CLOSED = "closed"
    STOOD_DOWN = "stood-down"


class OwnField(StrEnum):
    """Fields that every incident has by itself; any other field is a fact of facts.yaml."""

    SUMMARY = "summary"
    HOW_LEARNED = "how-learned"
    SEVERITY = "severity"
    COMMANDER = "commander"
    CONTAINED = "contained"
    ERADICATED = "eradicated"
    REVIEW = "review"
    CAUSES = "causes"
    LESSONS = "lessons"
    EVIDENCE = "evidence"
    REASON = "reason"


class Required(Part):
    """The file required.yaml: for each step its fields, and the role that fills each."""

    required: dict[Transition, dict[Id, Id]]

    def fields(self, step: Transition) -> tuple[str, ...]:
        """What the step asks for, in the order of the plan."""
        return tuple(self.required.get(step, {}))
