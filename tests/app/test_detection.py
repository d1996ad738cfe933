"""The detection process as the server keeps it: a token of one purpose, started again, ended with the server."""

import io
import json
import threading
from typing import Any

import pytest

from muster.app import detection
from muster.app.detection import SIGN_IN, Detection
from muster.core.people import Scope
from tests.app.stage import Stage


class Process:
    """Stands for the process: what it was told, and an end that a test decides."""

    made: "list[Process]"

    def __init__(self, *_: Any, **__: Any) -> None:
        self.stdin = io.BytesIO()
        self.told = ""
        self.over = threading.Event()
        close = self.stdin.close

        def closed() -> None:
            self.told = self.stdin.getvalue().decode()
            close()
            self.over.set()

        self.stdin.close = closed  # pyright: ignore[reportAttributeAccessIssue] - as the real one ends with its input
        Process.made.append(self)

    def wait(self, timeout: float | None = None) -> int:
        assert self.over.wait(timeout or 20)
        return 0

    def kill(self) -> None:
        self.over.set()


@pytest.fixture(autouse=True)
def pretend(monkeypatch: pytest.MonkeyPatch) -> None:
    Process.made = []
    monkeypatch.setattr(detection.subprocess, "Popen", Process)
    monkeypatch.setattr(detection, "_QUICKEST_AGAIN", 0.01)


def begun(stage: Stage, number: int = 1) -> Process:
    for _ in range(400):
        if len(Process.made) >= number:
            return Process.made[number - 1]
        threading.Event().wait(0.01)
    raise AssertionError("the process was not started")


def test_it_is_told_where_and_with_which_token(stage: Stage) -> None:
    one = Detection(stage.muster, "http://127.0.0.1:1")
    one.start()
    process = begun(stage)
    threading.Event().wait(0.05)
    one.stop()
    told = json.loads(process.told)
    assert told["server"] == "http://127.0.0.1:1"
    assert told["keep_days"] == 30
    caller = [entry.body for entry in stage.entries("token.minted")][-1]
    assert caller is not None
    assert caller.tree()["scope"] == Scope.REPORT_HITS
    row = next(
        row for row in stage.muster.reading.accounts(stage.people["ada"].caller) if row.sign_in == SIGN_IN
    )
    assert (row.kind, row.duties) == ("program", ())


def test_it_is_started_again_when_it_ends(stage: Stage) -> None:
    one = Detection(stage.muster, "http://127.0.0.1:1")
    one.start()
    begun(stage, 1).over.set()
    begun(stage, 2)
    one.stop()
    count = len(Process.made)
    threading.Event().wait(0.1)
    assert len(Process.made) == count


def test_tokens_of_earlier_processes_work_no_more(stage: Stage) -> None:
    secrets: list[str] = []
    for number in (1, 2):
        one = Detection(stage.muster, "http://127.0.0.1:1")
        one.start()
        process = begun(stage, number)
        threading.Event().wait(0.05)
        one.stop()
        secrets.append(json.loads(process.told)["token"])
    assert len(set(secrets)) == 2
    for secret in secrets:
        answer = stage.http.get("/api/v1/rules", headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code == 401


def test_stopping_what_never_began_is_nothing(stage: Stage) -> None:
    Detection(stage.muster, "http://127.0.0.1:1").stop()
    assert Process.made == []
