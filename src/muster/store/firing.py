"""How often rules fired, by lane and by what became of their signals; counted where the record is, of what may be seen."""

from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, func, select

from muster.access.may import Visible
from muster.core.ids import StreamType
from muster.store import schema
from muster.store.visible_sql import condition

MOST_ROWS = 50_000


def fired(connection: Connection, visible: Visible) -> Sequence[RowMapping]:
    """Rows of rule_key, rule_id, title, techniques, tactics, lane, state, outcome, signals, events, first_at, last_at.

    events: all matched events of those signals. At most 50,000 rows.
    """
    one, signal = schema.fired, schema.signals
    named = (one.c.rule_key, one.c.rule_id, one.c.title, one.c.techniques, one.c.tactics)
    by = (*named, signal.c.lane, signal.c.state, signal.c.outcome)
    query = (
        select(
            *by,
            func.count().label("signals"),
            func.sum(signal.c.count).label("events"),
            func.min(signal.c.raised_at).label("first_at"),
            func.max(signal.c.last_at).label("last_at"),
        )
        .join(signal, signal.c.stream == one.c.stream)
        .where(condition(visible, schema.signals, StreamType.SIGNAL))
        .group_by(*by)
        .order_by(one.c.rule_key, signal.c.lane)
        .limit(MOST_ROWS)
    )
    return connection.execute(query).mappings().all()
