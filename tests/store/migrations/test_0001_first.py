"""The first schema: the record, what is folded from it, and the counter of the feed at its beginning."""

from sqlalchemy import text

from muster.store.database import Database
from tests.store.at_schema import bring_to, indexes, tables

RECORD = {"entries", "leaves", "bodies", "checkpoints", "counter", "log"}


def test_it_makes_the_record_and_begins_the_feed_at_0(database: Database) -> None:
    bring_to(database, "0001")
    assert tables(database) >= RECORD | {"streams", "signals", "incidents", "facts", "accounts", "sessions"}
    assert not tables(database) & {"due", "lane_times", "due_leases"}
    with database.read() as connection:
        assert connection.execute(text("SELECT id, next FROM counter")).all() == [(1, 0)]


def test_lists_have_their_indexes(database: Database) -> None:
    bring_to(database, "0001")
    assert indexes(database, "incidents")["incidents_by_time"] == ["declared_at", "stream"]
