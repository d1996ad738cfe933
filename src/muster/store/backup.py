"""Backup and restore: the whole record, the blobs and the password hashes in one file, from and to either database.

A backup is an SQLite file of its own schema version. Sessions, tokens' secrets and links are not in it. A restore of
an older state than this host has seen begins a new log, and says in its first entry what is lost.
"""

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, LargeBinary, MetaData, Row, Table, Text, func, select

from muster.access.accounts import ACCOUNTS, TokenRevoked
from muster.core.errors import BadInput, Damaged
from muster.core.ids import ACCOUNTS_STREAM, LOG_STREAM, StreamType, stream_type
from muster.record import checkpoint
from muster.record.body import Kinds
from muster.record.checkpoint import new_origin
from muster.record.entry import Draft
from muster.record.hashing import blob_hash
from muster.record.log import LogRestored
from muster.record.merkle import Frontier
from muster.record.note import SigningKey
from muster.record.verdict import Finding, Flaw
from muster.respond.signal import SignalHit
from muster.store import schema
from muster.store.append import Decided, Ledger, load
from muster.store.blob_names import named_blobs
from muster.store.blobs import Blobs
from muster.store.database import Database, sqlite_url
from muster.store.migrate import migrate
from muster.store.open_record import rebuild, server_context
from muster.store.read_stream import read_stream
from muster.store.safe_file import sync_folder
from muster.store.state_folder import StateFolder

# What a backup takes along beside the blobs; projections are folded anew.
KEPT = (*schema.RECORD, schema.passwords)
_BATCH = 1_000
_BLOBS = Table(
    "blobs", MetaData(), Column("name", Text, primary_key=True), Column("data", LargeBinary, nullable=False)
)


@dataclass(frozen=True)
class BackedUp:
    """What a backup holds."""

    origin: str
    entries: int
    blobs: int


@dataclass(frozen=True)
class Restored:
    """What a restore made: whether the same log goes on, else the new one's origin and how many entries are lost."""

    origin: str
    old_origin: str
    same_log: bool
    entries: int
    lost: int | None


def write_backup(database: Database, blobs: Blobs, file: Path) -> BackedUp:
    """Writes a backup; the file is there whole or not at all. Raises BadInput, Damaged, Unavailable."""
    if file.exists():
        raise BadInput(
            "This file exists already.", str(file), "Choose another name; a backup never overwrites."
        )
    beside = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    target = Database(sqlite_url(beside))
    try:
        migrate(target)
        with database.read() as source:
            row = _log_of(source)
            target.migrate(lambda connection: _copy_record(source, connection))
            names = sorted({name for _, _, name in named_blobs(source)})
            entries = source.execute(select(schema.counter.c.next)).scalar_one()
        target.migrate(lambda connection: _copy_blobs(names, blobs, connection))
        target.leave_one_file()
        target.close()
        for leftover in (f"{beside}-wal", f"{beside}-shm"):
            Path(leftover).unlink(missing_ok=True)
        with beside.open("rb") as handle:
            os.fsync(handle.fileno())
        os.link(beside, file)
        beside.unlink()
        sync_folder(file.parent)
    except BaseException:
        target.close()
        for leftover in (str(beside), f"{beside}-wal", f"{beside}-shm"):
            Path(leftover).unlink(missing_ok=True)
        raise
    return BackedUp(row.origin, entries, len(names))


def _log_of(source: Connection) -> Row[Any]:
    row = source.execute(select(schema.log)).first()
    if row is None:
        raise BadInput("There is no log in this database.", "backup", "Start a server on it first.")
    return row


def _copy_record(source: Connection, target: Connection) -> None:
    for table in KEPT:
        target.execute(table.delete())
        for rows in _batches(source, table):
            target.execute(table.insert(), rows)


def _batches(source: Connection, table: Table) -> Iterator[list[dict[str, object]]]:
    order = list(table.primary_key)
    found = source.execution_options(stream_results=True, yield_per=_BATCH).execute(
        select(table).order_by(*order)
    )
    for rows in found.mappings().partitions(_BATCH):
        yield [dict(row) for row in rows]


def _copy_blobs(names: list[str], blobs: Blobs, target: Connection) -> None:
    _BLOBS.create(target)
    for name in names:
        target.execute(_BLOBS.insert(), [{"name": name, "data": blobs.get(name)}])


def restore_backup(
    file: Path, ledger: Ledger, blobs: Blobs, *, fold_version: int, state_root: Path | None = None
) -> Restored:
    """Restores a backup into an empty database. Raises BadInput (not empty, no backup), Damaged, Unavailable."""
    if not file.is_file():
        raise BadInput("There is no such file.", str(file), "Name a file that `muster backup` wrote.")
    source = Database(sqlite_url(file), read_only=True)
    try:
        with source.read() as connection:
            _check_backup(connection, file)
        migrate(ledger.database)
        with source.read() as connection:
            for row in connection.execute(select(_BLOBS)):
                if blobs.put(row.data) != row.name:
                    raise Damaged(
                        "A blob of the backup is not what its name says.", row.name, "Use another backup."
                    )
            ledger.database.write(lambda target: _take_over(connection, target))
        rebuild(ledger, fold_version)
        return _go_on(ledger, fold_version, state_root)
    finally:
        source.close()


