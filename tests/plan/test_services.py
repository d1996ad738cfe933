"""Where else is it, and whose is this machine?"""

import pytest

from muster.plan.services import service_of_host, where_used
from tests.plan.shop_plan import plan


@pytest.mark.parametrize(
    ("asked", "services"),
    [
        ("struts", ["customer-portal"]),
        ("Windows Server", ["build-pipeline", "customer-portal", "order-database"]),
        ("pkg:maven/org.keycloak", ["identity-provider"]),
        ("log4j", []),
        (" ", []),
    ],
)
def test_where_else_a_component_runs(asked: str, services: list[str]) -> None:
    uses = where_used(plan().in_force.services, asked)
    assert [use.service for use in uses] == services
    assert all(use.owner for use in uses)


def test_a_machine_belongs_to_a_service() -> None:
    services = plan().in_force.services
    assert service_of_host(services, "portal-01.shop.example.invalid") == "customer-portal"
    assert service_of_host(services, "ORDERDB-01") == "order-database"
    assert service_of_host(services, "elsewhere") is None
