"""A small disk of its own for one server, and a story that is told on it until the disk is full."""

import subprocess
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import httpx2
import pytest

from muster.access.passing import LinkPurpose
from muster.app.caller import nobody
from muster.client import Client, Problem
from muster.core.people import Through
from tests.crash.place import Place
from tests.crash.servers import Server

SIZE = "6m"
TOO_MUCH = 3_900
PASSWORD = "correct horse battery staple"
HTML = {"Accept": "text/html"}


class Disk:
    """A small disk of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        with self._ballast.open("wb", buffering=0) as file:
            for size in (64 * 1024, 512):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError:
                    continue

    def make_room(self) -> None:
        self._ballast.unlink()

    def read_only(self, yes: bool) -> None:
        mount("-o", f"remount,{'ro' if yes else 'rw'}", str(self.folder))


def mount(*arguments: str) -> bool:
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0


def refused(ask: Callable[[], object]) -> Problem:
    """What is said when nothing can be written."""
    with pytest.raises(Problem) as caught:
        ask()
    problem = caught.value
    assert (problem.status, problem.title) == (503, "Nothing can be written now"), problem
    assert problem.next_step
    return problem


class Story:
    """An incident, one for named people, and a signal with evidence, as they were before the disk was full."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.incident = client.post("declare", {"what": "The shop is down"})["incident"]
        self.secret = client.post("declare", {"what": "Somebody inside", "secrecy": "named"})["incident"]
        batch = client.events(b'{"n":1}\n', "a batch")["sha256"]
        made = client.post("hits", {"batch": batch, "events": 1, "hits": [self.hit("found")]})
        self.signal = made["signals"][0]["signal"]
        self.evidence = sha256(b"found").hexdigest()

    def hit(self, word: str) -> dict[str, object]:
        evidence = {"data": b64encode(word.encode()).decode(), "events": [0]}
        names = {"rule_key": word, "rule_id": word, "title": word}
        return {**names, "rows": [0], "evidence": evidence}

    def log(self, text: str) -> dict[str, object]:
        return self.client.post("log", {"incident": self.incident, "text": text})

    def fills(self, disk: Disk) -> int:
        """Write until it is refused; how many lines were taken. SQLite may have room left in its write-ahead log, a
        little also after a larger write was refused, so shorter ones follow."""
        disk.fill()
        taken = 0
        for text in ("x" * TOO_MUCH, "x" * 400, "x", "x"):
            try:
                while True:
                    self.log(text)
                    taken += 1
            except Problem as problem:
                if problem.status != 503:
                    raise
        return taken

    def reads(self) -> None:
        assert self.client.get(f"incidents/{self.incident}")["what"] == "The shop is down"
        assert self.client.get("signals")["signals"]
        assert self.client.get("status")


def found_with_password(place: Place) -> str:
    token = place.founded()
    with place.parts() as muster:
        account = muster.sign_in.by_token(token, "test").actor.account
        secret = muster.sign_in.make_link(LinkPurpose.RESET, account, Through.HOST)
        muster.sign_in.use_link(secret, nobody("test"), password=PASSWORD)
    return token


def signs_in(server: Server) -> httpx2.Response:
    with httpx2.Client(base_url=server.address, headers=HTML, trust_env=False) as browser:
        return browser.post("/sign-in", data={"sign_in": "ana", "password": PASSWORD})
