"""Events in: a batch is answered only after it is safe on disk; the same batch again gets the same answer."""

import hashlib
import io
import threading
import zlib
from dataclasses import dataclass, field
from datetime import datetime

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.app.reading import Reading
from muster.core.errors import BadInput, Refused, TooMany, Unavailable
from muster.store.batches import take, taken
from muster.store.database import Database
from muster.store.spool import Spool

MOST_PACKED = 16 * 1024 * 1024
MOST_BYTES = 128 * 1024 * 1024
MOST_EVENTS = 200_000
MOST_WAITING = 20_000
"""Batches that wait to be matched."""
AGAIN_SECONDS = 10


@dataclass(frozen=True)
class Accepted:
    """A batch that is safe: its id, its hash and how many lines it holds."""

    batch: str
    sha256: str
    events: int


@dataclass
class Room:
    """How much may wait for the detector: beyond that a sender is told to come again, and nothing is taken.

    most_bytes: packed, on disk. The spool is measured only when it may be full: since it was measured last it grew
    by no more than what was put into it. Several senders at once may go beyond the bound by one batch each.
    """

    spool: Spool
    most_bytes: int
    most_batches: int = MOST_WAITING
    _bytes: int = -1
    _batches: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self) -> None:
        """Whether a batch may come. Raises TooMany, Unavailable."""
        with self._lock:
            if not self._is_full():
                return
            try:
                depth = self.spool.depth()
            except OSError as error:
                raise Unavailable(
                    f"The spool cannot be read: {error.strerror}.",
                    "spool",
                    "Nothing was taken; send the batch again.",
                ) from error
            self._bytes, self._batches = depth.bytes, depth.batches
            if self._is_full():
                raise TooMany(
                    f"{depth.batches} batches of events ({depth.bytes // 1024 // 1024} MiB) wait to be matched, and no more may.",
                    "spool",
                    f"Nothing was taken; send the same batch again in {AGAIN_SECONDS} s.",
                    retry_after=AGAIN_SECONDS,
                )

    def taken(self, size: int) -> None:
        """A batch came. size: of its lines, which packed are hardly ever larger."""
        with self._lock:
            self._bytes += size
            self._batches += 1

    def _is_full(self) -> bool:
        return self._bytes < 0 or self._bytes >= self.most_bytes or self._batches >= self.most_batches


@dataclass(frozen=True)
class EventIntake:
    """Takes batches of events into the spool."""

    database: Database
    spool: Spool
    reading: Reading
    room: Room

    def accept(self, caller: Caller, batch: str, data: bytes, *, packed: bool, now: datetime) -> Accepted:
        """Makes a batch safe. Raises BadInput, Refused (the id was used for other bytes), TooMany, Unavailable."""
        self.reading.ask(caller, Verb.POST_EVENTS)
        if not 1 <= len(batch) <= 200 or not batch.isprintable():
            raise BadInput(
                "A batch has an id of 1 to 200 printable characters.",
                "Muster-Batch",
                "Draw one for each batch.",
            )
        if packed and len(data) > MOST_PACKED:
            raise _too_large()
        lines = unpack(data) if packed else data
        if len(lines) > MOST_BYTES:
            raise _too_large()
        count = _count(lines)
        if count == 0:
            raise BadInput("The batch holds no event.", "events", "Send one JSON object a line.")
        if count > MOST_EVENTS:
            raise _too_large()
        # A person with a session has no token; ids of batches are theirs then.
        token = caller.token or caller.actor.account
        from_hash = _sha256(lines)
        with self.database.read() as connection:
            before = taken(connection, token, batch)
        if before is not None:
            _same(before.sha256, from_hash)
            return Accepted(batch, before.sha256, before.events)
        self.room.ask()
        sha256 = self.spool.put(lines, token=token, batch=batch, lane=caller.actor.lane, now=now)
        self.room.taken(len(lines))
        kept = self.database.write(
            lambda connection: take(
                connection, token=token, batch=batch, sha256=sha256, events=count, now=now
            )
        )
        _same(kept.sha256, sha256)
        return Accepted(batch, sha256, count)


def unpack(data: bytes) -> bytes:
    """The lines of a gzip body, of one or several members. Raises BadInput when it is broken or too large."""
    whole = bytearray()
    rest = data
    while rest:
        reader = zlib.decompressobj(wbits=31)
        try:
            whole += reader.decompress(rest, MOST_BYTES + 1 - len(whole))
        except zlib.error:
            raise BadInput("The gzip data is broken.", "events", "Pack it again and send it again.") from None
        if len(whole) > MOST_BYTES:
            raise _too_large()
        if not reader.eof:
            raise BadInput("The gzip data ends too early.", "events", "Pack it again and send it again.")
        rest = reader.unused_data
    return bytes(whole)


def _count(lines: bytes) -> int:
    """How many lines are not blank; it stops above the limit, and never holds all lines at once."""
    found = 0
    for line in io.BytesIO(lines):
        found += bool(line.strip())
        if found > MOST_EVENTS:
            break
    return found


def _too_large() -> BadInput:
    return BadInput(
        f"The batch is larger than {MOST_BYTES // 1024 // 1024} MB or {MOST_EVENTS} events.",
        "events",
        "Send smaller ones.",
    )


def _same(kept: str, sent: str) -> None:
    if kept != sent:
        raise Refused(
            "This batch id was used for other events.", "Muster-Batch", "Use a new id for new events."
        )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
