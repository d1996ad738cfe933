"""Events in over HTTP: safe before they are answered, once under one id, within bounds, from their token only."""

import gzip
import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from muster.app import events
from muster.core.people import Scope
from tests.app.stage import FORM, Stage, peopled

LINES = b'{"a": 1}\n{"a": 2}\n'


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = peopled(tmp_path_factory.mktemp("events"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def bearer(stage: Stage) -> dict[str, str]:
    return stage.bearer(stage.people["ada"], Scope.POST_EVENTS)


def post(stage: Stage, bearer: dict[str, str], batch: str, data: bytes, **headers: str) -> Any:
    return stage.http.post("/api/v1/events", content=data, headers=bearer | {"Muster-Batch": batch} | headers)


def waiting(stage: Stage) -> dict[str, bytes]:
    return {one.sha256: one.lines() for one in stage.muster.events.spool.waiting_batches()}


def test_a_batch_is_on_disk_before_it_is_answered(stage: Stage, bearer: dict[str, str]) -> None:
    answer = post(stage, bearer, "b1", LINES)
    sha256 = hashlib.sha256(LINES).hexdigest()
    assert answer.json() == {"batch": "b1", "sha256": sha256, "events": 2}
    assert waiting(stage)[sha256] == LINES


def test_when_too_much_waits_a_sender_is_told_to_come_again_and_nothing_is_lost(
    stage: Stage, bearer: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    room = stage.muster.events.room
    monkeypatch.setattr(room, "most_bytes", 0)
    before = waiting(stage)
    answer = post(stage, bearer, "later", b'{"later": 1}\n')
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "10")
    assert "wait to be matched" in answer.json()["detail"]
    assert waiting(stage) == before
    monkeypatch.undo()
    assert post(stage, bearer, "later", b'{"later": 1}\n').status_code == 200
    assert len(waiting(stage)) == len(before) + 1


def test_packed_or_not_the_same_lines_are_the_same_batch(stage: Stage, bearer: dict[str, str]) -> None:
    first = post(stage, bearer, "b2", LINES)
    parts = gzip.compress(LINES[:9]) + gzip.compress(LINES[9:])
    for data in (gzip.compress(LINES), parts):
        again = post(stage, bearer, "b2", data, **{"Content-Encoding": "gzip"})
        assert again.json() == first.json()


def test_the_same_id_with_other_events_is_refused(stage: Stage, bearer: dict[str, str]) -> None:
    post(stage, bearer, "b3", LINES)
    before = len(waiting(stage))
    answer = post(stage, bearer, "b3", LINES + b'{"a": 3}\n')
    assert (answer.status_code, answer.json()["where"]) == (409, "Muster-Batch")
    assert len(waiting(stage)) == before


def test_an_id_belongs_to_its_token(stage: Stage, bearer: dict[str, str]) -> None:
    post(stage, bearer, "b4", LINES)
    other = stage.bearer(stage.people["ada"], Scope.POST_EVENTS)
    assert post(stage, other, "b4", b'{"b": 1}\n').status_code == 200


def test_a_person_s_batch_reaches_the_detector_too(stage: Stage) -> None:
    data = b'{"by": "a person"}\n'
    browser = stage.signed_in("ana")
    assert (
        browser.post("/api/v1/events", content=data, headers=FORM | {"Muster-Batch": "p"}).status_code == 200
    )
    assert waiting(stage)[hashlib.sha256(data).hexdigest()] == data
    other = stage.signed_in("ben").post("/api/v1/events", content=LINES, headers=FORM | {"Muster-Batch": "p"})
    assert other.status_code == 200


REFUSED: dict[str, tuple[bytes, dict[str, str]]] = {
    "empty": (b"", {}),
    "blank": (b"\n \n\r\n", {}),
    "cut": (gzip.compress(LINES * 100)[:-12], {"Content-Encoding": "gzip"}),
    "cut in its head": (gzip.compress(LINES)[:5], {"Content-Encoding": "gzip"}),
    "no gzip": (LINES, {"Content-Encoding": "gzip"}),
    "damaged": (gzip.compress(LINES)[:-6] + b"xxxxxx", {"Content-Encoding": "gzip"}),
    "rubbish behind it": (gzip.compress(LINES) + b"rubbish", {"Content-Encoding": "gzip"}),
    "empty gzip": (gzip.compress(b""), {"Content-Encoding": "gzip"}),
    "another encoding": (LINES, {"Content-Encoding": "br"}),
}


@pytest.mark.parametrize(("data", "headers"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_batch_is_refused(
    stage: Stage, bearer: dict[str, str], data: bytes, headers: dict[str, str]
) -> None:
    before = waiting(stage)
    answer = post(stage, bearer, "refused", data, **headers)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["next_step"]
    assert waiting(stage) == before


@pytest.mark.parametrize("batch", ["", "x" * 201])
def test_an_id_is_short(stage: Stage, bearer: dict[str, str], batch: str) -> None:
    assert post(stage, bearer, batch, LINES).status_code == 400
    assert stage.http.post("/api/v1/events", content=LINES, headers=bearer).status_code == 400


def test_a_bomb_is_stopped_while_it_unpacks(
    stage: Stage, bearer: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "MOST_BYTES", 100_000)
    bomb = gzip.compress(b"x" * 10_000_000)
    several = gzip.compress(b"x" * 60_000) * 2
    for data in (bomb, several):
        answer = post(stage, bearer, "bomb", data, **{"Content-Encoding": "gzip"})
        assert (answer.status_code, "larger" in answer.json()["detail"]) == (400, True)


def test_too_many_events_or_bytes(
    stage: Stage, bearer: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "MOST_EVENTS", 3)
    assert post(stage, bearer, "three", b"{}\n" * 3).status_code == 200
    assert post(stage, bearer, "four", b"{}\n" * 4).status_code == 400
    monkeypatch.setattr(events, "MOST_PACKED", 10)
    assert post(stage, bearer, "p", gzip.compress(LINES), **{"Content-Encoding": "gzip"}).status_code == 400


def test_nobody_else_posts_events(stage: Stage) -> None:
    assert post(stage, {}, "n", LINES).status_code == 401
    assert post(stage, stage.people["caro"].bearer, "n", LINES).status_code == 403
    for scope in (Scope.REPORT_HITS, Scope.REPORT_SIGNALS):
        assert post(stage, stage.bearer(stage.people["ada"], scope), "n", LINES).status_code == 403


def test_events_write_nothing_into_the_record(stage: Stage, bearer: dict[str, str]) -> None:
    before = stage.feed
    post(stage, bearer, "quiet", json.dumps({"a": "quiet"}).encode())
    assert stage.feed == before
