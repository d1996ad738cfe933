"""What no single stream can tell: the open signal of a group, and which hits are recorded."""

from muster.access.verbs import Verb
from muster.store.lookups import attached_signals, known_hits, open_signals
from tests.store.world import World, hit, report_hits


def group_of(world: World, name: str) -> str:
    return str(world.rows("SELECT group_key FROM signals WHERE stream = :s", s=world.signals[name])[0][0])


def test_a_signal_that_waits_takes_more_of_its_group(world: World) -> None:
    group = group_of(world, "report")
    with world.database.read() as connection:
        assert open_signals(connection, [group, "unknown"]) == {group: world.signals["report"]}


def test_one_attached_to_an_incident_that_goes_on_does_too_until_it_ends(world: World) -> None:
    group = group_of(world, "hits")
    with world.database.read() as connection:
        assert open_signals(connection, [group]) == {group: world.signals["hits"]}
        assert attached_signals(connection, world.incident) == [world.signals["hits"]]
    world.do("ben", Verb.STAND_DOWN, incident=world.incident, reason="a drill of another team")
    with world.database.read() as connection:
        assert open_signals(connection, [group]) == {}
    assert (
        report_hits(world.muster, world.people["ben"], hit(rows=(1,)), batch=b"batch 2")
        != world.signals["hits"]
    )


def test_one_that_was_dismissed_takes_none(world: World) -> None:
    with world.database.read() as connection:
        assert open_signals(connection, [group_of(world, "webhook")]) == {}


def test_recorded_hits_are_known_however_many_are_asked_for(world: World) -> None:
    keys = [row[0] for row in world.rows("SELECT key FROM hit_keys")]
    with world.database.read() as connection:
        asked = [*keys, *(f"unknown {number}" for number in range(1200))]
        assert known_hits(connection, asked) == frozenset(keys)
        assert known_hits(connection, []) == frozenset()
