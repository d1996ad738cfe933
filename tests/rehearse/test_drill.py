"""Drills as verbs: a lane of their own, a clock that people set, and those who take part."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from muster.core.errors import BadInput, NotFound, Refused
from muster.core.people import Actor, Scope
from muster.core.time import from_stored, stored
from muster.rehearse.clock import Cause, DrillClock, lane_now, lane_of
from muster.rehearse.drill import (
    EndDrill,
    JoinDrill,
    LeaveDrill,
    PauseDrill,
    ResumeDrill,
    SetSpeed,
    StartDrill,
    StepDrill,
    existing,
    fraction,
    jumped,
)
from muster.respond.declare import Declare
from tests.access.world import ANA, BEN, CARO, START
from tests.rehearse.world_of_drills import Drills


def now(world: Drills, drill: str) -> Any:
    return lane_now(world.clock(drill), world.now)


def test_a_drill_is_a_stream_in_a_lane_of_its_own_and_begins_when_it_says() -> None:
    world = Drills()
    drill = world.started(seed="4242", starts_at="2026-12-01T08:00Z", speed="60")
    first = world.entries[drill][0]
    assert first.header.lane == lane_of(drill) == world.state(drill).lane
    assert stored(first.header.happened.at) == "2026-12-01T08:00:00.000000Z"
    assert first.header.recorded_at == START
    assert world.clock(drill).seed == "4242"
    world.wait(1)
    assert stored(now(world, drill)) == "2026-12-01T09:00:00.000000Z"


def test_without_a_seed_one_is_drawn_and_told() -> None:
    world = Drills()
    seeds = {world.clock(world.started()).seed for _ in range(2)}
    assert len(seeds) == 2


def test_pausing_and_resuming_loses_no_time() -> None:
    world = Drills()
    drill = world.started(speed="2")
    world.wait(10)
    world.do(PauseDrill(drill=drill), BEN)
    world.wait(600)
    assert now(world, drill) == START + timedelta(minutes=20)
    world.do(ResumeDrill(drill=drill), BEN)
    world.wait(1)
    assert now(world, drill) == START + timedelta(minutes=22)


def test_a_paused_drill_advances_by_steps_only() -> None:
    world = Drills()
    drill = world.started(paused=True)
    for _ in range(3):
        world.wait(7)
        world.do(StepDrill(drill=drill, seconds=90), ANA)
    assert now(world, drill) == START + timedelta(seconds=270)
    assert not world.clock(drill).runs


def test_a_running_drill_steps_and_runs_on() -> None:
    world = Drills()
    drill = world.started()
    world.do(StepDrill(drill=drill, seconds=60), ANA)
    world.wait(1)
    assert now(world, drill) == START + timedelta(minutes=2)


def test_speed_holds_from_now_on_and_is_kept_over_a_pause() -> None:
    world = Drills()
    drill = world.started(paused=True)
    world.do(SetSpeed(drill=drill, speed="1/2"), ANA)
    assert not world.clock(drill).runs
    world.do(ResumeDrill(drill=drill), ANA)
    world.wait(10)
    assert now(world, drill) == START + timedelta(minutes=5)
    world.do(SetSpeed(drill=drill, speed="10"), ANA)
    world.wait(1)
    assert now(world, drill) == START + timedelta(minutes=15)


def test_two_drills_run_at_two_speeds() -> None:
    world = Drills()
    slow, fast = world.started(speed="1/10"), world.started(speed="100")
    world.wait(10)
    assert now(world, slow) == START + timedelta(minutes=1)
    assert now(world, fast) == START + timedelta(minutes=1000)


def test_what_makes_no_sense_is_refused() -> None:
    world = Drills()
    drill = world.started()
    with pytest.raises(Refused, match="runs already"):
        world.do(ResumeDrill(drill=drill), ANA)
    world.do(PauseDrill(drill=drill), ANA)
    with pytest.raises(Refused, match="stands already"):
        world.do(PauseDrill(drill=drill), ANA)
    world.do(EndDrill(drill=drill), ANA)
    for command in (ResumeDrill(drill=drill), EndDrill(drill=drill)):
        with pytest.raises(Refused, match="has ended"):
            world.do(command, ANA)
    before = len(world.entries[drill])
    assert world.do(JoinDrill(drill=drill), ANA).answer["drill"] == drill, "to look around in it"
    assert len(world.entries[drill]) == before
    with pytest.raises(BadInput):
        world.do(StartDrill(exercise="x", starts_at="yesterday"), ANA)


@pytest.mark.parametrize("speed", ["0", "-1", "1.5", "1/0", "100001", "fast", "1/2/3", ""])
def test_a_speed_is_a_whole_number_or_a_fraction(speed: str) -> None:
    with pytest.raises(ValidationError):
        StartDrill(exercise="x", speed=speed)


def test_fractions_are_read() -> None:
    assert (fraction("60"), fraction("1/2")) == ((60, 1), (1, 2))


def test_an_ended_drill_stands_for_ever() -> None:
    world = Drills()
    drill = world.started()
    world.wait(5)
    world.do(EndDrill(drill=drill), ANA)
    world.wait(500)
    assert now(world, drill) == START + timedelta(minutes=5)
    assert world.clock(drill).ended


def test_everybody_with_an_account_joins_and_leaves() -> None:
    world = Drills()
    drill = world.started()
    for who in (BEN, CARO, CARO):
        assert world.do(JoinDrill(drill=drill), who).answer["lane"] == lane_of(drill)
    assert set(world.clock(drill).people) == {BEN.account, CARO.account}
    assert world.kinds(drill).count("drill.joined") == 2
    world.do(LeaveDrill(drill=drill), CARO)
    world.do(LeaveDrill(drill=drill), CARO)
    assert world.clock(drill).people == (BEN.account,)


def test_a_token_keeps_its_lane() -> None:
    world = Drills()
    drill = world.started()
    token = Actor(BEN.account, BEN.duties, BEN.through, frozenset({Scope.PERSON}))
    with pytest.raises(AssertionError, match="A token has the lane"):
        world.do(JoinDrill(drill=drill), token)


def test_only_responders_set_the_clock() -> None:
    world = Drills()
    drill = world.started()
    with pytest.raises(AssertionError, match="duty of a responder"):
        world.do(PauseDrill(drill=drill), CARO)


def test_what_is_declared_in_a_drill_is_of_it() -> None:
    world = Drills()
    drill = world.started()
    player = Actor(BEN.account, BEN.duties, BEN.through, None, lane_of(drill))
    incident = str(world.do(Declare(what="The shop is slow"), player).answer["incident"])
    assert world.state(incident).lane == lane_of(drill)


def test_a_jump_of_the_wall_clock_pauses_it_once() -> None:
    world = Drills()
    drill = world.started(speed="60")
    world.wait(1)
    draft = jumped(world.state(drill), world.context(ANA))
    assert draft is not None
    assert isinstance(draft.body, DrillClock)
    assert (draft.body.cause, draft.body.n, draft.body.goes_n) == (Cause.JUMPED, 0, 60)
    assert from_stored(draft.body.t) == START + timedelta(hours=1)
    world.write(ANA, draft)
    assert jumped(world.state(drill), world.context(ANA)) is None


def test_what_is_no_drill_is_not_found() -> None:
    world = Drills()
    with pytest.raises(NotFound):
        existing({}, world.started())
    with pytest.raises(ValidationError):
        PauseDrill(drill="INC-000000")
