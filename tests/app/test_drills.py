"""Drills and what is due, as people read them."""

from pathlib import Path

import pytest

from muster.access.verbs import Verb
from muster.app import drills
from muster.app.caller import Caller, nobody
from muster.app.sending import NotSent
from muster.core.errors import NotFound, Refused, Unsigned
from muster.core.people import Actor, Through
from tests.app.stage import SERVER_CALLER, Stage, peopled
from tests.app.test_door import Peer, asked, drilled


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return peopled(tmp_path)


def test_a_drill_tells_its_clock_and_whether_a_step_has_ended(stage: Stage) -> None:
    drill, lane, incident = drilled(stage, paused=True, starts_at="2026-12-01T08:00Z", seed="7", speed="60")
    ben = stage.people["ben"].caller
    view = stage.muster.drills.one(ben, drill.lower())
    assert (view.lane, view.now, view.seed) == (lane, "2026-12-01T08:00:00.000000Z", "7")
    assert (view.runs, view.ended, view.quiet, view.next_due, view.speed) == (
        False,
        False,
        True,
        None,
        "60/1",
    )
    asked(stage, incident, not_before="2026-12-01T09:00:00.000000Z")
    stage.do(Verb.STEP, ben, drill=drill, seconds=3600)
    assert not stage.muster.drills.one(ben, drill).quiet
    assert stage.muster.drills.one(ben, drill).next_due == "2026-12-01T09:00:00.000000Z"
    stage.muster.door.look()
    assert stage.muster.drills.one(ben, drill).quiet
    assert [one.drill for one in stage.muster.drills.all(ben)] == [drill]
    stage.close()


def test_what_waits_tells_its_age_and_its_next_try(stage: Stage) -> None:
    stage.muster.door.adapters = {"mail": Peer(answers=[NotSent("No answer.")])}
    stream, seq = asked(stage)
    stage.clock.turn(seconds=70)
    stage.muster.door.look()
    (view,) = stage.muster.drills.due(stage.people["ben"].caller, stream)
    assert (view.seq, view.state, view.age, view.attempt) == (seq, "waiting", 70, 1)
    assert view.due_at == "2026-11-24T02:11:15.000000Z"
    stage.clock.turn(seconds=5)
    stage.muster.door.look()
    assert stage.muster.drills.due(stage.people["ben"].caller, stream) == ()
    stage.close()


def test_only_who_may_see_a_stream_sees_what_is_due_in_it(stage: Stage) -> None:
    secret = str(stage.do(Verb.DECLARE, stage.people["ana"], what="x", secrecy="named")["incident"])
    asked(stage, secret)
    for code in (secret, "INC-000000", "nonsense"):
        with pytest.raises(NotFound):
            stage.muster.drills.due(stage.people["ben"].caller, code)
    with pytest.raises(Unsigned):
        stage.muster.drills.due(nobody("127.0.0.1"), secret)
    with pytest.raises(NotFound):
        stage.muster.drills.one(stage.people["ben"].caller, secret)
    assert SERVER_CALLER
    stage.close()


def test_everybody_finds_drills_from_every_lane(stage: Stage) -> None:
    drill, _, _ = drilled(stage)
    for name in ("ana", "caro"):
        answer = stage.get(f"drills/{drill}", stage.people[name])
        assert answer.status_code == 200
    assert [one["drill"] for one in stage.get("drills", stage.people["caro"]).json()] == [drill]
    assert stage.get(f"due/{drill}", stage.people["caro"]).json() == []
    stage.close()


def test_a_drill_that_has_ended_is_looked_at_and_nothing_is_done_in_it(stage: Stage) -> None:
    ana = stage.people["ana"]
    drill = stage.do(Verb.START_DRILL, ana, exercise="A night")["drill"]
    lane = stage.do(Verb.JOIN, ana, drill=drill)["lane"]
    there = Caller(Actor(ana.account, ana.caller.actor.duties, Through.WEB, None, lane))
    incident = stage.do(Verb.DECLARE, there, what="The shop is slow")["incident"]
    stage.do(Verb.END_DRILL, ana, drill=drill)
    stage.do(Verb.JOIN, ana, drill=drill)
    assert stage.muster.reading.incident(there, incident).incident == incident
    with pytest.raises(Refused, match="This drill has ended"):
        stage.do(Verb.LOG, there, incident=incident, text="One more thing")
    with pytest.raises(Refused, match="This drill has ended"):
        stage.do(Verb.DECLARE, there, what="Another one")


def test_whoever_waits_for_quiet_is_answered_when_it_is_or_after_a_moment(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drills, "MOST_WAIT_SECONDS", 0.1)
    drill, _, incident = drilled(stage, paused=True)
    ben = stage.people["ben"].caller
    asked(stage, incident)
    assert not stage.muster.drills.when_quiet(ben, drill).quiet, "nobody works in this test"
    stage.muster.door.start()
    try:
        monkeypatch.setattr(drills, "MOST_WAIT_SECONDS", 20.0)
        assert stage.muster.drills.when_quiet(ben, drill).quiet
        answer = stage.http.get(f"/api/v1/drills/{drill}?wait=true", headers=stage.people["ben"].bearer)
        assert answer.json()["quiet"]
    finally:
        stage.muster.door.stop()
        stage.close()


def test_a_drill_is_not_quiet_while_events_of_it_wait_for_the_rules(stage: Stage) -> None:
    drill, lane, _ = drilled(stage, paused=True)
    ben, spool = stage.people["ben"].caller, stage.muster.drills.spool
    spool.put(b"{}\n", token="t0", batch="b", lane="real", now=stage.clock())
    assert stage.muster.drills.one(ben, drill).quiet
    spool.put(b"{}\n", token="t0", batch="c", lane=lane, now=stage.clock())
    assert not stage.muster.drills.one(ben, drill).quiet
    for batch in spool.waiting_batches():
        spool.done(batch)
    assert stage.muster.drills.one(ben, drill).quiet
    stage.close()
