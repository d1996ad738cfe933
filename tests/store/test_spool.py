"""Batches of events are safe on disk before they are acknowledged, and none is lost or matched unseen."""

import gzip
import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from muster.core.errors import Unavailable
from muster.store.spool import Depth, Spool
from tests.store.world import START

LINES = b'{"a":1}\n{"a":2}\n'


class Crash(BaseException):
    """The process ends here."""


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    for name in ("waiting", "matched"):
        (tmp_path / name).mkdir()
    return Spool(tmp_path / "waiting", tmp_path / "matched")


def put(spool: Spool, batch: str = "b", hours: int = 0, lines: bytes = LINES) -> str:
    return spool.put(lines, token="t0", batch=batch, lane="drill:one", now=START + timedelta(hours=hours))


def test_a_batch_waits_with_all_that_is_needed_to_match_it(spool: Spool) -> None:
    assert put(spool) == hashlib.sha256(LINES).hexdigest()
    (found,) = spool.waiting_batches()
    assert (found.lane, found.token, found.sha256) == ("drill:one", "t0", hashlib.sha256(LINES).hexdigest())
    assert found.lines() == LINES


def test_whether_something_of_a_lane_waits(spool: Spool) -> None:
    put(spool)
    assert (spool.waits_in("drill:one"), spool.waits_in("real")) == (True, False)
    spool.done(spool.waiting_batches()[0])
    assert not spool.waits_in("drill:one")


def test_the_oldest_is_first(spool: Spool) -> None:
    for hours in (3, 1, 2):
        put(spool, f"b{hours}", hours)
    assert [found.arrived[9:11] for found in spool.waiting_batches()] == ["03", "04", "05"]


def test_its_depth_is_batches_bytes_and_the_oldest(spool: Spool) -> None:
    assert spool.depth() == Depth()
    put(spool, "b", hours=5)
    put(spool, "a", hours=3)
    (spool.waiting / "note.txt").write_text("no batch")
    size = sum(batch.file.stat().st_size for batch in spool.waiting_batches())
    assert spool.depth() == Depth(2, size, spool.waiting_batches()[0].arrived)


def test_a_matched_one_moves_away_and_is_forgotten_in_time(spool: Spool) -> None:
    put(spool)
    (found,) = spool.waiting_batches()
    spool.done(found)
    assert spool.waiting_batches() == []
    assert spool.forget_matched("20261124T000000.000000Z") == 0
    assert spool.forget_matched("20261125T000000.000000Z") == 1
    assert list(spool.matched.iterdir()) == []


def test_one_is_found_by_its_hash_wherever_it_is(spool: Spool) -> None:
    sha256 = put(spool)
    waiting = spool.find(sha256)
    assert waiting is not None
    spool.done(waiting)
    matched = spool.find(sha256)
    assert matched is not None
    assert (matched.lines(), matched.file.parent) == (LINES, spool.matched)
    assert spool.find("0" * 64) is None


def test_one_that_cannot_be_read_is_kept_and_blocks_nothing(spool: Spool) -> None:
    put(spool)
    (found,) = spool.waiting_batches()
    found.file.write_bytes(b"rubbish")
    with pytest.raises(gzip.BadGzipFile):
        found.lines()
    aside = spool.set_aside(found)
    assert aside.read_bytes() == b"rubbish"
    assert spool.waiting_batches() == []


def test_half_of_a_batch_is_none(tmp_path: Path, spool: Spool) -> None:
    def crash(_point: str) -> None:
        raise Crash

    crashing = Spool(spool.waiting, spool.matched, watch=crash)
    with pytest.raises(Crash):
        put(crashing)
    assert spool.waiting_batches() == []


def test_a_full_disk_takes_nothing(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="Nothing was taken"):
        put(Spool(tmp_path / "nowhere", tmp_path))
