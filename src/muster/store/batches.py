"""Which batches of events were taken, and the detector's last word about itself: working rows."""

from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import Connection, select

from muster.core.time import stored
from muster.store import schema
from muster.store.database import insert_new, upsert


@dataclass(frozen=True)
class TakenBatch:
    """A batch that was acknowledged."""

    sha256: str
    events: int


def taken(connection: Connection, token: str, batch: str) -> TakenBatch | None:
    """The batch of this token and id, None when it was not taken."""
    table = schema.batches
    row = connection.execute(
        select(table.c.sha256, table.c.events).where(table.c.token == token, table.c.batch == batch)
    ).first()
    return None if row is None else TakenBatch(row.sha256, row.events)


def take(
    connection: Connection, *, token: str, batch: str, sha256: str, events: int, now: datetime
) -> TakenBatch:
    """Keeps a batch; returns what stands under its id then (another request may have been first)."""
    row = {"token": token, "batch": batch, "sha256": sha256, "events": events, "at": stored(now)}
    connection.execute(insert_new(connection, schema.batches), [row])
    found = taken(connection, token, batch)
    if found is None:
        raise RuntimeError("a batch vanished within its own transaction")
    return found


def set_position(connection: Connection, name: str, value: dict[str, object], now: datetime) -> None:
    """Keeps what a process says of itself (working; the next one replaces it)."""
    row = {"name": name, "value": orjson.dumps(value).decode(), "at": stored(now)}
    connection.execute(upsert(connection, schema.positions), [row])


def position(connection: Connection, name: str) -> tuple[dict[str, object], str] | None:
    """What a process last said of itself, and when."""
    table = schema.positions
    row = connection.execute(select(table.c.value, table.c.at).where(table.c.name == name)).first()
    return None if row is None else (orjson.loads(row.value), row.at)
