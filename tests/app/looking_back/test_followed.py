"""Playbooks looked back on: each step with its line of the plan, who, when and how; and where the plan was left."""

from datetime import timedelta

from muster.app.looking_back.followed import runs_told
from tests.app.looking_back.night import COMMIT, START, night


def test_each_step_stands_beside_what_the_plan_says() -> None:
    told = night()
    (run,) = runs_told(told.past())
    first = run.steps[0]

    assert (run.playbook, run.commit, run.outcome) == ("web-intrusion", COMMIT, "done")
    assert first.where.startswith("playbooks/web-intrusion.yaml:")
    assert (first.who, first.at, first.role) == ("Ana", START + timedelta(minutes=40), "duty-engineer")
    assert first.says.startswith("Look at the process")
    assert first.words == "No release tonight."


def test_a_step_that_was_left_out_is_a_deviation_with_its_reason() -> None:
    (run,) = runs_told(night().past())
    (left,) = [one for one in run.steps if one.deviation]

    assert (left.step, left.outcome, left.words) == ("clocks", "left out", "Counsel is on the way.")
    assert run.deviations == 1


def test_a_step_in_its_time_is_not_late_and_one_after_it_is() -> None:
    (run,) = runs_told(night().past())
    real = next(one for one in run.steps if one.step == "real")

    assert real.limit == START + timedelta(minutes=55)
    assert not real.late


def test_steps_that_were_not_on_the_way_are_named() -> None:
    (run,) = runs_told(night().past())

    assert "isolate" in run.unreached
    assert not {"confirm", "real", "clocks"} & set(run.unreached)


def test_without_its_plan_the_steps_stand_without_their_words() -> None:
    (run,) = runs_told(night().past(known=False))

    assert [one.step for one in run.steps] == ["confirm", "real", "clocks"]
    assert {one.says for one in run.steps} == {""}
    assert run.unreached == ()
