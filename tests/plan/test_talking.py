"""The second place to talk is another machine than the first."""

from tests.plan.shop_plan import plan


def test_the_places_of_the_example() -> None:
    talking = plan().in_force.talking
    assert (talking.call.host, talking.second.host) == ("meet.shop.example.invalid", "line.example.invalid")
    assert talking.second.outside
