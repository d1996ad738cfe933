"""Everything of one incident for its report: all entries, its signals, its times, and where the record stands."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection

from muster.access.may import visible
from muster.app import incident_view
from muster.app.caller import Caller
from muster.app.lane_clock import lane_time
from muster.app.looking_back.past import Lines, Past
from muster.app.looking_back.whole import LookingBack, looking_back
from muster.app.reading import Reading
from muster.app.registry import FOLDS, KINDS
from muster.app.views import IncidentView
from muster.app.world import World
from muster.core.ids import PLAN_STREAM
from muster.learn.times import Milestones, Time, milestones, times
from muster.record.note import fingerprint
from muster.respond.incident import IncidentClosed
from muster.respond.signal import SignalHit, SignalRaised
from muster.store import lists
from muster.store.append import load
from muster.store.open_record import OpenRecord
from muster.store.read_stream import read_stream


@dataclass(frozen=True)
class RecordStanding:
    """Which log it is, the fingerprint of its key, and the hash of the incident's last entry in hex."""

    origin: str
    fingerprint: str
    head: str
    entries: int


@dataclass(frozen=True)
class WholeIncident:
    """All that a report is made of. rules: author and id of the rule of each signal that has one.

    written_at: when each entry was written, by the clock of its lane. arrived: when each signal first and last came,
    by the same clock. now: of its lane.
    """

    view: IncidentView
    how_learned: str
    times: tuple[Time, ...]
    rules: dict[str, tuple[str, str]]
    record: RecordStanding
    made_at: datetime
    now: datetime
    written_at: dict[int, datetime]
    arrived: dict[str, tuple[datetime, datetime]]
    past: Past
    milestones: Milestones

    @cached_property
    def back(self) -> LookingBack:
        """The parts of its after-action report; made when they are asked for, since a log alone needs none."""
        return looking_back(self.past, self.milestones)


@dataclass(frozen=True)
class WholeIncidents:
    """Gathers incidents whole, for those who may see them."""

    reading: Reading
    record: OpenRecord
    clock: Callable[[], datetime]
    world: World

    def gather(self, caller: Caller, code: str) -> WholeIncident:
        """The whole incident. Raises NotFound, Unsigned; its reading is an entry when it is secret."""
        first = self.reading.incident(caller, code)
        made_at = self.clock()
        now = lane_time(self.record.ledger, first.lane, made_at)
        snapshot = self.world.now()
        with self.reading.database.read() as connection:
            state = self.reading.state(connection, caller, first.incident)
            stored = list(read_stream(connection, state.stream, KINDS))
            view = incident_view.view(connection, state, stored, visible(caller.actor), 0)
            signals = {
                one.signal: Lines(
                    tuple(item.entry for item in read_stream(connection, one.signal, KINDS, limit=50)),
                    hidden_in(connection, one.signal),
                )
                for one in view.signals
            }
            plan = load(connection, [PLAN_STREAM], FOLDS, lock=False)[PLAN_STREAM]
            past = Past(
                tuple(item.entry for item in stored),
                hidden_in(connection, state.stream),
                state,
                lists.names(connection),
                now=now,
                accounts=snapshot.accounts,
                version=lambda commit: self.world.version(snapshot, commit),
                signals=signals,
                plan=plan,
                plan_lines=Lines(
                    tuple(item.entry for item in read_stream(connection, PLAN_STREAM, KINDS)),
                    hidden_in(connection, PLAN_STREAM),
                ),
            )
        known = milestones(past.entries, [lines.entries for lines in signals.values()])
        return WholeIncident(
            view=view,
            how_learned=_learned(past),
            times=times(known),
            rules=dict(_rules(signals)),
            record=RecordStanding(
                self.record.origin, fingerprint(self.record.key.verifier()), state.head or "", len(stored)
            ),
            made_at=made_at,
            now=now,
            written_at={entry.header.seq: past.written(entry) for entry in past.entries},
            arrived=dict(_arrived(signals)),
            past=past,
            milestones=known,
        )


def hidden_in(connection: Connection, stream: str) -> frozenset[int]:
    """The entries of a stream that are hidden and not erased yet: of what is erased nothing is left to hide."""
    found = lists.hidden(connection, stream)
    return frozenset(seq for seq, row in found.items() if row["state"] == "hidden")


def _learned(past: Past) -> str:
    closed = [entry.header.seq for entry in past.of(IncidentClosed)]
    body = past.body(closed[-1], IncidentClosed) if closed else None
    return body.how_learned.value if body else ""


def _rules(signals: dict[str, Lines]) -> Iterator[tuple[str, tuple[str, str]]]:
    for code, lines in signals.items():
        raised = lines.body(0, SignalRaised)
        if raised is not None and raised.rule is not None:
            yield code, (raised.rule.id, raised.rule.author)


def _arrived(signals: dict[str, Lines]) -> Iterator[tuple[str, tuple[datetime, datetime]]]:
    for code, lines in signals.items():
        came = [entry.header.happened.at for entry in lines.of(SignalRaised, SignalHit)]
        if came:
            yield code, (min(came), max(came))
