"""What all tests share: databases of both makes, and the corpora.

A test that asks for `database_url` runs twice, on SQLite and on PostgreSQL. PostgreSQL is started by the first test
of a run that needs it, once for all workers, and ends with the run.
"""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from _pytest.assertion import rewrite
from hypothesis import settings

from tests.postgres_server import Owner, PostgresServer, shared_server, sweep

HERE = Path(__file__).parent
FOLDER = "MUSTER_TEST_POSTGRES"  # the folder of this run's server, for the workers
# Modules that take long begin first, so that no worker is left with one when the others are done.
LONG = (
    "tests/crash/",
    "tests/concurrency/",
    "tests/detect/test_ruleset.py",
    "tests/test_demo.py",
    "tests/app/test_door.py",
    "tests/app/test_played_night.py",
    "tests/store/test_cli_record.py",
    "tests/store/test_verifying.py",
    "tests/store/test_seal.py",
    "tests/test_serving.py",
    "tests/test_postgres_server.py",
)
FSYNC = os.environ.get("MUSTER_TEST_FSYNC", "on") != "off"

# The same examples in every run, so that a red run means the change; new ones are drawn by `make soak`.
settings.register_profile("suite", deadline=None, derandomize=True, max_examples=20)
settings.register_profile("quick", deadline=None, derandomize=True, max_examples=10)
settings.register_profile("soak", deadline=None, max_examples=2000)
settings.load_profile("soak" if os.environ.get("MUSTER_SOAK") else "suite")

CACHE = "MUSTER_CACHE"
_owner: Owner | None = None
_cache: list[TemporaryDirectory[str]] = []
"""This run's own cache of compiled rules, shared by its workers."""


def pytest_configure(config: pytest.Config) -> None:
    """Reserve the folder of this run's PostgreSQL server. Workers are started later and inherit its name."""
    global _owner  # noqa: PLW0603 - pytest's hooks share nothing else
    if FOLDER not in os.environ:
        sweep()
        _owner = Owner()
        os.environ[FOLDER] = str(_owner.folder)
    if CACHE not in os.environ:
        _cache.append(TemporaryDirectory(prefix="muster-cache-"))
        os.environ[CACHE] = _cache[0].name
    told = getattr(config, "workerinput", None)
    if told and not sys.dont_write_bytecode:
        _rewrite_share(config, int(told["workerid"].removeprefix("gw")), told["workercount"])


def _rewrite_share(config: pytest.Config, number: int, of: int) -> None:
    """Write the bytecode of every n-th test file: together the workers do once what each would do for itself."""
    state = config.stash[rewrite.assertstate_key]
    files = sorted(path for name in ("test_*.py", "conftest.py") for path in HERE.rglob(name))
    for path in files[number::of]:
        folder = rewrite.get_cache_dir(path)
        cached = folder / (path.stem + rewrite.PYC_TAIL)
        if rewrite._read_pyc(path, cached) is None and rewrite.try_makedirs(folder):
            stat, code = rewrite._rewrite_test(path, config)
            rewrite._write_pyc(state, code, stat, cached)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What drives a browser is not even imported where it would be left out."""
    return True if collection_path == HERE / "browser" and "not browser" in config.option.markexpr else None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is collected stays to the end: looking through it for garbage, again and again, finds none."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the server, if there is one; when this is never reached, its keeper sees that too."""
    while _cache:
        del os.environ[CACHE]
        _cache.pop().cleanup()
    if _owner:
        del os.environ[FOLDER]
        _owner.close()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by what it asks for, so that `-m "not corpora"` leaves out none too few; long ones come first."""
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        if "corpora" in asked:
            item.add_marker("corpora")
        if asked & {"postgres", "postgres_url", "fresh_postgres"}:
            item.add_marker("postgres")
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@pytest.fixture(scope="session")
def postgres() -> PostgresServer:
    """This run's PostgreSQL server. Settings of the whole server are not for a test to change."""
    return shared_server(Path(os.environ[FOLDER]), fsync=FSYNC)


@pytest.fixture(scope="session")
def postgres_url(postgres: PostgresServer) -> str:
    """The server's administrative database, as an SQLAlchemy URL; tests keep their tables in `fresh_postgres`."""
    return postgres.url()


@pytest.fixture
def fresh_postgres(postgres: PostgresServer) -> Iterator[Callable[[], str]]:
    """A function that makes a new, empty database and returns its SQLAlchemy URL; all are dropped after the test."""
    made: list[str] = []

    def fresh() -> str:
        made.append(postgres.create_database())
        return postgres.url(made[-1])

    yield fresh
    for name in made:
        postgres.drop_database(name)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new, empty database as an SQLAlchemy URL: each test that asks for it runs on both makes."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'muster.db'}"
    fresh: Callable[[], str] = request.getfixturevalue("fresh_postgres")
    return fresh()


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of the shared corpora; without it the tests that need it are skipped, by name."""
    root = Path(__file__).resolve().parent.parent
    folder = Path(os.environ.get("MUSTER_CORPORA") or root / "corpora")
    if not folder.is_dir():
        pytest.skip("corpora: set MUSTER_CORPORA to their folder, or put them in corpora/")
    return folder
