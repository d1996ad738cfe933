"""Which blobs the database names, and by which entry."""

from muster.core.ids import stream_type
from muster.store.blob_names import a_named_blob, named_blobs
from tests.store.world import World


def test_every_blob_is_named_with_its_entry(world: World) -> None:
    with world.database.read() as connection:
        found = list(named_blobs(connection))
        one = a_named_blob(connection)
    assert len(found) == 2
    assert one in {name for _, _, name in found}
    assert {stream_type(stream).value for stream, _, _ in found} == {"SIG"}
    assert all(world.muster.reading.blobs.find(name) for _, _, name in found)


def test_an_erased_hit_names_none_any_more(world: World) -> None:
    with world.database.read() as connection:
        (stream, seq, _), *_rest = named_blobs(connection)
    world.erase(seq, stream)
    with world.database.read() as connection:
        assert (stream, seq) not in {(one, number) for one, number, _ in named_blobs(connection)}
