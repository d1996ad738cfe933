"""Hosts of the plan as values for rules."""

import json

from muster.plan.plan_vars import VARS_PATH, plan_vars
from tests.plan.shop_plan import plan


def test_hosts_of_all_of_critical_and_of_each_service() -> None:
    world = plan().in_force
    told = json.loads(plan_vars(world)[VARS_PATH])["vars"]
    portal = world.services["customer-portal"]
    assert told["customer_portal_hosts"] == list(portal.hosts)
    assert set(portal.hosts) <= set(told["service_hosts"])
    assert set(told["critical_hosts"]) < set(told["service_hosts"])


def test_without_hosts_there_is_nothing() -> None:
    world = plan().in_force
    bare = {name: one.model_copy(update={"hosts": ()}) for name, one in world.services.items()}
    assert plan_vars(world.model_copy(update={"services": bare})) == {}
