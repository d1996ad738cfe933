"""Open places: one key each, so that a player can tell them from ordinary objects."""

from muster.rehearse.shop.beats import INCIDENT, Person, account, of, signal, thing, version


def test_open_places() -> None:
    assert signal("a.yml") == {"$signal": "a.yml"}
    assert of("run", "run") == {"$of": "run.run"}
    assert thing("q-1") == {"$of": "q-1.seq"}
    assert version("severity") == {"$version": "severity"}
    assert account(Person("robin-vale", "Robin Vale")) == {"$account": "robin-vale"}
    assert INCIDENT == {"$": "incident"}
