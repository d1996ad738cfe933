"""What learning takes from the plan, and what holds without one."""

from muster.core.labels import Severity
from muster.learn.agreed import REVIEW_DAYS, LearningPlan, plan_of
from muster.plan.required import Transition
from muster.record.decision import NOTHING_KNOWN
from tests.learn.scene import plan


def test_without_a_plan_the_defaults_hold() -> None:
    found = plan_of(NOTHING_KNOWN)
    assert found == LearningPlan()
    assert (found.required, found.people) == ({}, frozenset())
    assert [found.review_days[level] for level in Severity] == list(REVIEW_DAYS.values())


def test_the_plans_own_fields_and_days() -> None:
    found = plan_of(plan({"closed": {"summary": "scribe", "causes": "commander"}}))
    assert found.required == {Transition.CLOSED: ("summary", "causes")}
    assert found.review_days[Severity.SEV1] == 3
    assert found.review_days[Severity.SEV3] == REVIEW_DAYS[Severity.SEV3]
