"""The first paragraph: every figure is the record's, and what is not known stays unknown."""

from datetime import timedelta

from muster.app.looking_back.clocks import clocks_told
from muster.app.looking_back.holding import holdings
from muster.app.looking_back.opening import Opening, opening
from muster.app.looking_back.past import Past
from muster.app.looking_back.statements import statements_told
from muster.learn.times import milestones
from muster.respond.incident import IncidentReopened
from tests.app.looking_back.night import START, night


def told_of(seen: Past) -> Opening:
    known = milestones(seen.entries, [lines.entries for lines in seen.signals.values()])
    return opening(seen, known, holdings(seen), clocks_told(seen), statements_told(seen))


def test_it_says_how_bad_how_long_and_who_commanded() -> None:
    told = night()
    found = told_of(told.past())

    assert found.declared_at == START + timedelta(minutes=25)
    assert (found.ended_at, found.lasted) == (told.at("closed"), timedelta(minutes=4480))
    assert (found.peak, found.peak_since) == ("SEV1", told.at("rated"))
    assert found.commanders == ("Ben",)
    assert found.information == ("privacy",)
    assert found.contained == told.at("contained")


def test_who_was_told_stands_with_by_when_it_was_owed() -> None:
    told = night()
    authority, customers = told_of(told.past()).told

    assert (authority.due, authority.at) == (START + timedelta(minutes=70, days=3), told.at("filed"))
    assert (customers.due, customers.at) == (None, told.at("letter-sent"))


def test_what_nobody_claimed_is_unknown() -> None:
    assert told_of(night().past()).eradicated is None


def test_a_reopened_incident_has_not_ended() -> None:
    told = night()
    told.told.say(IncidentReopened(reason="They are back."), "ben", 4600)
    found = told_of(told.past())

    assert (found.ended_at, found.lasted) == (None, None)
