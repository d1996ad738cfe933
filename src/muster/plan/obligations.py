"""Obligations: whom we must tell what by when, under which law or contract (r3 GV.OC-03; SAMM O-IM 2-B).

A row says when it applies, what starts its clock, and when its own text was last compared with the source.
Whether something is "high risk" or "material" is never computed: a person answers, and the answer is a fact.
"""

from datetime import date
from enum import StrEnum

from pydantic import Field

from muster.plan.part import Id, Line, Part


class Standing(StrEnum):
    """Whether the law or contract holds today."""

    IN_FORCE = "in-force"
    FUTURE = "future"
    PROPOSED = "proposed"
    REPEALED = "repealed"


class Unit(StrEnum):
    """In what a deadline is counted. at-once: without undue delay; it has no number."""

    HOURS = "hours"
    CALENDAR_DAYS = "calendar-days"
    BUSINESS_DAYS = "business-days"
    MONTHS = "months"
    AT_ONCE = "at-once"


class Counting(StrEnum):
    """How the count begins: hours elapse in UTC; days by Regulation 1182/71, or with the day of the event."""

    UTC_ELAPSED = "utc-elapsed"
    EU_1182_71 = "eu-1182-71"
    EXCLUDE_FIRST_DAY = "exclude-day-of-event"
    INCLUDE_FIRST_DAY = "include-day-of-event"


class Roll(StrEnum):
    """Where a deadline goes that ends on a day off. Alarms never roll: they take the earliest reading."""

    NONE = "none"
    NEXT_WORKING_DAY = "next-working-day"


class Anchor(StrEnum):
    """What starts a clock: each is recorded as something that happened, with who said so and why."""

    AWARE = "aware"
    DISCOVERED = "discovered"
    DETERMINED = "determined"
    CLASSIFIED = "classified"
    SUBMITTED = "submitted"
    FIXED = "corrective-measure-available"
    PAID = "payment-made"
    AGREED = "contract-defined"


class Wanted(StrEnum):
    """How firmly a piece of content is wanted."""

    REQUIRED = "required"
    WHERE_AVAILABLE = "where-available"
    MAY_FOLLOW = "may-follow"


class Condition(Part):
    """A fact that has one of these answers. An unknown fact makes the row unknown, never not applicable."""

    fact: Id
    one_of: tuple[Line, ...] = Field(min_length=1)


class Applies(Part):
    """When the row applies: every condition of `every`, and one of `any_of` if it names some."""

    every: tuple[Condition, ...] = ()
    any_of: tuple[Condition, ...] = ()

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that decide."""
        return tuple(dict.fromkeys(condition.fact for condition in (*self.every, *self.any_of)))


class Content(Part):
    """One thing that must be said: in the words of the source, by which facts, how firmly."""

    what: Line
    facts: tuple[Id, ...] = Field(min_length=1)
    wanted: Wanted = Wanted.REQUIRED


class Stage(Part):
    """One notice. after: for the anchor `submitted`, the stage whose filing starts the clock."""

    anchor: Anchor
    anchor_means: Line
    quantity: int | None = Field(default=None, ge=1, le=1_000)
    unit: Unit
    counting: Counting = Counting.UTC_ELAPSED
    roll: Roll = Roll.NONE
    zone: Line = "UTC"
    after: Id | None = None
    recipients: tuple[Id, ...] = Field(min_length=1)
    template: Id | None = None
    content: dict[Id, Content] = Field(min_length=1)


class Source(Part):
    """Where the words stand, who compared the row with them and when, and when that is done again."""

    locator: Line
    verified_on: date
    verified_by: Line
    next_review: date


class Obligation(Part):
    """The file obligations/ID.yaml. owner: a role."""

    title: Line
    jurisdiction: Line
    instrument: Line
    provision: Line
    standing: Standing
    effective_from: date
    effective_to: date | None = None
    our_role: Line
    owner: Id
    applies: Applies
    stages: dict[Id, Stage] = Field(min_length=1)
    notes: tuple[Line, ...] = ()
    source: Source