def wrong_blobs(database: Database, kinds: Kinds) -> Iterator[Finding]:
    """What is wrong with the blobs of a backup: those that entries name, each hashed again. Raises Unavailable."""
    mend = "Use another backup."
    with database.read() as connection:
        found = {row.name: blob_hash(row.data) for row in connection.execute(select(_BLOBS)).yield_per(1)}
        signals = select(schema.entries.c.stream).distinct().order_by(schema.entries.c.stream)
        for stream in connection.execute(signals).scalars().all():
            if stream_type(stream) is not StreamType.SIGNAL:
                continue
            for item in read_stream(connection, stream, kinds):
                body, seq = item.entry.body, item.entry.header.seq
                if not isinstance(body, SignalHit) or body.evidence is None:
                    continue
                name = body.evidence.sha256
                if name not in found:
                    what = f"The blob {name} is missing in the backup."
                    yield Finding(Flaw.MISSING, what, mend, stream=stream, seq=seq)
                elif found[name] != name:
                    what = f"The blob {name} is not what its name says."
                    yield Finding(Flaw.CHANGED, what, mend, stream=stream, seq=seq)


def _check_backup(connection: Connection, file: Path) -> None:
    try:
        found = connection.execute(select(schema.log)).first()
        connection.execute(select(func.count()).select_from(_BLOBS)).scalar_one()
    except Exception:  # noqa: BLE001 - any file may be given
        found = None
    if found is None:
        raise BadInput("This is no backup.", str(file), "Name a file that `muster backup` wrote.")


def _take_over(source: Connection, target: Connection) -> None:
    if target.execute(select(schema.log.c.id)).first() is not None:
        raise BadInput("There is a log in this place already.", "restore", "Restore into an empty place.")
    for table in KEPT:
        target.execute(table.delete())
        for rows in _batches(source, table):
            target.execute(table.insert(), rows)


def _go_on(ledger: Ledger, fold_version: int, state_root: Path | None) -> Restored:
    with ledger.database.read() as connection:
        row = connection.execute(select(schema.log)).one()
        size: int = connection.execute(select(schema.counter.c.next)).scalar_one()
        newest = connection.execute(
            select(schema.checkpoints.c.note).order_by(schema.checkpoints.c.size.desc()).limit(1)
        ).scalar_one_or_none()
        tokens = sorted(
            load(connection, [ACCOUNTS_STREAM], ledger.folds, lock=False)[ACCOUNTS_STREAM]
            .slice(ACCOUNTS)
            .tokens
        )
    old = StateFolder.of(row.origin, state_root)
    revoked = tuple(Draft(ACCOUNTS_STREAM, TokenRevoked(token=token)) for token in tokens)
    anchor = old.anchor()
    if anchor is not None and old.key_file.exists() and _extends(ledger.database, anchor):
        ledger.append([ACCOUNTS_STREAM], lambda _states, _connection: Decided(revoked, server_context()))
        return Restored(row.origin, row.origin, same_log=True, entries=size, lost=0)
    origin = new_origin(secrets.token_bytes(16))
    key = SigningKey(origin, StateFolder.of(origin, state_root).make())
    last = anchor or newest
    lost = None if anchor is None else max(0, checkpoint.parse(anchor).size - size)
    body = LogRestored(
        origin=origin,
        verifier_key=key.verifier().text(),
        old_origin=row.origin,
        old_checkpoint=None if last is None else last.decode(),
        kept=size,
        lost=lost,
    )

    def rename(connection: Connection) -> None:
        connection.execute(schema.checkpoints.delete())
        changed = {"origin": origin, "verifier_key": body.verifier_key, "fold": fold_version}
        connection.execute(schema.log.update().values(changed))

    drafts = (Draft(LOG_STREAM, body), *revoked)
    ledger.append(
        [LOG_STREAM, ACCOUNTS_STREAM],
        lambda _states, _connection: Decided(drafts, server_context(), working=(rename,)),
    )
    return Restored(origin, row.origin, same_log=False, entries=size, lost=lost)


def _extends(database: Database, note: bytes) -> bool:
    anchor = checkpoint.parse(note)
    leaves = schema.leaves
    with database.read() as connection:
        rows = connection.execute(
            select(leaves.c.hash).where(leaves.c.feed < anchor.size).order_by(leaves.c.feed)
        )
        frontier = Frontier().extend(row.hash for row in rows)
    return frontier.size == anchor.size and frontier.root() == anchor.root
