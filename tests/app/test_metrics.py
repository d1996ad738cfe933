"""Metrics of the record: what the caller may see, reality and each drill by itself, unknown kept, bounded."""

from dataclasses import replace
from typing import Any

import pytest

from muster.access.verbs import Verb
from muster.app import metrics as module
from muster.app.caller import Caller, nobody
from muster.app.metrics import LaneView, Metrics, MetricsView
from muster.core.errors import BadInput, Unsigned
from muster.plan.severity import Functional
from tests.app.stage import Person, Stage


def measured(stage: Stage, who: Person | Caller, since: str | None = None) -> MetricsView:
    muster = stage.muster
    caller = who.caller if isinstance(who, Person) else who
    return Metrics(muster.reading, muster.world, muster.door.ledger, muster.clock).measured(caller, since)


def took(lane: LaneView, name: str) -> tuple[int, int, int | None]:
    """n, of how many, and the median in seconds."""
    one = next(time for time in lane.times if time.name == name)
    return one.n, one.of, one.median


def commanded(stage: Stage, who: Person | Caller, minutes: int, **more: Any) -> str:
    """An incident whose command took so many minutes."""
    incident = str(stage.do(Verb.DECLARE, who, what="The shop is down", **more)["incident"])
    stage.clock.turn(minutes=minutes)
    account = who.caller.actor.account if isinstance(who, Person) else who.actor.account
    stage.do(Verb.OFFER, who, incident=incident, role="commander", to=account)
    return incident


def drilling(stage: Stage) -> Caller:
    """Ben in a drill of his own, whose clock runs ten times as fast."""
    ben = stage.people["ben"]
    lane = str(stage.do(Verb.START_DRILL, ben, exercise="Fire", speed="10")["lane"])
    return replace(ben.caller, actor=replace(ben.caller.actor, lane=lane))


def test_nothing_yet_is_a_table_of_reality_without_incidents(stage: Stage) -> None:
    found = measured(stage, stage.people["ana"])
    assert [(lane.lane, lane.incidents, lane.times) for lane in found.lanes] == [("real", 0, ())]
    assert (found.lessons, found.left_out, found.since) == (0, 0, None)


def test_n_of_m_median_and_range(stage: Stage) -> None:
    ana = stage.people["ana"]
    for minutes in (2, 30, 4):
        commanded(stage, ana, minutes)
    stage.do(Verb.DECLARE, ana, what="Another")
    (real,) = measured(stage, ana).lanes
    assert (real.lane, real.incidents) == ("real", 4)
    assert took(real, "time to command") == (3, 4, 240)
    one = next(time for time in real.times if time.name == "time to command")
    assert (one.shortest, one.longest, one.start, one.end) == (120, 1800, "declared", "commander set")
    assert took(real, "time to contain") == (0, 4, None)
    assert {share.name: (share.kept, share.n, share.unknown) for share in real.shares} == {
        "notices on time": (0, 0, 0),
        "reviews on time": (0, 0, 4),
    }


def test_claimed_milestones_and_the_signals_of_an_incident_count(stage: Stage) -> None:
    ana = stage.people["ana"]
    signal = str(stage.do(Verb.SIGNAL, ana, title="Disk full")["signal"])
    stage.clock.turn(minutes=3)
    stage.do(Verb.ACKNOWLEDGE, ana, signal=signal)
    incident = str(stage.do(Verb.DECLARE, ana, what="The shop is down", signal=signal)["incident"])
    stage.clock.turn(minutes=20)
    fact = stage.do(Verb.FACT, ana, incident=incident, text="No traffic", source="proxy")["seq"]
    stage.do(Verb("milestone"), ana, incident=incident, milestone="contained", shown_by=[fact])
    (real,) = measured(stage, ana).lanes
    assert took(real, "time to acknowledge") == (1, 1, 180)
    assert took(real, "time to contain") == (1, 1, 1200)


