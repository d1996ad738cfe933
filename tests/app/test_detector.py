"""The detection process: takes batches, reports hits as any client does, and keeps a batch until that is done."""

import gzip
import json
import subprocess
import sys
import threading
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from muster.app import detector as module
from muster.app import explaining, indicator_hits
from muster.app.detector import Detector
from muster.client import Problem, ServerAway
from muster.core.labels import Severity
from muster.detect.assets import Asset, Assets
from muster.detect.grouping import Grouped
from muster.store.archive import Archive
from muster.store.data_folder import DataFolder
from muster.store.spool import Spool
from tests.app.stage import START

RULE = """
title: Root signs in
id: 11111111-1111-1111-1111-111111111111
status: test
level: high
author: A. Author
logsource: {product: linux}
detection:
  sel: {user: root}
  condition: sel
"""
LINES = b'{"user": "eve"}\nno json\n\n{"user": "root", "n": 1}\n{"user": "root", "n": 2}\n'


@dataclass
class Server:
    """Answers as the server does, and remembers what it was told."""

    files: dict[str, str] = field(
        default_factory=lambda: {"a.yml": RULE, "bad.yml": "title: [", "b.yml": "x: 1"}
    )
    version: str = "v1"
    reports: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])
    said: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])
    fault: Exception | None = None
    ignores: dict[str, Any] = field(default_factory=dict[str, Any])
    indicators: dict[str, str] = field(default_factory=dict[str, str])

    def get(self, path: str, **query: str) -> dict[str, Any]:
        assert path == "rules"
        known = query["known"] == self.version
        return {
            "version": self.version,
            "files": None if known else self.files,
            "ignores": self.ignores,
            "indicators": None if known else self.indicators,
        }

    def verb(self, verb: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        assert verb == "hits"
        if self.fault:
            raise self.fault
        self.reports.append(fields)
        return {}

    def with_token(self, _secret: str) -> "Server":
        return self

    def close(self) -> None:
        """It is shared."""

    def post(self, path: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        if path == "detector/lane":
            return {"secret": "x"}
        assert path == "detector"
        self.said.append(fields)
        return {}


@dataclass
class Yard:
    server: Server
    spool: Spool
    detector: Detector

    def put(self, lines: bytes = LINES, batch: str = "b1") -> str:
        return self.spool.put(lines, token="0" * 32, batch=batch, lane="real", now=START)


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    folder = DataFolder(tmp_path)
    folder.prepare()
    spool, server = Spool(folder.spool, folder.events), Server()
    return Yard(server, spool, Detector(server, spool, 30, Archive(str(folder.archive))))  # pyright: ignore[reportArgumentType] - it answers alike


def test_without_rules_nothing_is_taken(yard: Yard) -> None:
    yard.put()
    assert not yard.detector.work_once()
    assert len(yard.spool.waiting_batches()) == 1


def test_rules_are_compiled_when_they_change(yard: Yard) -> None:
    assert yard.detector.take_rules()
    assert not yard.detector.take_rules()
    yard.server.version = "v2"
    assert yard.detector.take_rules()
    yard.detector.say()
    said = yard.server.said[-1]
    assert said["rules_loaded"] == 1
    assert {path for path, _, _ in said["rules_not_loaded"]} == {"bad.yml", "b.yml"}


def test_hits_are_reported_with_their_events_and_the_batch_is_moved_away(yard: Yard) -> None:
    sha256 = yard.put()
    yard.detector.take_rules()
    assert yard.detector.work_once()
    (report,) = yard.server.reports
    assert report["batch"] == sha256
    (hit,) = report["hits"]
    assert (hit["title"], hit["level"], hit["author"]) == ("Root signs in", "high", "A. Author")
    assert hit["rows"] == [2, 3]
    assert "assets" not in hit
    data = b64decode(hit["evidence"]["data"]).splitlines()
    assert [json.loads(line)["n"] for line in data] == [1, 2]
    assert hit["evidence"]["events"] == [2, 3]
    assert [(one["event"], one["held"]) for one in hit["why"]] == [(2, True), (3, True)]
    assert yard.spool.waiting_batches() == []
    assert (yard.detector.matched, yard.detector.unreadable) == (3, 1)
    assert not yard.detector.work_once()


def test_a_batch_is_stored_for_hunting_once_after_its_hits_are_reported(yard: Yard) -> None:
    sha256 = yard.put()
    yard.detector.take_rules()
    yard.server.fault = ServerAway("away")
    with pytest.raises(ServerAway):
        yard.detector.work_once()
    assert yard.detector.archive.segments() == []
    yard.server.fault = None
    assert yard.detector.work_once()
    (segment,) = yard.detector.archive.segments()
    assert (segment.sha256, segment.rows, segment.lane) == (sha256, 3, "real")
    yard.put()
    assert yard.detector.work_once()
    assert yard.detector.archive.segments() == [segment]


@pytest.mark.parametrize("fault", [ServerAway("away"), Problem(503, "t", "d", "n")])
def test_a_batch_stays_until_its_hits_are_reported(yard: Yard, fault: Exception) -> None:
    yard.put()
    yard.detector.take_rules()
    yard.server.fault = fault
    with pytest.raises((ServerAway, Problem)):
        yard.detector.work_once()
    assert len(yard.spool.waiting_batches()) == 1
    yard.server.fault = None
    assert yard.detector.work_once()
    assert len(yard.server.reports) == 1


def test_a_batch_that_cannot_be_read_is_set_aside_and_said(yard: Yard) -> None:
    yard.put(batch="bad")
    (file,) = yard.spool.waiting.glob("*.gz")
    file.write_bytes(gzip.compress(LINES)[:-4])
    yard.put(b'{"user": "root"}\n', batch="good")
    yard.detector.take_rules()
    while yard.detector.work_once():
        pass
    assert len(yard.server.reports) == 1
    assert len(list(yard.spool.waiting.glob("*.unreadable"))) == 1


def test_what_stands_beside_the_rules_cannot_stop_them_and_is_said(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raises(*_: object) -> None:
        raise ZeroDivisionError("odd")

    monkeypatch.setattr(indicator_hits, "seek", raises)
    monkeypatch.setattr(explaining, "conditions", raises)
    yard.put()
    yard.detector.take_rules()
    assert yard.detector.work_once()
    assert yard.server.reports[0]["hits"][0]["why"] == []
    assert not yard.spool.waiting_batches()
    yard.detector.say()
    assert "Indicators were not looked for" in yard.server.said[-1]["fault"]
    assert "ZeroDivisionError: odd" in yard.server.said[-1]["fault"]
    assert "Why a rule matched could not be told" in yard.detector.explaining.note


def test_an_ignore_keeps_hits_back_and_they_are_counted(yard: Yard) -> None:
    yard.server.ignores = {
        "first": {
            "rule": "11111111-1111-1111-1111-111111111111",
            "detection": {"one": {"n": 1}, "condition": "one"},
            "reason": "Known.",
            "owner": "ann",
            "expires": "2099-01-01",
        }
    }
    yard.put()
    yard.detector.take_rules()
    assert yard.detector.work_once()
    assert [hit["rows"] for report in yard.server.reports for hit in report["hits"]] == [[3]]
    yard.detector.say()
    (kept,) = yard.server.said[-1]["kept_back"]
    assert (kept["ignore"], kept["rule"], kept["count"], kept["lane"]) == ("first", "a.yml", 1, "real")
    assert yard.server.said[-1]["rules_loaded"] == 1


def test_across_an_approval_no_event_is_unmatched_and_none_is_matched_twice(yard: Yard) -> None:
    old = {"a.yml": RULE}
    new = {"a.yml": RULE.replace("Root signs in", "New"), "torn.yml": "title: ["}
    yard.server.files = old
    after = 0

    def post() -> None:
        nonlocal after
        for number in range(60):
            if number == 30:
                yard.server.files, yard.server.version, after = new, "v2", number
            yard.put(f'{{"user": "root", "n": {number}}}\n'.encode(), batch=f"b{number}")

    yard.detector.take_rules()
    posting = threading.Thread(target=post)
    posting.start()
    while posting.is_alive() or yard.spool.waiting_batches():
        yard.detector.work_once()
    posting.join()

    titles: dict[int, list[str]] = {}
    for report in yard.server.reports:
        for hit in report["hits"]:
            number = json.loads(b64decode(hit["evidence"]["data"]))["n"]
            titles.setdefault(number, []).append(hit["title"])
    assert sorted(titles) == list(range(60))
    assert all(len(found) == 1 for found in titles.values())
    assert {found[0] for number, found in titles.items() if number >= after} == {"New"}


def test_the_hosts_of_the_events_are_reported() -> None:
    named = Grouped(
        "r", None, "T", None, Severity.SEV3, None, (), (0, 1), (), assets=Assets((Asset("db1", 2),))
    )
    (report,) = module.reports("ab" * 32, 2, [named], (0, 1))
    assert report["hits"][0]["assets"] == [{"name": "db1", "count": 2}]


def test_many_hits_are_several_reports(monkeypatch: pytest.MonkeyPatch, yard: Yard) -> None:
    monkeypatch.setattr(module, "HITS_A_REPORT", 2)
    yard.server.files = {f"{n}.yml": RULE.replace("1111-1111", f"1111-111{n}") for n in range(5)}
    yard.put()
    yard.detector.take_rules()
    yard.detector.work_once()
    assert [len(report["hits"]) for report in yard.server.reports] == [2, 2, 1]


def test_old_event_files_are_forgotten(yard: Yard) -> None:
    yard.put(b'{"user": "eve"}\n')
    yard.detector.take_rules()
    yard.detector.work_once()
    assert len(list(yard.spool.matched.iterdir())) == 1
    yard.detector.forget_old()
    old = START - timedelta(days=1000)
    yard.spool.put(b"{}\n", token="0", batch="old", lane="real", now=old)
    yard.detector.work_once()
    before = len(list(yard.spool.matched.iterdir()))
    yard.detector.forget_old()
    assert len(list(yard.spool.matched.iterdir())) < before


def test_a_fault_is_said_and_the_work_goes_on(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.0)
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.0)
    yard.put()
    yard.server.fault = ServerAway("The server does not answer.")
    faults: list[str] = []
    post = Server.post

    def stop_after(server: Server, path: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        faults.append(fields["fault"])
        if fields["fault"]:
            server.fault = None
            yard.detector.stop.set()
        return post(server, path, fields)

    monkeypatch.setattr(Server, "post", stop_after)
    yard.detector.run()
    assert faults[-1] == "The server does not answer."


def test_it_ends_with_its_parent_and_holds_its_own_lock(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.prepare()
    told = {"data": str(tmp_path), "server": "http://127.0.0.1:1", "token": "x", "keep_days": 1}

    def start() -> "subprocess.Popen[bytes]":
        made = subprocess.Popen(
            [sys.executable, "-m", "muster.app.detector"],
            stdin=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert made.stdin is not None
        made.stdin.write(json.dumps(told).encode() + b"\n")
        made.stdin.flush()
        return made

    folder.own("detector")
    _, err = start().communicate(timeout=30)
    assert b"already uses" in err
    assert b"Traceback" not in err
    folder.release("detector")
    process = start()
    _, err = process.communicate(timeout=30)  # closes its input: the parent is gone
    assert (process.returncode, err) == (0, b"")
