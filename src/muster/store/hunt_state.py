"""What a hunt has done so far: a line for each hour that is finished, so that a hunt that was killed goes on.

A line is added, and is safe on disk, only after its hits were reported; a line that a crash cut short counts as none.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from muster.store.safe_file import sync_folder

Line = Mapping[str, Any]


class HuntState:
    """The file of one hunt."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.done: dict[str, Line] = {}
        """The lines by their `part`."""
        size = 0
        if file.exists():
            for line in file.read_bytes().splitlines(keepends=True):
                told = _told(line)
                if told is None:
                    break
                self.done[str(told["part"])] = told
                size += len(line)
            os.truncate(file, size)
            return
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)
        sync_folder(file.parent)

    def add(self, line: Line) -> None:
        """Notes that a part is done. Raises OSError."""
        with self.file.open("ab") as stream:
            stream.write(json.dumps(dict(line), separators=(",", ":")).encode() + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        self.done[str(line["part"])] = line

    def end(self) -> None:
        """The hunt is over: nothing needs to be remembered."""
        self.file.unlink(missing_ok=True)


def _told(line: bytes) -> Line | None:
    if not line.endswith(b"\n"):
        return None
    try:
        told: object = json.loads(line)
    except ValueError:
        return None
    return cast("Line", told) if isinstance(told, dict) and "part" in told else None
