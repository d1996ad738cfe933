"""Batches of events: unpacked with bounds, counted, safe on disk, answered the same again."""

import gzip
import os
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from muster.app import events
from muster.app.events import Room, unpack
from muster.core.errors import BadInput, Refused, TooMany, Unavailable
from muster.store.spool import Spool
from tests.app.stage import Stage


def accept(stage: Stage, data: bytes, batch: str = "b", *, packed: bool = False) -> Any:
    return stage.muster.events.accept(
        stage.people["ana"].caller, batch, data, packed=packed, now=stage.clock()
    )


def test_blank_lines_are_no_events(stage: Stage) -> None:
    assert accept(stage, b'\n{"a":1}\r\n \n{"b":2}').events == 2


@pytest.mark.parametrize("parts", [1, 2, 5])
def test_gzip_of_one_or_several_members(parts: int) -> None:
    lines = b'{"a": 1}\n' * 10
    assert unpack(gzip.compress(lines) * parts) == lines * parts
    assert unpack(b"") == b""


@pytest.mark.parametrize("cut", [1, 8, 15, -1, -9])
def test_a_cut_member_is_noticed_wherever_it_is_cut(cut: int) -> None:
    with pytest.raises(BadInput):
        unpack(gzip.compress(b"x" * 1000)[:cut])
    with pytest.raises(BadInput):
        unpack(gzip.compress(b"y") + gzip.compress(b"x" * 1000)[:cut])


def test_a_bomb_takes_no_more_memory_than_a_batch_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "MOST_BYTES", 1_000_000)
    bomb = gzip.compress(bytes(50_000_000), 9)
    tracemalloc.start()
    with pytest.raises(BadInput):
        unpack(bomb)
    assert tracemalloc.get_traced_memory()[1] < 8_000_000
    tracemalloc.stop()


def test_counting_many_short_lines_takes_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = b"{}\n" * 300_000
    tracemalloc.start()
    assert events._count(lines) == events.MOST_EVENTS + 1
    assert events._count(b"\n" * 1_000_000) == 0
    assert tracemalloc.get_traced_memory()[1] < 4_000_000
    tracemalloc.stop()


def test_the_same_again_is_answered_without_a_second_file(stage: Stage) -> None:
    first = accept(stage, b"{}\n")
    assert accept(stage, gzip.compress(b"{}\n"), packed=True) == first
    assert len(stage.muster.events.spool.waiting_batches()) == 1
    with pytest.raises(Refused):
        accept(stage, b"[]\n")


def test_a_full_disk_takes_nothing_and_says_so(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("muster.store.spool.write_safely", full)
    with pytest.raises(Unavailable, match="No space left"):
        accept(stage, b"{}\n")
    monkeypatch.undo()
    assert accept(stage, b"{}\n").events == 1


def test_beyond_its_bound_nothing_is_taken_until_some_was_matched(stage: Stage) -> None:
    spool = stage.muster.events.spool
    room = Room(spool, most_bytes=10**9, most_batches=2)
    intake = replace(stage.muster.events, room=room)
    ana = stage.people["ana"].caller

    def send(batch: str, data: bytes) -> int:
        return intake.accept(ana, batch, data, packed=False, now=stage.clock()).events

    send("f1", b'{"f": 1}\n')
    send("f2", b'{"f": 2}\n')
    while spool.depth().batches < 2:
        send("f3", b'{"f": 3}\n')
    waiting = spool.waiting_batches()
    with pytest.raises(TooMany, match="wait to be matched") as refused:
        send("late", b'{"late": 1}\n')
    assert refused.value.retry_after == 10
    assert "Nothing was taken" in refused.value.mend
    assert spool.waiting_batches() == waiting
    assert send("f1", b'{"f": 1}\n') == 1  # it was taken, so its answer stays
    while spool.depth().batches >= 2:
        spool.done(spool.waiting_batches()[0])
    assert send("late", b'{"late": 1}\n') == 1
    assert b'{"late": 1}\n' in [batch.lines() for batch in spool.waiting_batches()]


def test_the_bound_of_bytes_is_of_what_lies_on_disk(stage: Stage) -> None:
    spool = stage.muster.events.spool
    spool.put(b'{"x": 1}\n' * 1000, token="0", batch="x", lane="real", now=stage.clock())
    size = spool.depth().bytes
    Room(spool, most_bytes=size + 1).ask()
    with pytest.raises(TooMany):
        Room(spool, most_bytes=size).ask()


def test_a_spool_that_cannot_be_read_takes_nothing(stage: Stage, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="No such file"):
        Room(Spool(tmp_path / "gone", tmp_path), 1).ask()
