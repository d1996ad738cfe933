"""Exports through the server: asked of access, sealed first, and written down before they are given out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from muster.access.may import visible
from muster.access.passing import AccessExported
from muster.app.caller import Caller
from muster.app.journal import Journal
from muster.app.reading import Reading
from muster.app.registry import KINDS
from muster.core.ids import StreamType, stream_type
from muster.record.note import SigningKey
from muster.store import lists
from muster.store.blobs import Blobs
from muster.store.database import Database
from muster.store.exporting import Exported, export_streams
from muster.store.seal import Sealer


@dataclass(frozen=True)
class Exporting:
    """Makes exports for callers."""

    database: Database
    reading: Reading
    journal: Journal
    sealer: Sealer
    key: SigningKey
    blobs: Blobs
    clock: Callable[[], datetime]

    def export(self, caller: Caller, code: str) -> Exported:
        """A stream, and with an incident its signals that the caller may see. Raises NotFound, Denied, Unavailable."""
        state = self.reading.may_export(caller, code)
        streams = [state.stream]
        if stream_type(state.stream) is StreamType.INCIDENT:
            with self.database.read() as connection:
                attached = lists.signals_of(connection, visible(caller.actor), state.stream)
            streams += [row["stream"] for row in attached]
        # What was exported is on the record before it leaves; a log that may not be written exports nothing.
        self.journal.write(caller, self.clock(), AccessExported(stream=state.stream, seq=state.seq))
        self.sealer.seal()
        return export_streams(self.database, streams, self.key, self.blobs, KINDS)
