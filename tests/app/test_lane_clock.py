"""What time it is in a lane: the wall clock's in reality, a drill's in a drill; `tests/app/test_door.py` tells more."""

from datetime import timedelta
from pathlib import Path

from muster.access.verbs import Verb
from muster.app.lane_clock import lane_context, lane_time, pause_running
from tests.app.stage import SERVER_CALLER, peopled


def test_a_lane_without_a_drill_has_the_wall_clock(tmp_path: Path) -> None:
    stage = peopled(tmp_path)
    ledger = stage.muster.record.ledger
    assert lane_time(ledger, "real", stage.clock()) == stage.clock()
    assert lane_time(ledger, "drill:DRL-000000", stage.clock()) == stage.clock()
    context = stage.muster.doing.context(SERVER_CALLER, stage.clock())
    with ledger.database.read() as connection:
        assert lane_context(context, "real", {}, connection).lane_now is None
    stage.close()


def test_all_running_drills_are_paused_and_those_that_stand_left(tmp_path: Path) -> None:
    stage = peopled(tmp_path)
    ada, start = stage.people["ada"], stage.clock()
    lanes = [
        stage.do(Verb.START_DRILL, ada, exercise="x", paused=paused)["lane"]
        for paused in (False, True, False)
    ]
    stage.clock.turn(minutes=90)
    context = stage.muster.doing.context(SERVER_CALLER, stage.clock())
    ledger = stage.muster.record.ledger
    assert pause_running(ledger, context, start + timedelta(minutes=2)) == 2
    assert pause_running(ledger, context, start + timedelta(minutes=2)) == 0
    now = [lane_time(ledger, str(lane), stage.clock()) - start for lane in lanes]
    assert now == [timedelta(minutes=2), timedelta(0), timedelta(minutes=2)]
    stage.close()
