"""The two databases behind one door: SQLite (one writer in the process) and PostgreSQL. All dialect code is here.

A write is one transaction: READ COMMITTED on PostgreSQL, BEGIN IMMEDIATE on SQLite. It is tried again, a bounded
number of times, when another writer was first; a full disk or a dead server is `Unavailable`, and nothing of it
was written.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Insert,
    RootTransaction,
    Table,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.pool import QueuePool

from muster.core.errors import BadInput, Unavailable
from muster.store.safe_file import Watch, nothing

T = TypeVar("T")

TRIES = 24
SQLITE_FILE = "muster.sqlite"
_BUSY_MS = 10_000
# A transaction that was stopped in the middle is rolled back by the server after this time and frees the counter.
POSTGRES_SETTINGS = {
    "idle_in_transaction_session_timeout": "5s",
    "lock_timeout": "10s",
    "statement_timeout": "60s",
    "default_transaction_isolation": "read committed",
    "timezone": "UTC",
}


# Verifying and backing up read for as long as it takes, take no lock that a writer waits for, and write nothing.
POSTGRES_READING = {
    "idle_in_transaction_session_timeout": "0",
    "statement_timeout": "0",
    "default_transaction_read_only": "on",
}


class AgainPlease(Exception):
    """Raised inside a write when another writer was first; the write is tried again from its beginning."""


class Database:
    """One database, opened for writing or for reading only.

    watch: called with the name of each point at which a crash would matter; only the crash tests give one.
    """

    def __init__(self, url: URL, *, watch: Watch = nothing, read_only: bool = False) -> None:
        self.url = url
        self.watch = watch
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self._lock = threading.Lock()
        self._traces = False
        if self.is_sqlite:
            self._writer = _sqlite_engine(url, writer=not read_only, size=1)
            self._reader = _sqlite_engine(url, writer=False, size=8)
        else:
            self._writer = self._reader = _postgres_engine(url, read_only=read_only)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Runs the work in one transaction and commits. Raises what the work raises; Unavailable when none can be."""
        wait = 0.002
        for _ in range(TRIES):
            try:
                return self._once(work)
            except (AgainPlease, IntegrityError):
                pass
            except DBAPIError as error:
                if not _worth_another_try(error):
                    raise _unavailable(error) from error
            time.sleep(wait)
            wait = min(wait * 2, 0.25)
        raise Unavailable(
            "Too many others wrote at the same moment.",
            "record",
            "Nothing was written. Send it again in a moment.",
        )

    def _once(self, work: Callable[[Connection], T]) -> T:
        if not self.is_sqlite:
            with self._writer.connect() as connection, connection.begin() as transaction:
                answer = work(connection)
                self.watch("before-commit")
                _commit(transaction)
            self.watch("after-commit")
            return answer
        with self._lock, self._writer.begin() as connection:
            answer = work(connection)
            self.watch("before-commit")
        self.watch("after-commit")
        return answer

    @contextmanager
    def read(self) -> Generator[Connection]:
        """A connection in one read transaction; what it sees does not change meanwhile."""
        options: dict[str, Any] = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        try:
            with self._reader.connect().execution_options(**options) as connection, connection.begin():
                yield connection
        except OperationalError as error:
            raise _unavailable(error) from error

    @property
    def engines(self) -> tuple[Engine, ...]:
        """The engines in use, e.g. to count their statements."""
        return (self._writer, self._reader) if self.is_sqlite else (self._writer,)

    def migrate(self, work: Callable[[Connection], None]) -> None:
        """Runs schema work in a transaction of its own, without another try."""
        try:
            with self._writer.begin() as connection:
                work(connection)
        except OperationalError as error:
            raise _unavailable(error) from error

    @property
    def has_traces(self) -> bool:
        """Whether erased words may still lie in SQLite's write-ahead log: `clean_traces` has to be asked again."""
        return self._traces

    def clean_traces(self) -> bool:
        """Removes what erasure leaves in SQLite's write-ahead log. False while a reader blocks it (ask again).

        Nobody waits for a reader here, since writing waits meanwhile. On PostgreSQL no query returns an erased body;
        the files follow after vacuum.
        """
        if not self.is_sqlite:
            return True
        self._traces = True
        with self._lock:
            raw = self._writer.raw_connection()
            try:
                driver: sqlite3.Connection = raw.driver_connection  # pyright: ignore[reportAssignmentType] - it is the driver of pysqlite
                driver.execute("PRAGMA busy_timeout=0")
                busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                driver.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
            except sqlite3.OperationalError:
                busy = 1  # a full or read-only disk: asked again, like a reader that blocks
            finally:
                raw.close()
        self._traces = busy != 0
        return busy == 0

    def leave_one_file(self) -> None:
        """Ends SQLite's write-ahead log for good, so that the file alone is the whole database (a backup's)."""
        raw = self._writer.raw_connection()
        try:
            driver: sqlite3.Connection = raw.driver_connection  # pyright: ignore[reportAssignmentType] - it is the driver of pysqlite
            driver.execute("PRAGMA journal_mode=DELETE")
        finally:
            raw.close()

    def close(self) -> None:
        """Closes all connections; on SQLite the write-ahead log is folded into the file."""
        for engine in reversed(self.engines):  # the writer last: only it may fold the log in
            engine.dispose()


