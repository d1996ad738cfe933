"""The detector is killed, and then the server, while 20,000 events wait: no hit is lost and none is told twice.

The rules and the hits that they must have are those of the shared corpora; a run of every day takes some of the rules,
a long one all of them.
"""

import gzip
import json
import os
import re
import signal
import tarfile
import time
from collections import defaultdict
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from muster.client import Client
from muster.respond.intake import ROWS_LISTED
from muster.respond.signal import SignalHit, SignalRaised
from tests.crash.place import Place
from tests.crash.servers import Server, Servers

BATCHES = 10
DETECTOR = b"muster.app.detector"
FOLDERS = ("rules/", "rules-emerging-threats/", "rules-threat-hunting/")
WINDOWS = re.compile(rb"^ *product: *windows\b", re.MULTILINE)
ID = re.compile(rb"^id: *([0-9a-f-]{36})", re.MULTILINE)


def reference(corpora: Path) -> dict[str, list[int]]:
    with gzip.open(corpora / "sigma" / "reference-hits-20k.jsonl.gz") as stream:
        return {line["rule"]: line["rows"] for line in map(json.loads, stream)}


def write_rules(corpora: Path, folder: Path, wanted: Callable[[str], bool]) -> None:
    with tarfile.open(corpora / "sigma" / "rules.tar.gz") as archive:
        for member in archive:
            opened = archive.extractfile(member) if member.name.startswith(FOLDERS) else None
            data = opened.read() if opened is not None else b""
            found = ID.search(data)
            if found is not None and WINDOWS.search(data) and wanted(found[1].decode()):
                (folder / f"{found[1].decode()}.yml").write_bytes(data)


def detectors(server: Server) -> list[int]:
    """The detection processes of a server."""
    pids = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    threads = Path(f"/proc/{server.pid}/task").glob("*/children")
    pids += [pid for file in threads for pid in file.read_text().split()]
    return sorted({int(pid) for pid in pids if DETECTOR in Path(f"/proc/{pid}/cmdline").read_bytes()})


def until(true: Callable[[], object], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def posts(client: Client, lines: list[bytes]) -> dict[str, int]:
    """Post all events in batches; where each batch begins, by its hash."""
    size, starts = len(lines) // BATCHES, {}
    for start in range(0, len(lines), size):
        data = b"".join(lines[start : start + size])
        taken = client.events(gzip.compress(data, 1), f"batch {start}", packed=True)
        assert taken["events"] == size
        starts[sha256(data).hexdigest()] = start
    return starts


@pytest.mark.corpora
@pytest.mark.parametrize(
    ("share", "seconds"),
    [(12, 60), pytest.param(1, 900, marks=[pytest.mark.soak, pytest.mark.timeout(1200)])],
)
def test_no_hit_is_lost_when_detector_and_server_are_killed(
    share: int,
    seconds: float,
    corpora: Path,
    tmp_path: Path,
    servers: Servers,
    record_property: Callable[[str, object], None],
) -> None:
    hits = reference(corpora)
    chosen = set(sorted(hits)[::share])
    hits = {rule: rows for rule, rows in hits.items() if rule in chosen}
    place = Place(tmp_path)
    token = place.founded()
    rules = place.data / "rules"
    write_rules(corpora, rules, lambda rule: rule in chosen or share == 1)
    with gzip.open(corpora / "events" / "windows-20k.jsonl.gz") as stream:
        lines = stream.read().splitlines(keepends=True)

    first = servers.serving(place, detector=True, point="blob-put", nth=len(hits))
    until(lambda: detectors(first), seconds)
    (pid,) = detectors(first)
    os.kill(pid, signal.SIGSTOP)  # until all events wait
    with first.client(token) as client:
        starts = posts(client, lines)
    os.kill(pid, signal.SIGCONT)
    spool, matched = place.data / "spool", place.data / "events"
    until(lambda: list(matched.glob("*.gz")), seconds)
    os.kill(pid, signal.SIGKILL)
    assert first.waits_for_end(seconds) == -signal.SIGKILL
    left = len(list(spool.glob("[!.]*.gz")))
    assert 0 < left < BATCHES
    again = servers.serving(place, detector=True)
    until(lambda: not list(spool.glob("[!.]*.gz")), seconds)
    assert again.stops() == 0
    place.is_whole()

    raised: dict[str, int] = defaultdict(int)
    found: dict[str, list[int]] = defaultdict(list)
    for entry in place.entries():
        match entry.body:
            case SignalRaised(rule=rule) if rule is not None:
                raised[rule.id] += 1
            case SignalHit(rule=rule, rows=rows, count=count, batch=batch):
                start, end = starts[batch], starts[batch] + len(lines) // BATCHES
                expected = [row - start for row in hits[rule.id] if start <= row < end]
                assert (count, list(rows)) == (len(expected), expected[:ROWS_LISTED])
                found[rule.id] += [row + start for row in expected]
            case _:
                pass
    assert {rule: sorted(rows) for rule, rows in found.items()} == hits
    assert raised == dict.fromkeys(hits, 1), "one signal a rule"
    told = sum(len(rows) for rows in hits.values())
    record_property(
        "counts",
        f"20000 events, {len(hits)} rules with hits, {told} hits told once each; detector killed once, "
        f"server once with {left} of {BATCHES} batches waiting",
    )
