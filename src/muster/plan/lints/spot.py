"""What a linter rule says: where, what is wrong, the mend; and what a rule is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from muster.plan.finding import Weight
from muster.plan.plan import Plan
from muster.plan.yaml_text import KeyPath


@dataclass(frozen=True, slots=True)
class Asked:
    """What rules may know: the plan, and the time as an argument."""

    plan: Plan
    now: datetime

    @property
    def today(self) -> date:
        """The day of `now` in UTC."""
        return self.now.date()


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the plan by file and key path. below: lines further down, inside a text."""

    file: str
    path: KeyPath
    what: str
    mend: str
    below: int = field(default=0)


@dataclass(frozen=True, slots=True)
class LintRule:
    """One rule: its id, the requirement that asks for it, how it looks, and how much it weighs."""

    id: str
    clause: str
    look: Callable[[Asked], Iterator[Spot]]
    weight: Weight = Weight.PROBLEM


def days(number: int) -> str:
    """`1 day`, `12 days`."""
    return "1 day" if number == 1 else f"{number} days"
