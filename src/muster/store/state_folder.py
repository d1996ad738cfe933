"""The log's key and anchor, in the user's state directory.

They never lie below the data: who puts an old data directory back must not put the anchor back with it.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from muster.core.errors import BadInput, Unavailable
from muster.record.checkpoint import ORIGIN_PREFIX
from muster.store.safe_file import sync_folder, write_safely


def state_root() -> Path:
    """Where states lie: MUSTER_STATE, else XDG_STATE_HOME/muster, else ~/.local/state/muster."""
    chosen = os.environ.get("MUSTER_STATE")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "muster"


@dataclass(frozen=True)
class StateFolder:
    """The folder of one log's key and anchor."""

    folder: Path

    @staticmethod
    def of(origin: str, root: Path | None = None) -> "StateFolder":
        """The folder of a log. Raises BadInput when the origin is not one that Muster makes."""
        name = origin.removeprefix(ORIGIN_PREFIX)
        if (
            not origin.startswith(ORIGIN_PREFIX)
            or len(name) != 32
            or any(c not in "0123456789abcdef" for c in name)
        ):
            raise BadInput(
                "The log's origin is not of Muster's form.", "log", "The database is damaged; verify it."
            )
        return StateFolder((root or state_root()) / name)

    @property
    def key_file(self) -> Path:
        """The signing key's seed: 64 hex digits, mode 600."""
        return self.folder / "key"

    @property
    def anchor_file(self) -> Path:
        """The newest checkpoint that this host has seen."""
        return self.folder / "anchor"

    def make(self, key_file: Path | None = None) -> bytes:
        """Makes the folder and a new key; returns the 32 seed bytes. An existing key is kept."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = key_file or self.key_file
        if not file.exists():
            write_safely(file, secrets.token_hex(32).encode() + b"\n", mode=0o600)
        return self.seed(key_file)

    def next_file(self, key_file: Path | None = None) -> Path:
        """Where the new key lies while a rotation is not finished."""
        file = key_file or self.key_file
        return file.with_name(f"{file.name}.next")

    def make_next(self, key_file: Path | None = None) -> bytes:
        """Writes a new key beside the old one; returns its 32 seed bytes. Raises Unavailable on a full disk."""
        file = self.next_file(key_file)
        try:
            write_safely(file, secrets.token_hex(32).encode() + b"\n", mode=0o600)
        except OSError as error:
            raise Unavailable(
                f"The new key cannot be written: {error.strerror}.", str(file), "Nothing was changed."
            ) from error
        return self.seed(file)

    def take_next(self, key_file: Path | None = None) -> None:
        """Lets the new key take the old one's place. Raises OSError."""
        file = key_file or self.key_file
        self.next_file(key_file).rename(file)
        sync_folder(file.parent)

    def seed(self, key_file: Path | None = None) -> bytes:
        """The 32 seed bytes of the signing key. Raises BadInput when the file is missing, open to others or broken."""
        file = key_file or self.key_file
        try:
            mode = file.stat().st_mode
            text = file.read_text("ascii").strip()
        except OSError as error:
            raise BadInput(
                "The log's signing key cannot be read.",
                str(file),
                "Give its file with --key-file, or start a new log with `muster restore`.",
            ) from error
        except UnicodeDecodeError:
            text, mode = "", 0
        if mode & 0o077:
            raise BadInput("The signing key can be read by others.", str(file), f"chmod 600 {file}")
        try:
            seed = bytes.fromhex(text)
        except ValueError:
            seed = b""
        if len(seed) != 32:
            raise BadInput("This is no signing key.", str(file), "It holds 64 hex digits on one line.")
        return seed

    def anchor(self) -> bytes | None:
        """The anchor's checkpoint note, None when there is none yet."""
        try:
            return self.anchor_file.read_bytes()
        except FileNotFoundError:
            return None

    def write_anchor(self, note: bytes) -> None:
        """Replaces the anchor: write, fsync, rename, fsync of the folder. Raises Unavailable on a full disk."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_safely(self.anchor_file, note, mode=0o600)
        except OSError as error:
            raise Unavailable(
                f"The anchor cannot be written: {error.strerror}.",
                str(self.anchor_file),
                "Make room on that disk.",
            ) from error