def test_a_drill_has_its_own_table_by_its_own_clock_and_changes_nothing_in_reality(stage: Stage) -> None:
    ana, caro = stage.people["ana"], stage.people["caro"]
    for minutes in (2, 4, 6):
        commanded(stage, ana, minutes, secrecy="team")
    (alone,) = measured(stage, ana).lanes

    player = drilling(stage)
    commanded(stage, player, 3)

    real, drill = measured(stage, ana).lanes
    assert real == alone
    assert drill.lane == player.actor.lane
    assert took(drill, "time to command") == (1, 1, 1800), "three minutes of the wall are thirty of the drill"
    assert [lane.lane for lane in measured(stage, player).lanes] == [player.actor.lane]
    assert measured(stage, caro).lanes[0].incidents == 0, "the team's incidents are not hers to see"


def test_only_what_the_caller_may_see_is_counted(stage: Stage) -> None:
    ana, ben = stage.people["ana"], stage.people["ben"]
    commanded(stage, ana, 2, secrecy="named")
    commanded(stage, ana, 2, secrecy="open")
    assert [measured(stage, who).lanes[0].incidents for who in (ana, ben, stage.people["caro"])] == [2, 1, 1]
    with pytest.raises(Unsigned):
        measured(stage, nobody("127.0.0.1"))


def test_what_was_stood_down_is_counted_and_left_out_of_the_times(stage: Stage) -> None:
    ana = stage.people["ana"]
    commanded(stage, ana, 2)
    stage.do(Verb.STAND_DOWN, ana, incident=commanded(stage, ana, 50), reason="A test")
    (real,) = measured(stage, ana).lanes
    assert (real.incidents, real.stood_down, took(real, "time to command")) == (1, 1, (1, 1, 120))


def test_by_the_worst_severity_where_enough_is_known(stage: Stage) -> None:
    ana = stage.people["ana"]
    for minutes in (1, 2, 3):
        incident = commanded(stage, ana, minutes)
        ratings = {"functional": Functional.HIGH.value}
        stage.do(Verb.SEVERITY, ana, incident=incident, ratings=ratings, expected=1)
    (real,) = measured(stage, ana).lanes
    ((_, times),) = real.by_severity.items()
    assert {time.name: (time.n, time.median) for time in times}["time to command"] == (3, 120)


def test_since_a_date_or_a_time_with_its_zone(stage: Stage) -> None:
    ana = stage.people["ana"]
    commanded(stage, ana, 2)
    stage.clock.turn(days=2)
    commanded(stage, ana, 9)
    found = measured(stage, ana, "2026-11-25")
    assert (found.lanes[0].incidents, found.since) == (1, "2026-11-25T00:00:00.000000Z")
    assert measured(stage, ana, "2026-11-24T00:00+01:00").lanes[0].incidents == 2
    assert measured(stage, ana, "2027-01-01").lanes[0].incidents == 0
    for wrong in ("yesterday", "2026-13-01", "2026-11-24T02:10"):
        with pytest.raises(BadInput):
            measured(stage, ana, wrong)


def test_too_many_are_left_out_and_counted(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = stage.people["ana"]
    for minutes in (50, 2, 3, 4):
        commanded(stage, ana, minutes)
    monkeypatch.setattr(module, "MOST_INCIDENTS", 3)
    found = measured(stage, ana)
    assert (found.lanes[0].incidents, found.left_out) == (3, 1)
    assert took(found.lanes[0], "time to command") == (3, 3, 180)
    monkeypatch.setattr(module, "MOST_ENTRIES", 0)
    assert measured(stage, ana).left_out == 4


def test_hidden_and_erased_words_change_no_times(stage: Stage) -> None:
    ana = stage.people["ana"]
    incident = commanded(stage, ana, 2)
    before = measured(stage, ana)
    stage.do(Verb.REDACT, ana, stream=incident, seq=0, reason="A password")
    stage.do(Verb.ERASE, stage.people["ben"], stream=incident, seq=0)
    assert measured(stage, ana) == before
