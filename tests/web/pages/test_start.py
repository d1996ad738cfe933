"""The start page and its one next action."""

import pytest

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.app.reading import Reading
from muster.app.views import SignalList
from muster.web.pages.start import new_signals, open_incidents
from tests.web.pages.conftest import House


def test_the_oldest_bad_signal_comes_first(house: House) -> None:
    old = house.signal("First", severity="SEV2")
    house.clock.turn(minutes=1)
    house.signal("Second", severity="SEV1")
    house.signal("Harmless", severity="SEV5")
    browser = house.signed_in("anna")
    assert "2 signals of SEV1 or SEV2 wait for somebody. Take the oldest." in browser.text
    assert f'class="button" href="/signals/{old}"' in browser.page
    assert "1 other signal is new" in browser.text


def test_then_incidents_without_commander_then_other_signals(house: House) -> None:
    quiet = house.signal("Harmless", severity="SEV5")
    code = house.incident()
    browser = house.signed_in("anna")
    assert "An incident has no commander." in browser.text
    assert f'href="/incidents/{code}#roles"' in browser.page
    house.do(Verb.OFFER, incident=code, role="commander", to=house.accounts["anna"])
    browser.get("/")
    assert "A signal waits for somebody." in browser.text
    house.do(Verb.ACKNOWLEDGE, signal=quiet)
    browser.get("/")
    assert f"You command {code}." in browser.text
    ben = house.signed_in("ben")
    assert "Work goes on in the open incidents." in ben.text


def test_with_nothing_to_do_it_teaches_declaring(house: House) -> None:
    browser = house.signed_in("anna")
    assert "Nothing waits for anybody." in browser.text
    assert "No incident is open." in browser.text


def test_a_person_without_duties_sees_no_signal_of_the_team(house: House) -> None:
    house.signal("For the team", severity="SEV1")
    carl = house.signed_in("carl")
    assert "For the team" not in carl.page
    assert "Nothing waits for anybody." in carl.text


def test_many_signals_are_read_to_the_oldest(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    titles = [house.signal(f"Number {number}") and f"Number {number}" for number in range(3)]

    right = Reading.signals

    def one_at_a_time(self: Reading, me: Caller, *, state: str, after: str | None, limit: int) -> SignalList:
        return right(self, me, state=state, after=after, limit=1)

    monkeypatch.setattr(Reading, "signals", one_at_a_time)
    found = new_signals(house.muster.reading, house.caller("anna"))
    assert sorted(row.title for row in found) == titles


def test_ended_incidents_are_left_out(house: House) -> None:
    code = house.incident("Over")
    house.do(Verb.STAND_DOWN, incident=code, reason="nothing")
    going = house.incident("Going")
    rows = open_incidents(house.muster.reading, house.caller("anna"))
    assert [row.incident for row in rows] == [going]
