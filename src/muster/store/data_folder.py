"""The data directory: who owns it, and where things lie in it."""

import fcntl
import os
from dataclasses import dataclass, field
from pathlib import Path

from muster.core.errors import BadInput
from muster.store.database import SQLITE_FILE


@dataclass
class DataFolder:
    """A data directory. One server at a time owns it, by a lock that dies with its process."""

    path: Path
    _handles: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.path / SQLITE_FILE

    @property
    def blobs(self) -> Path:
        """Evidence, by hash."""
        return self.path / "blobs"

    @property
    def spool(self) -> Path:
        """Events that were acknowledged and not yet matched."""
        return self.path / "spool"

    @property
    def events(self) -> Path:
        """Event files that were matched, until their retention ends."""
        return self.path / "events"

    @property
    def archive(self) -> Path:
        """Matched events as Parquet, for hunting, until their retention ends."""
        return self.path / "archive"

    @property
    def rules(self) -> Path:
        """Sigma rules, when the server is not told of others."""
        return self.path / "rules"

    def prepare(self) -> None:
        """Makes the directories. Raises BadInput with the reason when it cannot."""
        try:
            for folder in (self.path, self.blobs, self.spool, self.events, self.archive, self.rules):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise BadInput(
                f"The data directory cannot be made: {error.strerror}.",
                str(self.path),
                "Choose another with --data.",
            ) from error

    def own(self, name: str = "server") -> None:
        """Takes a lock of the directory. Raises BadInput when another process has it."""
        self._take(self.path / f".{name}.lock", name, "data directory", self.path)

    def own_database(self, file: Path) -> None:
        """Takes a lock beside an SQLite file, wherever it lies: its one writer. Raises BadInput as `own` does."""
        self._take(file.with_name(f".{file.name}.lock"), "server", "database file", file)

    def _take(self, lock: Path, name: str, thing: str, where: Path) -> None:
        try:
            handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            # A read-only disk: nothing can be written, so nobody else can either; reading is still served.
            if not self.database.exists() and thing == "data directory":
                raise BadInput(
                    f"The {thing} cannot be used: {error.strerror}.",
                    str(where),
                    "Make it writable.",
                ) from error
            return
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise BadInput(
                f"Another {name} already uses this {thing}.",
                str(where),
                "Stop it first, or choose another directory with --data.",
            ) from None
        self._handles[name if thing == "data directory" else str(lock)] = handle

    def release(self, name: str = "server") -> None:
        """Gives the lock back."""
        handle = self._handles.pop(name, None)
        if handle is not None:
            os.close(handle)
