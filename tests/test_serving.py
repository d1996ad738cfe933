"""Running a server: a real one, from its first link over a hit that the detector reports to its clean stop."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from muster.client import Client
from muster.serving import first_link
from tests.app.stage import opened
from tests.app.test_detector import RULE

WORDS = "four plain words here"


@dataclass
class Served:
    process: "subprocess.Popen[str]"
    said: dict[str, Any]
    folder: Path

    @property
    def address(self) -> str:
        return str(self.said["serving"])


def serve(folder: Path, *more: str) -> Served:
    process = subprocess.Popen(
        [sys.executable, "-m", "muster", "serve", "--json", "--port", "0", "--data", str(folder / "data"), *more],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"XDG_STATE_HOME": str(folder / "state"), "HOME": str(folder)},
    )  # fmt: skip
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.communicate()[1]
    return Served(process, json.loads(line), folder)


def stopped(served: Served, by: int = signal.SIGTERM) -> tuple[int, str]:
    served.process.send_signal(by)
    _, err = served.process.communicate(timeout=30)
    return served.process.returncode, err


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    (folder / "rules").mkdir()
    (folder / "rules" / "root.yml").write_text(RULE)
    made = serve(folder, "--rules", str(folder / "rules"))
    yield made
    if made.process.poll() is None:
        assert stopped(made) == (0, "")


def link_of(said: dict[str, Any]) -> str:
    (link,) = [str(value) for name, value in said.items() if "link" in name]
    return link[link.index("/link/") :]


@pytest.fixture(scope="module")
def ada(served: Served) -> Iterator[Client]:
    with Client(served.address) as client:
        client.use_link(link_of(served.said), WORDS, name="Ada", sign_in="ada")
        client.sign_in("ada", WORDS)
        yield client


def until(work: Any, seconds: float = 40) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = work()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("it did not come")


def test_events_posted_become_a_signal_with_evidence(served: Served, ada: Client) -> None:
    token = ada.verb("token", {"name": "probe", "scope": "post-events"})["secret"]
    with Client(served.address, token) as probe:
        assert probe.events(b'{"user": "root"}\n{"user": "eve"}\n', "b1")["events"] == 2
    (row,) = until(lambda: ada.get("signals")["signals"])
    assert (row["title"], row["source"]) == ("Root signs in", "hits")
    found = ada.get(f"signals/{row['signal']}")
    data = ada.download(f"/api/v1/signals/{row['signal']}/evidence/{found['evidence'][0]['sha256']}")
    assert data == b'{"user": "root"}\n'
    until(lambda: ada.get("status")["detection"]["events_matched"] == 2)
    detection = ada.get("status")["detection"]
    assert detection["rules_loaded"] == 1


def test_a_large_request_or_one_without_length_is_refused(served: Served, ada: Client) -> None:
    http = ada._http
    chunked = http.post("/api/v1/declare", content=iter([b"{}"]))
    assert chunked.status_code == 400
    assert "length" in chunked.text
    assert http.get("/api/v1/me").status_code == 200


def test_a_second_one_on_the_same_directory_says_why_not(served: Served, ada: Client) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "muster", "serve", "--port", "0", "--data", str(served.folder / "data")],
        capture_output=True, text=True, check=False, timeout=60,
        env=os.environ | {"XDG_STATE_HOME": str(served.folder / "state")},
    )  # fmt: skip
    assert done.returncode == 2
    assert "Another server" in done.stderr
    assert done.stderr.count("\n") == 1


def test_it_stops_cleanly_and_its_detector_with_it(served: Served, ada: Client) -> None:
    assert stopped(served) == (0, "")
    again = serve(served.folder, "--no-detector")
    assert not [name for name in again.said if "link" in name]
    assert stopped(again, signal.SIGINT)[0] == 0


def test_the_first_link_is_made_while_nobody_administers(tmp_path: Path) -> None:
    stage = opened(tmp_path)
    link = first_link(stage.muster)
    assert link is not None
    assert stage.muster.sign_in.link(link)[0] == "first"
    stage.person("ada")
    assert first_link(stage.muster) is None
    stage.close()
