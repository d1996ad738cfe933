"""A database filled by the script of another one has its tables, rows and keys."""

from collections.abc import Callable

import psycopg
import pytest

from tests.postgres_script import emptied, fill, script
from tests.store.world import psycopg_dsn

MADE = "CREATE TABLE words (n serial PRIMARY KEY, word text, raw bytea)"


def test_a_filled_database_is_the_same_and_the_emptied_one_can_be_filled(
    fresh_postgres: Callable[[], str],
) -> None:
    one, other = fresh_postgres(), fresh_postgres()
    with psycopg.connect(psycopg_dsn(one), autocommit=True) as connection:
        connection.execute(MADE)
        connection.execute(
            "INSERT INTO words (word, raw) VALUES (%s, %s)", ["-- a\n--b\\c 'd'\n\\e", b"\0\xff\\"]
        )
    found = script(one)
    assert emptied(one) == found
    for url in (one, other):
        fill(url, found)
        with psycopg.connect(psycopg_dsn(url), autocommit=True) as connection:
            assert connection.execute("SELECT * FROM public.words").fetchall() == [
                (1, "-- a\n--b\\c 'd'\n\\e", b"\0\xff\\")
            ]
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO public.words VALUES (1)")
