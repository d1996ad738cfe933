"""A lease is held by one, renewed by its holder, and taken over when it ends."""

from muster.store.leases import claim, database_now, release
from tests.store.world import World


def test_one_holds_it_and_renews_it(world: World) -> None:
    assert claim(world.database, "job", "a", 60)
    assert claim(world.database, "job", "a", 60)
    assert not claim(world.database, "job", "b", 60)
    assert claim(world.database, "other job", "b", 60)


def test_it_is_given_back_by_its_holder_only(world: World) -> None:
    claim(world.database, "job", "a", 60)
    release(world.database, "job", "b")
    assert not claim(world.database, "job", "b", 60)
    release(world.database, "job", "a")
    assert claim(world.database, "job", "b", 60)


def test_one_that_has_ended_is_taken_over(world: World) -> None:
    assert claim(world.database, "job", "the dead one", -1)
    assert claim(world.database, "job", "b", 60)
    assert not claim(world.database, "job", "the dead one", 60)


def test_the_time_is_that_of_the_database(world: World) -> None:
    with world.database.read() as connection:
        assert database_now(connection).utcoffset() is not None
