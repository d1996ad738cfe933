"""Which signals are attached to many incidents at once, of those that may be seen."""

from collections.abc import Collection

from sqlalchemy import Connection, and_, select

from muster.access.may import Visible
from muster.core.ids import StreamType
from muster.store import schema
from muster.store.visible_sql import condition

MOST = 5_000


def signals_of_many(
    connection: Connection, visible: Visible, incidents: Collection[str]
) -> dict[str, list[str]]:
    """The signals by incident, each in the order they were raised; the first of too many."""
    table = schema.signals
    query = (
        select(table.c.incident, table.c.stream)
        .where(and_(table.c.incident.in_(sorted(incidents)), condition(visible, table, StreamType.SIGNAL)))
        .order_by(table.c.raised_at, table.c.stream)
        .limit(MOST)
    )
    found: dict[str, list[str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.incident, []).append(row.stream)
    return found
