"""A request whose key was seen before gets its first answer again, for a day."""

from datetime import timedelta

from muster.access.verbs import Verb
from muster.store.answers import forget_old, remembered
from tests.store.world import World


def declared(world: World, key: str) -> str:
    caller = world.people["ada"]
    return str(world.muster.doing.do(Verb.DECLARE, {"what": "odd"}, caller, key)["incident"])


def test_the_same_key_gets_the_first_answer_and_writes_nothing(world: World) -> None:
    first = declared(world, "key-one-1")
    count = world.rows("SELECT count(*) FROM entries")
    assert declared(world, "key-one-1") == first
    assert world.rows("SELECT count(*) FROM entries") == count
    assert declared(world, "key-two-2") != first


def test_an_answer_belongs_to_its_account(world: World) -> None:
    declared(world, "key-one-1")
    with world.database.read() as connection:
        assert remembered(connection, world.people["ada"].actor.account, "key-one-1") is not None
        assert remembered(connection, world.people["ben"].actor.account, "key-one-1") is None


def test_after_a_day_it_is_forgotten(world: World) -> None:
    declared(world, "key-one-1")
    forget_old(world.database, world.clock.now + timedelta(hours=23))
    assert world.rows("SELECT count(*) FROM idempotency") == [(1,)]
    forget_old(world.database, world.clock.now + timedelta(hours=25))
    assert world.rows("SELECT count(*) FROM idempotency") == [(0,)]
