"""Opening a record: schema, first start, projections of an older fold, and whether it extends its anchor."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, select

from muster.core.errors import BadInput, Damaged, Unavailable
from muster.core.ids import LOG_STREAM
from muster.core.people import SERVER, Actor, Through
from muster.plan.builtin import COMMIT
from muster.record import checkpoint
from muster.record.checkpoint import new_origin
from muster.record.context import Context, PlanCommits
from muster.record.entry import Draft
from muster.record.log import LogStarted
from muster.record.merkle import Frontier
from muster.record.note import SigningKey
from muster.record.state import States
from muster.store import schema
from muster.store.append import Decided, Ledger, refold
from muster.store.database import Database
from muster.store.keys import finish_rotation, keys_of
from muster.store.migrate import migrate
from muster.store.state_folder import StateFolder

PLANS = PlanCommits(COMMIT, COMMIT)


@dataclass(frozen=True)
class OpenRecord:
    """An open record: where to append, its key, and its state folder.

    ledger.frozen says why it is served for reading only, if it is.
    """

    ledger: Ledger
    origin: str
    key: SigningKey
    folder: StateFolder


def server_context(now: datetime | None = None) -> Context:
    """The context of what Muster does by itself."""
    actor = Actor(SERVER, through=Through.SERVER)
    return Context(actor, now or datetime.now(UTC), PLANS, secrets.token_bytes(32))


def open_record(
    ledger: Ledger,
    *,
    fold_version: int,
    state_root: Path | None = None,
    key_file: Path | None = None,
    unwritable: Unavailable | None = None,
) -> OpenRecord:
    """Opens the record of a database for writing; begins a new log in an empty one.

    unwritable: why it is to be opened for reading only. Raises BadInput (newer schema, missing key), Unavailable.
    """
    database = ledger.database
    if unwritable is not None:
        return _reading_only(ledger, unwritable, state_root, key_file)
    try:
        migrate(database)
    except Unavailable as error:
        return _reading_only(ledger, error, state_root, key_file)
    identity = database.write(_identity)
    if identity is None:
        return _begin(ledger, fold_version, state_root, key_file)
    origin, verifier_key, fold = identity
    folder = StateFolder.of(origin, state_root)
    frozen = check_anchor(database, folder)
    if frozen is not None:  # nothing is signed; an older state may even name an older key
        key = SigningKey(origin, folder.seed(key_file))
        return OpenRecord(replace(ledger, frozen=frozen), origin, key, folder)
    keys = keys_of(folder, origin, verifier_key, key_file)
    database.clean_traces()  # of an erasure just before a crash
    if fold < fold_version:
        rebuild(ledger, fold_version)
    if keys.former is not None:
        finish_rotation(database, folder, keys, key_file)
    return OpenRecord(ledger, origin, keys.key, folder)


def _reading_only(
    ledger: Ledger, error: Unavailable, state_root: Path | None, key_file: Path | None
) -> OpenRecord:
    """A full or read-only disk at the start: what is there is served for reading, when it is of today's schema."""
    with ledger.database.read() as connection:
        identity = _identity(connection)
    if identity is None:
        raise error
    origin, _, _ = identity
    folder = StateFolder.of(origin, state_root)
    frozen = f"{error.what} Muster serves reading only until it is started again."
    return OpenRecord(
        replace(ledger, frozen=frozen), origin, SigningKey(origin, folder.seed(key_file)), folder
    )


def _identity(connection: Connection) -> tuple[str, str, int] | None:
    row = connection.execute(select(schema.log)).first()
    return None if row is None else (row.origin, row.verifier_key, row.fold)


def _begin(ledger: Ledger, fold_version: int, state_root: Path | None, key_file: Path | None) -> OpenRecord:
    origin = new_origin(secrets.token_bytes(16))
    folder = StateFolder.of(origin, state_root)
    key = SigningKey(origin, folder.make(key_file))
    verifier_key = key.verifier().text()

    def decide(_states: States, connection: Connection) -> Decided:
        if connection.execute(select(schema.log.c.id)).first() is not None:
            return Decided((), server_context())
        body = LogStarted(origin=origin, verifier_key=verifier_key)
        return Decided((Draft(LOG_STREAM, body),), server_context(), working=(keep,))

    def keep(connection: Connection) -> None:
        row = {"id": 1, "origin": origin, "verifier_key": verifier_key, "fold": fold_version}
        connection.execute(schema.log.insert(), [row])

    appended = ledger.append([LOG_STREAM], decide)
    if not appended.written:  # another process began the log at the same moment
        return open_record(ledger, fold_version=fold_version, state_root=state_root, key_file=key_file)
    return OpenRecord(ledger, origin, key, folder)


def check_anchor(database: Database, folder: StateFolder) -> str | None:
    """Why the record does not extend its anchor, None when it does (or there is no anchor yet).

    The root at the anchor's size is computed from the leaves, so an older directory put back, a cut tail and a
    changed leaf are all found.
    """
    note = folder.anchor()
    if note is None:
        return None
    try:
        anchor = checkpoint.parse(note)
    except BadInput:
        return f"The anchor cannot be read ({folder.anchor_file}). Muster serves reading only."
    with database.read() as connection:
        leaves = schema.leaves
        rows: Iterable[tuple[int, bytes]] = (
            (row.feed, row.hash)
            for row in connection.execute(
                select(leaves.c.feed, leaves.c.hash)
                .where(leaves.c.feed < anchor.size)
                .order_by(leaves.c.feed)
            ).yield_per(10_000)
        )
        try:
            frontier = Frontier().extend(_without_gap(rows))
        except Damaged:
            return "An entry is missing from the feed. Muster serves reading only."
    if frontier.size < anchor.size:
        return (
            f"The record ends at {frontier.size} entries, but this host has seen {anchor.size}: "
            "an older state was put back. Muster serves reading only."
        )
    if frontier.root() != anchor.root:
        return "The record is not the one this host has seen before. Muster serves reading only."
    return None


def _without_gap(rows: Iterable[tuple[int, bytes]]) -> Iterable[bytes]:
    for number, (feed, leaf) in enumerate(rows):
        if feed != number:
            raise Damaged("An entry is missing.", f"leaf {number}", "Run `muster verify`.")
        yield leaf


def rebuild(ledger: Ledger, fold_version: int) -> None:
    """Folds every stream anew with today's code and stamps the projections, in one transaction."""

    def work(connection: Connection) -> None:
        connection.execute(select(schema.counter).where(schema.counter.c.id == 1).with_for_update()).one()
        found = [row.stream for row in connection.execute(select(schema.entries.c.stream).distinct())]
        for table in schema.PROJECTION:
            connection.execute(table.delete())
        for number, stream in enumerate(sorted(found)):
            refold(connection, stream, ledger.kinds, ledger.folds, ledger.project)
            if number == len(found) // 2:
                ledger.database.watch("rebuild")
        connection.execute(schema.log.update().values(fold=fold_version))

    ledger.database.write(work)
