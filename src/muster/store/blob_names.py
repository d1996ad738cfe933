"""Which blobs the database names."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from muster.store import schema


def a_named_blob(connection: Connection) -> str | None:
    """One of the blobs that entries name, None when they name none."""
    return connection.execute(select(schema.evidence.c.sha256).limit(1)).scalar_one_or_none()


def named_blobs(connection: Connection) -> Iterator[tuple[str, int, str]]:
    """Every blob that an entry names: stream, number of the entry, SHA-256."""
    table = schema.evidence
    for row in connection.execute(select(table).order_by(table.c.stream, table.c.seq)):
        yield row.stream, row.seq, row.sha256
