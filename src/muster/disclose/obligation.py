"""An obligation: a duty to tell somebody by a time, as disclosure needs it from the plan."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from muster.disclose.period import Calendar, Counting, Period, Unit
from muster.plan.severity import YesNo

# Names of facts, anchors, entities, obligations and stages: words of the plan.
PlanWord = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.:-]{0,79}$")]
SUBMITTED = "submitted:"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Condition(_Part):
    """One question about the incident whose answer decides whether the obligation applies."""

    fact: PlanWord
    question: str
    answer: YesNo = YesNo.YES


class Stage(_Part):
    """One thing to be filed: what starts its clock, how long it takes, and what it must say.

    anchor: an event in the record (`aware`), or the filing of an earlier stage (`submitted:early-warning`).
    """

    id: PlanWord
    title: str
    anchor: PlanWord
    quantity: int = Field(ge=0, le=10_000)
    unit: Unit
    counting: Counting = Counting.ELAPSED
    content: tuple[str, ...] = ()

    @property
    def period(self) -> Period:
        """How long it takes, and how that is counted."""
        return Period(self.quantity, self.unit, self.counting)

    @property
    def follows(self) -> str | None:
        """The stage whose filing starts this one's clock."""
        return self.anchor.removeprefix(SUBMITTED) if self.anchor.startswith(SUBMITTED) else None


class Obligation(_Part):
    """A duty of one entity under one provision or contract clause, with its stages in order."""

    id: PlanWord
    title: str
    provision: str
    entity: PlanWord
    recipient: str
    applies: tuple[Condition, ...] = ()
    stages: tuple[Stage, ...] = Field(min_length=1)
    zone: str = "UTC"
    holidays: frozenset[date] = frozenset()
    verified_on: date | None = None
    next_review: date | None = None

    @property
    def calendar(self) -> Calendar:
        """Where its days begin, and the holidays there."""
        return Calendar(self.zone, self.holidays)

    def stage(self, name: str) -> Stage | None:
        """The stage of this id."""
        return next((stage for stage in self.stages if stage.id == name), None)
