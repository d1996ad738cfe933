"""Reading the entries that somebody names by stream and number, all of them in one statement."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, and_, or_, select

from muster.record.body import Kinds
from muster.record.entry import Entry, read
from muster.store import schema

MOST = 1_000


def entries_at(
    connection: Connection, wanted: Mapping[str, Collection[int]], kinds: Kinds
) -> dict[str, dict[int, Entry]]:
    """The entries with these numbers, by stream; what is not there is left out. The newest of too many are read."""
    entries, bodies = schema.entries, schema.bodies
    named = {stream: sorted(seqs)[-MOST:] for stream, seqs in wanted.items() if seqs}
    found: dict[str, dict[int, Entry]] = {stream: {} for stream in wanted}
    if not named:
        return found
    query = (
        select(entries.c.stream, entries.c.seq, entries.c.header, bodies.c.body)
        .select_from(
            entries.outerjoin(
                bodies, and_(bodies.c.stream == entries.c.stream, bodies.c.seq == entries.c.seq)
            )
        )
        .where(or_(*(and_(entries.c.stream == one, entries.c.seq.in_(seqs)) for one, seqs in named.items())))
    )
    for row in connection.execute(query):
        found[row.stream][row.seq] = read(row.header, row.body, kinds)
    return found
