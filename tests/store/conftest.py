"""Worlds for the tests of the store: one is built for each make of database, every test works on its own copy."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from muster.app import passwords
from tests.postgres_script import fill, script
from tests.postgres_server import PostgresServer
from tests.store.world import Kept, World, copied, keep

_scripts: dict[str, bytes] = {}
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_HASHER", QUICK)


@pytest.fixture(scope="session")
def _kept(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[], PostgresServer]], Kept]:
    """Builds the world of each make once, when the first test asks for it."""
    built: dict[str, Kept] = {}

    def kept(make: str, server: Callable[[], PostgresServer]) -> Kept:
        if make not in built:
            folder = tmp_path_factory.mktemp(f"kept-{make}")
            name = None if make == "sqlite" else server().create_database()
            url = None if name is None else server().url(name)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(passwords, "_HASHER", QUICK)
                built[make] = keep(folder, url, name)
        return built[make]

    return kept


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def make(request: pytest.FixtureRequest) -> str:
    """Which database: each test that asks for it, or for a world, runs on both."""
    return str(request.param)


@pytest.fixture
def worlds(
    make: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    _kept: Callable[[str, Callable[[], PostgresServer]], Kept],
) -> Iterator[Callable[..., World]]:
    """A function that gives one more copy of the world."""
    made: list[World] = []
    databases: list[str] = []

    def server() -> PostgresServer:
        found: PostgresServer = request.getfixturevalue("postgres")
        return found

    def another(**more: object) -> World:
        kept = _kept(make, server)
        url = None
        if kept.database is not None:
            if kept.database not in _scripts:
                _scripts[kept.database] = script(server().url(kept.database))
            databases.append(server().create_database())
            url = server().url(databases[-1])
            fill(url, _scripts[kept.database])
        made.append(copied(kept, tmp_path / f"world-{len(made)}", url, **more))
        return made[-1]

    yield another
    for world in made:
        world.close()
    for name in databases:
        server().drop_database(name)


@pytest.fixture
def world(worlds: Callable[..., World]) -> World:
    """The small world, open."""
    return worlds()
