"""The server is killed at every point where it would matter, and nothing that it acknowledged is lost or doubled.

kill -9 is not power loss: what the kernel holds is still written, so these tests show that the order of steps is right,
not that the disk was told in time (that each step is synced is seen in the code, and the points lie around the syncs).
"""

import random
import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from muster.store import schema
from muster.store.database import Database, parse_url, sqlite_url
from tests.crash.diary import Diary
from tests.crash.place import Place
from tests.crash.reckoning import reckon
from tests.crash.servers import Server, Servers

# How late in a round the kill may come: the n-th passing of the point.
POINTS = {
    "before-commit": 30,
    "after-commit": 30,
    "spool-fsync": 6,
    "spool-rename": 6,
    "blob-put": 6,
    "checkpoint": 2,
    "anchor": 2,
    "rebuild": 1,
}
ORDER = {
    "sqlite": ("before-commit", "spool-rename", "blob-put", "checkpoint", "rebuild"),
    "postgres": ("after-commit", "spool-fsync", "anchor", "rebuild", "before-commit"),
}
CLIENTS = 2
REQUESTS = 45


def lists_of_an_older_muster(place: Place) -> None:
    """Stamp the lists as an older version would have left them, so that the next start folds them anew."""
    database = Database(
        parse_url(place.database) if place.database else sqlite_url(place.data / "muster.sqlite")
    )
    database.write(lambda connection: connection.execute(update(schema.log).values(fold=0)))
    database.close()


def work(server: Server, token: str, diaries: list[Diary]) -> None:
    """All clients at once, each until it has asked its fill or the server is gone."""

    def one(diary: Diary) -> None:
        with server.client(token) as client:
            diary.works(client, REQUESTS)

    with ThreadPoolExecutor(len(diaries)) as pool:
        list(pool.map(one, diaries))


@pytest.mark.parametrize(
    "rounds", [5, pytest.param(100, marks=[pytest.mark.soak, pytest.mark.timeout(3000)])]
)
def test_a_killed_server_loses_nothing_that_it_acknowledged(
    rounds: int, place: Place, servers: Servers, record_property: Callable[[str, object], None]
) -> None:
    make = "sqlite" if place.database is None else "postgres"
    points = ORDER[make] if rounds == 5 else tuple(POINTS)
    draw = random.Random(f"{make} {rounds}")
    token = place.founded()
    diaries = [Diary(f"client-{number}", number) for number in range(CLIENTS)]
    kills: Counter[str] = Counter()
    for number in range(rounds):
        point = points[number % len(points)]
        if point == "rebuild":
            lists_of_an_older_muster(place)
        dies = servers.start(place, point=point, nth=draw.randint(1, POINTS[point]))
        if dies.serves():
            work(dies, token, diaries)
        assert dies.waits_for_end() == -signal.SIGKILL
        assert dies.reached == point
        kills[point] += 1
        again = servers.serving(place)
        assert not list((place.data / "spool").glob(".*")), "what was half-written is swept away"
        with again.client(token) as client:
            for diary in diaries:
                assert diary.works(client, 1)
        assert again.stops() == 0
        if rounds == 5 or number % 10 == 9:
            place.is_whole()
            reckon(place, diaries)
    assert all(diary.open is None for diary in diaries)
    newest, anchored = place.sealed()
    assert newest == anchored == place.counter(), "a clean stop seals everything"
    acknowledged = sum(len(diary.answered) for diary in diaries)
    repeated = sum(diary.repeated for diary in diaries)
    assert repeated >= rounds / 4
    said = ", ".join(f"{point} {count}" for point, count in kills.items())
    record_property(
        "counts",
        f"{rounds} rounds, killed at {said}; {acknowledged} acknowledged, 0 lost, {repeated} repeated",
    )
