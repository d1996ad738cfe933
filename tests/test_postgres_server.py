"""The PostgreSQL server of the tests: really there, really new, really gone afterwards."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import sqlalchemy

from tests.postgres_server import Owner, PostgresServer, postgres_server

pytestmark = pytest.mark.postgres
ROOT = Path(__file__).resolve().parent.parent


def ask(url: str, question: str) -> object:
    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        return connection.execute(sqlalchemy.text(question)).scalar()


def test_each_fresh_database_is_empty_and_another(fresh_postgres: Callable[[], str]) -> None:
    one, two = fresh_postgres(), fresh_postgres()
    engine = sqlalchemy.create_engine(one, poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE t (n int)"))
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    assert (ask(one, tables), ask(two, tables)) == (1, 0)


def test_a_password_is_asked_for(postgres: PostgresServer) -> None:
    wrong = postgres.dsn().replace(postgres.password, "wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_the_suite_runs_on_both_makes(database_url: str) -> None:
    assert ask(database_url, "SELECT 6 * 7") == 42


def test_a_killed_server_recovers_what_was_committed() -> None:
    with postgres_server() as server:
        assert ask(server.url(), "SELECT current_setting('fsync')") == "on"
        with psycopg.connect(server.dsn()) as connection:
            connection.execute("CREATE TABLE t AS SELECT 42 AS n")
        server.kill()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(server.dsn())
        server.start()
        assert ask(server.url(), "SELECT n FROM t") == 42
        folder = server.folder
    assert not folder.exists()


def test_the_server_ends_when_its_owner_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, time\nfrom tests.postgres_server import postgres_server\n"
        "with postgres_server(fsync=False) as server:\n"
        "    print(server.dsn(), server.folder, flush=True)\n    time.sleep(100)\n"
    )
    owner = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert owner.stdout
    dsn, folder = owner.stdout.readline().split()
    with psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    os.kill(owner.pid, signal.SIGKILL)
    owner.wait()
    owner.stdout.close()
    end = time.monotonic() + 10
    while Path(folder).exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert not Path(folder).exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(dsn)


def test_what_a_killed_run_reserved_is_swept() -> None:
    """In a process of its own: here a folder is owned already."""
    script = (
        "import os\nfrom tests.postgres_server import Owner\n"
        "owner = Owner()\nprint(owner.folder, flush=True)\nos._exit(1)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    left = Path(told.stdout.strip())
    owner = Owner()
    try:
        assert left.exists()
        command = [sys.executable, "-c", "from tests.postgres_server import sweep; sweep(older_than=0)"]
        subprocess.run(command, cwd=ROOT, check=True)
        assert not left.exists()
        assert owner.folder.exists()
    finally:
        owner.close()
    assert not owner.folder.exists()
