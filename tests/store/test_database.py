"""One door to both databases: whole transactions, stable reads, and errors that a person can act on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from muster.core.errors import BadInput, Unavailable
from muster.store.database import AgainPlease, Database, insert_new, parse_url, sqlite_url, upsert
from muster.store.migrate import migrate
from muster.store.schema import leases, members


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(parse_url(database_url))
    migrate(made)
    yield made
    made.close()


def leased(database: Database) -> list[tuple[str, str]]:
    with database.read() as connection:
        return [(row.name, row.holder) for row in connection.execute(leases.select().order_by(leases.c.name))]


def row(name: str, holder: str) -> dict[str, str]:
    return {"name": name, "holder": holder, "expires": "2026"}


def test_a_write_is_whole_or_not_at_all(database: Database) -> None:
    def fail(connection: Connection) -> None:
        connection.execute(leases.insert(), [row("a", "x")])
        raise BadInput("No.")

    with pytest.raises(BadInput):
        database.write(fail)
    assert leased(database) == []


def test_somebody_who_was_second_tries_again(database: Database) -> None:
    tries: list[int] = []

    def second(connection: Connection) -> str:
        tries.append(1)
        if len(tries) < 3:
            raise AgainPlease
        connection.execute(leases.insert(), [row("a", "x")])
        return "done"

    assert database.write(second) == "done"
    assert leased(database) == [("a", "x")]


def test_it_does_not_try_for_ever(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muster.store.database.TRIES", 3)

    def never(_connection: Connection) -> None:
        raise AgainPlease

    with pytest.raises(Unavailable, match="Too many others"):
        database.write(never)


def test_what_a_reader_sees_does_not_change_meanwhile(database: Database) -> None:
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM leases")).scalar_one() == 0
        database.write(lambda other: other.execute(leases.insert(), [row("a", "x")]))
        assert connection.execute(text("SELECT count(*) FROM leases")).scalar_one() == 0
    assert leased(database) == [("a", "x")]


def test_upsert_replaces_and_insert_new_does_not(database: Database) -> None:
    database.write(lambda connection: connection.execute(upsert(connection, leases), [row("a", "x")]))
    database.write(lambda connection: connection.execute(upsert(connection, leases), [row("a", "y")]))
    database.write(lambda connection: connection.execute(insert_new(connection, leases), [row("a", "z")]))
    both = {"stream": "s", "account": "a"}
    for _ in range(2):
        database.write(lambda connection: connection.execute(upsert(connection, members), [both]))
    assert leased(database) == [("a", "y")]


def test_a_database_for_reading_takes_nothing(database: Database, database_url: str) -> None:
    reader = Database(parse_url(database_url), read_only=True)
    assert leased(reader) == []
    with pytest.raises(Unavailable):
        reader.write(lambda connection: connection.execute(text("INSERT INTO leases VALUES ('a', 'b', 'c')")))
    reader.close()


def test_a_full_disk_is_one_line_and_nothing_is_written(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("a limit of SQLite")
    with database.engines[0].connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    rows = [row(f"{number:05d}", "x" * 200) for number in range(500)]
    with pytest.raises(Unavailable) as full:
        database.write(lambda connection: connection.execute(leases.insert(), rows))
    assert "full" in full.value.what
    assert len(full.value.line().splitlines()) == 1
    assert leased(database) == []


def test_addresses_are_understood_and_passwords_never_repeated() -> None:
    assert parse_url("postgresql://u:p@h/n").drivername == "postgresql+psycopg"
    assert parse_url("sqlite:///x.sqlite").database == "x.sqlite"
    for wrong in ("mysql://root:hunter2@h/n", "hunter2", "sqlite://", "postgresql://u:hunter2@h:notaport/n"):
        with pytest.raises(BadInput) as refused:
            parse_url(wrong)
        assert "hunter2" not in refused.value.line()


def test_traces_are_asked_for_again_while_a_reader_blocks(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path / "x.sqlite"))
    migrate(database)
    log = tmp_path / "x.sqlite-wal"
    with database.read() as connection:
        connection.execute(text("SELECT count(*) FROM leases")).scalar_one()
        database.write(lambda other: other.execute(leases.insert(), [row("a", "x")]))
        assert not database.clean_traces()
        assert database.has_traces
    assert log.stat().st_size > 0
    assert database.clean_traces()
    assert not database.has_traces
    assert log.stat().st_size == 0
    database.close()


def test_one_file_can_be_the_whole_database(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path / "x.sqlite"))
    migrate(database)
    database.leave_one_file()
    database.close()
    assert [file.name for file in tmp_path.iterdir()] == ["x.sqlite"]
