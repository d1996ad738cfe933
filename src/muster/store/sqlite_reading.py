"""Opening an SQLite file for reading so that nothing is written beside it, also where nothing may be written."""

import shutil
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from muster.core.errors import MusterError
from muster.store.database import Database
from muster.store.verifying import size_of


def readable(file: Path, scratch: Path) -> URL:
    """How to open an SQLite file without writing beside it: mode=ro where its folder may be written (SQLite needs
    its shared-memory file there) or where a running server has made that file, immutable where no write-ahead log is
    left, else a copy elsewhere."""
    probe = file.with_name(f".{file.name}.probe")
    try:
        probe.touch(exist_ok=False)
        probe.unlink()
    except OSError:
        log = file.with_name(f"{file.name}-wal")
        if file.with_name(f"{file.name}-shm").exists() and _opens(file_url(file, "mode=ro")):
            return file_url(file, "mode=ro")
        if not log.exists() or log.stat().st_size == 0:
            return file_url(file, "immutable=1")
        copy = scratch / file.name
        shutil.copyfile(file, copy)
        shutil.copyfile(log, scratch / log.name)
        return file_url(copy, "mode=ro")
    return file_url(file, "mode=ro")


def _opens(url: URL) -> bool:
    """Whether SQLite can read it like that."""
    found = Database(url, read_only=True)
    try:
        size_of(found)
    except (MusterError, DBAPIError):
        return False
    finally:
        found.close()
    return True


def file_url(file: Path, option: str) -> URL:
    name, _, value = option.partition("=")
    return URL.create(
        "sqlite", database=f"file:{quote(str(file.resolve()))}", query={name: value, "uri": "true"}
    )


def at_rest(file: Path) -> tuple[int, int] | None:
    """Size and time of change of an SQLite file beside which no other file of SQLite lies."""
    if any(file.with_name(f"{file.name}{end}").exists() for end in ("-wal", "-shm", "-journal")):
        return None
    try:
        facts = file.stat()
    except OSError:
        return None
    return facts.st_size, facts.st_mtime_ns
