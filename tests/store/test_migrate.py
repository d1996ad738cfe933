"""The schema that the migrations make is the one that the code means, and a newer one is left alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from muster.core.errors import BadInput
from muster.store import migrate as migrating
from muster.store import schema
from muster.store.database import Database, parse_url
from muster.store.migrate import migrate, newest, version
from muster.store.open_record import open_record
from muster.store.project import FOLD_VERSION
from tests.store.at_schema import bring_to
from tests.store.world import Clock, World, opened, populate, signed_in


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(parse_url(database_url))
    yield made
    made.close()


def test_the_migrated_schema_is_that_of_the_code(database: Database) -> None:
    migrate(database)
    with database.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, schema.TABLES) == []
        assert version(connection) == newest()
        assert connection.execute(text("SELECT id, next FROM counter")).all() == [(1, 0)]


def test_every_migration_follows_another_one() -> None:
    scripts = ScriptDirectory.from_config(migrating._config())
    assert len(scripts.get_heads()) == 1
    assert scripts.get_bases() == ["0001"]


def test_migrating_twice_changes_nothing(database: Database) -> None:
    migrate(database)
    migrate(database)
    with database.read() as connection:
        assert version(connection) == newest()


def test_a_database_of_a_newer_muster_is_refused_in_one_line(world: World) -> None:
    world.change("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(BadInput, match="newer Muster") as refused:
        open_record(world.muster.record.ledger, fold_version=FOLD_VERSION, state_root=world.state)
    assert len(refused.value.line().splitlines()) == 1


def test_a_database_of_the_first_schema_opens_and_verifies(database_url: str, tmp_path: Path) -> None:
    database = Database(parse_url(database_url))
    bring_to(database, "0001")
    database.close()
    clock = Clock()
    muster = opened(tmp_path / "data", tmp_path / "state", database_url, clock)
    world = World(tmp_path / "data", tmp_path / "state", database_url, muster, clock, signed_in(muster))
    populate(world)
    assert world.verified().findings == ()
    world.close()
