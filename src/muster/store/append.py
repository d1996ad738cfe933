"""Appending: lock, load, decide, advance the counter, only then write, commit (design, "The feed").

Any other order dead-locks or loses entries: nothing is written before the counter is advanced, and no stream
is locked after it.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from sqlalchemy import Connection, Table, Update, bindparam, select

from muster.core.errors import Refused, Unavailable
from muster.core.ids import stream_type
from muster.core.people import Role
from muster.core.time import Moment
from muster.record.body import Kinds
from muster.record.canonical import canonical
from muster.record.context import Context
from muster.record.entry import Draft, Entry, header_of
from muster.record.hashing import body_hash, leaf_hash
from muster.record.lane import REAL
from muster.record.state import Folds, States, StreamState, advance, slices_from_bytes, to_bytes
from muster.store import schema
from muster.store.database import Database, upsert
from muster.store.projection import Change, Op, Put, Row, merged
from muster.store.read_stream import read_stream

Working = Callable[[Connection], None]


@dataclass(frozen=True)
class Decided:
    """What was decided under lock: the drafts, the role that allowed them, and what the caller wants back.

    working: writes of working rows (idempotency, sessions) to be done in the same transaction, after the counter.
    """

    drafts: tuple[Draft, ...]
    context: Context
    answer: Mapping[str, Any] = field(default_factory=dict[str, Any])
    role: Role | None = None
    working: tuple[Working, ...] = ()


class Decide(Protocol):
    """Called inside the transaction, under the locks of the streams it named."""

    def __call__(self, states: States, connection: Connection, /) -> Decided: ...


@dataclass(frozen=True)
class Written:
    """One appended entry: its feed number, the entry, its canonical bytes, its salt and its leaf hash."""

    feed: int
    entry: Entry
    header: bytes
    body: bytes
    salt: bytes
    leaf: bytes


@dataclass(frozen=True)
class Appended:
    """What was written, and the answer of the decision."""

    written: tuple[Written, ...]
    answer: Mapping[str, Any]


class Projector(Protocol):
    """From one entry and the state around it to the rows of the projection; pure."""

    def __call__(self, before: StreamState, entry: Entry, after: StreamState) -> Iterable[Op]: ...


@dataclass(frozen=True)
class Ledger:
    """The record of one log, open for appending.

    frozen: why nothing may be appended (the record does not extend its anchor), or None.
    """

    database: Database
    kinds: Kinds
    folds: Folds
    project: Projector
    frozen: str | None = None

    def append(self, streams: Iterable[str], decide: Decide) -> Appended:
        """Decides under lock and appends, all or nothing. Raises what `decide` raises, Refused, Unavailable."""
        if self.frozen is not None:
            raise Unavailable(
                self.frozen, "record", "Reading goes on. Run `muster verify` and see who changed it."
            )
        wanted = sorted(set(streams))
        appended = self.database.write(lambda connection: self._append(connection, wanted, decide))
        if any(item.entry.header.kind == ERASED for item in appended.written):
            self.database.clean_traces()  # where a reader blocks it, whoever seals asks again
        return appended

    def _append(self, connection: Connection, wanted: list[str], decide: Decide) -> Appended:
        states = load(connection, wanted, self.folds, lock=True)
        decided = decide(states, connection)
        if not decided.drafts and not decided.working:
            return Appended((), decided.answer)
        first = advance_counter(connection, len(decided.drafts))
        written, after, ops = self._compose(states, decided, first)
        self._insert(connection, written, after)
        apply(connection, ops)
        for work in decided.working:
            work(connection)
        self._erase(connection, written)
        return Appended(tuple(written), decided.answer)

    def _compose(
        self, states: States, decided: Decided, first: int
    ) -> tuple[list[Written], dict[str, StreamState], list[Op]]:
        after: dict[str, StreamState] = dict(states)
        written: list[Written] = []
        ops: list[Op] = []
        for number, draft in enumerate(decided.drafts):
            before = after.get(draft.stream, StreamState(draft.stream))
            entry, item = self._write_one(before, draft, decided, first + number, number)
            after[draft.stream] = advance(before, entry, item.leaf, self.folds)
            ops.extend(self.project(before, entry, after[draft.stream]))
            written.append(item)
        changed = {item.entry.header.stream for item in written}
        return written, {stream: after[stream] for stream in changed}, ops

    def _write_one(
        self, before: StreamState, draft: Draft, decided: Decided, feed: int, number: int
    ) -> tuple[Entry, Written]:
        lane = before.lane or draft.lane or decided.context.actor.lane
        if draft.lane is not None and draft.lane != lane:
            raise Refused(
                "This would join two lanes.", draft.stream, "Do it in the lane the thing belongs to."
            )
        happened = draft.happened
        if happened is None and lane != decided.context.actor.lane:  # its clock is not the actor's
            happened = Moment(decided.context.now)
        draft = replace(draft, happened=happened)
        pinned = draft.pinned or before.pinned or decided.context.plans.pinned
        body = canonical(draft.body.tree())
        salt = secrets.token_bytes(32)
        role = None if decided.role is None else decided.role.value
        header = header_of(
            draft, decided.context, seq=before.seq + 1, number=number, lane=lane, pinned=pinned, role=role
        )
        header = replace(header, prev=before.head, body_hash=body_hash(salt, body).hex())
        data = header.to_bytes()
        entry = Entry(header, draft.body)
        return entry, Written(feed, entry, data, body, salt, leaf_hash(data))

    def _insert(
        self, connection: Connection, written: list[Written], after: Mapping[str, StreamState]
    ) -> None:
        if not written:
            return
        keys = [{"stream": item.entry.header.stream, "seq": item.entry.header.seq} for item in written]
        connection.execute(
            schema.entries.insert(),
            [key | {"header": item.header} for key, item in zip(keys, written, strict=True)],
        )
        connection.execute(
            schema.leaves.insert(),
            [key | {"feed": item.feed, "hash": item.leaf} for key, item in zip(keys, written, strict=True)],
        )
        connection.execute(
            schema.bodies.insert(),
            [key | {"salt": item.salt, "body": item.body} for key, item in zip(keys, written, strict=True)],
        )
        rows = [stream_row(state) for _, state in sorted(after.items())]
        connection.execute(upsert(connection, schema.streams), rows)

    def _erase(self, connection: Connection, written: list[Written]) -> None:
        """Removes the bodies that erasure entries name and folds those streams again, in the same transaction."""
        targets = {
            (ref.stream, ref.seq)
            for item in written
            if item.entry.header.kind == ERASED
            for ref in item.entry.header.refs
            if ref.rel == "erases"
        }
        for stream, seq in sorted(targets):
            connection.execute(
                schema.bodies.delete().where(schema.bodies.c.stream == stream, schema.bodies.c.seq == seq)
            )
        for stream in sorted({stream for stream, _ in targets}):
            refold(connection, stream, self.kinds, self.folds, self.project)
            forget_answers(connection, stream)


ERASED = "entry.erased"


def load(connection: Connection, wanted: list[str], folds: Folds, *, lock: bool) -> dict[str, StreamState]:
    """The states of these streams, locked in the order of their codes when asked; unknown ones are empty."""
    found = {stream: StreamState(stream) for stream in wanted}
    if not wanted:
        return found
    table = schema.streams
    query = select(table).where(table.c.stream.in_(wanted)).order_by(table.c.stream)
    if lock:
        query = query.with_for_update()
    for row in connection.execute(query):
        found[row.stream] = StreamState(
            row.stream, row.seq, row.hash.hex(), row.lane, row.pinned, slices_from_bytes(row.state, folds)
        )
    return found


def advance_counter(connection: Connection, by: int) -> int:
    """Takes the next feed numbers; returns the first. On PostgreSQL this is where writers wait for each other."""
    table = schema.counter
    statement = table.update().values(next=table.c.next + by).where(table.c.id == 1).returning(table.c.next)
    after: int = connection.execute(statement).scalar_one()
    return after - by


def stream_row(state: StreamState) -> Row:
    """The row of a stream's state."""
    return {
        "stream": state.stream,
        "type": stream_type(state.stream).value,
        "lane": state.lane or REAL,
        "seq": state.seq,
        "hash": bytes.fromhex(state.head or ""),
        "pinned": state.pinned or "",
        "state": to_bytes(state),
    }


