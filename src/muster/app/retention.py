"""Retention: the words of old access streams are erased by rule, each by an entry; headers and hashes stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from muster.app.caller import Caller
from muster.app.doing import Doing
from muster.app.registry import KINDS
from muster.core.ids import StreamType
from muster.record.entry import Draft, Ref
from muster.record.state import States
from muster.respond.redaction import EntryErased
from muster.store import schema
from muster.store.append import Decided
from muster.store.read_stream import read_stream

AT_ONCE = 500


@dataclass(frozen=True)
class Retention:
    """Erases what is older than the rule allows. days: None keeps everything."""

    doing: Doing
    server: Caller
    days: int | None

    def run(self, now: datetime) -> int:
        """Erases the bodies of access streams that ended before the rule's time; returns how many.

        At most 500 a stream in one transaction; the next run goes on. Raises Unavailable.
        """
        if self.days is None:
            return 0
        before = now - timedelta(days=self.days)
        return sum(self._erase(stream, before, now) for stream in self._streams())

    def _streams(self) -> Sequence[str]:
        table = schema.streams
        query = select(table.c.stream).where(table.c.type == StreamType.ACCESS.value).order_by(table.c.stream)
        with self.doing.ledger.database.read() as connection:
            return connection.execute(query).scalars().all()

    def _erase(self, stream: str, before: datetime, now: datetime) -> int:
        context = self.doing.context(self.server, now)

        def decide(states: States, connection: Connection) -> Decided:
            del states
            drafts = tuple(
                Draft(stream, EntryErased(seq=seq), (Ref("erases", stream, seq),))
                for seq in _old(connection, stream, before)
            )
            return Decided(drafts, context)

        return len(self.doing.ledger.append([stream], decide).written)


def _old(connection: Connection, stream: str, before: datetime) -> list[int]:
    """The entries with words of a stream that nobody writes to any more; none while it may still grow."""
    found: list[int] = []
    for item in read_stream(connection, stream, KINDS):
        head = item.entry.header
        if head.kind == EntryErased.kind:
            continue
        if head.recorded_at >= before:
            return []
        if item.body is not None and len(found) < AT_ONCE:
            found.append(head.seq)
    return found
