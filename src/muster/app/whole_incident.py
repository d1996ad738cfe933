"""Everything of one incident for its report: all entries, its signals, its times, and where the record stands."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from muster.access.may import visible
from muster.app import incident_view
from muster.app.caller import Caller
from muster.app.reading import Reading
from muster.app.registry import KINDS
from muster.app.views import IncidentView
from muster.learn.times import Time, milestones, times
from muster.record.state import StreamState
from muster.store import schema
from muster.store.open_record import OpenRecord
from muster.store.read_stream import read_stream
from muster.store.seal import uncovered


@dataclass(frozen=True)
class RecordStanding:
    """Where the record stands when a report is made. root and head in hex."""

    origin: str
    size: int
    root: str
    head: str
    entries: int
    unsealed: int


@dataclass(frozen=True)
class WholeIncident:
    """All that a report is made of. rules: author and id of the rule of each signal that has one."""

    view: IncidentView
    how_learned: str
    times: tuple[Time, ...]
    rules: dict[str, tuple[str, str]]
    record: RecordStanding
    made_at: datetime


@dataclass(frozen=True)
class WholeIncidents:
    """Gathers incidents whole, for those who may see them."""

    reading: Reading
    record: OpenRecord
    clock: Callable[[], datetime]

    def gather(self, caller: Caller, code: str) -> WholeIncident:
        """The whole incident. Raises NotFound, Unsigned; its reading is an entry when it is secret."""
        first = self.reading.incident(caller, code)
        with self.reading.database.read() as connection:
            state = self.reading.state(connection, caller, first.incident)
            entries = list(read_stream(connection, state.stream, KINDS))
            view = incident_view.view(connection, state, entries, visible(caller.actor), 0)
            signals = [list(read_stream(connection, one.signal, KINDS, limit=50)) for one in view.signals]
            standing = self._standing(state, len(entries))
        closed = [item.entry.body for item in entries if item.entry.header.kind == "incident.closed"]
        rules: dict[str, tuple[str, str]] = {}
        for one, items in zip(view.signals, signals, strict=True):
            rule = getattr(items[0].entry.body, "rule", None) if items else None
            if rule is not None:
                rules[one.signal] = (rule.id, rule.author)
        known = milestones(
            [item.entry for item in entries], [[item.entry for item in items] for items in signals]
        )
        learned = getattr(closed[-1], "how_learned", None) if closed else None
        return WholeIncident(
            view, learned.value if learned else "", times(known), rules, standing, self.clock()
        )

    def _standing(self, state: StreamState, entries: int) -> RecordStanding:
        table = schema.checkpoints
        with self.reading.database.read() as connection:
            sealed = connection.execute(select(table).order_by(table.c.size.desc()).limit(1)).first()
            unsealed = uncovered(connection)
        return RecordStanding(
            origin=self.record.origin,
            size=sealed.size if sealed else 0,
            root=sealed.root.hex() if sealed else "",
            head=state.head or "",
            entries=entries,
            unsealed=unsealed,
        )
