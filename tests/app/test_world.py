"""The world as it is: the plan in force moves, what an incident pinned stays, and people come and go."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from muster.access.verbs import Verb
from muster.core.errors import MusterError
from muster.core.time import stored
from muster.plan.builtin import COMMIT
from muster.record.context import PlanCommits
from muster.respond.ground import Told
from tests.app.company import PEOPLE, Company, company

STAFF = "severity.yaml#/levels/SEV1/brief_every_minutes"
PHONE = "people.yaml#/people/mika-sandoval/title"


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Company]:
    made = company(tmp_path)
    yield made
    made.stage.close()


def brief(told: Told) -> int | None:
    assert told.pinned is not None
    return told.pinned.severity.levels[next(iter(told.pinned.severity.levels))].brief_every_minutes


def test_pinned_stays_while_in_force_moves_until_it_is_pinned_anew(one: Company) -> None:
    incident = one.declared()
    assert brief(one.told(incident)) == 60
    two = one.committed({STAFF: "45", PHONE: "Lead of reliability"})
    one.approve(two)
    told = one.told(incident)
    assert brief(told) == 60
    assert told.in_force is not None
    assert told.in_force.people.people["mika-sandoval"].title == "Lead of reliability"
    assert brief(one.told()) == brief(one.told(one.declared())) == 45
    last = one.stage.entries(stream=incident)[-1].header.plan
    one.do(Verb.LOG, "noor", incident=incident, text="x")
    assert one.stage.entries(stream=incident)[-1].header.plan == PlanCommits(two, last.pinned)
    one.do(Verb.REPIN, "noor", incident=incident, reason="The new one helps")
    moved, reason = one.stage.entries(stream=incident)[-2:]
    assert (moved.header.kind, reason.header.kind) == ("incident.repinned", "reason.given")
    assert moved.header.plan.pinned == reason.header.plan.pinned == two
    assert brief(one.told(incident)) == 45
    with pytest.raises(MusterError, match="already"):
        one.do(Verb.REPIN, "noor", incident=incident, reason="Again")


def test_a_run_goes_on_by_the_version_it_began_with(one: Company) -> None:
    incident = one.declared()
    run = one.do(Verb.RUN, "noor", incident=incident, playbook="stolen-credentials")["run"]
    one.approve(one.committed({"playbooks/stolen-credentials.yaml#/steps/what-kind/within_minutes": "5"}))
    one.do(Verb.REPIN, "noor", incident=incident, reason="The new one helps")
    told = one.told(incident)
    assert set(told.versions) == {one.first}
    assert told.lines[("playbooks/stolen-credentials.yaml", "steps.ask-the-owner")] > 1
    one.do(Verb.FINISH_STEP, "noor", incident=incident, run=run, step="ask-the-owner")
    offered = one.stage.entries("step.offered", incident)[-1].body
    assert offered is not None
    assert offered.tree()["until"] == stored(one.stage.clock() + timedelta(minutes=20))


def test_who_left_between_being_asked_and_answering_decides_nothing(one: Company) -> None:
    """Jonas may cut a machine off as deputy, until the plan names somebody else."""
    incident = one.declared()
    fields = {
        "action": "isolate-host", "decision": "disconnect", "target_kind": "host", "target": "PORTAL-01",
        "purpose": "They lose it", "harm": "Slow",
    }  # fmt: skip
    asked = one.do(Verb.PROPOSE, "tomas", incident=incident, **fields)
    assert "Jonas Eklund (deputy)" in asked["approvers"]
    one.approve(one.committed({"roles.yaml#/roles/deputy/deputies": "priya-nair"}))
    answer = {"incident": incident, "action": asked["action"], "sha256": asked["sha256"]}
    with pytest.raises(MusterError, match="does not let you approve") as caught:
        one.do(Verb.APPROVE, "jonas", **answer)
    assert "Jonas" not in caught.value.mend
    one.do(Verb.APPROVE, "ines", **answer)


def test_a_disabled_account_is_nobody_of_the_plan(one: Company) -> None:
    assert one.told().accounts["claire-fontaine"] == one.who("claire").account
    one.do(Verb.DISABLE, "ada", account=one.who("claire").account, reason="Left")
    assert set(one.told().accounts) == set(PEOPLE.values()) - {"claire-fontaine"}


def test_two_accept_at_once_and_one_has_it(one: Company) -> None:
    """Ines and Mika were both offered the deputy's role; the later offer stands."""
    incident = one.declared()
    one.do(Verb.OFFER, "noor", incident=incident, role="commander", to=one.who("noor").account)
    offers = [
        one.do(Verb.OFFER, "noor", incident=incident, role="deputy", to=one.who(name).account)["version"]
        for name in ("ines", "mika")
    ]
    with pytest.raises(MusterError):
        one.do(Verb.ACCEPT, "ines", incident=incident, role="deputy", expected=offers[0])
    one.do(Verb.ACCEPT, "mika", incident=incident, role="deputy", expected=offers[1])
    assert one.stage.entries("role.accepted", incident)[-1].header.who == one.who("mika").account


def test_while_the_blobs_are_gone_declaring_works_under_the_built_in_plan(one: Company) -> None:
    before = one.declared()
    one.approve(one.committed({STAFF: "45"}))
    for blob in one.stage.muster.settings.data.glob("blobs/**/*"):
        if blob.is_file():
            blob.unlink()
    world = one.stage.muster.world
    world.versions._kept.clear()
    world.changed()
    assert world.now().problem
    incident = one.declared()
    told = one.told(incident)
    assert (told.pinned, told.in_force) == (None, None)
    plan = one.stage.entries(stream=incident)[0].header.plan
    assert (plan.pinned, plan.in_force) == (COMMIT, world.now().commits.in_force)
    assert one.told(before).pinned is None
    with pytest.raises(MusterError, match="cannot be read"):
        one.do(Verb.REPIN, "noor", incident=incident, reason="x")


def test_it_is_read_once_a_second_at_most(one: Company) -> None:
    world = one.stage.muster.world
    first = world.now()
    assert world.now() is first
    world._at -= 2
    again = world.now()
    assert again is not first
    assert again == first
    world.changed()
    assert world.now() is not again


def test_with_no_plan_approved_it_is_the_built_in_one(tmp_path: Path) -> None:
    made = company(tmp_path, approved=False)
    now = made.stage.muster.world.now()
    assert (now.commits, now.version, now.approvals, now.problem) == (
        PlanCommits(COMMIT, COMMIT),
        None,
        0,
        None,
    )
    assert made.told(made.declared()).pinned is None
    made.stage.close()
