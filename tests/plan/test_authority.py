"""Ask "who may shut it down now?" and get names in order."""

from tests.plan.shop_plan import plan


def test_who_may_shut_down() -> None:
    world = plan().in_force
    deciders = world.authority.who_may("shut-down", world.roles)
    assert [(one.person, one.role) for one in deciders] == [
        ("noor-lindgren", "commander"),
        ("ines-caruso", "commander"),
        ("mika-sandoval", "commander"),
        ("jonas-eklund", "deputy"),
        ("claire-fontaine", "executive"),
    ]


def test_an_unknown_decision_is_nobodys() -> None:
    world = plan().in_force
    assert world.authority.who_may("dance", world.roles) == ()
