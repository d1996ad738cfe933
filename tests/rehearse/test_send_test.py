"""A test message: to somebody of the plan, or to an address; never from a drill, never without a way."""

import pytest

from muster.access.known import PlanKnown
from muster.core.errors import NotFound, Refused
from muster.core.ids import PLAN_STREAM
from muster.core.people import Actor
from muster.plan.people import People
from muster.plan.plan import InForce
from muster.rehearse.send_test import SendTest, ways_of
from muster.respond.calling import Way
from muster.respond.due import DUE
from tests.access.world import ANA, BEN
from tests.rehearse.world_of_drills import Drills

EVA = {
    "name": "Eva Lund",
    "title": "Engineer",
    "verified": "2026-11-02",
    "channels": {
        "phone": {"kind": "phone", "address": "+49 30 1"},
        "mail": {"kind": "mail", "address": "eva@shop.example"},
        "board": {"kind": "pager", "address": "webhook:board"},
    },
}
WAYS = PlanKnown(in_force=InForce.model_construct(people=People.model_validate({"people": {"eva": EVA}})))


def test_each_way_of_a_person_is_one_effect_on_the_plan_in_reality() -> None:
    world = Drills()
    answer = world.do(SendTest(person="eva"), ANA, WAYS).answer
    asked = answer["asked"]
    assert isinstance(asked, list)
    assert len(asked) == 2
    assert world.state(PLAN_STREAM).lane == "real"
    assert [item.name for item in world.state(PLAN_STREAM).slice(DUE).items.values()] == [
        "mail",
        "webhook:board",
    ]
    world.do(SendTest(person="eva", channel="mail"), ANA, WAYS)
    assert len(world.state(PLAN_STREAM).slice(DUE).items) == 3


def test_an_address_is_a_way_itself() -> None:
    assert ways_of("ben@shop.example", WAYS) == (Way(channel="mail", address="ben@shop.example"),)
    assert ways_of("webhook:board", WAYS) == (Way(channel="webhook:board", address="board"),)


def test_nobody_of_this_name() -> None:
    with pytest.raises(NotFound):
        Drills().do(SendTest(person="nobody"), ANA)


def test_nothing_leaves_a_drill() -> None:
    world = Drills()
    player = Actor(BEN.account, BEN.duties, BEN.through, None, "drill:1")
    with pytest.raises(Refused, match="nothing leaves a drill"):
        world.do(SendTest(person="a@shop.example"), player)
