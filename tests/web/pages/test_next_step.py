"""The next action of an incident, for each state and role."""

import pytest

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.app.room import Part, Room
from muster.core.people import Actor
from muster.web.pages.next_step import NextStep, next_step
from tests.web.pages.conftest import House
from tests.web.pages.room_scene import ACTION, commanded, worked


def _step(house: House, code: str, who: str = "anna") -> NextStep:
    return _of(house, code, house.caller(who))


def _of(house: House, code: str, me: Caller) -> NextStep:
    return next_step(Room(house.muster.reading, house.muster.world).incident(me, code)[1], me)


def test_the_way_of_a_commander(house: House) -> None:
    code = house.incident()
    assert _step(house, code).take
    carl = Caller(Actor(house.accounts["carl"]), "Carl")
    assert "Tell a responder" in _of(house, code, carl).text
    house.do(Verb.OFFER, incident=code, role="commander", to=house.accounts["anna"])
    assert _step(house, code).part == "severity"
    assert "Anna commands" in _step(house, code, "ben").text
    house.do(Verb.SEVERITY, incident=code, expected=1, ratings={"safety": "yes"})
    assert _step(house, code).part == "state"
    house.do(Verb.STATE, incident=code, to="active", expected=1)
    assert "Name a scribe" in _step(house, code).text
    house.do(Verb.OFFER, incident=code, role="scribe", to=house.accounts["ben"])
    assert "You were offered the role of scribe." in _step(house, code, "ben").text
    assert _step(house, code).part == "summary"
    house.do(Verb.SUMMARY, incident=code, text="known", expected=0)
    assert _step(house, code).part == "log-form"
    house.do(Verb.QUESTION, incident=code, text="Who else?")
    assert _step(house, code).why == "Who else?"
    house.do(Verb.QUESTION, incident=code, text="And why?")
    assert "2 questions are open" in _step(house, code).text
    house.do(Verb.STATE, incident=code, to="review", expected=2)
    assert "Close the incident" in _step(house, code).text
    assert _step(house, code).link == "/learning#review"
    house.do(Verb.HOLD_REVIEW, incident=code, people=[house.accounts["anna"]])
    house.do(Verb.CLOSE, incident=code, summary="done", how_learned="staff", expected=3)
    assert "closed" in _step(house, code).text


@pytest.mark.parametrize("part", ["log-form", "questions", "roles", "severity", "state", "summary"])
def test_every_part_has_a_label(part: str) -> None:
    assert NextStep("", "", part).label


@pytest.mark.parametrize("page", list(Part))
def test_every_page_of_the_room_has_a_label(page: Part) -> None:
    step = NextStep("", "", "x", page=page.value)
    assert step.label
    assert step.link == f"/{page}#x"


def test_what_waits_for_somebody_comes_before_the_log(planned: House) -> None:
    code = commanded(planned)
    on = {"incident": code}
    planned.do(Verb.SEVERITY, **on, expected=1, ratings={"safety": "yes"})
    planned.do(Verb.STATE, **on, to="active", expected=1)
    done = worked(planned, code)
    asked = _step(planned, code)
    assert asked.text == "You are asked to decide: Save the logs of web-1"
    assert (asked.why, asked.link) == ("By 02:40 UTC.", "/work#decisions")
    assert "A task was given to you" in _step(planned, code, "ben").text
    planned.do(Verb.TAKE, "ben", **on, task=done["task"], expected=1)
    assert "Evidence is offered to you" in _step(planned, code, "ben").text
    planned.do(Verb.RUN, **on, playbook="web-intrusion")
    step = _step(planned, code, "ben")
    assert step.text.startswith("Look at the process")
    assert (step.page, step.where) == ("runs", "playbooks/web-intrusion.yaml:15")


def test_an_action_to_approve_and_a_clock_that_ran_out(planned: House) -> None:
    code = commanded(planned)
    on = {"incident": code}
    planned.do(Verb.SEVERITY, **on, expected=1, ratings={"safety": "yes"})
    planned.do(Verb.STATE, **on, to="active", expected=1)
    planned.do(Verb.PROPOSE, "ben", **on, **ACTION)
    assert _step(planned, code).text == "An action waits for your approval: disconnect customer-portal"
    assert _step(planned, code, "ben").page == ""
    for fact, answer in (("personal-data", "yes"), ("risk-to-people", "high")):
        planned.do(Verb.ANSWER_FACT, **on, fact=fact, answer=answer, source="log", expected=0)
    planned.do(Verb.ANCHOR, **on, anchor="aware")
    planned.clock.turn(hours=73)
    late = _step(planned, code)
    assert "A legal clock ran out: gdpr-art-33/notice." in late.text
    assert "Article 33" in late.why
    assert late.link == "/disclosure#clocks"


def test_a_commander_hears_of_what_others_are_late_with(house: House) -> None:
    code = commanded(house)
    on = {"incident": code}
    house.do(Verb.SEVERITY, **on, expected=1, ratings={"safety": "yes"})
    house.do(Verb.STATE, **on, to="active", expected=1)
    house.do(Verb.OFFER, **on, role="scribe", to=house.accounts["carl"])
    house.do(Verb.SUMMARY, **on, text="known", expected=0)
    house.do(Verb.TASK, **on, text="Look at web-1", owner=house.accounts["ben"], minutes=30)
    house.clock.turn(minutes=31)
    assert _step(house, code).text == "You are commander. A task is late: Look at web-1"
    assert "A task was given to you" in _step(house, code, "ben").text
