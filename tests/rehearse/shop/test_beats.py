"""Placeholders: one key each, so that a player can tell them from ordinary objects."""

from muster.rehearse.shop.beats import INCIDENT, Person, account, signal, thing, version


def test_placeholders() -> None:
    person = Person("duty", "Robin Vale", "Duty engineer")
    assert signal("a.yml") == {"$signal": "a.yml"}
    assert thing("q1") == {"$thing": "q1"}
    assert version("severity") == {"$version": "severity"}
    assert account(person) == {"$account": "duty"}
    assert INCIDENT == {"$": "incident"}
