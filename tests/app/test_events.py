"""Batches of events: unpacked with bounds, counted, safe on disk, answered the same again."""

import gzip
import os
import tracemalloc
from typing import Any

import pytest

from muster.app import events
from muster.app.events import unpack
from muster.core.errors import BadInput, Refused, Unavailable
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
