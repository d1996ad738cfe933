"""Verifying a database: the record by itself, then every projection folded anew and compared, then the blobs."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Table, text

from muster.core.errors import MusterError
from muster.core.ids import LOG_STREAM
from muster.record import log as log_kinds
from muster.record.body import Kinds
from muster.record.note import VerifierKey
from muster.record.state import Folds, StreamState, advance
from muster.record.verdict import Finding, Flaw, Verdict
from muster.record.verify import verify
from muster.store import schema
from muster.store.append import Projector, stream_row
from muster.store.blob_names import named_blobs
from muster.store.blobs import Blobs
from muster.store.database import Database
from muster.store.projection import Op, Row, merged
from muster.store.read_stream import read_stream

_MEND = "Somebody changed the database: restart the server to fold the lists anew, and find out who."
_MOST = 50
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Verified:
    """The verdict on the record, what is wrong beside it, and what could not be looked at."""

    record: Verdict
    others: tuple[Finding, ...]
    stale: bool
    blobs: int

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, those of the record first."""
        return (*self.record.findings, *self.others)


def verify_database(
    database: Database,
    blobs: Blobs | None,
    *,
    kinds: Kinds,
    folds: Folds,
    project: Projector,
    fold_version: int,
    keys: Sequence[VerifierKey],
    anchor: bytes | None,
    projections: bool = True,
) -> Verified:
    """Recomputes everything in one read transaction. projections: False for a backup, which holds none. Raises Unavailable when the database cannot be read."""
    with database.read() as connection:
        verdict = _record(connection, keys, anchor)
        others = list(_identity(connection, verdict, fold_version)) if verdict.ok else []
        stale = _scalar(connection, "SELECT fold FROM log") < fold_version if not others else False
        if projections and verdict.ok and not others and not stale:
            others += _projections(connection, kinds, folds, project)
        looked = 0
        if blobs is not None and verdict.ok:
            for finding in _blobs(connection, blobs):
                looked += 1
                if finding is not None:
                    others.append(finding)
        if verdict.ok and not others:
            others += _pages(connection)
    return Verified(verdict, tuple(others[:_MOST]), stale, looked)


def _pages(connection: Connection) -> Iterator[Finding]:
    """What SQLite itself finds wrong with its file, where nothing above had to read: an index, a working table."""
    if (
        connection.dialect.name == "sqlite"
        and connection.execute(text("PRAGMA quick_check(1)")).scalar() != "ok"
    ):
        what, mend = "The database file is damaged.", "Restore a backup, and look at the disk."
        yield Finding(Flaw.FORM, what, mend, file="database")


def origin_of(database: Database) -> str | None:
    """The origin that a database names, None when it holds no log."""
    with database.read() as connection:
        row = connection.execute(text("SELECT origin FROM log")).first()
    return str(row[0]) if row is not None else None


def size_of(database: Database) -> int | None:
    """How many entries a database counts, None when its counter is unreadable."""
    with database.read() as connection:
        row = connection.execute(text("SELECT next FROM counter WHERE id = 1")).first()
    return row[0] if row is not None and isinstance(row[0], int) else None


def _record(connection: Connection, keys: Sequence[VerifierKey], anchor: bytes | None) -> Verdict:
    def rows(sql: str) -> Generator[Any]:
        streaming = connection.execution_options(stream_results=True, yield_per=1000)
        with streaming.execute(text(sql)) as found:
            for row in found:
                yield tuple(_plain(value) for value in row)

    joined = (
        "FROM {0} r LEFT JOIN leaves l ON l.stream = r.stream AND l.seq = r.seq "
        "ORDER BY CASE WHEN l.feed IS NULL THEN 1 ELSE 0 END, l.feed, r.stream, r.seq"
    )
    counter = _scalar(connection, "SELECT next FROM counter WHERE id = 1")
    with (
        closing(rows("SELECT feed, stream, seq, hash FROM leaves ORDER BY feed")) as leaves,
        closing(rows("SELECT r.stream, r.seq, r.header " + joined.format("entries"))) as entries,
        closing(rows("SELECT r.stream, r.seq, r.salt, r.body " + joined.format("bodies"))) as bodies,
        closing(rows("SELECT size, root, note, frontier FROM checkpoints ORDER BY size")) as checkpoints,
    ):
        return verify(
            leaves,
            entries,
            bodies,
            checkpoints,
            counter=counter if isinstance(counter, int) else -1,
            keys=keys,
            anchor=anchor,
        )


def _plain(value: Any) -> Any:
    return bytes(cast("memoryview[int]", value)) if isinstance(value, memoryview) else value


def _scalar(connection: Connection, sql: str) -> Any:
    row = connection.execute(text(sql)).first()
    return row[0] if row is not None else None


