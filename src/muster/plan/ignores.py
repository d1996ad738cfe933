"""Ignores: what is kept back of a rule's hits, why, who answers for it, and until when."""

from datetime import date

from pydantic import Field, JsonValue, model_validator

from muster.plan.part import Id, Line, Part, Text

MOST_DAYS = 366
"""An ignore that is good for longer is a change of the rule."""


class Ignore(Part):
    """The file ignores/ID.yaml. rule: the rule's id, or its file in the plan.

    detection: named selections on fields and their condition, as in a Sigma filter: what meets it is kept back.
    Without it every hit is. expires: the last day (UTC) on which it applies.
    """

    rule: Line
    detection: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])
    reason: Text
    owner: Id
    expires: date

    @model_validator(mode="after")
    def _has_condition(self) -> "Ignore":
        if self.detection and "condition" not in self.detection:
            raise ValueError("the detection has no condition")
        return self

    def applies(self, today: date) -> bool:
        """Whether it still holds on this day."""
        return today <= self.expires
