"""Verifying files for the command line: what is said, and how an SQLite file is opened where nothing may be written."""

import sqlite3
from pathlib import Path

import pytest

from muster.app import verification
from muster.core.errors import BadInput, Unavailable
from tests.store.world import World


def test_the_first_line_is_the_verdict_and_the_tree_is_plain(world: World) -> None:
    report = world.report()
    assert report.ok
    assert report.lines[0].startswith("consistent with itself")
    assert report.tree() == {"ok": True, "lines": list(report.lines), "findings": []}


def test_a_foreign_anchor_is_no_anchor_of_this_log(world: World) -> None:
    from muster.record import checkpoint
    from muster.record.note import SigningKey

    origin = "muster.invalid/" + "0" * 32
    anchor = checkpoint.make(origin, 46, b"r" * 32, SigningKey(origin, b"k" * 32))
    report = world.report(anchor=anchor)
    assert not report.ok
    assert "anchor" in report.lines[0]


def test_what_is_no_key_is_refused(world: World) -> None:
    for wrong in (b"\xff\xfe", b"hello"):
        with pytest.raises(BadInput):
            world.report(pinned=wrong)


def test_a_database_that_somebody_locks_is_not_called_damaged(world: World) -> None:
    if world.url:
        pytest.skip("a lock of SQLite")
    world.close()
    holder = sqlite3.connect(world.data / "muster.sqlite", isolation_level=None)
    holder.execute("PRAGMA locking_mode=EXCLUSIVE")
    holder.execute("BEGIN IMMEDIATE")
    holder.execute("DELETE FROM leases")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("muster.store.database._BUSY_MS", 50)
        with pytest.raises(Unavailable, match="locked"):
            world.report()
    holder.close()


def test_nothing_is_left_beside_what_was_verified(world: World) -> None:
    if world.url:
        pytest.skip("files of SQLite")
    world.close()
    before = sorted(file.name for file in world.data.iterdir())
    assert world.report().ok
    assert sorted(file.name for file in world.data.iterdir()) == before


def test_a_restore_must_be_told_where_to(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="where to restore"):
        verification.bring_back(tmp_path / "backup", None, None, None)