def sqlite_url(path: Path) -> URL:
    """The URL of an SQLite file."""
    return URL.create("sqlite", database=str(path))


def parse_url(text: str) -> URL:
    """The URL that a person gave. Raises BadInput, never repeating a password."""
    mend = "Write sqlite:///PATH or postgresql://USER@HOST:PORT/NAME."
    try:
        url = make_url(text)
    except Exception:  # noqa: BLE001 - the library raises several kinds and repeats the text
        raise BadInput("This is no database address.", "--database", mend) from None
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite" and url.database:
        return url
    raise BadInput("This database is not supported.", "--database", mend)


def upsert(connection: Connection, table: Table) -> Insert:
    """INSERT ... ON CONFLICT (primary key) DO UPDATE of all other columns, for either database."""
    maker = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = maker(table)
    keys = [column.name for column in table.primary_key]
    others = {
        column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys
    }
    if not others:
        return statement.on_conflict_do_nothing(index_elements=keys)
    return statement.on_conflict_do_update(index_elements=keys, set_=others)


def insert_new(connection: Connection, table: Table) -> Insert:
    """INSERT ... ON CONFLICT DO NOTHING, for either database."""
    maker = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    return maker(table).on_conflict_do_nothing()


def _sqlite_engine(url: URL, *, writer: bool, size: int) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0 if writer else 24,
        pool_timeout=30,
        connect_args={
            "check_same_thread": False,
            "timeout": 10,
            "uri": (url.database or "").startswith("file:"),
        },
    )

    def connected(driver: sqlite3.Connection, _record: object) -> None:
        driver.isolation_level = None
        pragmas = [f"busy_timeout={_BUSY_MS}", "foreign_keys=ON", "trusted_schema=OFF"]
        pragmas += (
            ["journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"] if writer else ["query_only=ON"]
        )
        for pragma in pragmas:
            driver.execute(f"PRAGMA {pragma}")

    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
    return engine


def _postgres_engine(url: URL, *, read_only: bool) -> Engine:
    settings = POSTGRES_SETTINGS | (POSTGRES_READING if read_only else {})
    options = " ".join(f"-c {name}={value.replace(' ', chr(92) + ' ')}" for name, value in settings.items())
    return create_engine(
        url,
        pool_size=8,
        max_overflow=24,
        pool_timeout=30,
        pool_pre_ping=False,
        connect_args={"options": options, "connect_timeout": 10, "application_name": "muster"},
    )


def _commit(transaction: RootTransaction) -> None:
    """Commits. When the connection is lost before the answer, the work may stand: it must not be done again."""
    try:
        transaction.commit()
    except DBAPIError as error:
        if error.connection_invalidated and getattr(error.orig, "sqlstate", None) is None:
            raise Unavailable(
                "The database went away before it answered: it is not known whether this was written.",
                "database",
                "Look whether it is there, or send it again with the same idempotency key.",
            ) from error
        raise


def _worth_another_try(error: DBAPIError) -> bool:
    """Deadlocks, lost serializations and a lock that was not had in time; SQLite: another process holds the lock."""
    state = getattr(error.orig, "sqlstate", None)
    if state in ("40P01", "40001", "55P03", "25P03", "57P01", "57P05"):
        return True
    if error.connection_invalidated:
        return True
    return isinstance(error.orig, sqlite3.OperationalError) and "locked" in str(error.orig)


def _unavailable(error: DBAPIError) -> Unavailable:
    """A database error as one line for a person; what the driver says may hold data, so only its first line is used."""
    detail = str(error.orig).splitlines()[0][:160] if error.orig is not None else "no answer"
    if isinstance(error.orig, sqlite3.Error):
        mend = "Nothing was written; reading goes on. Make room on the disk, or make the data directory writable."
    else:
        mend = "Nothing was written; reading goes on where it can. Look at the database server."
    return Unavailable(f"The database does not take it: {detail}.", "database", mend)
