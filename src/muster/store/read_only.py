"""An SQLite file on a disk that is full or may not be written: that it is so, and how it is read all the same."""

import os
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL

from muster.core.errors import Unavailable

_PROBE_BYTES = 64 * 1024


def why_not_written(file: Path) -> Unavailable | None:
    """Why nothing can be written beside an SQLite file that is there, None when it can be (or there is none yet).

    Asked once, at the start: a disk that is full later refuses each write, and takes them again when there is room.
    """
    if not file.exists():
        return None
    probe = file.with_name(f".{file.name}.probe-{os.getpid()}")
    try:
        try:
            probe.write_bytes(bytes(_PROBE_BYTES))
        finally:
            probe.unlink(missing_ok=True)
    except OSError as error:
        return Unavailable(
            f"Nothing can be written here: {error.strerror}.",
            str(file.parent),
            "Make room on the disk, or make the data directory writable.",
        )
    return None


def reading_url(file: Path) -> URL:
    """How to open it then: SQLite reads a write-ahead log that was left; without one it must be told not to make one."""
    log = file.with_name(f"{file.name}-wal")
    option = {"mode": "ro"} if log.exists() and log.stat().st_size else {"immutable": "1"}
    return URL.create(
        "sqlite", database=f"file:{quote(str(file.resolve()))}", query={**option, "uri": "true"}
    )
