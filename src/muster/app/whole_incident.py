"""Everything of one incident for its report: all entries, its signals, its times, and where the record stands."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from muster.access.may import visible
from muster.app import incident_view
from muster.app.caller import Caller
from muster.app.reading import Reading
from muster.app.registry import KINDS
from muster.app.views import IncidentView
from muster.learn.times import Time, milestones, times
from muster.store.open_record import OpenRecord
from muster.store.read_stream import read_stream


@dataclass(frozen=True)
class RecordStanding:
    """Which log it is, and the hash of the incident's last entry in hex."""

    origin: str
    head: str
    entries: int


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
            standing = RecordStanding(self.record.origin, state.head or "", len(entries))
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
