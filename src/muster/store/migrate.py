"""The schema of a database, brought to the code's version by Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from muster.core.errors import BadInput
from muster.store.database import Database

_FOLDER = Path(__file__).with_name("migrations")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return config


def newest() -> str:
    """The newest schema version that this code knows."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise RuntimeError("no migration is packaged")
    return head


def version(connection: Connection) -> str | None:
    """The schema version of a database, None when it has none yet."""
    return MigrationContext.configure(connection).get_current_revision()


def migrate(database: Database) -> None:
    """Brings the schema to the newest version. Raises BadInput when it is newer than this code."""

    def work(connection: Connection) -> None:
        at = version(connection)
        known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
        if at is not None and at not in known:
            raise BadInput(
                "The database was written by a newer Muster.",
                "database",
                "Install the newer version, then start it.",
            )
        if at == newest():
            return
        if not database.is_sqlite:
            # Two processes may start at once: the second waits here and then finds the work done.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(5193470210)")
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    database.migrate(work)
