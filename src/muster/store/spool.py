"""The spool: batches of events, safe on disk before they are acknowledged, until the detector has matched them.

A file's name says all that is needed to match it again after a crash:
`TIME_LANE_TOKEN_BATCH_SHA256.jsonl.gz` (time of arrival; hex of the lane; token id; SHA-256 prefix of the batch id;
SHA-256 of the lines).
"""

import gzip
import hashlib
import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from muster.core.errors import Unavailable
from muster.core.time import stored
from muster.store.safe_file import Watch, nothing, sync_folder, write_safely

_NAME = re.compile(r"(\d{8}T\d{6}\.\d{6}Z)_([0-9a-f]+)_([0-9a-z]+)_([0-9a-f]{16})_([0-9a-f]{64})\.jsonl\.gz")

# As `write_safely` names it before its rename.
_HALF = re.compile(r"\.\S+\.jsonl\.gz\.[0-9a-f]{16}")


@dataclass(frozen=True)
class SpooledBatch:
    """A batch on disk."""

    file: Path
    arrived: str
    lane: str
    token: str
    sha256: str

    def lines(self) -> bytes:
        """The batch as it was posted, unpacked. Raises OSError or EOFError when the file is damaged."""
        return gzip.decompress(self.file.read_bytes())


@dataclass(frozen=True)
class Depth:
    """What waits. bytes: on disk, packed. oldest: when its oldest batch arrived, as file names have it; empty for none."""

    batches: int = 0
    bytes: int = 0
    oldest: str = ""


class Spool:
    """The folder of batches that wait, and the folder of those that were matched."""

    def __init__(self, waiting: Path, matched: Path, *, watch: Watch = nothing) -> None:
        self.waiting = waiting
        self.matched = matched
        self._watch = watch

    def put(self, lines: bytes, *, token: str, batch: str, lane: str, now: datetime) -> str:
        """Makes a batch safe on disk; returns its SHA-256. Raises Unavailable on a full or read-only disk."""
        sha256 = hashlib.sha256(lines).hexdigest()
        arrived = stored(now).replace("-", "").replace(":", "")
        batch_hash = hashlib.sha256(batch.encode()).hexdigest()[:16]
        name = f"{arrived}_{lane.encode().hex()}_{token}_{batch_hash}_{sha256}.jsonl.gz"
        try:
            data = gzip.compress(lines, compresslevel=1, mtime=0)
            write_safely(self.waiting / name, data, watch=self._watch, name="spool")
        except OSError as error:
            raise Unavailable(
                f"The events cannot be kept: {error.strerror}.",
                "spool",
                "Nothing was taken; send the batch again.",
            ) from error
        return sha256

    def waiting_batches(self) -> list[SpooledBatch]:
        """The batches that wait, oldest first. Half-written files are not among them."""
        found: list[SpooledBatch] = []
        for file in sorted(self.waiting.iterdir()):
            match = _NAME.fullmatch(file.name)
            if match is not None:
                lane = bytes.fromhex(match[2]).decode("utf-8", "replace")
                found.append(SpooledBatch(file, match[1], lane, match[3], match[5]))
        return found

    def depth(self) -> Depth:
        """How much waits. A batch that is matched meanwhile counts or not. Raises OSError."""
        batches = size = 0
        oldest = ""
        with os.scandir(self.waiting) as found:
            for file in found:
                match = _NAME.fullmatch(file.name)
                if match is None:
                    continue
                try:
                    size += file.stat().st_size
                except FileNotFoundError:
                    continue
                batches += 1
                oldest = min(oldest or match[1], match[1])
        return Depth(batches, size, oldest)

    def waits_in(self, lane: str) -> bool:
        """Whether a batch of this lane waits."""
        return any(batch.lane == lane for batch in self.waiting_batches())

    def find(self, sha256: str) -> SpooledBatch | None:
        """A batch by the hash of its lines, waiting or matched; None when its days are over."""
        for folder in (self.waiting, self.matched):
            for file in folder.glob(f"*_{sha256}.jsonl.gz"):
                match = _NAME.fullmatch(file.name)
                if match is not None:
                    lane = bytes.fromhex(match[2]).decode("utf-8", "replace")
                    return SpooledBatch(file, match[1], lane, match[3], match[5])
        return None

    def done(self, batch: SpooledBatch) -> None:
        """Moves a matched batch away from those that wait."""
        batch.file.rename(self.matched / batch.file.name)
        sync_folder(self.waiting)
        sync_folder(self.matched)

    def set_aside(self, batch: SpooledBatch) -> Path:
        """Puts a batch that cannot be read beside the others, so that it is kept and blocks nothing."""
        aside = batch.file.with_suffix(".unreadable")
        batch.file.rename(aside)
        sync_folder(self.waiting)
        return aside

    def sweep(self) -> int:
        """Removes what a crash left half-written; returns how much. Only for the folder's owner, when it starts."""
        half = [file for file in self.waiting.iterdir() if _HALF.fullmatch(file.name)]
        for file in half:
            file.unlink(missing_ok=True)
        return len(half)

    def forget_matched(self, before: str) -> int:
        """Removes matched batches that arrived before a time (stored form, compact); returns how many."""
        gone = 0
        for file in sorted(self.matched.iterdir()):
            if _NAME.fullmatch(file.name) and file.name[:23] < before:
                file.unlink(missing_ok=True)
                gone += 1
        return gone
