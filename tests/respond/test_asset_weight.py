"""A critical service makes the hint of its hosts' hits one step graver; nothing makes it lighter."""

from muster.core.labels import Severity
from muster.detect.rule import Level
from muster.plan.services import Criticality, Service
from muster.respond.asset_weight import critical_hosts, graver_hint

SERVICES = {
    "shop": Service(name="Shop", about="x", criticality=Criticality.CRITICAL, hosts=("Shop-DB1",)),
    "wiki": Service(name="Wiki", about="x", criticality=Criticality.IMPORTANT, hosts=("wiki1",)),
}
CRITICAL = critical_hosts(SERVICES)


def test_a_host_of_a_critical_service_is_one_step_graver() -> None:
    assert {"shop-db1"} == CRITICAL
    hosts = ["wiki1", "SHOP-DB1.corp.example"]
    assert graver_hint(Level.MEDIUM, hosts, CRITICAL) is Severity.SEV2
    assert graver_hint(Level.HIGH, hosts, CRITICAL) is Severity.SEV1
    assert graver_hint(Level.CRITICAL, hosts, CRITICAL) is Severity.SEV1


def test_low_levels_and_other_hosts_stay_as_the_rule_says() -> None:
    assert graver_hint(Level.LOW, ["shop-db1"], CRITICAL) is None
    assert graver_hint(Level.INFORMATIONAL, ["shop-db1"], CRITICAL) is None
    assert graver_hint(Level.HIGH, ["wiki1", "unheard-of"], CRITICAL) is None
    assert graver_hint(Level.HIGH, [], CRITICAL) is None
