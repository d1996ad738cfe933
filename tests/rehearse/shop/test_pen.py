"""The pen: each beat a little later than the one before, with times and places of the night."""

from datetime import UTC, datetime, timedelta

import pytest

from muster.plan.severity import Activity, Functional, Ratings, Recoverability, YesNo
from muster.rehearse.shop.beats import INCIDENT
from muster.rehearse.shop.event import Step
from muster.rehearse.shop.pen import Pen, grouped
from muster.rehearse.shop.people import NOOR, ROBIN

START = datetime(2026, 12, 8, 1, 0, tzinfo=UTC)


@pytest.fixture
def pen() -> Pen:
    return Pen(1, START)


def test_it_begins_when_the_shell_opens_and_knows_every_step(pen: Pen) -> None:
    assert pen.now == pen.began[Step.SHELL]
    assert set(pen.began) == set(pen.ended) == set(Step)
    assert all(pen.began[step] <= pen.ended[step] for step in Step)


def test_writing_takes_time_and_waiting_is_said(pen: Pen) -> None:
    first, second = pen.act(NOOR, "log", text="a"), pen.triage(ROBIN, "acknowledge", "a.yml")
    assert first.at < second.at < first.at + timedelta(minutes=1)
    pen.goes(10)
    assert pen.now == second.at + timedelta(minutes=10)
    pen.not_before(timedelta(hours=2))
    pen.not_before(timedelta(hours=1))
    assert pen.now == timedelta(hours=2)


def test_what_a_beat_is_about(pen: Pen) -> None:
    assert pen.act(NOOR, "log", "said", text="a").fields == {"incident": INCIDENT, "text": "a"}
    assert pen.aside(NOOR, "mark-tested", "", drill="x").fields == {"drill": "x"}
    assert pen.triage(ROBIN, "attach", "a.yml").fields == {"signal": {"$signal": "a.yml"}}
    assert [pen.act(NOOR, "log").refused, pen.refused(NOOR, "log", "held").refused] == [False, True]
    assert pen.answer(NOOR, "people-count", "5", "Counted").makes == "fact-people-count"


def test_a_step_has_a_choice_only_where_one_is_made(pen: Pen) -> None:
    assert "choice" not in pen.step(NOOR, "real", "Nobody of ours.").fields
    assert pen.step(NOOR, "real", "Nobody of ours.", "stranger").fields["choice"] == "stranger"


def test_the_impact_is_rated_as_the_verb_takes_it(pen: Pen) -> None:
    rated = Ratings(
        functional=Functional.NONE,
        recoverability=Recoverability.EXTENDED,
        activity=Activity.EFFECT,
        safety=YesNo.NO,
        critical=YesNo.YES,
    )
    beat = pen.severity(NOOR, rated, "Because.")
    assert Ratings.model_validate(beat.fields["ratings"]) == rated
    assert pen.moves(NOOR, "active", "Begun.").fields["expected"] == {"$version": "state"}


def test_times_in_words(pen: Pen) -> None:
    assert pen.clock(timedelta(minutes=74)) == "02:14"
    assert pen.minute(timedelta(minutes=74)) == "2026-12-08T02:14Z"
    assert pen.stated(Step.EXPLOIT).startswith("2026-12-08T01:")
    assert grouped(34150) == "34\u202f150"
