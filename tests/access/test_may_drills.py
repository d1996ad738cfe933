"""Drills and the plan at the edge of lanes: seen and joined from everywhere, by a session and never by a token."""

import pytest

from muster.access.may import Allow, Deny, Thing, may, new_thing, visible
from muster.access.verbs import Verb
from muster.core.ids import StreamType
from muster.core.labels import Secrecy
from muster.core.people import NOBODY, Actor, Scope
from tests.access.world import ANA, CARO, person

DRILL = Thing(StreamType.DRILL, "drill:DRL-000000", Secrecy.TEAM)
PLAN = Thing(StreamType.PLAN, "real", Secrecy.TEAM)


@pytest.mark.parametrize("lane", ["real", "drill:DRL-000000", "drill:another"])
def test_drills_and_the_plan_are_seen_from_every_lane(lane: str) -> None:
    for thing in (DRILL, PLAN):
        assert visible(person("caro", lane=lane)).admits(thing)
        assert may(person("caro", lane=lane), (), Verb.SEE, thing) == Allow()


@pytest.mark.parametrize("verb", [Verb.JOIN, Verb.LEAVE])
def test_a_session_changes_its_lane_and_a_token_never(verb: Verb) -> None:
    assert may(CARO, (), verb, DRILL) == Allow()
    token = Actor(CARO.account, CARO.duties, CARO.through, frozenset({Scope.PERSON}))
    answer = may(token, (), verb, DRILL)
    assert isinstance(answer, Deny)
    assert answer.visible
    assert isinstance(may(Actor(NOBODY), (), verb, DRILL), Deny)


def test_the_clock_is_for_responders() -> None:
    assert may(ANA, (), Verb.PAUSE, DRILL) == Allow()
    assert isinstance(may(CARO, (), Verb.PAUSE, DRILL), Deny)
    assert may(ANA, (), Verb.START_DRILL, new_thing(StreamType.DRILL, "real")) == Allow()
