"""The journal: denials once a minute with a count, secret reads once in fifteen minutes, a stream for each day."""

from typing import Any

import pytest

from muster.access.passing import DenialReason, ReadThing, SignedIn
from muster.app import journal
from muster.app.caller import nobody
from muster.core.errors import Unavailable
from tests.app.stage import Stage


def denials(stage: Stage) -> list[tuple[str, str, int]]:
    bodies = [entry.body.tree() for entry in stage.entries("access.denied") if entry.body]
    return [(body["source"], body["reason"], body["count"]) for body in bodies]


def deny(stage: Stage, source: str = "a", reason: DenialReason = DenialReason.TOKEN) -> None:
    stage.muster.journal.denied(nobody(source), stage.clock(), reason)


def test_the_first_at_once_the_others_as_a_count_when_the_minute_is_over(stage: Stage) -> None:
    for _ in range(5):
        deny(stage)
    assert denials(stage) == [("a", "unknown-token", 1)]
    stage.muster.journal.flush(stage.clock())
    assert len(denials(stage)) == 1
    stage.clock.turn(minutes=1)
    stage.muster.journal.flush(stage.clock())
    stage.muster.journal.flush(stage.clock())
    assert denials(stage) == [("a", "unknown-token", 1), ("a", "unknown-token", 4)]


def test_no_count_is_lost_when_the_next_one_comes_before_the_flush(stage: Stage) -> None:
    for _ in range(3):
        deny(stage)
    stage.clock.turn(minutes=2)
    deny(stage)
    stage.muster.journal.flush(stage.clock(), all_of_them=True)
    assert sum(count for _, _, count in denials(stage)) == 4


def test_sources_and_reasons_are_told_apart(stage: Stage) -> None:
    deny(stage, "a")
    deny(stage, "b")
    deny(stage, "a", DenialReason.QUOTA)
    assert len(denials(stage)) == 3


def test_a_clean_stop_writes_what_is_counted(stage: Stage) -> None:
    deny(stage)
    deny(stage)
    stage.muster.journal.flush(stage.clock(), all_of_them=True)
    assert [count for _, _, count in denials(stage)] == [1, 1]


def test_a_clock_set_back_holds_nothing_up(stage: Stage) -> None:
    deny(stage)
    deny(stage)
    stage.clock.turn(hours=-1)
    stage.muster.journal.flush(stage.clock())
    assert len(denials(stage)) == 2


def test_a_flood_from_many_sources_is_counted_as_one(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "_MOST", 3)
    for number in range(50):
        deny(stage, f"source {number}")
    assert len(denials(stage)) == 4
    stage.muster.journal.flush(stage.clock(), all_of_them=True)
    assert sum(count for _, _, count in denials(stage)) == 50


def test_a_hostile_source_is_shown_harmlessly(stage: Stage) -> None:
    deny(stage, "\x1b[31m\n" + "x" * 500)
    ((source, _, _),) = denials(stage)
    assert source.startswith("\\x1b[31m\\n")
    assert len(source) == 100


def test_a_read_is_noted_once_for_each_person_thing_and_quarter_of_an_hour(stage: Stage) -> None:
    def read(name: str, thing: str) -> None:
        stage.muster.journal.read(stage.people[name].caller, stage.clock(), thing, ReadThing.EVIDENCE)

    def count() -> int:
        return len(stage.entries("access.read"))

    for _ in range(3):
        read("ana", "t1")
    assert count() == 1
    read("ben", "t1")
    read("ana", "t2")
    assert count() == 3
    stage.clock.turn(minutes=14, seconds=59)
    read("ana", "t1")
    assert count() == 3
    stage.clock.turn(seconds=1)
    read("ana", "t1")
    assert count() == 4
    stage.clock.turn(hours=-2)
    read("ana", "t1")
    assert count() == 5


def test_only_so_many_reads_are_remembered(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "_MOST", 2)
    for thing in ("a", "b"):
        stage.muster.journal.read(stage.people["ana"].caller, stage.clock(), thing, ReadThing.EVIDENCE)
    stage.clock.turn(hours=1)
    stage.muster.journal.read(stage.people["ana"].caller, stage.clock(), "c", ReadThing.EVIDENCE)
    assert len(stage.muster.journal._reads) == 1


def test_each_day_has_a_stream_of_its_own(stage: Stage) -> None:
    body = SignedIn(account="0" * 32, source="x")
    earlier = {
        entry.header.stream for entry in stage.entries("access.opened")
    }  # of another run of the server
    for _ in range(2):
        stage.muster.journal.write(stage.people["ana"].caller, stage.clock(), body)
    stage.clock.turn(days=1)
    stage.muster.journal.write(stage.people["ana"].caller, stage.clock(), body)
    opened = [
        entry for entry in stage.entries("access.opened") if entry.body and entry.header.stream not in earlier
    ]
    assert [entry.body.tree()["day"] for entry in opened if entry.body] == ["2026-11-24", "2026-11-25"]
    assert len({entry.header.stream for entry in opened}) == 2
    assert all(entry.header.stream.startswith("ACS-") for entry in opened)


def test_where_nothing_can_be_written_a_denial_stands_and_a_read_is_refused(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise Unavailable("The disk is full.")

    monkeypatch.setattr(type(stage.muster.record.ledger), "append", full)
    deny(stage)
    stage.muster.journal.flush(stage.clock(), all_of_them=True)
    for _ in range(2):  # not even the second time
        with pytest.raises(Unavailable):
            stage.muster.journal.read(stage.people["ana"].caller, stage.clock(), "t", ReadThing.NAMED)
