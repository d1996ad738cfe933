"""Planned drills: last held by the plan or on this server, whichever is later; and due from then on."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from muster.access.verbs import Verb
from muster.app.caller import nobody
from muster.app.planned_drills import PlannedDrillView, planned_drills
from muster.core.errors import Unsigned
from tests.app.company import Company, company
from tests.app.stage import Stage, peopled

TITLE = "A night in which the portal is broken into"


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Company]:
    made = company(tmp_path)
    yield made
    made.stage.close()


def planned(made: Company, today: date = date(2026, 11, 24)) -> PlannedDrillView:
    muster = made.stage.muster
    (found,) = planned_drills(muster.drills, muster.world, made.who("noor").caller, today)
    return found


def test_what_the_plan_says(one: Company) -> None:
    found = planned(one)
    assert (found.id, found.scenario, found.title) == ("portal-break-in", "portal-break-in", TITLE)
    assert found.last_held is not None
    assert (found.next_due > found.last_held, found.overdue) == (True, False)
    assert planned(one, date(2028, 1, 1)).overdue


def test_a_drill_of_its_title_that_ended_here_counts_from_the_wall_s_day(one: Company) -> None:
    before = planned(one)
    drill = one.do(Verb.START_DRILL, "noor", exercise=TITLE, starts_at="2031-01-01T00:00Z", paused=True)[
        "drill"
    ]
    assert planned(one) == before, "it goes on: it was not held yet"
    one.do(Verb.END_DRILL, "noor", drill=drill)
    one.do(Verb.END_DRILL, "noor", drill=one.do(Verb.START_DRILL, "noor", exercise="Another")["drill"])
    after = planned(one)
    assert after.last_held == one.stage.clock().date().isoformat()
    assert after.next_due > before.next_due
    assert one.stage.get("planned-drills", one.who("noor")).json() == [after.model_dump(mode="json")]


def test_without_a_plan_none_and_nobody_is_told(tmp_path: Path) -> None:
    stage: Stage = peopled(tmp_path)
    muster = stage.muster
    assert planned_drills(muster.drills, muster.world, stage.people["ana"].caller, date(2026, 11, 24)) == ()
    with pytest.raises(Unsigned):
        planned_drills(muster.drills, muster.world, nobody("127.0.0.1"), date(2026, 11, 24))
    stage.close()
