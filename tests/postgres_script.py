"""A PostgreSQL database as one script, which fills an empty one in a third of the time that a copy of it takes."""

import re
import subprocess

import psycopg
from sqlalchemy import make_url

from tests.postgres_server import binaries


def _dsn(url: str) -> str:
    """How PostgreSQL itself takes the address of a test database."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def script(url: str) -> bytes:
    """All tables and rows of a database, as statements."""
    command = [
        binaries() / "pg_dump",
        "--inserts",
        "--rows-per-insert=1000",
        "--no-owner",
        "--dbname",
        _dsn(url),
    ]
    dump = subprocess.run(command, check=True, capture_output=True).stdout
    return re.sub(rb"^\\(un)?restrict .*$", b"", dump, flags=re.MULTILINE)  # these two lines are for psql


def emptied(url: str) -> bytes:
    """The script of a database, which is empty again afterwards."""
    found = script(url)
    with psycopg.connect(_dsn(url), autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    return found


def fill(url: str, statements: bytes) -> None:
    """Run a script in an empty database."""
    with psycopg.connect(_dsn(url), autocommit=True) as connection:
        connection.execute(statements)
