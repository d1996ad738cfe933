"""Signals of many incidents: each to its own, and only those that may be seen."""

from pathlib import Path

from muster.access.may import visible
from muster.access.verbs import Verb
from muster.store.attached import signals_of_many
from tests.app.stage import peopled


def test_each_to_its_own_and_only_what_may_be_seen(tmp_path: Path, database_url: str) -> None:
    stage = peopled(tmp_path, database=database_url)
    ana, ben = stage.people["ana"], stage.people["ben"]
    first, second, secret = (str(stage.do(Verb.SIGNAL, ana, title=f"s {n}")["signal"]) for n in range(3))
    one = str(stage.do(Verb.DECLARE, ana, what="one", signal=first)["incident"])
    stage.clock.turn(seconds=1)
    for signal in (second, secret):
        stage.do(Verb.ATTACH, ana, signal=signal, incident=one)
    other = str(stage.do(Verb.DECLARE, ana, what="other")["incident"])
    stage.do(Verb.RESTRICT, ana, stream=secret, secrecy="named", expected=1)
    with stage.muster.door.ledger.database.read() as connection:
        mine = signals_of_many(connection, visible(ana.caller.actor), [one, other])
        assert {incident: set(signals) for incident, signals in mine.items()} == {
            one: {first, second, secret}
        }
        assert set(signals_of_many(connection, visible(ben.caller.actor), [one])[one]) == {first, second}
        assert signals_of_many(connection, visible(ana.caller.actor), []) == {}
    stage.close()
