"""Reading a stream's entries as they are stored, in order."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, and_, select

from muster.record.body import Kinds
from muster.record.entry import Entry, read
from muster.store import schema


@dataclass(frozen=True)
class StoredEntry:
    """An entry with its stored bytes; body and salt are None when erased."""

    entry: Entry
    header: bytes
    body: bytes | None
    salt: bytes | None
    leaf: bytes


def read_stream(
    connection: Connection, stream: str, kinds: Kinds, *, after: int = -1, limit: int | None = None
) -> Iterator[StoredEntry]:
    """The entries of a stream after a sequence number, in order. Raises when stored bytes are not an entry."""
    entries, bodies, leaves = schema.entries, schema.bodies, schema.leaves
    query = (
        select(entries.c.header, bodies.c.body, bodies.c.salt, leaves.c.hash)
        .select_from(
            entries.outerjoin(
                bodies, and_(bodies.c.stream == entries.c.stream, bodies.c.seq == entries.c.seq)
            ).join(leaves, and_(leaves.c.stream == entries.c.stream, leaves.c.seq == entries.c.seq))
        )
        .where(entries.c.stream == stream, entries.c.seq > after)
        .order_by(entries.c.seq)
    )
    if limit is not None:
        query = query.limit(limit)
    for row in connection.execute(query):
        yield StoredEntry(read(row.header, row.body, kinds), row.header, row.body, row.salt, row.hash)
