"""What rules are told of the plan: nothing while there is none, and who may decide by it."""

from muster.record.decision import NOTHING_KNOWN
from muster.respond.ground import (
    Told,
    account_of,
    entitled,
    entitlement,
    holders,
    line_of,
    playbook,
    proposal,
    recomputed,
    services,
    where_we_talk,
    who_could,
)
from tests.access.world import ADA, ANA, BEN, CARO
from tests.plan.shop_plan import plan
from tests.respond.work_scene import WorkScene


def test_without_a_plan_nothing_is_known() -> None:
    assert services(NOTHING_KNOWN) == {}
    assert playbook(NOTHING_KNOWN, "web-intrusion", "builtin-1") is None
    assert line_of(NOTHING_KNOWN, "a", "b") is None
    assert recomputed(NOTHING_KNOWN, "0" * 64) is None
    assert proposal(NOTHING_KNOWN, 3) is None
    assert where_we_talk(NOTHING_KNOWN) == frozenset()
    assert holders(NOTHING_KNOWN, "legal") == ()
    assert account_of(NOTHING_KNOWN, "noor-lindgren") is None
    assert not entitlement(NOTHING_KNOWN, "disconnect").known


def test_the_plan_says_what_there_is() -> None:
    told = WorkScene(planned=True).told("INC-000000")
    assert "identity-provider" in services(told)
    assert holders(told, "legal") == ("helene-marsh", "yusuf-kaya")
    assert entitlement(told, "disconnect").roles == ("commander", "deputy", "duty-engineer")
    assert not entitlement(told, "paint-the-office").known
    assert where_we_talk(told) == frozenset()


def test_a_run_keeps_the_playbook_of_its_own_commit() -> None:
    agreed = plan().pinned
    told = Told(pinned=agreed.model_copy(update={"playbooks": {}}), versions={"abc": agreed})
    assert playbook(told, "web-intrusion", "def") is None
    assert playbook(told, "web-intrusion", "abc") == agreed.playbooks["web-intrusion"]


def test_we_talk_by_the_services_of_our_hosts() -> None:
    talking = plan().in_force.talking
    call = talking.call.model_copy(update={"address": "https://mail-01.shop.example.invalid/call"})
    in_force = plan().in_force.model_copy(update={"talking": talking.model_copy(update={"call": call})})
    assert where_we_talk(Told(in_force=in_force)) == {"mail"}


def test_who_may_decide_is_who_holds_the_role_here_or_by_the_plan() -> None:
    scene = WorkScene(planned=True)
    incident = scene.declared()
    told = scene.told(incident)
    line = entitlement(told, "call-police")
    state = scene.state(incident)
    assert entitled(state, told, line, CARO.account) == "legal"
    assert entitled(state, told, line, ANA.account) == "commander"
    assert entitled(state, told, line, ADA.account) is None
    scene.commanded(incident, BEN)
    state = scene.state(incident)
    assert entitled(state, told, entitlement(told, "spend"), BEN.account) == "commander"


def test_who_could_is_said_by_name() -> None:
    scene = WorkScene(planned=True)
    incident = scene.declared()
    told = scene.told(incident)
    could = who_could(scene.state(incident), told, entitlement(told, "call-police"), without=CARO.account)
    assert "Helene Marsh" not in could
    assert "Yusuf Kaya (legal)" in could
    scene.commanded(incident, BEN)
    could = who_could(scene.state(incident), told, entitlement(told, "spend"))
    assert could.startswith("the commander of this incident or ")
    empty = entitlement(told, "paint-the-office")
    assert who_could(scene.state(incident), told, empty) == "nobody: the plan in force names nobody else"
