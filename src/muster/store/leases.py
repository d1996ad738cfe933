"""Leases: working rows by which one process of several does a job, on the database's own clock."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, select, text

from muster.core.time import from_stored, stored
from muster.store import schema
from muster.store.database import Database, insert_new

# Processes that claim at nearly one time see slightly different clocks; that is no clock that was set back.
CLOCK_SLACK = 60.0


def database_now(connection: Connection) -> datetime:
    """The database's time on PostgreSQL; the process's own on SQLite, where it is the only one."""
    if connection.dialect.name == "sqlite":
        return datetime.now(UTC)
    found: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return found.astimezone(UTC)


def claim(database: Database, name: str, holder: str, seconds: float) -> bool:
    """Takes or renews a lease, in a transaction of its own. False when another holds it.

    One that ends later than a new one would is of a clock that was set back since, and holds nobody off.
    """

    def work(connection: Connection) -> bool:
        table = schema.leases
        now = database_now(connection)
        until = stored(now + timedelta(seconds=seconds))
        connection.execute(
            insert_new(connection, table), [{"name": name, "holder": holder, "expires": until}]
        )
        row = connection.execute(select(table).where(table.c.name == name).with_for_update()).one()
        if row.holder != holder and now < from_stored(row.expires) <= now + timedelta(
            seconds=seconds + CLOCK_SLACK
        ):
            return False
        connection.execute(table.update().where(table.c.name == name).values(holder=holder, expires=until))
        return True

    return database.write(work)


def release(database: Database, name: str, holder: str) -> None:
    """Gives a lease back, so that another need not wait for its end."""
    table = schema.leases
    database.write(
        lambda connection: connection.execute(
            table.delete().where(table.c.name == name, table.c.holder == holder)
        )
    )


def release_all(database: Database) -> None:
    """Gives back the leases of processes that ended: for the only process of a database, when it starts."""
    database.write(lambda connection: connection.execute(schema.leases.delete()))
