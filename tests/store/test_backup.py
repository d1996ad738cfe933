"""A backup is one file that holds the record whole, from either database to either, and none of the sessions."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from muster.app.registry import FOLDS, KINDS
from muster.core.errors import BadInput, Damaged
from muster.store.append import Ledger
from muster.store.backup import restore_backup, write_backup, wrong_blobs
from muster.store.blobs import Blobs
from muster.store.database import Database, parse_url, sqlite_url
from muster.store.project import FOLD_VERSION, project
from tests.store.world import World


def record_of(database: Database) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    with database.read() as connection:
        for sql in ("SELECT stream, seq, header FROM entries ORDER BY 1, 2",
                    "SELECT stream, seq, salt, body FROM bodies ORDER BY 1, 2",
                    "SELECT feed, stream, seq, hash FROM leaves ORDER BY 1"):  # fmt: skip
            rows = connection.exec_driver_sql(sql).all()
            found += [
                tuple(bytes(each) if isinstance(each, memoryview) else each for each in row) for row in rows
            ]
    return found


def test_it_holds_the_record_and_the_blobs_but_no_session(world: World, tmp_path: Path) -> None:
    done = write_backup(world.database, world.muster.reading.blobs, tmp_path / "backup")
    assert (done.origin, done.entries, done.blobs) == (world.muster.record.origin, 46, 2)
    assert (tmp_path / "backup").stat().st_mode & 0o777 == 0o600
    backup = Database(sqlite_url(tmp_path / "backup"), read_only=True)
    assert record_of(backup) == record_of(world.database)
    assert list(wrong_blobs(backup, KINDS)) == []
    with backup.read() as connection:
        for table in ("sessions", "token_secrets", "links", "leases", "idempotency"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() == 0
        assert connection.exec_driver_sql("SELECT count(*) FROM passwords").scalar_one() == 4
    backup.close()


def test_it_is_one_file_and_needs_no_other(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    write_backup(world.database, world.muster.reading.blobs, folder / "backup")
    assert [file.name for file in folder.iterdir()] == ["backup"]
    with sqlite3.connect(folder / "backup") as backup:
        assert backup.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    backup.close()


def test_it_restores_to_the_other_database(
    world: World, make: str, tmp_path: Path, fresh_postgres: Callable[[], str]
) -> None:
    write_backup(world.database, world.muster.reading.blobs, tmp_path / "backup")
    url = fresh_postgres() if make == "sqlite" else f"sqlite:///{tmp_path / 'other.sqlite'}"
    other = Database(parse_url(url))
    done = restore_backup(
        tmp_path / "backup", Ledger(other, KINDS, FOLDS, project), Blobs(str(tmp_path / "blobs")),
        fold_version=FOLD_VERSION, state_root=world.state,
    )  # fmt: skip
    assert done.same_log
    assert record_of(other)[: len(record_of(world.database))] != []
    with other.read() as connection:
        assert connection.exec_driver_sql("SELECT next FROM counter").scalar_one() == 47  # the revoked token
    other.close()


def test_a_crash_leaves_no_half_of_it(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "out"
    folder.mkdir()

    def fail(_self: Blobs, _name: str) -> bytes:
        raise Damaged("This piece of evidence was changed after it was stored.")

    monkeypatch.setattr(Blobs, "get", fail)
    with pytest.raises(Damaged):
        write_backup(world.database, world.muster.reading.blobs, folder / "backup")
    assert list(folder.iterdir()) == []


def test_a_restore_needs_a_backup_and_an_empty_place(world: World, tmp_path: Path) -> None:
    ledger, blobs = world.muster.record.ledger, world.muster.reading.blobs
    with pytest.raises(BadInput, match="no such file"):
        restore_backup(tmp_path / "none", ledger, blobs, fold_version=FOLD_VERSION)
    (tmp_path / "text").write_text("hello")
    with pytest.raises(BadInput, match="no backup"):
        restore_backup(tmp_path / "text", ledger, blobs, fold_version=FOLD_VERSION)
    write_backup(world.database, blobs, tmp_path / "backup")
    with pytest.raises(BadInput, match="a log in this place already"):
        restore_backup(tmp_path / "backup", ledger, blobs, fold_version=FOLD_VERSION, state_root=world.state)
    assert world.verified().findings == ()
