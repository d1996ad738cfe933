"""Holders of a role: the primary first, each once; an unknown role has none."""

from muster.plan.roles import RoleHolders
from tests.plan.shop_plan import plan


def test_holders_in_order() -> None:
    role = RoleHolders(title="A", duties=("b",), primary="ada", deputies=("bo", "ada"))
    assert role.holders == ("ada", "bo")
    roles = plan().in_force.roles
    assert roles.holders("commander") == ("noor-lindgren", "ines-caruso", "mika-sandoval")
    assert roles.holders("nobody") == ()
