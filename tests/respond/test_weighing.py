"""What the guard is told: dependents by the plan, evidence by host and service, posture by the incident."""

import pytest

from muster.plan.services import Criticality
from muster.respond.actions import ActionProposed
from muster.respond.custody import ReceiveEvidence
from muster.respond.ground import Told
from muster.respond.guard import EvidenceEffect, Situation, TargetKind, weigh
from muster.respond.posture import Posture, SetPosture, Stance
from muster.respond.weighing import situation
from tests.access.world import ANA
from tests.plan.shop_plan import plan
from tests.respond.work_scene import WorkScene


def proposed(kind: TargetKind, target: str, **more: object) -> ActionProposed:
    fields = {
        "action": "isolate", "decision": "disconnect", "target_kind": kind, "target": target, "purpose": "x",
        "harm": "y", "evidence_effect": EvidenceEffect.CHANGES, **more,
    }  # fmt: skip
    return ActionProposed.model_validate(fields)


@pytest.fixture
def scene() -> WorkScene:
    return WorkScene(planned=True)


def seen(scene: WorkScene, incident: str, body: ActionProposed, told: Told | None = None) -> Situation:
    return situation(scene.state(incident), told or scene.told(incident), body, second_person=True)


def test_a_service_takes_down_what_needs_it(scene: WorkScene) -> None:
    found = seen(scene, scene.declared(), proposed(TargetKind.SERVICE, "identity-provider"))
    assert {"customer-portal", "mail", "office-files"} <= found.dependents
    assert found.critical == {"identity-provider", "order-database", "customer-portal"}
    assert found.known
    assert weigh(found).held


def test_one_host_of_two_takes_down_nothing_the_only_one_its_service(scene: WorkScene) -> None:
    incident = scene.declared()
    one_of_two = seen(scene, incident, proposed(TargetKind.HOST, "portal-01.shop.example.invalid"))
    assert (one_of_two.dependents, one_of_two.critical, one_of_two.known) == (frozenset(), frozenset(), True)
    only = seen(scene, incident, proposed(TargetKind.HOST, "ORDERDB-01"))
    assert only.critical == {"order-database", "customer-portal"}


def test_a_laptop_and_an_account_are_in_no_plan(scene: WorkScene) -> None:
    incident = scene.declared()
    laptop = seen(scene, incident, proposed(TargetKind.HOST, "lt-4711"))
    assert (laptop.known, laptop.dependents, laptop.ours) == (False, frozenset(), False)
    assert seen(scene, incident, proposed(TargetKind.ACCOUNT, "anna")).known


def test_without_a_plan_nobody_knows_what_depends_on_a_service() -> None:
    scene = WorkScene()
    found = seen(scene, scene.declared(), proposed(TargetKind.SERVICE, "shop"))
    assert not found.known
    assert weigh(found).held


@pytest.mark.parametrize("of", ["order-database", "orderdb-01"])
def test_evidence_of_a_service_is_that_of_its_hosts_too(scene: WorkScene, of: str) -> None:
    incident = scene.declared()
    body = proposed(TargetKind.SERVICE, "order-database")
    assert not seen(scene, incident, body).evidence
    scene.do(ReceiveEvidence(incident=incident, sha256="ab" * 32, size=1, name="x", place="y", of=(of,)), ANA)
    assert seen(scene, incident, body).evidence
    assert not seen(scene, incident, proposed(TargetKind.HOST, "PORTAL-01")).evidence


def test_the_posture_and_what_is_said_of_the_action(scene: WorkScene) -> None:
    incident = scene.declared()
    command = SetPosture(incident=incident, posture=Posture.WATCH, reason="x", expected=0)
    scene.do(command, ANA)
    body = proposed(TargetKind.ACCOUNT, "anna", tip_off="They are signed out", undo="Enable it", minutes=60)
    found = seen(scene, incident, body)
    assert found.stance == Stance(posture=Posture.WATCH, version=1)
    assert (found.tips_off, found.undo, found.ends, found.count) == (True, True, True, 1)
    bare = seen(scene, incident, proposed(TargetKind.ACCOUNT, "anna"))
    assert (bare.tips_off, bare.undo, bare.ends) == (False, False, False)


def test_where_we_talk_is_ours(scene: WorkScene) -> None:
    talking = plan().in_force.talking
    room = talking.room.model_copy(update={"address": "https://mail-01/room"})
    in_force = plan().in_force.model_copy(update={"talking": talking.model_copy(update={"room": room})})
    told = Told(in_force=in_force)
    incident = scene.declared()
    assert seen(scene, incident, proposed(TargetKind.SERVICE, "identity-provider"), told).ours
    assert seen(scene, incident, proposed(TargetKind.HOST, "MAIL-01"), told).ours
    assert not seen(scene, incident, proposed(TargetKind.SERVICE, "order-database"), told).ours


def test_adding_a_dependent_to_the_plan_never_lowers_it(scene: WorkScene) -> None:
    incident = scene.declared()
    services = dict(plan().in_force.services)
    body = proposed(TargetKind.SERVICE, "mail")
    before = weigh(seen(scene, incident, body)).level
    for name, criticality in (
        ("a", Criticality.ORDINARY),
        ("b", Criticality.CRITICAL),
        ("c", Criticality.ORDINARY),
    ):
        needs = {"depends_on": {"mail": "x"}, "criticality": criticality, "hosts": ()}
        services[name] = services["office-files"].model_copy(update=needs)
        told = Told(in_force=plan().in_force.model_copy(update={"services": dict(services)}))
        after = weigh(seen(scene, incident, body, told)).level
        assert after >= before
        before = after
