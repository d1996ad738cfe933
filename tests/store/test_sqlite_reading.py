"""How an SQLite file is opened for reading: as it lies there, and nothing is written beside it."""

from pathlib import Path

from muster.store.database import Database, sqlite_url
from muster.store.migrate import migrate
from muster.store.sqlite_reading import at_rest, file_url, readable
from muster.store.verifying import size_of


def made(folder: Path) -> Database:
    database = Database(sqlite_url(folder / "a b?.sqlite"))
    migrate(database)
    return database


def test_a_file_that_somebody_has_open_is_not_at_rest(tmp_path: Path) -> None:
    database = made(tmp_path)
    file = tmp_path / "a b?.sqlite"
    assert at_rest(file) is None
    database.close()
    assert at_rest(file) == (file.stat().st_size, file.stat().st_mtime_ns)
    assert at_rest(tmp_path / "none") is None


def test_a_name_with_marks_of_its_own_is_found(tmp_path: Path) -> None:
    made(tmp_path).close()
    for option in ("immutable=1", "mode=ro"):
        found = Database(file_url(tmp_path / "a b?.sqlite", option), read_only=True)
        assert size_of(found) == 0
        found.close()


def test_beside_a_writer_it_is_read_where_it_lies(tmp_path: Path) -> None:
    database = made(tmp_path)
    url = readable(tmp_path / "a b?.sqlite", tmp_path / "scratch")
    assert url.query["mode"] == "ro"
    assert not (tmp_path / "scratch").exists()
    database.close()
