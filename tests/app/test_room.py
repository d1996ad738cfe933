"""Reading the room: few statements however much there is, nothing that may not be seen, and secret reading is noted."""

from dataclasses import replace
from pathlib import Path

import pytest

from muster.access.verbs import Verb
from muster.app import world
from muster.app.caller import Caller
from muster.app.room import HeadView, Part, Room
from muster.core.errors import NotFound, Unsigned
from muster.core.people import Actor
from muster.respond.calling import NOBODY_REAL
from tests.app.company import company
from tests.app.stage import Stage
from tests.store.world import counted


@pytest.fixture
def room(stage: Stage) -> Room:
    return Room(stage.muster.reading, stage.muster.world)


def declared(stage: Stage, **more: object) -> str:
    code = str(stage.do(Verb.DECLARE, stage.people["ana"], what="The shop is down", **more)["incident"])
    stage.do(Verb.OFFER, stage.people["ana"], incident=code, role="commander", to=stage.people["ana"].account)
    return code


@pytest.mark.parametrize("much", [0, 25])
def test_statements_do_not_grow_with_what_there_is(
    stage: Stage, room: Room, much: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world, "FRESH_SECONDS", 3_600)
    ana, ben = stage.people["ana"], stage.people["ben"]
    signal = stage.do(Verb.SIGNAL, ana, title="Disk full")["signal"]
    code = declared(stage, signal=signal)
    for number in range(much):
        stage.do(Verb.TASK, ana, incident=code, text=f"Task {number}", owner=ben.account)
        stage.do(Verb.DECIDE, ana, incident=code, text=f"Decision {number}", reason="x")
        stage.do(Verb.FACT, ana, incident=code, text=f"Fact {number}", source="x")
        stage.do(Verb.LESSON, ana, incident=code, text=f"Lesson {number}")
    room.world.now()
    database = stage.muster.record.ledger.database
    with counted(database) as statements:
        room.incident(ana.caller, code)
    assert len(statements) <= 9, statements
    for part in Part:
        with counted(database) as statements:
            view = room.part(ana.caller, code, part)
        assert len(statements) <= 8, (part, statements)
        assert view.head.commander == "Ana"


def test_each_part_holds_its_own_views(stage: Stage, room: Room) -> None:
    ana = stage.people["ana"]
    code = declared(stage)
    seq = stage.do(Verb.TASK, ana, incident=code, text="Look", owner=ana.account)["task"]
    work = room.part(ana.caller, code, Part.WORK)
    assert work.work is not None
    assert [task.seq for task in work.work.tasks] == [seq]
    assert work.decisions is not None
    assert work.custody is not None
    assert room.part(ana.caller, code, Part.RUNS).runs is not None
    assert room.part(ana.caller, code, Part.ACTIONS).actions is not None
    assert room.part(ana.caller, code, Part.DISCLOSURE).disclosure is not None
    assert room.part(ana.caller, code, Part.LEARNING).learning is not None
    stage.do(Verb.REDACT, ana, stream=code, seq=seq, reason="a password")
    hidden = room.part(ana.caller, code, Part.WORK)
    assert hidden.work is not None
    assert hidden.work.tasks[0].text == "(hidden)"
    stage.do(Verb.ERASE, stage.people["ben"], stream=code, seq=seq)
    erased = room.part(ana.caller, code, Part.WORK)
    assert erased.work is not None
    assert erased.work.tasks[0].text == "(erased)"


def test_what_may_not_be_seen_is_not_found(stage: Stage, room: Room) -> None:
    code = declared(stage)
    version = stage.muster.reading.incident(stage.people["ana"].caller, code).secrecy_version
    stage.do(Verb.RESTRICT, stage.people["ana"], stream=code, secrecy="named", expected=version)
    for part in Part:
        with pytest.raises(NotFound):
            room.part(stage.people["ben"].caller, code, part)
        with pytest.raises(NotFound):
            room.part(stage.people["ben"].caller, "INC-000000", part)
        with pytest.raises(Unsigned):
            room.part(Caller(Actor("nobody")), code, part)
    with pytest.raises(NotFound):
        room.incident(stage.people["ben"].caller, code)


def test_reading_a_secret_room_is_an_entry(stage: Stage, room: Room) -> None:
    code = declared(stage)
    version = stage.muster.reading.incident(stage.people["ana"].caller, code).secrecy_version
    stage.do(Verb.RESTRICT, stage.people["ana"], stream=code, secrecy="named", expected=version)
    before = len(stage.entries("access.read"))
    assert room.part(stage.people["ana"].caller, code, Part.WORK).head.incident == code
    assert len(stage.entries("access.read")) == before + 1


def test_a_page_of_the_log_and_the_table_of_severity(stage: Stage, room: Room) -> None:
    ana = stage.people["ana"]
    code = declared(stage)
    for number in range(70):
        stage.do(Verb.LOG, ana, incident=code, text=f"line {number}")
    view, head = room.incident(ana.caller, code)
    assert (len(view.entries), view.entries[-1].text) == (60, "line 69")
    earlier, _ = room.incident(ana.caller, code, before=view.entries[0].seq)
    assert earlier.entries[-1].seq == view.entries[0].seq - 1
    gave = [rule for rule in head.table if rule.gave]
    assert len(gave) == 1
    assert head.counts.work == 0


def test_in_a_drill_it_is_the_time_of_the_drill(stage: Stage, room: Room) -> None:
    ana = stage.people["ana"]
    drill = stage.do(Verb.START_DRILL, ana, exercise="The shop under attack")["drill"]
    inside = replace(ana.caller, actor=replace(ana.caller.actor, lane=f"drill:{drill}"))
    code = str(stage.do(Verb.DECLARE, inside, what="The shop is down")["incident"])
    stage.do(Verb.PAUSE, ana, drill=drill)
    stage.do(Verb.STEP, ana, drill=drill, seconds=7_200)
    view = room.part(inside, code, Part.WORK)
    assert (view.head.lane, view.head.now) == (f"drill:{drill}", "2026-11-24T04:10:00.000000Z")
    _, head = room.incident(inside, code)
    assert head.now == view.head.now
    with pytest.raises(NotFound):
        room.part(ana.caller, code, Part.WORK)


def test_a_grave_incident_says_when_nobody_real_can_be_called(tmp_path: Path) -> None:
    shop = company(tmp_path)
    room = Room(shop.stage.muster.reading, shop.stage.muster.world)
    incident, noor = shop.declared(), shop.who("noor").caller
    assert _head(room, noor, incident).unreached == "", "SEV3 wakes nobody"
    rated = {"functional": "high"}
    shop.do(Verb.SEVERITY, "noor", incident=incident, ratings=rated, expected=1)
    assert _head(room, noor, incident).unreached == NOBODY_REAL
    drill = shop.do(Verb.START_DRILL, "noor", exercise="A night")["drill"]
    lane = shop.do(Verb.JOIN, "noor", drill=drill)["lane"]
    there = replace(noor, actor=replace(noor.actor, lane=lane))
    played = str(shop.stage.do(Verb.DECLARE, there, what="In a drill")["incident"])
    shop.stage.do(Verb.SEVERITY, there, incident=played, ratings=rated, expected=1)
    assert _head(room, there, played).unreached == NOBODY_REAL, "a drill looks as reality does"


def _head(room: Room, who: Caller, incident: str) -> HeadView:
    return next(one for one in room.incident(who, incident) if isinstance(one, HeadView))
