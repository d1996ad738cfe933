"""Planned drills: what is rehearsed, with whom, how often, and what it must show (SAMM O-IM 2-B; r3 ID.IM-02)."""

from datetime import date, timedelta

from pydantic import Field

from muster.plan.part import Days, Id, Line, Part, Text


class PlannedDrill(Part):
    """The file drills/ID.yaml. scenario: the name by which `muster drill run` knows it. owner: a role."""

    title: Line
    owner: Id
    scenario: Id
    purpose: Text
    playbooks: tuple[Id, ...] = Field(min_length=1)
    roles: tuple[Id, ...] = Field(min_length=1)
    objectives: dict[Id, Line] = Field(min_length=1)
    every_days: Days = 365
    next_on: date
    last_held: date | None = None

    def overdue(self, today: date) -> bool:
        """Whether the day on which it was to be held has passed."""
        held = self.last_held + timedelta(days=self.every_days) if self.last_held else self.next_on
        return today > max(held, self.next_on)
