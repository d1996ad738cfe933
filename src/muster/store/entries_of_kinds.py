"""Entries of some kinds out of many streams: kinds are looked for in the stored bytes, so that few entries are read."""

from collections.abc import Collection

from sqlalchemy import Connection, and_, func, select

from muster.record.body import Kinds
from muster.record.entry import Entry, read
from muster.store import schema


def counted(connection: Connection, streams: Collection[str]) -> int:
    """How many entries these streams hold."""
    table = schema.streams
    query = select(func.coalesce(func.sum(table.c.seq + 1), 0)).where(table.c.stream.in_(sorted(streams)))
    return int(connection.execute(query).scalar_one())


def entries_of_kinds(
    connection: Connection, streams: Collection[str], wanted: Collection[str], kinds: Kinds
) -> dict[str, list[Entry]]:
    """The entries of these kinds, by stream and in order. A header's kind stands in it in one spelling only."""
    entries, bodies = schema.entries, schema.bodies
    query = (
        select(entries.c.stream, entries.c.header, bodies.c.body)
        .select_from(
            entries.outerjoin(
                bodies, and_(bodies.c.stream == entries.c.stream, bodies.c.seq == entries.c.seq)
            )
        )
        .where(entries.c.stream.in_(sorted(streams)))
        .order_by(entries.c.stream, entries.c.seq)
    )
    named = {f'"kind":"{kind}"'.encode() for kind in wanted}
    found: dict[str, list[Entry]] = {stream: [] for stream in streams}
    for row in connection.execute(query):
        if _kind(row.header) in named:
            found[row.stream].append(read(row.header, row.body, kinds))
    return found


def _kind(header: bytes) -> bytes:
    """The bytes of the kind in a canonical header: names and free text are never in one, so they are found once."""
    start = header.find(b'"kind":"')
    return header[start : header.find(b'"', start + 8) + 1]
