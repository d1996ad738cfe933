"""Many write at once, into one stream and into many: nothing is lost, doubled, or out of line, and nobody waits for ever."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from muster.store import schema
from tests.crash.diary import Diary
from tests.crash.place import Place
from tests.crash.reckoning import reckon
from tests.crash.servers import Server, Servers

CLIENTS = 4
WEIGHTS = (2, 8, 3, 3, 1, 3)


class Follower(threading.Thread):
    """Reads the feed by its numbers while others write, as live pages and checkpoints do."""

    def __init__(self, place: Place) -> None:
        super().__init__(daemon=True)
        self._place = place
        self.done = threading.Event()
        self.seen: list[int] = []

    def run(self) -> None:
        leaves = schema.leaves
        with self._place.reading() as database:
            while True:
                last_look = self.done.is_set()
                after = self.seen[-1] if self.seen else -1
                query = select(leaves.c.feed).where(leaves.c.feed > after).order_by(leaves.c.feed)
                with database.read() as connection:
                    self.seen.extend(connection.execute(query).scalars())
                if last_look:
                    return
                time.sleep(0.005)


def serving(place: Place, servers: Servers) -> list[Server]:
    """One server on SQLite; on PostgreSQL two, each with its own data directory, both with the same blobs."""
    first = servers.serving(place)
    if place.database is None:
        return [first]
    blobs = str(place.data / "blobs")
    return [first, servers.serving(place, blobs=blobs, data=place.folder / "other")]


@pytest.mark.parametrize(
    "appends", [120, pytest.param(10_000, marks=[pytest.mark.soak, pytest.mark.timeout(1500)])]
)
def test_many_writers_and_a_follower(
    appends: int, place: Place, servers: Servers, record_property: Callable[[str, object], None]
) -> None:
    token = place.founded()
    running = serving(place, servers)
    with running[0].client(token) as client:
        shared = client.post("declare", {"what": "shared"})["incident"]
    diaries = [Diary(f"client-{number}", number, shared, WEIGHTS) for number in range(CLIENTS)]
    follower = Follower(place)
    follower.start()

    def work(number: int) -> None:
        with running[number % len(running)].client(token) as client:
            assert diaries[number].works(client, appends * 5 // 6 // CLIENTS)

    began = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(work, range(CLIENTS)))
    seconds = time.monotonic() - began
    follower.done.set()
    follower.join()
    assert all(server.stops() == 0 for server in running)
    assert follower.seen == list(range(len(follower.seen)))
    place.is_whole()
    reckon(place, diaries, ("declare", "shared"))
    entries = place.counter()
    assert entries >= appends * 0.95
    record_property(
        "counts",
        f"{entries} entries in {seconds:.1f} s by {CLIENTS} clients of {len(running)} servers; "
        f"{len(follower.seen)} followed while they were written",
    )
