"""An empty database, on either make."""

from collections.abc import Iterator

import pytest

from muster.store.database import Database, parse_url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(parse_url(database_url))
    yield made
    made.close()
