"""What a command must look up in lists, because no single stream can tell: open signals of a group, known hits."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from muster.respond.incident import IncidentState
from muster.respond.signal import SignalState
from muster.store import schema

_ENDED = (IncidentState.CLOSED.value, IncidentState.STOOD_DOWN.value)


def open_signals(connection: Connection, keys: Iterable[str]) -> dict[str, str]:
    """The signal that takes more of a group: the one that waits, else one attached to an incident that goes on."""
    wanted = sorted(set(keys))
    found: dict[str, str] = {}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        signals, incidents, groups = schema.signals, schema.incidents, schema.groups
        attached = (
            select(signals.c.group_key, signals.c.stream)
            .join(incidents, incidents.c.stream == signals.c.incident)
            .where(
                signals.c.group_key.in_(part),
                signals.c.state == SignalState.ATTACHED.value,
                incidents.c.state.not_in(_ENDED),
            )
            .order_by(signals.c.raised_at)
        )
        found |= {row.group_key: row.stream for row in connection.execute(attached)}
        waiting = select(groups.c.key, groups.c.stream).where(groups.c.key.in_(part))
        found |= {row.key: row.stream for row in connection.execute(waiting)}
    return found


def known_hits(connection: Connection, keys: Iterable[str]) -> frozenset[str]:
    """Which of these hit keys are recorded."""
    wanted = sorted(set(keys))
    found: set[str] = set()
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        rows = connection.execute(select(schema.hit_keys.c.key).where(schema.hit_keys.c.key.in_(part)))
        found.update(row.key for row in rows)
    return frozenset(found)


def attached_signals(connection: Connection, incident: str) -> list[str]:
    """The signals attached to an incident."""
    table = schema.signals
    rows = connection.execute(
        select(table.c.stream).where(table.c.incident == incident).order_by(table.c.raised_at)
    )
    return [row.stream for row in rows]
