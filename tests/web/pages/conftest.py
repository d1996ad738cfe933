"""A real server's pages on SQLite in a folder of the test, and people who look at them."""

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from starlette.testclient import TestClient

from muster.access.passing import LinkPurpose
from muster.access.verbs import Verb
from muster.app import passwords
from muster.app.caller import Caller
from muster.app.muster import Muster
from muster.app.settings import Settings
from muster.core.people import SERVER, Actor, Duty, Scope, Through
from muster.web.app import create
from muster.wiring import build
from tests.app.planned import repository
from tests.web.pages.room_scene import in_the_plan

PASSWORD = "correct horse battery staple"
HOME = "http://localhost:8420"


@dataclass
class Clock:
    """The clock of a test: it stands until it is turned."""

    now: datetime = datetime(2026, 11, 24, 2, 10, 33, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Browser:
    """A browser without JavaScript: it follows redirects, keeps cookies, and posts the forms of the page."""

    client: TestClient
    path: str = "/"
    page: str = ""
    status: int = 0
    headers: Any = field(default_factory=dict[str, str])

    def get(self, path: str) -> str:
        return self._taken(self.client.get(path))

    def post(self, path: str, **fields: Any) -> str:
        """Post fields as they are, without looking for a form."""
        return self._taken(self.client.post(path, data=fields))

    def send(self, action: str, /, nth: int = 0, **fields: Any) -> str:
        """Fill a form of this page, with its hidden fields, and send it."""
        forms = [form for form in self.forms() if form[0].partition("#")[0] == action]
        assert forms, f"no form for {action} on {self.path}: {[form[0] for form in self.forms()]}"
        values = dict(forms[nth][1])
        values.update(fields)
        return self._taken(self.client.post(action, data=values))

    def forms(self) -> list[tuple[str, dict[str, Any]]]:
        """The posting forms of this page with what is in their fields."""
        found: list[tuple[str, dict[str, Any]]] = []
        for action, inner in re.findall(
            r'<form[^>]*method="post"[^>]*action="([^"]*)"[^>]*>(.*?)</form>', self.page, re.DOTALL
        ):
            values: dict[str, Any] = {}
            for tag in re.findall(r"<input[^>]*>", inner):
                name, value = _attribute(tag, "name"), _attribute(tag, "value")
                if 'type="checkbox"' in tag:
                    if " checked" in tag:
                        values.setdefault(name, []).append(value)
                elif name in values:
                    values[name] = [
                        *([values[name]] if isinstance(values[name], str) else values[name]),
                        value,
                    ]
                else:
                    values[name] = value
            for name, value in re.findall(
                r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', inner, re.DOTALL
            ):
                values[name] = unescape(value)
            for name, options in re.findall(
                r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', inner, re.DOTALL
            ):
                chosen = re.findall(r'<option value="([^"]*)" selected', options) or re.findall(
                    r'<option value="([^"]*)"', options
                )
                values[name] = unescape(chosen[0]) if chosen else ""
            found.append((unescape(action), values))
        return found

    @property
    def text(self) -> str:
        """What stands on the page, without its markup."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.page)).split())

    def _taken(self, answer: Any) -> str:
        self.page, self.status, self.headers = answer.text, answer.status_code, answer.headers
        self.path = answer.url.path
        return self.page


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(found[1]) if found else ""


@dataclass
class House:
    """One server, its clock, and its people by sign-in name."""

    muster: Muster
    clock: Clock
    accounts: dict[str, str] = field(default_factory=dict[str, str])

    @cached_property
    def app(self) -> FastAPI:
        """The application; making its routes takes longer than most tests."""
        return create(self.muster)

    def browser(self) -> Browser:
        """A browser in which nobody is signed in."""
        return Browser(TestClient(self.app, base_url=HOME, raise_server_exceptions=True))

    def caller(self, name: str, *duties: Duty) -> Caller:
        """A person as the rules see them."""
        return Caller(Actor(self.accounts[name], frozenset(duties or (Duty.RESPONDER,)), Through.WEB), name)

    def person(self, name: str, *duties: str) -> str:
        """An account that was invited and has used its link."""
        boss = Caller(Actor(self.accounts["boss"], frozenset({Duty.ADMINISTRATOR}), Through.WEB))
        fields = {"name": name.capitalize(), "sign_in": name, "duties": list(duties)}
        made = self.muster.doing.do(Verb.INVITE, fields, boss)
        server = Caller(Actor(SERVER, through=Through.WEB))
        self.muster.sign_in.use_link(made["link"].rpartition("/")[2], server, password=PASSWORD)
        self.accounts[name] = made["account"]
        return made["account"]

    def signed_in(self, name: str) -> Browser:
        """A browser in which this person is signed in."""
        browser = self.browser()
        browser.get("/sign-in")
        browser.send("/sign-in", sign_in=name, password=PASSWORD)
        assert browser.status == 200, browser.text
        return browser

    def do(self, verb: Verb, by: str = "anna", **fields: Any) -> dict[str, Any]:
        """A verb, done by a responder."""
        return self.muster.doing.do(verb, fields, self.caller(by))

    def signal(self, title: str = "Portal slow", **fields: Any) -> str:
        """A signal of another system."""
        actor = Actor(
            self.accounts["anna"],
            frozenset({Duty.RESPONDER}),
            Through.WEBHOOK,
            frozenset({Scope.REPORT_SIGNALS}),
        )
        return str(self.muster.doing.do(Verb.SIGNAL, {"title": title} | fields, Caller(actor))["signal"])

    def incident(self, what: str = "The portal is slow", **fields: Any) -> str:
        """A declared incident."""
        return str(self.do(Verb.DECLARE, what=what, **fields)["incident"])

    def hits(
        self,
        lines: bytes,
        title: str = "Encoded command",
        *hosts: str,
        why: Sequence[Mapping[str, object]] = (),
    ) -> tuple[str, str]:
        """A signal of hits with evidence; its code and the hash of the evidence."""
        import hashlib

        sha256 = hashlib.sha256(lines).hexdigest()
        self.muster.reading.blobs.put(lines)
        actor = Actor(
            self.accounts["anna"],
            frozenset({Duty.RESPONDER}),
            Through.DETECTOR,
            frozenset({Scope.REPORT_HITS}),
        )
        hit = {
            "rule_key": "shop/encoded",
            "rule_id": "6f3e2987",
            "title": title,
            "level": "high",
            "author": "A. Author",
            "rows": [4, 7],
            "evidence": {"sha256": sha256, "events": [4, 7]},
            "why": list(why),
        }
        hit["assets"] = [{"name": host, "count": 1} for host in hosts]
        fields = {"batch": "ab" * 32, "events": 9, "hits": [hit]}
        answer = self.muster.doing.do(Verb.HITS, fields, Caller(actor))
        return str(answer["signals"][0]["signal"]), sha256


def first_link(muster: Muster) -> str:
    """The link of the first administrator."""
    return muster.sign_in.make_link(LinkPurpose.FIRST, "", Through.HOST)


def _opened(folder: Path, plan: Path | None = None) -> House:
    clock = Clock()
    settings = Settings(data=folder / "data", detector=False, reports_per_minute=1000, plan=plan)
    return House(build(settings, clock=clock, state_root=folder / "state", own=False), clock)


def _close(house: House) -> None:
    house.muster.record.ledger.database.close()


def _people(house: House) -> None:
    secret = first_link(house.muster)
    server = Caller(Actor(SERVER, through=Through.WEB))
    house.muster.sign_in.use_link(secret, server, password=PASSWORD, name="The Boss", sign_in="boss")
    rows = house.muster.reading.accounts(
        Caller(Actor("0" * 32, frozenset({Duty.ADMINISTRATOR}), Through.WEB))
    )
    house.accounts["boss"] = rows[0].account
    house.person("anna", "responder")
    house.person("ben", "responder")
    house.person("carl")


@pytest.fixture(scope="session")
def cheap_passwords() -> Iterator[None]:
    """Passwords are hashed in a hurry."""
    kept = passwords._HASHER
    passwords._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield
    passwords._HASHER = kept


@pytest.fixture(scope="session")
def built(
    tmp_path_factory: pytest.TempPathFactory, cheap_passwords: None
) -> tuple[Path, Path, dict[str, str]]:
    """Two houses, one empty and one with people: made once in a run, copied for each test."""
    empty, peopled = tmp_path_factory.mktemp("empty"), tmp_path_factory.mktemp("peopled")
    _close(_opened(empty))
    house = _opened(peopled)
    _people(house)
    _close(house)
    return empty, peopled, house.accounts


@pytest.fixture
def empty_house(tmp_path: Path, built: tuple[Path, Path, dict[str, str]]) -> Iterator[House]:
    """A server on which nobody has an account yet."""
    shutil.copytree(built[0], tmp_path / "house")
    house = _opened(tmp_path / "house")
    yield house
    _close(house)


@pytest.fixture
def house(tmp_path: Path, built: tuple[Path, Path, dict[str, str]]) -> Iterator[House]:
    """A server with an administrator (boss), two responders (anna, ben) and a person without duties (carl)."""
    shutil.copytree(built[1], tmp_path / "house")
    house = _opened(tmp_path / "house")
    house.accounts = dict(built[2])
    yield house
    _close(house)


@pytest.fixture
def planned(tmp_path: Path, built: tuple[Path, Path, dict[str, str]]) -> Iterator[House]:
    """The same house under the example plan: anna is its commander, ben the deputy, who may approve the plan."""
    shutil.copytree(built[1], tmp_path / "house")
    commit = repository(tmp_path / "plan")
    house = _opened(tmp_path / "house", tmp_path / "plan")
    house.accounts = dict(built[2])
    in_the_plan(house, commit)
    yield house
    _close(house)
