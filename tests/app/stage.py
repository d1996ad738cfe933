"""A whole server in one process for tests: its parts, a clock that only tests turn, people, and a browser."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy import select
from starlette.testclient import TestClient

from muster.access.passing import LinkPurpose
from muster.access.verbs import Verb
from muster.app import passwords
from muster.app.caller import Caller
from muster.app.doing import Watch
from muster.app.muster import Muster
from muster.app.quota import Quota
from muster.app.registry import KINDS
from muster.app.settings import Settings
from muster.core.people import SERVER, Actor, Duty, Scope, Through
from muster.record.entry import Entry, read
from muster.store import schema
from muster.store.database import SQLITE_FILE
from muster.web.app import create
from muster.wiring import build
from tests.postgres_script import emptied, fill

START = datetime(2026, 11, 24, 2, 10, tzinfo=UTC)
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "four plain words here"
HERE = "127.0.0.1"
RESPONDER = (Duty.RESPONDER,)
ADMINISTRATOR = (Duty.ADMINISTRATOR,)
SERVER_CALLER = Caller(Actor(SERVER, through=Through.SERVER))


@dataclass
class Clock:
    """The server's clock; it stands until a test turns it."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass(frozen=True)
class Person:
    """Somebody with an account: as the app sees a session of theirs, and the header of their token."""

    name: str
    account: str
    caller: Caller
    bearer: dict[str, str]


@dataclass
class Stage:
    """A server's parts with its people."""

    muster: Muster
    clock: Clock
    people: dict[str, Person] = field(default_factory=dict[str, Person])

    @cached_property
    def app(self) -> FastAPI:
        return create(self.muster)

    @cached_property
    def http(self) -> TestClient:
        """A client without cookies of its own."""
        return self.browser()

    def browser(self, source: str = HERE) -> TestClient:
        return TestClient(
            self.app,
            base_url="http://localhost:8420",
            raise_server_exceptions=False,
            follow_redirects=False,
            client=(source, 50_000),
        )

    def do(self, verb: Verb, who: "Person | Caller", **fields: Any) -> dict[str, Any]:
        return self.muster.doing.do(verb, fields, who.caller if isinstance(who, Person) else who)

    def person(self, name: str, *duties: Duty) -> Person:
        """Somebody with an account in use, a password and a token; the same one at each asking."""
        if name not in self.people:
            self.people[name] = self._made(name, duties)
        return self.people[name]

    def _made(self, name: str, duties: tuple[Duty, ...]) -> Person:
        if not self.people:
            duties = tuple({*duties, Duty.ADMINISTRATOR})
            fields = {"name": name.title(), "sign_in": name, "duties": [duty.value for duty in duties]}
            account = str(self.muster.doing.do(Verb.FIRST, fields, SERVER_CALLER)["account"])
            secret = self.muster.sign_in.make_link(LinkPurpose.RESET, account, Through.HOST)
        else:
            admin = next(iter(self.people.values()))
            fields = {"name": name.title(), "sign_in": name, "duties": [duty.value for duty in duties]}
            answer = self.do(Verb.INVITE, admin, **fields)
            account = str(answer["account"])
            secret = str(answer["link"]).removeprefix("/link/")
        self.muster.sign_in.use_link(secret, Caller(Actor("nobody")), password=PASSWORD)
        caller = Caller(Actor(account, frozenset(duties), Through.WEB), name.title(), HERE)
        secret = self.token(caller)
        return Person(name, account, caller, {"Authorization": f"Bearer {secret}"})

    def token(self, caller: "Caller | Person", scope: Scope = Scope.PERSON, **more: str) -> str:
        return str(self.do(Verb.TOKEN, caller, name="a token", scope=scope.value, **more)["secret"])

    def bearer(self, caller: "Caller | Person", scope: Scope) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(caller, scope)}"}

    def signed_in(self, name: str, source: str = HERE) -> TestClient:
        """A browser with a session."""
        browser = self.browser(source)
        answer = browser.post("/sign-in", data={"sign_in": name, "password": PASSWORD}, headers=FORM)
        assert answer.status_code == 303, answer.text
        return browser

    def post(self, verb: Verb | str, fields: Any, who: Person | None = None, **headers: str) -> Any:
        """A verb over HTTP."""
        given = {**(who.bearer if who else {}), **headers}
        return self.http.post(f"/api/v1/{verb}", json=fields, headers=given)

    def get(self, path: str, who: Person | None = None) -> Any:
        return self.http.get(f"/api/v1/{path}", headers=who.bearer if who else {})

    @property
    def feed(self) -> int:
        """The next feed number: unchanged when nothing was written."""
        with self.muster.record.ledger.database.read() as connection:
            return int(connection.execute(select(schema.counter.c.next)).scalar_one())

    def entries(self, kind: str = "", stream: str = "") -> list[Entry]:
        """Entries in the order of the feed."""
        leaves, entries, bodies = schema.leaves, schema.entries, schema.bodies
        query = (
            select(entries.c.header, bodies.c.body)
            .select_from(leaves)
            .join(entries, (entries.c.stream == leaves.c.stream) & (entries.c.seq == leaves.c.seq))
            .outerjoin(bodies, (bodies.c.stream == leaves.c.stream) & (bodies.c.seq == leaves.c.seq))
            .order_by(leaves.c.feed)
        )
        with self.muster.record.ledger.database.read() as connection:
            found = [read(row.header, row.body, KINDS) for row in connection.execute(query)]
        return [
            one
            for one in found
            if one.header.kind.startswith(kind) and (not stream or one.header.stream == stream)
        ]

    def close(self) -> None:
        self.muster.record.ledger.database.close()


