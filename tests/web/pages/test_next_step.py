"""The next action of an incident, for each state and role."""

import pytest

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.core.people import Actor
from muster.web.pages.next_step import NextStep, next_step
from tests.web.pages.conftest import House


def _step(house: House, code: str, who: str = "anna") -> NextStep:
    me: Caller = house.caller(who)
    return next_step(house.muster.reading.incident(me, code), me)


def test_the_way_of_a_commander(house: House) -> None:
    code = house.incident()
    assert _step(house, code).take
    carl = Caller(Actor(house.accounts["carl"]), "Carl")
    assert "Tell a responder" in next_step(house.muster.reading.incident(carl, code), carl).text
    house.do(Verb.OFFER, incident=code, role="commander", to=house.accounts["anna"])
    assert _step(house, code).part == "state"
    assert "Anna commands" in _step(house, code, "ben").text
    house.do(Verb.STATE, incident=code, to="active", expected=1)
    assert _step(house, code).part == "severity"
    house.do(Verb.SEVERITY, incident=code, expected=1, ratings={"safety": "yes"})
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
    house.do(Verb.CLOSE, incident=code, summary="done", how_learned="staff", expected=3)
    assert "closed" in _step(house, code).text


@pytest.mark.parametrize("part", ["log-form", "questions", "roles", "severity", "state", "summary"])
def test_every_part_has_a_label(part: str) -> None:
    assert NextStep("", "", part).label
