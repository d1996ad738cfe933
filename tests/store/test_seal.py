"""Sealing: soon, by one of many, at a cost that grows with what is new only."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from muster.core.time import stored
from muster.record import checkpoint
from muster.store.leases import claim
from muster.store.seal import LEASE, LEASE_SECONDS, Sealer
from tests.store.world import World, counted


def another(world: World, holder: str) -> Sealer:
    """The sealer of another process on the same log."""
    record = world.muster.record
    return Sealer(world.database, record.key, record.folder, holder)


def until(true: Callable[[], bool], seconds: float) -> float:
    began = time.monotonic()
    while not true() and time.monotonic() - began < seconds:
        time.sleep(0.02)
    assert true(), f"not within {seconds} s"
    return time.monotonic() - began


def test_an_entry_is_sealed_within_five_seconds_and_the_anchor_follows(world: World) -> None:
    world.muster.sealer.start()
    world.log("one line")
    assert until(lambda: world.muster.sealer.uncovered() == 0, 5.0) < 5.0
    until(lambda: checkpoint.parse(world.muster.record.folder.anchor() or b"").size == 47, 1.0)
    world.muster.sealer.stop()
    assert world.verified().record.unsealed == 0


def test_a_thousand_entries_do_not_wait_for_the_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muster.store.seal.SEAL_AFTER_ENTRIES", 5)
    monkeypatch.setattr("muster.store.seal.SEAL_AFTER_SECONDS", 3600.0)
    world.muster.sealer.start()
    for number in range(5):
        world.log(f"line {number}")
    until(lambda: world.muster.sealer.uncovered() == 0, 3.0)
    world.muster.sealer.stop()


def test_a_clean_stop_seals_what_is_left(world: World) -> None:
    world.log("the last word")
    world.muster.sealer.stop()
    assert world.verified().record.unsealed == 0
    assert world.rows("SELECT count(*) FROM leases WHERE name = 'seal'") == [(0,)]


def test_the_cost_grows_with_what_is_new_only(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The leaves that are read are those behind the last checkpoint, however long the log is."""
    read: list[int] = []
    real = checkpoint.make
    for lines in (1, 4, 1):
        for number in range(lines):
            world.log(f"line {number}")
        before = world.rows("SELECT max(size) FROM checkpoints")[0][0]

        def made(*given: object, before: int = before) -> bytes:
            read.append(int(str(given[1])) - before)
            return real(*given)

        monkeypatch.setattr("muster.store.seal.checkpoint.make", made)
        with counted(world.database) as statements:
            world.seal()
        monkeypatch.undo()
        leaves = [one for one in statements if "FROM leaves" in one]
        assert len(leaves) == 1
        assert re.search(r"leaves\.feed >= ", leaves[0])
        assert len(statements) <= 6
    assert read == [1, 4, 1]


def test_nothing_new_writes_no_checkpoint(world: World) -> None:
    before = world.rows("SELECT count(*) FROM checkpoints")
    assert world.seal() == world.seal() == 46
    assert world.rows("SELECT count(*) FROM checkpoints") == before


def test_a_gap_is_never_signed(world: World) -> None:
    seq = world.log("one")
    world.log("two")
    world.change("DELETE FROM leaves WHERE stream = :s AND seq = :q", s=world.incident, q=seq)
    assert world.seal() == 46


def test_two_sealers_at_once_make_one_checkpoint(world: World) -> None:
    world.log("one line")
    assert another(world, "b").seal() == world.seal() == 47
    assert world.rows("SELECT count(*) FROM checkpoints WHERE size = 47") == [(1,)]
    assert world.verified().findings == ()


def test_one_of_two_running_sealers_seals_and_the_other_takes_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("muster.store.seal.SEAL_AFTER_SECONDS", 0.0)
    monkeypatch.setattr("muster.store.seal.LOOK_SECONDS", 0.05)
    first, second = another(world, "first"), another(world, "second")
    first.start()
    world.log("one line")
    until(lambda: first.uncovered() == 0, 3.0)
    assert world.rows("SELECT holder FROM leases WHERE name = 'seal'") == [("first",)]
    second.start()
    world.log("two lines")
    until(lambda: first.uncovered() == 0, 3.0)
    assert world.rows("SELECT holder FROM leases WHERE name = 'seal'") == [("first",)]
    first.stop()
    world.log("three lines")
    until(lambda: second.uncovered() == 0, 3.0)
    second.stop()
    assert world.verified().findings == ()


def test_the_lease_of_a_dead_holder_is_taken_over_when_it_ends(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("muster.store.seal.SEAL_AFTER_SECONDS", 0.0)
    monkeypatch.setattr("muster.store.seal.LOOK_SECONDS", 0.05)
    assert claim(world.database, LEASE, "the dead one", LEASE_SECONDS)
    world.log("one line")
    living = another(world, "the living one")
    living.start()
    time.sleep(0.3)
    assert living.uncovered() == 1
    world.change("UPDATE leases SET expires = :then", then=stored(datetime.now(UTC) - timedelta(seconds=1)))
    until(lambda: living.uncovered() == 0, 3.0)
    living.stop()


def test_a_disk_that_is_full_is_said_and_sealing_goes_on_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from muster.core.errors import Unavailable
    from muster.store.state_folder import StateFolder

    monkeypatch.setattr("muster.store.seal.SEAL_AFTER_SECONDS", 0.0)
    monkeypatch.setattr("muster.store.seal.LOOK_SECONDS", 0.05)

    def full(_self: StateFolder, _note: bytes) -> None:
        raise Unavailable("The anchor cannot be written.", "anchor", "Make room.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StateFolder, "write_anchor", full)
        world.muster.sealer.start()
        world.log("one line")
        until(lambda: world.muster.sealer.failure is not None, 3.0)
    world.log("two lines")
    until(lambda: world.muster.sealer.failure is None and world.muster.sealer.uncovered() == 0, 3.0)
    world.muster.sealer.stop()
    assert checkpoint.parse(world.muster.record.folder.anchor() or b"").size == 48
