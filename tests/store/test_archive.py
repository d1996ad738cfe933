"""The archive stores a batch once however often it is told, and forgets by hour."""

import json
from pathlib import Path

import pytest

from muster.core.errors import BadInput, Unavailable
from muster.detect.columns import Events
from muster.detect.events import read_lines
from muster.detect.packing import Arrived, Packed, pack
from muster.detect.ruleset import EVERYTHING
from muster.detect.segment import Segment
from muster.store.archive import Archive, Range


def batch(arrived: str, lane: str = "real", sha256: str = "ab" * 32) -> list[Packed]:
    lines = [
        json.dumps({"Channel": name, "n": arrived}).encode() for name in ("Security", "System", "Security")
    ]
    reading = read_lines(lines, EVERYTHING)
    assert isinstance(reading.batch, Events)
    return pack(reading.batch, reading.positions, Arrived(lane, arrived, sha256, len(lines)))


def test_what_is_stored_is_listed_and_read(tmp_path: Path) -> None:
    archive = Archive(str(tmp_path / "archive"))
    assert archive.segments() == []
    archive.put(batch("20261124T021000.000000Z"))
    first, second = archive.segments()
    assert [(one.source, one.rows, one.hour, one.lane) for one in (first, second)] == [
        ("security", 2, "20261124T02", "real"),
        ("system", 1, "20261124T02", "real"),
    ]
    with archive.open(first) as file:
        assert Segment(file).group(0).positions.tolist() == [0, 2]


def test_a_batch_that_is_stored_again_changes_nothing(tmp_path: Path) -> None:
    archive = Archive(str(tmp_path))
    archive.put(batch("20261124T021000.000000Z"))
    before = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.parquet")}
    archive.put(batch("20261124T021000.000000Z"))
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.parquet")} == before


def test_a_range_is_of_lane_and_hours(tmp_path: Path) -> None:
    archive = Archive(str(tmp_path))
    for hour in ("01", "02", "03"):
        archive.put(batch(f"20261124T{hour}1000.000000Z"))
    archive.put(batch("20261124T021000.000000Z", lane="drill:DRL-7"))
    hours = [one.hour for one in archive.segments(Range("real", "20261124T02", "20261124T03"))]
    assert hours == ["20261124T02"] * 2
    assert {one.lane for one in archive.segments(Range(since="20261124T02"))} == {"real", "drill:DRL-7"}


def test_hours_that_are_over_are_forgotten(tmp_path: Path) -> None:
    archive = Archive(str(tmp_path))
    archive.put(batch("20261123T021000.000000Z"))
    archive.put(batch("20261124T021000.000000Z"))
    assert archive.forget("20261124T00") == 2
    assert {one.hour for one in archive.segments()} == {"20261124T02"}
    assert not list(tmp_path.glob("*/*/20261123T02"))


def test_half_a_segment_is_none(tmp_path: Path) -> None:
    died = []

    def watch(point: str) -> None:
        if point == "segment-fsync":
            died.append(point)
            raise OSError("the disk is full")

    with pytest.raises(Unavailable):
        Archive(str(tmp_path), watch=watch).put(batch("20261124T021000.000000Z"))
    assert died
    assert Archive(str(tmp_path)).segments() == []


def test_a_place_nobody_knows_is_one_clear_line() -> None:
    with pytest.raises(BadInput, match="cannot be opened"):
        Archive("nowhere://at-all")


def test_an_object_store_is_a_place_like_a_folder(tmp_path: Path) -> None:
    (tmp_path / "bucket").mkdir()
    archive = Archive((tmp_path / "bucket").as_uri())
    archive.put(batch("20261124T021000.000000Z"))
    archive.put(batch("20261124T021000.000000Z"))
    assert [one.rows for one in archive.segments()] == [2, 1]
    with archive.open(archive.segments()[0]) as file:
        assert Segment(file).rows == 2
    assert archive.forget("20261125T00") == 2
    assert archive.segments() == []


def events_of(archive: Archive) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for name in archive.segments():
        with archive.open(name) as file:
            for group in Segment(file).each():
                batches, codes = group.batch_codes
                found += [
                    (batches[code], at)
                    for code, at in zip(codes.tolist(), group.positions.tolist(), strict=True)
                ]
    return sorted(found)


def test_small_segments_of_an_hour_that_is_over_become_one(tmp_path: Path) -> None:
    archive = Archive(str(tmp_path))
    for minute in (10, 20, 30):
        archive.put(batch(f"20261124T02{minute}00.000000Z", sha256=f"{minute}" * 32))
    archive.put(batch("20261124T031000.000000Z"))
    before = events_of(archive)
    assert archive.merge("20261124T03")
    assert archive.merge("20261124T03")
    assert not archive.merge("20261124T03")
    names = [(one.source, one.hour[-2:], one.rows, one.merged) for one in archive.segments()]
    assert names == [
        ("security", "02", 6, True),
        ("system", "02", 3, True),
        ("security", "03", 2, False),
        ("system", "03", 1, False),
    ]
    assert events_of(archive) == before
    with archive.open(archive.segments()[0]) as file:
        merged = Segment(file)
    assert merged.batches == {f"{minute}" * 32: 3 for minute in (10, 20, 30)}
    assert merged.arrived["20" * 32] == "20261124T022000.000000Z"


def test_a_merge_that_a_crash_cut_short_shows_no_event_twice_and_is_ended_by_the_next(tmp_path: Path) -> None:
    archive = Archive(str(tmp_path))
    for minute in (10, 20, 30):
        archive.put(batch(f"20261124T02{minute}00.000000Z", sha256=f"{minute}" * 32))
    before, removed = events_of(archive), []

    class Killed(BaseException):
        pass

    def remove(name: object) -> None:
        if len(removed) == 1:
            raise Killed
        removed.append(name)
        Archive.remove(archive, name)  # pyright: ignore[reportArgumentType] - it is one

    archive.remove = remove  # pyright: ignore[reportAttributeAccessIssue] - dies in the middle
    with pytest.raises(Killed):
        archive.merge("20261124T03")
    again = Archive(str(tmp_path))
    assert len(list(tmp_path.rglob("*.parquet"))) > len(again.segments())
    assert events_of(again) == before
    while again.merge("20261124T03"):
        pass
    assert events_of(again) == before
    assert len(list(tmp_path.rglob("*.parquet"))) == len(again.segments()) == 2
