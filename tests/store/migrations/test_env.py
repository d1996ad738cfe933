"""Alembic's entry works on the connection that it is given: all or nothing, in that transaction."""

import pytest
from sqlalchemy import Connection

from muster.store.database import Database
from muster.store.migrate import newest, version
from tests.store import at_schema
from tests.store.at_schema import bring_to, tables


def test_a_schema_that_is_not_reached_leaves_nothing(database: Database) -> None:
    class Stopped(Exception):
        pass

    def work(connection: Connection) -> None:
        config = at_schema.migrating._config()
        config.attributes["connection"] = connection
        at_schema.command.upgrade(config, "0001")
        raise Stopped

    with pytest.raises(Stopped):
        database.migrate(work)
    assert tables(database) == set()
    bring_to(database, "head")
    with database.read() as connection:
        assert version(connection) == newest()