def apply(connection: Connection, ops: Iterable[Op]) -> None:
    """Applies projection changes: drops, then puts, then changes, each as few statements as tables allow."""
    net = merged(list(ops))
    for drop in net.drops:
        table = drop.table
        connection.execute(
            table.delete().where(*[table.c[name] == value for name, value in drop.row.items()])
        )
    for table, puts in _by_table(net.puts):
        # Two new signals of one group must not both stand: the second insert fails, and is decided again.
        statement = table.insert() if table is schema.groups else upsert(connection, table)
        connection.execute(statement, [put.row for put in puts])
    alike: dict[tuple[str, tuple[str, ...]], list[Change]] = {}
    for change in net.changes:
        alike.setdefault((change.table.name, tuple(sorted(change.row))), []).append(change)
    for changes in alike.values():
        connection.execute(*_update(changes))


def _by_table(puts: list[Put]) -> Iterable[tuple[Table, list[Put]]]:
    found: dict[str, tuple[Table, list[Put]]] = {}
    for put in puts:
        found.setdefault(put.table.name, (put.table, []))[1].append(put)
    return found.values()


def _update(changes: list[Change]) -> tuple[Update, list[Row]]:
    table, keys = changes[0].table, {column.name for column in changes[0].table.primary_key}
    columns = [name for name in changes[0].row if name not in keys]
    statement = (
        table.update()
        .where(*[table.c[name] == bindparam(f"key_{name}") for name in keys])
        .values({name: bindparam(f"new_{name}") for name in columns})
    )
    rows = [
        {(f"key_{name}" if name in keys else f"new_{name}"): value for name, value in change.row.items()}
        for change in changes
    ]
    return statement, rows


PER_STREAM: tuple[Table, ...] = tuple(
    table for table in schema.PROJECTION if table.name not in ("streams", "accounts", "tokens")
)


def refold(connection: Connection, stream: str, kinds: Kinds, folds: Folds, project: Projector) -> None:
    """Folds one stream anew from its entries and replaces all its projection rows."""
    for table in PER_STREAM:
        connection.execute(table.delete().where(table.c.stream == stream))
    state = StreamState(stream)
    ops: list[Op] = []
    for item in read_stream(connection, stream, kinds):
        before, state = state, advance(state, item.entry, item.leaf, folds)
        ops.extend(project(before, item.entry, state))
    if state.exists:
        connection.execute(upsert(connection, schema.streams), [stream_row(state)])
    apply(connection, ops)


def forget_answers(connection: Connection, stream: str) -> None:
    """Removes remembered answers about a stream: an erased text must not live on in one."""
    table = schema.idempotency
    connection.execute(table.delete().where(table.c.streams.contains(f" {stream} ", autoescape=True)))
