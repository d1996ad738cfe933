"""What a rule is told of the plan: nothing, unless the app told it."""

from muster.access.known import PlanKnown, plan_known
from muster.record.decision import NOTHING_KNOWN
from tests.plan.shop_plan import plan


def test_told_nothing_it_knows_neither_half_and_nobody() -> None:
    known = plan_known(NOTHING_KNOWN)
    assert (known.pinned, known.in_force, dict(known.accounts)) == (None, None, {})


def test_told_the_plan_it_knows_both_halves_and_whose_account_is_whose() -> None:
    told = PlanKnown(pinned=plan().pinned, in_force=plan().in_force, accounts={"noor-lindgren": "a" * 32})
    assert plan_known(told) is told
