"""Calls looked back on: one after another until somebody answered, and whose time passed in silence."""

from datetime import timedelta

from muster.app.looking_back.calls import calls
from muster.respond.calling import CallUnanswered
from tests.app.looking_back.night import START, Telling, called, night, past


def test_a_call_names_who_was_silent_and_who_answered() -> None:
    (call,) = calls(night().past())

    assert [(one.person, one.silent) for one in call.people] == [
        ("Robin Vale", True),
        ("Mika Sandoval", False),
    ]
    assert call.silent == ("Robin Vale",)
    assert (call.answered_at, call.answered_by) == (START + timedelta(minutes=37), "Ben")


def test_the_last_one_is_silent_only_when_their_time_is_over() -> None:
    told = Telling()
    told.say(called("x", 0, 10), "server", 0)

    assert [one.silent for one in calls(past(told, now=9))[0].people] == [False]
    assert [one.silent for one in calls(past(told, now=10))[0].people] == [True]


def test_a_list_that_was_silent_to_its_end_is_given_up() -> None:
    told = Telling()
    told.say(called("x", 0, 10), "server", 0)
    told.say(CallUnanswered(turns=6), "server", 11, (("due", 0),))

    (call,) = calls(past(told))
    assert call.given_up
    assert call.answered_at is None


def test_under_no_plan_the_person_is_named_by_their_id() -> None:
    assert calls(night().past(known=False))[0].silent == ("robin-vale",)
