"""What a transition asks for."""

from muster.plan.builtin import CLOSING_FIELDS
from muster.plan.required import Transition
from tests.plan.shop_plan import plan


def test_closing_asks_for_at_least_what_the_built_in_plan_asks() -> None:
    required = plan().pinned.required
    closing = {field.replace("-", "_") for field in required.fields(Transition.CLOSED)}
    assert set(CLOSING_FIELDS) <= closing
    assert required.fields(Transition.ACTIVE) == ("commander", "severity")
