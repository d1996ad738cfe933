"""The second schema adds what is due, its leases and lane times, and touches nothing that was there."""

from sqlalchemy import text

from muster.store.database import Database
from tests.store.at_schema import bring_to, indexes, tables

NEW = {"due", "lane_times", "due_leases"}


def test_it_adds_three_tables_and_keeps_every_row(database: Database) -> None:
    bring_to(database, "0001")
    before = tables(database)
    database.write(lambda connection: connection.execute(text("UPDATE counter SET next = 7")))
    bring_to(database, "0002")
    assert tables(database) - before == NEW
    with database.read() as connection:
        assert connection.execute(text("SELECT next FROM counter")).scalar_one() == 7
        assert connection.execute(text("SELECT count(*) FROM due")).scalar_one() == 0


def test_what_is_due_is_found_by_lane_state_and_time(database: Database) -> None:
    bring_to(database, "0002")
    assert indexes(database, "due")["due_by_time"] == ["lane", "state", "due_at"]
