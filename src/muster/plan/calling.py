"""Who is called when: the rota, and paths that never end in silence.

Unacknowledged after some minutes, the next is called (SP 800-61 r2, 3.2.7; SAMM O-IM 3-A).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from pydantic import AwareDatetime, Field

from muster.plan.part import Days, Id, Minutes, Part
from muster.plan.roles import Roles

AGAIN: Final = "again"


class Occasion(StrEnum):
    """What somebody is called for."""

    SIGNAL = "signal"
    DECLARED = "declared"
    ROLE_OFFERED = "role-offered"
    DECISION_ASKED = "decision-asked"
    NO_COMMANDER = "no-commander"
    CLOCK_OVERDUE = "clock-overdue"


class Whom(StrEnum):
    """Which holder of a role is called: who is on call (else the primary), or all of them one after another."""

    ON_CALL = "on-call"
    EVERYBODY = "everybody"


class Rota(Part):
    """Whose turn it is: from `since` on, each in `order` for `every_days`, over and over."""

    since: AwareDatetime
    every_days: Days = 7
    order: tuple[Id, ...] = Field(min_length=1)

    def on_call(self, now: datetime) -> str:
        """Whose turn it is at an aware instant."""
        turns = (now.astimezone(UTC) - self.since) // timedelta(days=self.every_days)
        return self.order[turns % len(self.order)]


class CallStep(Part):
    """One step of a path: which role, which of its holders, and how long to wait for an answer."""

    call: Id
    whom: Whom = Whom.ON_CALL
    wait_minutes: Minutes | None = None


class CallPath(Part):
    """Steps in order. then: `again` from the first step, or the id of the path that follows."""

    steps: tuple[CallStep, ...]
    then: Id | None = None


class Call(Part):
    """One person to be called, as which role, and after how many minutes of silence the next one follows."""

    person: str
    role: str
    wait_minutes: int


class Calling(Part):
    """The file calling.yaml."""

    unacknowledged_after_minutes: Minutes = 20
    rota: dict[Id, Rota] = Field(default_factory=dict[str, Rota])
    paths: dict[Id, CallPath]
    occasions: dict[Occasion, Id]

    def on_call(self, roles: Roles, role: str, now: datetime) -> str | None:
        """Who answers for a role now: by the rota if there is one, else the primary."""
        rota = self.rota.get(role)
        holders = roles.holders(role)
        turn = rota.on_call(now) if rota else None
        return turn or (holders[0] if holders else None)

    def calls(self, roles: Roles, occasion: Occasion, now: datetime) -> tuple[Call, ...]:
        """Everybody who is called for an occasion, in order, each once; after the last it begins again."""
        found: dict[str, Call] = {}
        for step in self._steps(self.occasions.get(occasion)):
            wait = step.wait_minutes or self.unacknowledged_after_minutes
            for person in self._people(roles, step, now):
                found.setdefault(person, Call(person=person, role=step.call, wait_minutes=wait))
        return tuple(found.values())

    def _steps(self, first: str | None) -> Iterator[CallStep]:
        seen: set[str] = set()
        name = first
        while name is not None and name not in seen and (path := self.paths.get(name)):
            seen.add(name)
            yield from path.steps
            name = path.then

    def _people(self, roles: Roles, step: CallStep, now: datetime) -> Iterator[str]:
        answers = self.on_call(roles, step.call, now)
        if answers:
            yield answers
        if step.whom is Whom.EVERYBODY:
            yield from roles.holders(step.call)
