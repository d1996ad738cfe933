"""Sealing: checkpoints over the feed, by whoever holds the lease, and the anchor after each.

A checkpoint is a row, never an entry. Its cost grows with the entries since the last one, never with streams: the
tree's edge is kept beside each checkpoint.
"""

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, func, select

from muster.core.errors import BadInput, Damaged, MusterError, Unavailable
from muster.record import checkpoint
from muster.record.merkle import Frontier
from muster.record.note import SigningKey
from muster.store import schema
from muster.store.database import Database, insert_new
from muster.store.leases import claim, release
from muster.store.state_folder import StateFolder

LEASE = "seal"
LEASE_SECONDS = 15.0
# At the latest 5 s or 1,000 entries after the first uncovered entry; the loop looks every half second.
SEAL_AFTER_SECONDS = 3.5
SEAL_AFTER_ENTRIES = 1_000
LOOK_SECONDS = 0.5


@dataclass
class Sealer:
    """Seals one log. `holder` names this process in the lease.

    former: the key before this one, while the first checkpoint over their rotation is to be made.
    """

    database: Database
    key: SigningKey
    folder: StateFolder
    holder: str
    former: SigningKey | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    failure: str | None = None

    def seal(self) -> int:
        """Makes a checkpoint over all that is committed, if something is uncovered, and moves the anchor.

        Returns the size that is sealed now. Raises Unavailable on a full disk.
        """
        self.database.write(self._seal)
        newest = self._newest()
        if newest is None:
            return 0
        size, note = newest
        self._anchor(note, size)
        return size

    def _seal(self, connection: Connection) -> None:
        table, leaves = schema.checkpoints, schema.leaves
        last = connection.execute(select(table).order_by(table.c.size.desc()).limit(1)).first()
        frontier = Frontier() if last is None else Frontier.from_bytes(last.frontier)
        rows = connection.execute(
            select(leaves.c.feed, leaves.c.hash).where(leaves.c.feed >= frontier.size).order_by(leaves.c.feed)
        ).all()
        if not rows or [row.feed for row in rows] != list(range(frontier.size, frontier.size + len(rows))):
            return  # nothing new; a gap is damage, and damage is never signed
        grown = frontier.extend(row.hash for row in rows)
        note = checkpoint.make(self.key.name, grown.size, grown.root(), *self._signers(connection, last))
        row = {"size": grown.size, "root": grown.root(), "frontier": grown.to_bytes(), "note": note}
        connection.execute(insert_new(connection, table), [row])
        self.database.watch("checkpoint")

    def _signers(self, connection: Connection, last: Row[Any] | None) -> tuple[SigningKey, ...]:
        """The key, and before it the former one when the newest checkpoint does not know the key yet."""
        stated = connection.execute(select(schema.log.c.verifier_key)).scalar_one()
        if stated != self.key.verifier().text():
            raise Unavailable(
                "The log's key was rotated while this server ran.", "seal", "Restart it with the new key."
            )
        if last is None or _signed_by(last.note, self.key):
            return (self.key,)
        if self.former is None or not _signed_by(last.note, self.former):
            raise Damaged(
                "The newest checkpoint was not signed by this log's key.", "seal", "Run `muster verify`."
            )
        return (self.former, self.key)

    def _newest(self) -> tuple[int, bytes] | None:
        table = schema.checkpoints
        with self.database.read() as connection:
            row = connection.execute(
                select(table.c.size, table.c.note).order_by(table.c.size.desc()).limit(1)
            ).first()
        return None if row is None else (row.size, row.note)

    def _anchor(self, note: bytes, size: int) -> None:
        held = self.folder.anchor()
        if held is not None and checkpoint.parse(held).size >= size:
            return
        self.folder.write_anchor(note)
        self.database.watch("anchor")

    def uncovered(self) -> int:
        """How many committed entries no checkpoint covers yet."""
        with self.database.read() as connection:
            return uncovered(connection)

    def start(self) -> None:
        """Begins to seal in the background."""
        self._thread = threading.Thread(target=self._run, name="seal", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the background work and seals what is left (a clean stop)."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=10)
        if claim(self.database, LEASE, self.holder, LEASE_SECONDS):
            self.seal()
            release(self.database, LEASE, self.holder)
        if self.database.has_traces:
            self.database.clean_traces()

    def _give_up(self) -> None:
        """Lets another process seal, which may have the right key or a disk that is not full."""
        try:
            release(self.database, LEASE, self.holder)
        except MusterError:
            return  # it ends by itself

    def _run(self) -> None:
        first_seen: float | None = None
        renew_at = 0.0
        held = False
        while not self._stop.wait(LOOK_SECONDS):
            try:
                if self.database.has_traces:
                    self.database.clean_traces()
                waiting = self.uncovered()
                if waiting == 0:
                    first_seen = None
                    continue
                first_seen = first_seen if first_seen is not None else time.monotonic()
                if waiting < SEAL_AFTER_ENTRIES and time.monotonic() - first_seen < SEAL_AFTER_SECONDS:
                    continue
                if not held or time.monotonic() >= renew_at:
                    held = claim(self.database, LEASE, self.holder, LEASE_SECONDS)
                    renew_at = time.monotonic() + LEASE_SECONDS / 2
                if held:
                    self.seal()
                    first_seen = None
                self.failure = None
            except MusterError as error:
                # The disk may be full: sealing goes on when it can; the page says since when it cannot.
                self.failure = error.line()
                if held:
                    self._give_up()
                held = False


def _signed_by(signed: bytes, key: SigningKey) -> bool:
    try:
        checkpoint.verify(signed, [key.verifier()])
    except BadInput:
        return False
    return True


def uncovered(connection: Connection) -> int:
    """How many committed entries no checkpoint covers yet."""
    sealed = connection.execute(select(func.coalesce(func.max(schema.checkpoints.c.size), 0))).scalar_one()
    total: int = connection.execute(
        select(schema.counter.c.next).where(schema.counter.c.id == 1)
    ).scalar_one()
    return total - int(sealed)
