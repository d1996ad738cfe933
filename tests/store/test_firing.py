"""How often rules fired is counted of what may be seen, by lane and outcome."""

from dataclasses import replace

from muster.access.may import visible
from muster.access.verbs import Verb
from muster.store.firing import fired
from tests.store.world import World, hit, report_hits


def test_signals_of_a_rule_are_counted_with_their_events_and_outcomes(world: World) -> None:
    ben = world.people["ben"]
    tags = ["attack.t1003.001", "attack.credential-access"]
    signal = report_hits(world.muster, ben, {**hit("lsass"), "tags": tags}, batch=b"lsass 1")
    world.do("ben", Verb.DISMISS, signal=signal, outcome="false alarm", reason="The backup.")
    report_hits(world.muster, ben, {**hit("lsass"), "tags": tags}, batch=b"lsass 2")
    with world.database.read() as connection:
        rows = [row for row in fired(connection, visible(ben.actor)) if row["rule_key"] == "lsass"]
        elsewhere = fired(connection, visible(replace(ben.actor, lane="drill:DRL-7Q4KM2")))
    assert {(row["outcome"], row["signals"], int(row["events"])) for row in rows} == {
        ("false alarm", 1, 2),
        (None, 1, 2),
    }
    assert {(row["techniques"], row["tactics"], row["lane"]) for row in rows} == {
        ("T1003.001", "credential-access", "real")
    }
    assert not [row for row in elsewhere if row["rule_key"] == "lsass"]
