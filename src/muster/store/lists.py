"""Lists for people: signals, incidents, accounts, tokens, what stands in an incident; each seen only by who may."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, and_, func, or_, select, tuple_

from muster.access.may import Visible
from muster.core.ids import StreamType
from muster.store import schema
from muster.store.visible_sql import condition

PAGE = 50


@dataclass(frozen=True)
class Listed:
    """One page of a list: its rows, and the cursor of the next page (None at the end)."""

    rows: Sequence[RowMapping]
    next: str | None


def signals(
    connection: Connection,
    visible: Visible,
    *,
    state: str | None = None,
    after: str | None = None,
    limit: int = PAGE,
) -> Listed:
    """Signals, newest first; of one state, when it is given."""
    return _listed(
        connection,
        schema.signals,
        "raised_at",
        condition(visible, schema.signals, StreamType.SIGNAL),
        state,
        after,
        limit,
    )


def incidents(
    connection: Connection,
    visible: Visible,
    *,
    state: str | None = None,
    after: str | None = None,
    limit: int = PAGE,
) -> Listed:
    """Incidents, newest first; of one state, when it is given."""
    seen = condition(visible, schema.incidents, StreamType.INCIDENT)
    return _listed(connection, schema.incidents, "declared_at", seen, state, after, limit)


def _listed(
    connection: Connection,
    table: Table,
    time: str,
    seen: Any,
    state: str | None,
    after: str | None,
    limit: int,
) -> Listed:
    order = table.c[time]
    query = select(table).where(seen)
    if state is not None:
        query = query.where(table.c.state == state)
    if after is not None:
        at, _, stream = after.partition("_")
        query = query.where(tuple_(order, table.c.stream) < tuple_(at, stream))
    query = query.order_by(order.desc(), table.c.stream.desc()).limit(limit + 1)
    rows = connection.execute(query).mappings().all()
    more = f"{rows[limit - 1][time]}_{rows[limit - 1]['stream']}" if len(rows) > limit else None
    return Listed(rows[:limit], more)


def one(connection: Connection, table: Table, stream: str) -> RowMapping | None:
    """The row of one signal or incident."""
    return connection.execute(select(table).where(table.c.stream == stream)).mappings().first()


def counts(connection: Connection, table: Table, seen: Visible, kind: StreamType) -> dict[str, int]:
    """How many there are in each state, of those that may be seen."""
    query = select(table.c.state, func.count()).where(condition(seen, table, kind)).group_by(table.c.state)
    return {row[0]: row[1] for row in connection.execute(query)}


def facts(connection: Connection, stream: str) -> list[RowMapping]:
    """Facts, assumptions and questions of an incident, in the order they were made."""
    table = schema.facts
    return list(
        connection.execute(select(table).where(table.c.stream == stream).order_by(table.c.seq)).mappings()
    )


def settlements(connection: Connection, stream: str) -> list[RowMapping]:
    """How they were settled, in order."""
    table = schema.settlements
    return list(
        connection.execute(select(table).where(table.c.stream == stream).order_by(table.c.by)).mappings()
    )


def covered(connection: Connection, streams: Iterable[str]) -> frozenset[str]:
    """Which of these streams have their first entry hidden: what it says stands in lists, too."""
    table = schema.hidden
    query = select(table.c.stream).where(
        table.c.stream.in_(sorted(streams)), table.c.seq == 0, table.c.state == "hidden"
    )
    return frozenset(row.stream for row in connection.execute(query))


def hidden(connection: Connection, stream: str) -> dict[int, RowMapping]:
    """The hidden and erased entries of a stream, by sequence number."""
    table = schema.hidden
    return {
        row["seq"]: row
        for row in connection.execute(select(table).where(table.c.stream == stream)).mappings()
    }


def hidden_with(
    connection: Connection, stream: str, others: Collection[str]
) -> tuple[dict[int, RowMapping], frozenset[str]]:
    """The hidden and erased entries of a stream, and which of the others are covered; in one statement."""
    table = schema.hidden
    covers = and_(table.c.stream.in_(sorted(others)), table.c.seq == 0, table.c.state == "hidden")
    query = select(table).where(or_(table.c.stream == stream, covers))
    rows = list(connection.execute(query).mappings())
    own = {row["seq"]: row for row in rows if row["stream"] == stream}
    return own, frozenset(row["stream"] for row in rows if row["stream"] != stream)


def signals_of(connection: Connection, visible: Visible, incident: str) -> list[RowMapping]:
    """The signals attached to an incident, of those that may be seen."""
    table = schema.signals
    query = (
        select(table)
        .where(and_(table.c.incident == incident, condition(visible, table, StreamType.SIGNAL)))
        .order_by(table.c.raised_at)
        .limit(500)
    )
    return list(connection.execute(query).mappings())


def accounts(connection: Connection) -> list[RowMapping]:
    """All accounts by name."""
    table = schema.accounts
    return list(connection.execute(select(table).order_by(table.c.name, table.c.account)).mappings())


def names(connection: Connection) -> dict[str, str]:
    """The name of every account."""
    table = schema.accounts
    return {row.account: row.name for row in connection.execute(select(table.c.account, table.c.name))}


def tokens(connection: Connection, account: str | None) -> list[RowMapping]:
    """Tokens of one account, or of all, the working ones first."""
    table = schema.tokens
    query = select(table).order_by(table.c.state.desc(), table.c.name, table.c.token)
    if account is not None:
        query = query.where(table.c.account == account)
    return list(connection.execute(query).mappings())


def receipt(connection: Connection, receipt_hash: str) -> RowMapping | None:
    """The signal of a receipt, by the receipt's hash: its state and outcome, nothing else."""
    table, rows = schema.receipts, schema.signals
    query = (
        select(rows.c.state, rows.c.outcome, rows.c.raised_at, rows.c.last_at)
        .join(table, table.c.stream == rows.c.stream)
        .where(table.c.receipt == receipt_hash)
    )
    return connection.execute(query).mappings().first()


def account_of(connection: Connection, text: str) -> str | None:
    """The account of an id or a sign-in name, as a person may have typed either."""
    table = schema.accounts
    query = select(table.c.account).where(
        or_(table.c.account == text, table.c.sign_in == text.strip().lower())
    )
    return connection.execute(query.limit(1)).scalar_one_or_none()
