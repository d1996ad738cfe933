"""Remembered answers: a request whose idempotency key was seen before gets its first answer again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from sqlalchemy import Connection, select

from muster.core.time import stored
from muster.store import schema
from muster.store.database import Database

KEPT = timedelta(hours=24)


@dataclass(frozen=True)
class Remembered:
    """The hash of the request that was answered, and its answer."""

    request: str
    answer: dict[str, object]


def remembered(connection: Connection, account: str, key: str) -> Remembered | None:
    """The first answer to this account's key, None when it was not seen."""
    table = schema.idempotency
    row = connection.execute(
        select(table.c.request, table.c.answer).where(table.c.account == account, table.c.key == key)
    ).first()
    return None if row is None else Remembered(row.request, orjson.loads(row.answer))


def remember(
    connection: Connection,
    *,
    account: str,
    key: str,
    request: str,
    streams: tuple[str, ...],
    answer: dict[str, object],
    now: datetime,
) -> None:
    """Keeps an answer. The streams are kept beside it, so that an erasure in one removes it."""
    connection.execute(
        schema.idempotency.insert(),
        [
            {
                "account": account,
                "key": key,
                "request": request,
                "streams": f" {' '.join(streams)} ",
                "answer": orjson.dumps(answer).decode(),
                "at": stored(now),
            }
        ],
    )


def forget_old(database: Database, now: datetime) -> None:
    """Removes answers older than a day."""
    table = schema.idempotency
    database.write(
        lambda connection: connection.execute(table.delete().where(table.c.at < stored(now - KEPT)))
    )
