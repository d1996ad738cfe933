"""A stream's entries as they are stored, in order, also in parts."""

from itertools import pairwise

import pytest

from muster.app.registry import KINDS
from muster.core.errors import MusterError
from muster.record.hashing import leaf_hash
from muster.respond.log import LogWritten
from muster.store.read_stream import StoredEntry, read_stream
from tests.store.world import World


def read(world: World, after: int = -1, limit: int | None = None) -> list[StoredEntry]:
    with world.database.read() as connection:
        return list(read_stream(connection, world.incident, KINDS, after=after, limit=limit))


def test_all_entries_come_in_order_and_chained(world: World) -> None:
    found = read(world)
    assert [item.entry.header.seq for item in found] == list(range(18))
    for before, item in pairwise(found):
        assert item.entry.header.prev == before.leaf.hex() == leaf_hash(before.header).hex()


def test_an_erased_body_is_none_with_its_salt(world: World) -> None:
    erased = read(world)[5]
    assert (erased.body, erased.salt, erased.entry.body) == (None, None, None)
    assert isinstance(read(world)[4].entry.body, LogWritten)


def test_a_part_is_read_alone(world: World) -> None:
    assert [item.entry.header.seq for item in read(world, after=3, limit=2)] == [4, 5]
    assert read(world, after=17) == []


def test_what_is_no_entry_is_not_passed_on(world: World) -> None:
    world.change(
        "UPDATE entries SET header = :h WHERE stream = :s AND seq = 3", h=b"rubbish", s=world.incident
    )
    with pytest.raises((MusterError, KeyError, ValueError)):
        read(world)
