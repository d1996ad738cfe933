"""A batch of events is known by token and id; what a process says of itself replaces what it said before."""

from muster.store.batches import position, set_position, take, taken
from tests.store.world import START, World


def test_whoever_is_first_stands_under_the_id(world: World) -> None:
    def first(connection: object, sha256: str = "a" * 64) -> str:
        return take(connection, token="t", batch="b", sha256=sha256, events=3, now=START).sha256

    assert world.database.write(first) == "a" * 64
    assert world.database.write(lambda connection: first(connection, "b" * 64)) == "a" * 64
    with world.database.read() as connection:
        assert taken(connection, "t", "b") is not None
        assert taken(connection, "other", "b") is None


def test_the_last_word_of_a_process_stands(world: World) -> None:
    for rules in (1, 2):
        world.database.write(
            lambda connection, rules=rules: set_position(connection, "detector", {"rules": rules}, START)
        )
    with world.database.read() as connection:
        found = position(connection, "detector")
        assert position(connection, "nobody") is None
    assert found is not None
    assert found[0] == {"rules": 2}
