"""Opening a record: the first start, lists of an older fold, and an anchor that it must extend."""

from collections.abc import Callable
from pathlib import Path

import pytest

from muster.core.errors import BadInput
from muster.store.append import Ledger
from muster.store.open_record import check_anchor, open_record, rebuild
from muster.store.project import FOLD_VERSION
from tests.store.world import Clock, World, opened


def test_the_first_start_begins_a_log_and_keeps_its_key_outside_of_the_data(
    database_url: str, tmp_path: Path
) -> None:
    muster = opened(tmp_path / "data", tmp_path / "state", database_url, Clock())
    record = muster.record
    assert record.origin.startswith("muster.invalid/")
    assert record.folder.folder.parent == tmp_path / "state"
    assert record.folder.key_file.stat().st_mode & 0o777 == 0o600
    assert record.ledger.frozen is None
    again = opened(tmp_path / "data", tmp_path / "state", database_url, Clock())
    assert (again.record.origin, again.record.key) == (record.origin, record.key)
    for each in (muster, again):
        each.record.ledger.database.close()


def test_lists_of_an_older_fold_are_folded_anew_at_the_start(world: World) -> None:
    world.change("UPDATE incidents SET what = 'as an older fold had it'")
    world.change("DELETE FROM facts")
    world.change("UPDATE log SET fold = 0")
    world.close()
    world.muster = opened(world.data, world.state, world.url, world.clock)
    assert world.rows("SELECT fold FROM log") == [(FOLD_VERSION,)]
    assert world.verified().findings == ()


def test_folding_anew_gives_the_same_lists(world: World) -> None:
    rebuild(world.muster.record.ledger, FOLD_VERSION)
    assert world.verified().findings == ()


def changed_ledger(world: World) -> Ledger:
    return world.muster.record.ledger


def reopened_frozen(world: World) -> str:
    """Why the next start serves for reading only."""
    before = world.rows("SELECT count(*) FROM entries")
    record = open_record(changed_ledger(world), fold_version=FOLD_VERSION, state_root=world.state)
    assert world.rows("SELECT count(*) FROM entries") == before
    return record.ledger.frozen or ""


def test_a_record_that_ends_before_the_anchor_is_served_for_reading_only(world: World) -> None:
    world.change("DELETE FROM leaves WHERE feed >= 40")
    assert "ends at 40 entries, but this host has seen 46" in reopened_frozen(world)


def test_a_leaf_that_is_missing_or_changed_too(world: World) -> None:
    leaf = world.rows("SELECT hash FROM leaves WHERE feed = 7")[0][0]
    world.change("UPDATE leaves SET hash = :hash WHERE feed = 7", hash=b"x" * 32)
    assert "not the one this host has seen" in reopened_frozen(world)
    world.change("UPDATE leaves SET hash = :hash WHERE feed = 7", hash=bytes(leaf))
    assert reopened_frozen(world) == ""
    world.change("DELETE FROM leaves WHERE feed = 7")
    assert "missing from the feed" in reopened_frozen(world)


def test_an_anchor_that_cannot_be_read_freezes_the_record(world: World) -> None:
    world.muster.record.folder.anchor_file.write_bytes(b"rubbish")
    assert "The anchor cannot be read" in reopened_frozen(world)


def test_an_older_state_with_an_older_key_is_read_and_not_refused(worlds: Callable[..., World]) -> None:
    from muster.store.rotate import rotate_key

    yesterday, today = worlds(), worlds()
    rotate_key(today.muster.record)
    record = open_record(yesterday.muster.record.ledger, fold_version=FOLD_VERSION, state_root=today.state)
    assert "older state was put back" in (record.ledger.frozen or "")


def test_without_an_anchor_nothing_is_known_before(world: World) -> None:
    world.muster.record.folder.anchor_file.unlink()
    assert check_anchor(world.database, world.muster.record.folder) is None


def test_without_its_key_a_log_is_not_opened(world: World, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        open_record(changed_ledger(world), fold_version=FOLD_VERSION, state_root=tmp_path / "elsewhere")
