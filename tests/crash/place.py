"""A place where servers live and die in tests: a data directory, a database, keys, and somebody who responds."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import and_, select

from muster.access.verbs import Verb
from muster.app import verification
from muster.app.caller import Caller
from muster.app.muster import Muster
from muster.app.registry import KINDS
from muster.app.settings import Settings
from muster.app.verification import VerifyReport
from muster.core.people import SERVER, Actor, Duty, Through
from muster.record import checkpoint
from muster.record.body import Body
from muster.record.entry import read
from muster.store import schema
from muster.store.database import Database, parse_url, sqlite_url
from muster.store.state_folder import StateFolder
from muster.wiring import build

BOTH = frozenset({Duty.ADMINISTRATOR, Duty.RESPONDER})


@dataclass(frozen=True)
class Recorded:
    """An entry as it stands in the record."""

    feed: int
    stream: str
    seq: int
    body: Body | None


@dataclass(frozen=True)
class Place:
    """Where one log lives. database: None for the SQLite file in the data directory."""

    folder: Path
    database: str | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def settings(self, **more: Any) -> Settings:
        told = {"data": self.data, "database": self.database, "port": 0, "detector": False}
        return Settings.model_validate(told | more)

    @contextmanager
    def parts(self, **more: Any) -> Iterator[Muster]:
        """The parts of a server, without serving and without the lock, for as long as the block lasts."""
        muster = build(self.settings(), state_root=self.state, own=False, **more)
        try:
            yield muster
        finally:
            muster.record.ledger.database.close()

    def founded(self) -> str:
        """Begin the log, make the first account, and return a token of it."""
        with self.parts() as muster:
            return responder(muster)

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """The database, opened beside whoever serves it."""
        url = parse_url(self.database) if self.database else sqlite_url(self.data / "muster.sqlite")
        database = Database(url, read_only=True)
        try:
            yield database
        finally:
            database.close()

    def entries(self) -> list[Recorded]:
        """All entries in the order of the feed."""
        entries, leaves, bodies = schema.entries, schema.leaves, schema.bodies
        at = and_(entries.c.stream == leaves.c.stream, entries.c.seq == leaves.c.seq)
        body = and_(bodies.c.stream == leaves.c.stream, bodies.c.seq == leaves.c.seq)
        query = (
            select(leaves.c.feed, leaves.c.stream, leaves.c.seq, entries.c.header, bodies.c.body)
            .select_from(leaves.join(entries, at).outerjoin(bodies, body))
            .order_by(leaves.c.feed)
        )
        with self.reading() as database, database.read() as connection:
            rows = connection.execute(query).all()
        return [Recorded(row[0], row[1], row[2], read(row[3], row[4], KINDS).body) for row in rows]

    def counter(self) -> int:
        """The number that the next entry of the feed gets."""
        with self.reading() as database, database.read() as connection:
            return connection.execute(select(schema.counter.c.next)).scalar_one()

    def state_folder(self) -> StateFolder:
        with self.reading() as database, database.read() as connection:
            return StateFolder.of(connection.execute(select(schema.log.c.origin)).scalar_one(), self.state)

    def verified(self, blobs: str | None = None) -> VerifyReport:
        """What `muster verify` says, with the pinned key and the anchor of this host."""
        with self.reading() as database, database.read() as connection:
            key = connection.execute(select(schema.log.c.verifier_key)).scalar_one()
        anchor = self.state_folder().anchor()
        place = blobs or str(self.data / "blobs")
        return verification.database(self.data, self.database, place, key.encode(), anchor)

    def sealed(self) -> tuple[int, int]:
        """How many entries the newest checkpoint covers, and how many the anchor does."""
        with self.reading() as database, database.read() as connection:
            sizes = connection.execute(select(schema.checkpoints.c.size)).scalars().all()
        anchor = self.state_folder().anchor()
        return max(sizes, default=0), 0 if anchor is None else checkpoint.parse(anchor).size

    def is_whole(self) -> None:
        """The feed has no gap, no entry stands twice, chains and lists verify, and the anchor fits."""
        entries = self.entries()
        assert [entry.feed for entry in entries] == list(range(len(entries)))
        assert self.counter() == len(entries)
        places = Counter((entry.stream, entry.seq) for entry in entries)
        assert max(places.values()) == 1
        for stream in {entry.stream for entry in entries}:
            seqs = [entry.seq for entry in entries if entry.stream == stream]
            assert seqs == list(range(len(seqs))), stream
        report = self.verified()
        assert report.ok, report.lines
        newest, anchored = self.sealed()
        assert anchored <= newest <= len(entries)


def responder(muster: Muster, name: str = "Ana") -> str:
    """Make the first account, with both duties; returns a token of it."""
    server = Caller(Actor(SERVER, through=Through.SERVER))
    first = {"name": name, "sign_in": name.lower()}
    account = str(muster.doing.do(Verb.FIRST, first, server)["account"])
    made = muster.doing.do(Verb.TOKEN, {"name": "test"}, Caller(Actor(account, BOTH)))
    return str(made["secret"])
