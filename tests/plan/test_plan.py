"""Two halves: an incident keeps what was agreed, and always takes the world as it is."""

from muster.plan.layout import PLACES
from muster.plan.plan import Half, InForce, Pinned
from tests.plan.shop_plan import plan


def test_the_halves_are_those_of_the_design() -> None:
    assert set(Pinned.model_fields) == {
        "policy", "definitions", "severity", "facts", "required", "playbooks", "obligations", "templates",
    }  # fmt: skip
    assert set(InForce.model_fields) >= {
        "people", "contacts", "roles", "calling", "talking", "authority", "services", "drills",
    }  # fmt: skip
    for place in PLACES:
        half = Pinned if place.half is Half.PINNED else InForce
        assert place.field in half.model_fields


def test_nobody_real_can_be_called_under_the_example() -> None:
    assert not plan().in_force.reaches_somebody
    assert len(plan().in_force.channels) > 30
