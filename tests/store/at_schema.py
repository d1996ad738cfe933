"""A database at a schema of the past, as the migrations up to there make it."""

from alembic import command
from sqlalchemy import Connection, inspect

from muster.store import migrate as migrating
from muster.store.database import Database


def bring_to(database: Database, revision: str) -> None:
    """Runs the migrations up to this one, whatever comes after."""

    def work(connection: Connection) -> None:
        config = migrating._config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    database.migrate(work)


def tables(database: Database) -> set[str]:
    """The tables that are there."""
    with database.read() as connection:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}


def indexes(database: Database, table: str) -> dict[str, list[str]]:
    """The indexes of a table: name -> columns."""
    with database.read() as connection:
        found = inspect(connection).get_indexes(table)
    return {str(one["name"]): [str(name) for name in one["column_names"]] for one in found}
