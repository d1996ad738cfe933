"""Services come back in the order of what they need; another order needs a reason, a circle is named."""

import pytest

from muster.core.errors import BadInput, Refused
from muster.respond.ground import Told
from muster.respond.milestones import Claimed, ClaimMilestone
from muster.respond.outages import OUTAGES, LoseService, Outages, RestoreService, ServiceLost, next_back
from tests.access.world import ANA, entry, erased
from tests.plan.shop_plan import plan
from tests.respond.work_scene import WorkScene


@pytest.fixture
def scene() -> WorkScene:
    return WorkScene(planned=True)


def lost(scene: WorkScene, incident: str, *names: str) -> None:
    for name in names:
        scene.do(LoseService(incident=incident, service=name), ANA)


def test_losing_one_names_what_falls_with_it(scene: WorkScene) -> None:
    incident = scene.declared()
    answer = scene.answer(LoseService(incident=incident, service="order-database"))
    assert answer == {"service": "order-database", "dependents": ["customer-portal"]}
    with pytest.raises(Refused, match="lost already"):
        lost(scene, incident, "order-database")
    with pytest.raises(BadInput, match="no such service"):
        lost(scene, incident, "coffee-machine")


def test_the_order_follows_what_they_need(scene: WorkScene) -> None:
    incident = scene.declared()
    lost(scene, incident, "customer-portal", "mail", "identity-provider", "order-database")
    back: list[str] = []
    while scene.state(incident).slice(OUTAGES).lost:
        first = next_back(scene.state(incident), scene.told(incident))[0]
        scene.do(RestoreService(incident=incident, service=first), ANA)
        back.append(first)
    assert back == ["identity-provider", "order-database", "customer-portal", "mail"]
    assert next_back(scene.state(incident), scene.told(incident)) == ()


def test_another_order_needs_its_reason_and_is_marked(scene: WorkScene) -> None:
    incident = scene.declared()
    lost(scene, incident, "customer-portal", "order-database")
    early = RestoreService(incident=incident, service="customer-portal")
    with pytest.raises(Refused, match="It needs order-database, which is not back"):
        scene.do(early, ANA)
    answer = scene.answer(early.model_copy(update={"reason": "Customers can at least read"}))
    assert answer["early"] is True
    assert scene.kinds(incident)[-2:] == ["service.restored", "reason.given"]
    assert list(scene.state(incident).slice(OUTAGES).lost) == ["order-database"]


def test_what_was_restored_may_be_lost_again(scene: WorkScene) -> None:
    incident = scene.declared()
    lost(scene, incident, "mail")
    scene.wait(30)
    restore = RestoreService(incident=incident, service="mail", happened_at="2026-11-24T02:30Z")
    scene.do(restore, ANA)
    assert scene.state(incident).slice(OUTAGES) == Outages(restored={"mail": "2026-11-24T02:30:00.000000Z"})
    with pytest.raises(Refused, match="not noted as lost"):
        scene.do(restore, ANA)
    lost(scene, incident, "mail")
    assert scene.state(incident).slice(OUTAGES).restored == {}
    with pytest.raises(BadInput, match="not lost yet then"):
        scene.do(restore, ANA)


def test_a_copy_from_after_the_attacker_came_is_warned_of(scene: WorkScene) -> None:
    incident = scene.declared()
    started = ClaimMilestone(incident=incident, milestone=Claimed.STARTED, happened_at="2026-11-20T00:00Z")
    scene.do(started, ANA)
    lost(scene, incident, "mail", "order-database")
    after = RestoreService(incident=incident, service="mail", backup_taken="2026-11-23T00:00Z")
    assert "after the attacker came" in scene.answer(after)["warnings"][0]
    before = RestoreService(incident=incident, service="order-database", backup_taken="2026-11-19T00:00Z")
    assert scene.answer(before)["warnings"] == ()


def test_without_a_plan_anything_may_be_noted() -> None:
    scene = WorkScene()
    incident = scene.declared()
    lost(scene, incident, "the-shop", "a-queue")
    assert next_back(scene.state(incident), scene.told(incident)) == ("a-queue", "the-shop")
    scene.do(RestoreService(incident=incident, service="the-shop"), ANA)


def test_a_circle_of_dependencies_is_named(scene: WorkScene) -> None:
    incident = scene.declared()
    lost(scene, incident, "order-database", "customer-portal")
    services = plan().in_force.services
    needs = {**services["order-database"].depends_on, "customer-portal": "x"}
    turned = services["order-database"].model_copy(update={"depends_on": needs})
    told = Told(
        in_force=plan().in_force.model_copy(update={"services": {**services, "order-database": turned}})
    )
    with pytest.raises(Refused, match="customer-portal -> order-database -> customer-portal"):
        next_back(scene.state(incident), told)


def test_a_withheld_outage_changes_nothing() -> None:
    assert OUTAGES.evolve(OUTAGES.empty, erased(entry(ServiceLost(service="mail")))) == OUTAGES.empty
