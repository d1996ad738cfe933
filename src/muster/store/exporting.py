"""Reading streams out of a database for an export, up to the newest checkpoint."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, select

from muster.core.errors import NotFound, Refused
from muster.record import export
from muster.record.archive import pack
from muster.record.body import Kinds
from muster.record.export import BodyState, StreamExport
from muster.record.merkle import inclusion_proofs
from muster.record.note import SigningKey
from muster.respond.signal import SignalHit
from muster.store import lists, schema
from muster.store.blobs import Blobs
from muster.store.database import Database
from muster.store.read_stream import StoredEntry, read_stream


@dataclass(frozen=True)
class Exported:
    """An export's ZIP, its size in entries, and how many entries the checkpoint does not cover yet."""

    data: bytes
    entries: int
    withheld: int
    left_out: int


def export_streams(
    database: Database, streams: Sequence[str], key: SigningKey, blobs: Blobs, kinds: Kinds
) -> Exported:
    """The export of these streams. Raises NotFound, Refused (nothing sealed yet), Damaged."""
    with database.read() as connection:
        table = schema.checkpoints
        sealed = connection.execute(select(table).order_by(table.c.size.desc()).limit(1)).first()
        if sealed is None:
            raise Refused("Nothing is sealed yet.", "export", "Wait a few seconds, or start the server once.")
        parts: list[StreamExport] = []
        found: dict[str, bytes] = {}
        left_out = 0
        for stream in streams:
            items, index, beyond = _up_to(connection, stream, sealed.size, kinds)
            left_out += beyond
            if not items:
                continue
            hidden = lists.hidden(connection, stream)
            entries = [_entry(item, withheld=item.entry.header.seq in hidden) for item in items]
            parts.append(StreamExport(stream, entries, index, ()))
            found |= _blobs(items, hidden, blobs)
        if not parts:
            raise NotFound("There is nothing sealed of this stream.", ", ".join(streams), "Check its code.")
        proofs = inclusion_proofs(
            _leaves(connection, sealed.size), sealed.size, [part.index for part in parts]
        )
        parts = [StreamExport(part.id, part.entries, part.index, proofs[part.index]) for part in parts]
    tree = export.build(parts, sealed.note, key, found)
    withheld = sum(entry.state is BodyState.WITHHELD for part in parts for entry in part.entries)
    return Exported(pack(tree), sum(len(part.entries) for part in parts), withheld, left_out)


def _leaves(connection: Connection, size: int) -> list[bytes]:
    table = schema.leaves
    query = select(table.c.hash).where(table.c.feed < size).order_by(table.c.feed)
    return [row.hash for row in connection.execute(query)]


def _up_to(
    connection: Connection, stream: str, size: int, kinds: Kinds
) -> tuple[list[StoredEntry], int, int]:
    """The sealed entries of a stream, the leaf of the last of them, and how many are not sealed yet."""
    table = schema.leaves
    row = connection.execute(
        select(func.max(table.c.seq), func.max(table.c.feed), func.count()).where(
            and_(table.c.stream == stream, table.c.feed < size)
        )
    ).one()
    total: int = connection.execute(
        select(func.count()).select_from(table).where(table.c.stream == stream)
    ).scalar_one()
    if row[0] is None:
        return [], -1, total
    items = list(read_stream(connection, stream, kinds, limit=row[0] + 1))
    return items, row[1], total - row[2]


def _entry(item: StoredEntry, *, withheld: bool) -> export.StoredEntry:
    if item.body is None:
        return export.StoredEntry(item.header, None, None, BodyState.ERASED)
    if withheld:
        return export.StoredEntry(item.header, None, None, BodyState.WITHHELD)
    return export.StoredEntry(item.header, item.body, item.salt)


def _blobs(items: list[StoredEntry], hidden: Container[int], blobs: Blobs) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for item in items:
        body = item.entry.body
        if isinstance(body, SignalHit) and body.evidence is not None and item.entry.header.seq not in hidden:
            found[body.evidence.sha256] = blobs.get(body.evidence.sha256)
    return found
