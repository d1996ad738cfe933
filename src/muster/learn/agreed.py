"""What learning asks of the plan: required fields and the time for a review, as pinned; names of people, as in force."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from muster.access.known import plan_known
from muster.core.labels import Severity
from muster.plan.required import Transition
from muster.record.decision import Known

# LRN-01: days until the review is held, where the plan says nothing.
REVIEW_DAYS: Mapping[Severity, int] = {
    Severity.SEV1: 3,
    Severity.SEV2: 7,
    Severity.SEV3: 14,
    Severity.SEV4: 30,
    Severity.SEV5: 30,
}


@dataclass(frozen=True, slots=True)
class LearningPlan:
    """The parts of a plan that learning works by. people: their names, in lower case."""

    required: Mapping[Transition, tuple[str, ...]] = field(default_factory=dict[Transition, tuple[str, ...]])
    review_days: Mapping[Severity, int] = field(default_factory=lambda: dict(REVIEW_DAYS))
    people: frozenset[str] = frozenset()


def plan_of(known: Known) -> LearningPlan:
    """The parts of the plan that the incident pinned and of the one in force, as far as they are handed in."""
    pinned, in_force = plan_known(known).pinned, plan_known(known).in_force
    people = frozenset[str]()
    if in_force is not None:
        people = frozenset(person.name.casefold() for person in in_force.people.people.values())
    if pinned is None:
        return LearningPlan(people=people)
    days = {
        level: duties.review_within_days
        for level, duties in pinned.severity.levels.items()
        if duties.review_within_days is not None
    }
    return LearningPlan(
        required={step: tuple(fields) for step, fields in pinned.required.required.items()},
        review_days={**REVIEW_DAYS, **days},
        people=people,
    )
