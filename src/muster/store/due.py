"""What is due, as the dispatcher asks for it: the next times of each lane, claims by lease, and what waits in a stream.

A lease is a working row beside the projection, taken in a transaction of its own, on the database's clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Select, and_, func, not_, or_, select

from muster.core.time import from_stored, stored
from muster.record.body import Kinds
from muster.record.entry import Entry
from muster.respond.due import DueKind, DueState
from muster.store import schema
from muster.store.database import Database, upsert
from muster.store.leases import CLOCK_SLACK, database_now
from muster.store.read_stream import read_stream

OPEN = (DueState.WAITING.value, DueState.TRYING.value)


@dataclass(frozen=True, slots=True)
class DueRow:
    """One row of what is due."""

    stream: str
    seq: int
    kind: str
    name: str
    lane: str
    state: str
    asked_at: str
    due_at: str
    attempt: int
    sort: str


def next_times(connection: Connection) -> dict[str, datetime]:
    """For each lane the earliest lane time at which something is to be taken up."""
    table = schema.due
    query = (
        select(table.c.lane, func.min(table.c.due_at).label("first"))
        .where(table.c.state.in_(OPEN))
        .group_by(table.c.lane)
    )
    return {row.lane: from_stored(row.first) for row in connection.execute(query)}


def claim(
    database: Database,
    lane: str,
    until: datetime,
    token: str,
    *,
    seconds: float,
    effects: bool,
    most: int,
    without: Iterable[str] = (),
) -> list[DueRow]:
    """Leases what is due in a lane up to this lane time and is not leased, the earliest first.

    effects: those, or all else. without: channels that are left for later. Nothing is written when there is nothing.
    """
    table = schema.due
    kind = table.c.kind == DueKind.EFFECT.value
    wanted = and_(
        table.c.lane == lane,
        table.c.state.in_(OPEN),
        table.c.due_at <= stored(until),
        kind if effects else not_(kind),
        table.c.name.not_in(sorted(without)),
    )
    with database.read() as connection:
        found = connection.execute(_free(connection, wanted, 1, seconds)).first()
    if found is None:
        return []

    def work(connection: Connection) -> list[DueRow]:
        query = _free(connection, wanted, most, seconds)
        locked = connection.execute(query.with_for_update(of=table, skip_locked=True)).all()
        # The leases were read before the locks were had; another may have claimed and committed in between. Now that
        # the rows are locked nobody else can, so what is read now holds.
        held = _leased(connection, seconds)
        rows = [row for row in locked if (row.stream, row.seq) not in held]
        if not rows:
            return []
        expires = stored(database_now(connection) + timedelta(seconds=seconds))
        leases = [{"stream": row.stream, "seq": row.seq, "token": token, "expires": expires} for row in rows]
        connection.execute(upsert(connection, schema.due_leases), leases)
        return [_row(row) for row in rows]

    return database.write(work)


def _leased(connection: Connection, seconds: float) -> set[tuple[str, int]]:
    """What is leased at this moment."""
    leases, now = schema.due_leases, database_now(connection)
    query = select(leases.c.stream, leases.c.seq).where(
        leases.c.expires > stored(now),
        leases.c.expires <= stored(now + timedelta(seconds=seconds + CLOCK_SLACK)),
    )
    return {(row.stream, row.seq) for row in connection.execute(query)}


def _free(
    connection: Connection, wanted: ColumnElement[bool], most: int, seconds: float
) -> Select[tuple[object, ...]]:
    table, leases = schema.due, schema.due_leases
    now = database_now(connection)
    # A lease that ends later than a new one would is of a clock that was set back since, and holds nobody off.
    free = or_(
        leases.c.expires.is_(None),
        leases.c.expires <= stored(now),
        leases.c.expires > stored(now + timedelta(seconds=seconds + CLOCK_SLACK)),
    )
    at = and_(leases.c.stream == table.c.stream, leases.c.seq == table.c.seq)
    return (
        select(table)
        .select_from(table.outerjoin(leases, at))
        .where(wanted, free)
        .order_by(table.c.due_at, table.c.stream, table.c.seq)
        .limit(most)
    )


def _row(row: object) -> DueRow:
    return DueRow(*(getattr(row, name) for name in DueRow.__slots__))


def release(connection: Connection, stream: str, seq: int, token: str) -> None:
    """Gives a lease back; nothing when it is somebody else's by now."""
    table = schema.due_leases
    connection.execute(
        table.delete().where(table.c.stream == stream, table.c.seq == seq, table.c.token == token)
    )


def release_all(database: Database) -> None:
    """Gives back all leases: for the only process of a database, when it starts."""
    database.write(lambda connection: connection.execute(schema.due_leases.delete()))


def entry_at(connection: Connection, stream: str, seq: int, kinds: Kinds) -> Entry | None:
    """One entry of a stream."""
    return next((one.entry for one in read_stream(connection, stream, kinds, after=seq - 1, limit=1)), None)


def due_in(connection: Connection, stream: str) -> list[DueRow]:
    """All that is due in a stream, in the order of its times."""
    table = schema.due
    rows = connection.execute(
        select(table).where(table.c.stream == stream).order_by(table.c.due_at, table.c.seq)
    )
    return [_row(row) for row in rows]


def left_at(connection: Connection, lane: str, until: datetime) -> int:
    """How much is still to be taken up, or being tried, in a lane at this lane time."""
    table = schema.due
    late = or_(table.c.state == DueState.TRYING.value, table.c.due_at <= stored(until))
    query = select(func.count()).select_from(table).where(table.c.lane == lane, table.c.state.in_(OPEN), late)
    return connection.execute(query).scalar_one()


def latest_in(connection: Connection, lane: str) -> datetime | None:
    """The latest lane time that an entry of a lane shows to be reached; None in reality, which has a clock."""
    table = schema.lane_times
    found = connection.execute(select(func.max(table.c.at)).where(table.c.lane == lane)).scalar_one()
    return None if found is None else from_stored(found)


def drills(connection: Connection) -> list[str]:
    """The streams of all drills, the newest code last."""
    table = schema.streams
    return list(
        connection.execute(
            select(table.c.stream).where(table.c.type == "DRL").order_by(table.c.stream)
        ).scalars()
    )