def _identity(connection: Connection, verdict: Verdict, fold_version: int) -> Iterator[Finding]:
    rows = connection.execute(text("SELECT id, origin, verifier_key, fold FROM log")).all()
    if len(rows) != 1 or rows[0][0] != 1:
        yield Finding(Flaw.MISSING, "The log's own row is missing or doubled.", _MEND, file="log")
        return
    _, origin, key, fold = rows[0]
    stated, stated_key = _stated(connection)
    # Before the first checkpoint only the entries tell the origin.
    if origin != stated or verdict.origin not in ("", origin):
        yield Finding(Flaw.CHANGED, "The log's row names another origin than its entries.", _MEND, file="log")
    if key != stated_key:
        yield Finding(Flaw.CHANGED, "The log's row names another key than its entries.", _MEND, file="log")
    if not isinstance(fold, int) or not 1 <= fold <= fold_version:
        yield Finding(
            Flaw.CHANGED, "The log's row names a fold that this Muster does not know.", _MEND, file="log"
        )
    if connection.execute(text("SELECT count(*) FROM counter")).scalar_one() != 1:
        yield Finding(Flaw.CHANGED, "The counter has more than its one row.", _MEND, file="counter")


def _stated(connection: Connection) -> tuple[str | None, str | None]:
    """The origin and the key that the log's own entries name last."""
    origin: str | None = None
    key: str | None = None
    for item in read_stream(connection, LOG_STREAM, log_kinds.KINDS):
        origin = getattr(item.entry.body, "origin", origin)
        key = getattr(item.entry.body, "verifier_key", key)
    return origin, key


def _projections(connection: Connection, kinds: Kinds, folds: Folds, project: Projector) -> Iterator[Finding]:
    expected: dict[str, dict[Key, Row]] = {table.name: {} for table in schema.PROJECTION}
    for stream in (
        connection.execute(text("SELECT DISTINCT stream FROM entries ORDER BY stream")).scalars().all()
    ):
        try:
            _fold(connection, stream, kinds, folds, project, expected)
        except (MusterError, ValueError, KeyError, TypeError) as error:
            what = f"The entries of this stream cannot be folded ({type(error).__name__})."
            yield Finding(
                Flaw.FORM, what, "They were written by another version, or not by Muster.", stream=stream
            )
            return
    for table in schema.PROJECTION:
        yield from _compare(connection, table, expected[table.name])


def _fold(
    connection: Connection,
    stream: str,
    kinds: Kinds,
    folds: Folds,
    project: Projector,
    expected: dict[str, dict[Key, Row]],
) -> None:
    state = StreamState(stream)
    ops: list[Op] = []
    for item in read_stream(connection, stream, kinds):
        before, state = state, advance(state, item.entry, item.leaf, folds)
        ops.extend(project(before, item.entry, state))
    row = stream_row(state)
    expected["streams"][(stream,)] = row
    net = merged(ops)
    for put in net.puts:
        expected[put.table.name][put.key()] = put.row


def _compare(connection: Connection, table: Table, expected: dict[Key, Row]) -> Iterator[Finding]:
    names = [column.name for column in table.columns]
    keys = [column.name for column in table.primary_key]
    query = text(f"SELECT {', '.join(names)} FROM {table.name}")  # noqa: S608 - names of our own schema
    for found in connection.execute(query):
        row = dict(zip(names, (_plain(value) for value in found), strict=True))
        key = tuple(row[name] for name in keys)
        wanted = expected.pop(key, None)
        if wanted is None:
            yield _wrong(table, row, key, Flaw.ADDED, "A row that no entry tells of.")
            continue
        for name in names:
            if type(row[name]) is not type(wanted[name]) or row[name] != wanted[name]:
                yield _wrong(
                    table, row, key, Flaw.CHANGED, f"Its column {name} is not what the entries tell."
                )
                break
    for key, row in expected.items():
        yield _wrong(table, row, key, Flaw.MISSING, "A row is missing that the entries tell of.")


def _wrong(table: Table, row: Row, key: Key, flaw: Flaw, what: str) -> Finding:
    stream, seq = row.get("stream"), row.get("seq")
    place = f"list {table.name}" + ("" if stream else f" {key[0]!r}")
    return Finding(
        flaw,
        f"{place}: {what}",
        _MEND,
        stream=stream if isinstance(stream, str) else None,
        seq=seq if isinstance(seq, int) else None,
        file=None if isinstance(stream, str) else place,
    )


def _blobs(connection: Connection, blobs: Blobs) -> Iterator[Finding | None]:
    mend = "Fetch it from a backup; see who had access to the blobs."
    for stream, seq, name in named_blobs(connection):
        if (type(stream), type(seq), type(name)) != (str, int, str):
            continue  # the comparison of the list has named it
        if blobs.find(name) is not None:
            yield None
        elif blobs.exists(name):
            yield Finding(
                Flaw.CHANGED, f"The blob {name} is not what its name says.", mend, stream=stream, seq=seq
            )
        else:
            yield Finding(Flaw.MISSING, f"The blob {name} is missing.", mend, stream=stream, seq=seq)
