"""A small world for the tests of the store: a data directory with people, signals, incidents, evidence, secrets.

It is built once for each make of database through the verbs, as a server does it, and copied for each test.
"""

import base64
import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, event, text

from muster.access.passing import LinkPurpose
from muster.access.verbs import Verb
from muster.app import verification
from muster.app.caller import Caller, nobody
from muster.app.muster import Muster
from muster.app.registry import FOLDS, KINDS
from muster.app.settings import Settings
from muster.app.verification import VerifyReport
from muster.core.people import Through
from muster.store.database import Database, parse_url
from muster.store.project import FOLD_VERSION, project
from muster.store.verifying import Verified, verify_database
from muster.wiring import build

START = datetime(2026, 11, 24, 2, 10, tzinfo=UTC)
PASSWORD = "four or five random words"
PEOPLE = ("ada", "ben", "caro")
ERASED_TEXT = "the root password is hunter2-zebra"
HIDDEN_TEXT = "the staging password is swordfish-heron"
SECRET_TEXT = "a named person copied the customer list"
EVIDENCE = b'{"host":"web-1","image":"mimikatz.exe"}\n{"host":"web-2","image":"mimikatz.exe"}\n'


class Clock:
    """A clock that goes on by a second whenever somebody looks."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@dataclass(repr=False)
class World:
    """An open data directory with its state directory beside it, and who is in it."""

    data: Path
    state: Path
    url: str | None
    muster: Muster
    clock: Clock
    people: Mapping[str, Caller]
    incident: str = ""
    secret: str = ""
    signals: Mapping[str, str] = field(default_factory=dict[str, str])

    def __repr__(self) -> str:
        return "world"

    @property
    def database(self) -> Database:
        return self.muster.record.ledger.database

    def do(self, who: str, verb: Verb, **fields: Any) -> dict[str, Any]:
        return self.muster.doing.do(verb, fields, self.people[who])

    def log(self, words: str, who: str = "ada") -> int:
        """Writes one line into the incident's log; gives the number of its entry."""
        return int(self.do(who, Verb.LOG, incident=self.incident, text=words)["seq"])

    def erase(self, seq: int, stream: str = "") -> None:
        """One person redacts, another one erases."""
        stream = stream or self.incident
        self.do("ada", Verb.REDACT, stream=stream, seq=seq, reason="must not stay readable")
        self.do("ben", Verb.ERASE, stream=stream, seq=seq)

    def seal(self) -> int:
        return self.muster.sealer.seal()

    def verified(self, **changes: Any) -> Verified:
        """What verification says of the database, asked with this host's anchor."""
        given: dict[str, Any] = {
            "kinds": KINDS,
            "folds": FOLDS,
            "project": project,
            "fold_version": FOLD_VERSION,
            "keys": [self.muster.record.key.verifier()],
            "anchor": self.muster.record.folder.anchor(),
        }
        blobs = changes.pop("blobs", self.muster.reading.blobs)
        return verify_database(self.database, blobs, **(given | changes))

    def report(self, anchor: bytes | None = None, pinned: bytes | None = None) -> VerifyReport:
        """What `muster verify` says, with the anchor of this world's state directory."""
        held = anchor or self.muster.record.folder.anchor()
        place = None if self.url else self.data
        return verification.database(place, self.url, str(self.data / "blobs"), pinned, held)

    def change(self, statement: str, **values: Any) -> int:
        """Changes the database behind Muster's back; gives how many rows it was."""

        def work(connection: Connection) -> int:
            return connection.execute(text(statement), values).rowcount

        return self.database.write(work)

    def rows(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        with self.database.read() as connection:
            return [tuple(row) for row in connection.execute(text(statement), values)]

    def close(self) -> None:
        self.database.close()


def opened(data: Path, state: Path, url: str | None, clock: Clock, **more: Any) -> Muster:
    """A server's parts over a data directory, as `muster serve` puts them together."""
    settings = Settings(data=data, database=url)
    return build(settings, clock=clock, state_root=state, own=False, **more)


def caller_of(muster: Muster, sign_in: str) -> Caller:
    """Somebody signed in by password."""
    session = muster.sign_in.with_password(sign_in, PASSWORD, nobody("127.0.0.1", Through.WEB), "a browser")
    caller = muster.sign_in.by_session(session.secret, "127.0.0.1")
    assert caller is not None
    return caller


def signed_in(muster: Muster) -> dict[str, Caller]:
    """The first administrator by the first link, two invited responders, and a colleague without duties."""
    edge = nobody("127.0.0.1", Through.WEB)
    link = muster.sign_in.make_link(LinkPurpose.FIRST, "", Through.SERVER)
    muster.sign_in.use_link(link, edge, password=PASSWORD, name="Ada", sign_in="ada")
    people = {"ada": caller_of(muster, "ada")}
    for name, duties in (("ben", ["responder"]), ("caro", ["responder"]), ("dora", [])):
        fields = {"name": name.title(), "sign_in": name, "duties": duties}
        made = muster.doing.do(Verb.INVITE, fields, people["ada"])
        secret = str(made["link"]).rpartition("/")[2]
        muster.sign_in.use_link(secret, edge, password=PASSWORD)
        people[name] = caller_of(muster, name)
    return people


def hit(rule: str = "mimikatz", rows: Sequence[int] = (3, 5), evidence: bytes | None = EVIDENCE) -> Any:
    """A hit as the detector reports it."""
    sent = None if evidence is None else {"data": base64.b64encode(evidence).decode(), "events": [3, 5]}
    return {
        "rule_key": rule,
        "rule_id": f"{rule}-1",
        "title": f"{rule} was started",
        "level": "high",
        "rows": list(rows),
        "evidence": sent,
    }


def report_hits(muster: Muster, caller: Caller, *hits: Any, batch: bytes = b"batch 1") -> str:
    """Reports hits of one batch; gives the code of the first signal."""
    fields = {"batch": hashlib.sha256(batch).hexdigest(), "events": 9, "hits": list(hits)}
    answer: Any = muster.evidence.report_hits(fields, caller, None)
    return str(answer["signals"][0]["signal"])


def populate(world: World) -> None:
    """Signals of every source, an incident of twenty entries made from one of them, and one for named people."""
    people, do = world.people, world.do
    found = {"hits": report_hits(world.muster, people["ben"], hit(), hit("beacon", (7,), b"beacon\n"))}
    found["webhook"] = str(do("ben", Verb.SIGNAL, title="disk of db-2 is full", key="disk-db-2")["signal"])
    world.muster.doing.do(Verb.REPORT, {"what": "odd mail from payroll"}, nobody("198.51.100.7"))
    found["report"] = next(row[0] for row in world.rows("SELECT stream FROM signals WHERE source = 'person'"))
    world.seal()
    made = do("ada", Verb.DECLARE, what="mimikatz on two web servers", signal=found["hits"])
    world.incident = incident = str(made["incident"])
    for words in ("web-1 isolated?", ERASED_TEXT, HIDDEN_TEXT, "web-2 is up"):
        world.log(words)
    world.seal()
    do("ada", Verb.FACT, incident=incident, text="two hosts are hit", source="EDR")
    guess = do("ben", Verb.ASSUME, incident=incident, text="they came by VPN")
    do("caro", Verb.QUESTION, incident=incident, text="which account?")
    settling = {
        "thing": guess["seq"],
        "expected": 1,
        "ending": "confirmed",
        "text": "yes",
        "source": "VPN log",
    }
    do("ben", Verb.SETTLE, incident=incident, **settling)
    do("ada", Verb.OFFER, incident=incident, role="commander", to=people["ben"].actor.account)
    do("ben", Verb.ACCEPT, incident=incident, role="commander", expected=1)
    do("ben", Verb.SUMMARY, incident=incident, text="two web servers, contained", expected=0)
    do("ada", Verb.REDACT, stream=incident, seq=6, reason="a password")
    world.erase(5)
    do("ben", Verb.DISMISS, signal=found["webhook"], outcome="false alarm", reason="a full disk")
    secrets = {"secrecy": "named", "people": [people["caro"].actor.account]}
    world.secret = str(do("caro", Verb.DECLARE, what=SECRET_TEXT, **secrets)["incident"])
    do("caro", Verb.LOG, incident=world.secret, text="copied on Monday")
    do("caro", Verb.TOKEN, name="laptop", scope="person")
    world.signals = found
    world.seal()


@dataclass(frozen=True)
class Kept:
    """A finished world that tests copy: its folder, who is in it, and on PostgreSQL the database to copy."""

    folder: Path
    database: str | None
    people: Mapping[str, Caller]
    now: datetime
    incident: str
    secret: str
    signals: Mapping[str, str]


def keep(folder: Path, url: str | None, name: str | None) -> Kept:
    """Builds the world that will be copied."""
    clock = Clock()
    muster = opened(folder / "data", folder / "state", url, clock)
    world = World(folder / "data", folder / "state", url, muster, clock, signed_in(muster))
    populate(world)
    world.close()
    return Kept(folder, name, world.people, clock.now, world.incident, world.secret, world.signals)


def copied(kept: Kept, folder: Path, url: str | None, **more: Any) -> World:
    """A world of one's own."""
    shutil.copytree(kept.folder, folder, dirs_exist_ok=True)
    clock = Clock(kept.now)
    muster = opened(folder / "data", folder / "state", url, clock, **more)
    return World(
        folder / "data",
        folder / "state",
        url,
        muster,
        clock,
        kept.people,
        kept.incident,
        kept.secret,
        kept.signals,
    )


@dataclass
class Statements:
    """The statements that engines ran, `executemany` counted once; BEGIN and COMMIT are not among them."""

    seen: list[str] = field(default_factory=list[str])

    def watch(self, engine: Engine) -> None:
        event.listen(engine, "before_cursor_execute", self._note)

    def forget(self, engine: Engine) -> None:
        event.remove(engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.split(maxsplit=1)[0].upper() not in ("BEGIN", "COMMIT", "ROLLBACK"):
            self.seen.append(statement)


class counted:  # noqa: N801 - reads as a word: `with counted(database) as statements`
    """Counts the statements of a block."""

    def __init__(self, database: Database) -> None:
        self._engines = database.engines
        self._statements = Statements()

    def __enter__(self) -> list[str]:
        for engine in self._engines:
            self._statements.watch(engine)
        return self._statements.seen

    def __exit__(self, *_error: object) -> None:
        for engine in self._engines:
            self._statements.forget(engine)


def psycopg_dsn(url: str) -> str:
    """How psycopg itself takes the address of a test database."""
    return parse_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def every_text_of(url: str) -> bytes:
    """All that a PostgreSQL database answers when each text and bytea column of each table is asked for."""
    found: list[bytes] = []
    with psycopg.connect(psycopg_dsn(url)) as connection:
        columns = connection.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns "
            "WHERE table_schema = 'public' AND data_type IN ('text', 'bytea', 'character varying')"
        ).fetchall()
        for table, column, kind in columns:
            bytes_of = f'"{column}"' if kind == "bytea" else f"convert_to(\"{column}\", 'UTF8')"
            for (value,) in connection.execute(f'SELECT {bytes_of} FROM "{table}"'):  # pyright: ignore[reportArgumentType] -- names out of the database's own list
                found.append(bytes(value or b""))
    return b"\n".join(found)


def every_byte_of(folder: Path) -> bytes:
    """All bytes of all files below a folder."""
    return b"\n".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())
