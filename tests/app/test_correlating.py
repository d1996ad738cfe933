"""Correlations in the detection process: state beside the spool, and a crash at every point loses and doubles nothing."""

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from muster.app import correlating as module
from muster.app.detector import Detector
from muster.client import ServerAway
from muster.store.archive import Archive
from muster.store.data_folder import DataFolder
from muster.store.spool import Spool
from tests.app.stage import START

RULES = """
title: Sign-in failed
name: failed
logsource: {product: linux}
detection:
  sel: {outcome: failed}
  condition: sel
---
title: Many sign-ins failed
id: 22222222-2222-2222-2222-222222222222
level: high
author: A. Author
correlation:
  type: event_count
  rules: [failed]
  group-by: [user]
  timespan: 5m
  condition: {gte: 3}
"""


def line(second: int, user: str = "root", outcome: str = "failed") -> bytes:
    return (
        json.dumps({"time": int(START.timestamp()) + second, "user": user, "outcome": outcome}).encode()
        + b"\n"
    )


@dataclass
class Server:
    """Takes reports as the server does: what has the same key is written once."""

    files: dict[str, str] = field(default_factory=lambda: {"a.yml": RULES})
    known: dict[tuple[str, str, tuple[int, ...]], Mapping[str, Any]] = field(
        default_factory=dict[tuple[str, str, tuple[int, ...]], Mapping[str, Any]]
    )
    said: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])
    away: int = 0

    def get(self, path: str, **query: str) -> dict[str, Any]:
        return {"version": "v1", "files": None if query["known"] == "v1" else self.files}

    def verb(self, verb: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        if self.away:
            self.away -= 1
            raise ServerAway("away")
        for hit in fields["hits"]:
            self.known[fields["batch"], hit["rule_key"], tuple(hit["rows"])] = hit
        return {}

    def with_token(self, _secret: str) -> "Server":
        return self

    def close(self) -> None:
        """It is shared."""

    def post(self, path: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        if path == "detector/lane":
            return {"secret": "x"}
        self.said.append(fields)
        return {}


@dataclass
class Yard:
    server: Server
    spool: Spool
    sent: int = 0

    def put(self, *lines: bytes, lane: str = "real") -> str:
        self.sent += 1
        now = START + timedelta(seconds=1_000 + self.sent)
        return self.spool.put(b"".join(lines), token="0" * 32, batch=f"b{self.sent}", lane=lane, now=now)

    def detector(self) -> Detector:
        """A process that starts anew."""
        made = Detector(self.server, self.spool, 30, Archive(str(self.spool.waiting.parent / "archive")))  # pyright: ignore[reportArgumentType] - it answers alike
        made.take_rules()
        return made


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    folder = DataFolder(tmp_path)
    folder.prepare()
    return Yard(Server(), Spool(folder.spool, folder.events))


BATCHES = (
    (line(0), line(1, "eve")),
    (line(10), line(11, "eve", "ok"), line(20), line(21, "eve")),
    (line(30), line(200, "x", "ok")),
    (line(400, "x", "ok"),),
)


def test_hits_come_from_several_batches_and_their_rules_are_silent(yard: Yard) -> None:
    shas = [yard.put(*lines) for lines in BATCHES]
    detector = yard.detector()
    while detector.work_once():
        pass
    ((key, hit),) = yard.server.known.items()
    assert key == (shas[1], "a.yml#2", (0, 2))
    assert (hit["title"], hit["level"], hit["author"]) == ("Many sign-ins failed", "high", "A. Author")
    assert b64decode(hit["evidence"]["data"]) == line(10) + line(20)
    assert hit["evidence"]["events"] == [0, 2]
    detector.say()
    assert yard.server.said[-1]["rules_loaded"] == 2


@pytest.mark.parametrize("point", ["write", "written", "report", "reported", "moved"])
@pytest.mark.parametrize("batch", [2])
def test_a_crash_at_any_point_loses_and_doubles_nothing(
    yard: Yard, monkeypatch: pytest.MonkeyPatch, point: str, batch: int
) -> None:
    class Crash(Exception):
        pass

    shas = [yard.put(*lines) for lines in BATCHES]
    detector = yard.detector()
    for _ in range(batch):
        detector.work_once()

    def crash(*args: object, **more: object) -> None:
        if point in ("written", "reported", "moved"):
            before(*args, **more)
        raise Crash

    names = {"write": "write_safely", "written": "write_safely"}
    thing: Any = module if point in names else yard.spool if point == "moved" else detector
    name = names.get(point) or ("done" if point == "moved" else "report_correlations")
    before = getattr(thing, name)
    with monkeypatch.context() as patched:
        patched.setattr(thing, name, crash)
        with pytest.raises(Crash):
            detector.work_once()
    again = yard.detector()
    while again.work_once():
        pass
    assert list(yard.server.known) == [(shas[1], "a.yml#2", (0, 2))]


def test_a_server_that_is_away_gets_the_hits_later(yard: Yard) -> None:
    for lines in BATCHES:
        yard.put(*lines)
    detector = yard.detector()
    detector.work_once()
    detector.work_once()
    yard.server.away = 2
    for _ in range(2):
        with pytest.raises(ServerAway):
            detector.work_once()
    detector.work_once()
    assert len(yard.server.known) == 1


def test_when_nothing_comes_any_more_what_is_held_is_decided(yard: Yard) -> None:
    sha = yard.put(line(0), line(1), line(2))
    detector = yard.detector()
    detector.work_once()
    assert not yard.server.known
    assert detector.correlating.idle()
    detector.report_correlations()
    assert list(yard.server.known) == [(sha, "a.yml#2", (0, 1, 2))]
    assert not detector.correlating.idle()


def test_lanes_are_apart(yard: Yard) -> None:
    yard.put(line(0), line(1))
    yard.put(line(2), line(3, "eve"), lane="drill:DRL-7Q4KM2")
    detector = yard.detector()
    while detector.work_once():
        pass
    detector.correlating.idle()
    assert not list(detector.correlating.reports())


def test_a_clock_that_is_wrong_makes_nobody_late(yard: Yard) -> None:
    yard.put(line(1_000), line(10**9, "eve"), line(1_001))
    yard.put(line(1_002), line(1_003))
    detector = yard.detector()
    while detector.work_once():
        pass
    detector.correlating.idle()
    assert len(list(detector.correlating.reports())) == 1


def test_a_file_that_cannot_be_read_is_said_and_begun_anew(yard: Yard) -> None:
    file = yard.spool.waiting.parent / "correlations.json"
    for data in (b"nonsense", b'{"v":1}', b'{"v":1,"applied":"","pending":[],"lanes":{"real":"{}"}}'):
        file.write_bytes(data)
        detector = yard.detector()
        assert detector.correlating.note
        detector.say()
        assert yard.server.said[-1]["fault"] == detector.correlating.note
    yard.put(line(0), line(1), line(2))
    detector.work_once()
    assert json.loads(file.read_bytes())["v"] == 1


def test_the_hosts_of_a_correlations_events_are_named(yard: Yard) -> None:
    yard.put(*(line(second)[:-2] + b', "hostname": "db1"}\n' for second in (0, 1, 2)), line(200, "x", "ok"))
    detector = yard.detector()
    while detector.work_once():
        pass
    (hit,) = yard.server.known.values()
    assert hit["assets"] == [{"name": "db1", "count": 3}]


def test_events_whose_days_are_over_are_reported_without_evidence(yard: Yard) -> None:
    yard.put(line(0), line(1), line(2))
    detector = yard.detector()
    detector.work_once()
    detector.correlating.idle()
    for file in yard.spool.matched.iterdir():
        file.unlink()
    ((_, report),) = detector.correlating.reports()
    assert report["events"] == 3
    assert "evidence" not in report["hits"][0]


def test_many_hits_are_several_reports(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HITS_A_REPORT", 2)
    yard.put(*(line(second, user) for user in "abcde" for second in range(3)))
    detector = yard.detector()
    detector.work_once()
    detector.correlating.idle()
    assert [len(report["hits"]) for _, report in detector.correlating.reports()] == [2, 2, 1]