FORM = {"Sec-Fetch-Site": "same-origin"}
_prepared: dict[str, Path] = {}


def opened(folder: Path, *, watch: Watch | None = None, quota: bool = False, **settings: Any) -> Stage:
    """A server over an empty record below `folder`; passwords cost nothing. quota: guesses are limited, as they are."""
    passwords._HASHER = CHEAP
    clock = Clock()
    if "database" not in settings:
        _copy(folder)
    told: Mapping[str, Any] = {"data": folder / "data", "detector": False, **settings}
    muster = build(
        Settings.model_validate(told), clock=clock, decided=watch, state_root=folder / "state", own=False
    )
    if not quota:
        muster.sign_in._guesses = Quota(100_000, 100_000)
    return Stage(muster, clock)


def _kept_to_the_end(prefix: str) -> Path:
    """A folder that is removed when the run ends."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _copy(folder: Path) -> None:
    """An empty record is made once in a run and copied: making the tables takes longer than most tests."""
    if "empty" not in _prepared:
        made = _kept_to_the_end("muster-empty-")
        build(
            Settings(data=made / "data", detector=False), clock=Clock(), state_root=made / "state", own=False
        ).record.ledger.database.close()
        _prepared["empty"] = made
    shutil.copytree(_prepared["empty"], folder, dirs_exist_ok=True)


@dataclass(frozen=True)
class Prepared:
    """A server with people as it lies on the disk; script: what makes its database, on PostgreSQL."""

    folder: Path
    people: Mapping[str, Person]
    script: bytes = b""


_with_people: dict[bool, Prepared] = {}


def peopled(folder: Path, **settings: Any) -> Stage:
    """A server where Ada administers and responds, Ana and Ben respond, and Caro has an account.

    It is made by its verbs once in a run for each make of database; every further one is a copy with a clock of its own.
    """
    url = str(settings.get("database") or f"sqlite:///{folder / 'data' / SQLITE_FILE}")
    on_sqlite = url.startswith("sqlite")
    if on_sqlite not in _with_people:
        _with_people[on_sqlite] = _prepare(on_sqlite, url)
    prepared = _with_people[on_sqlite]
    shutil.copytree(prepared.folder, folder, dirs_exist_ok=True)
    own = folder / "data" / SQLITE_FILE
    if on_sqlite and Path(url.removeprefix("sqlite:///")) != own:
        own.rename(url.removeprefix("sqlite:///"))
    if not on_sqlite:
        fill(url, prepared.script)
    made = opened(folder, **{"database": url, **settings})
    made.people.update(prepared.people)
    return made


def _prepare(on_sqlite: bool, url: str) -> Prepared:
    folder = _kept_to_the_end("muster-people-")
    settings = {} if on_sqlite else {"database": url}
    made = opened(folder, **settings)
    made.person("ada", *ADMINISTRATOR, *RESPONDER)
    made.person("ana", *RESPONDER)
    made.person("ben", *RESPONDER)
    made.person("caro")
    made.close()
    return Prepared(folder, made.people, b"" if on_sqlite else emptied(url))


def routes(app: FastAPI) -> Iterator[tuple[str, Any]]:
    """All routes of an application with their whole paths, those of included routers too."""

    def walk(found: Any, prefix: str) -> Iterator[tuple[str, Any]]:
        for route in found:
            if hasattr(route, "original_router"):
                yield from walk(route.original_router.routes, prefix + route.include_context.prefix)
            else:
                yield prefix + route.path, route

    yield from walk(app.routes, "")
