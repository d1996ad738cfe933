"""The log's key is rotated by an entry; whoever pinned the old key can follow, and no crash breaks it."""

from collections.abc import Callable
from typing import Any

import pytest

from muster.core.errors import BadInput, Unavailable
from muster.record import checkpoint
from muster.record.note import SigningKey
from muster.store.rotate import rotate_key
from tests.store.world import World, opened

STEPS = ("rotate-key-written", "before-commit", "after-commit", "rotate-entry-written", "checkpoint",
         "rotate-sealed", "rotate-done")  # fmt: skip


class Crash(BaseException):
    """The process ends here."""


def crash_at(point: str, armed: list[bool]) -> Callable[[str], None]:
    def watch(passed: str) -> None:
        if armed and passed == point:
            armed.clear()
            raise Crash

    return watch


def again(world: World) -> World:
    """The same directory, opened by the next process."""
    world.close()
    muster = opened(world.data, world.state, world.url, world.clock)
    world.muster = muster
    return world


def test_the_first_checkpoint_after_a_rotation_bears_both_signatures(world: World) -> None:
    old, anchor = world.muster.record.key.verifier(), world.muster.record.folder.anchor()
    done = rotate_key(world.muster.record)
    again(world)
    new = world.muster.record.key.verifier()
    assert new.text() == done.verifier_key != old.text()
    note = bytes(world.rows("SELECT note FROM checkpoints ORDER BY size DESC")[0][0])
    assert checkpoint.verify(note, [old, new])[1] == (old, new)
    world.log("life goes on")
    world.seal()
    last = bytes(world.rows("SELECT note FROM checkpoints ORDER BY size DESC")[0][0])
    assert checkpoint.verify(last, [old, new])[1] == (new,)
    found = world.verified(keys=[old], anchor=anchor)
    assert found.findings == ()
    assert found.record.pinned


def test_a_log_can_be_rotated_again_and_again(world: World) -> None:
    first = world.muster.record.key.verifier()
    for _ in range(3):
        rotate_key(world.muster.record)
        again(world)
    found = world.verified(keys=[first])
    assert found.findings == ()
    assert found.record.pinned


@pytest.mark.parametrize("point", STEPS)
def test_after_a_crash_at_any_step_the_next_open_finishes_or_forgets_it(
    worlds: Callable[..., World], point: str
) -> None:
    armed: list[bool] = []
    world = worlds(watch=crash_at(point, armed))
    old = world.muster.record.key.verifier()
    armed.append(True)
    with pytest.raises(Crash):
        rotate_key(world.muster.record)
    again(world)
    world.log("life goes on")
    world.seal()
    found = world.verified(keys=[old])
    assert found.findings == ()
    assert found.record.pinned
    assert found.record.unsealed == 0
    rotated = world.muster.record.key.verifier() != old
    assert rotated == (point not in ("rotate-key-written", "before-commit"))
    if rotated:
        assert not world.muster.record.folder.next_file().exists()
    rotate_key(world.muster.record)
    again(world)
    assert world.verified(keys=[old]).findings == ()


def test_a_rotation_that_somebody_else_made_meanwhile_is_refused(world: World) -> None:
    other = SigningKey(world.muster.record.origin, b"o" * 32).verifier().text()
    world.change("UPDATE log SET verifier_key = :key", key=other)
    with pytest.raises(BadInput):
        rotate_key(world.muster.record)


def test_a_server_that_still_has_the_old_key_does_not_seal(world: World) -> None:
    running: Any = opened(world.data, world.state, world.url, world.clock)
    rotate_key(world.muster.record)
    world.log("after")
    with pytest.raises(Unavailable, match="rotated"):
        running.sealer.seal()
    running.record.ledger.database.close()
    again(world)
    world.seal()
    assert world.verified().findings == ()


def test_a_checkpoint_by_a_stranger_is_never_built_upon(world: World) -> None:
    from muster.core.errors import Damaged

    record = world.muster.record
    stranger = SigningKey(record.origin, b"s" * 32)
    (size, root) = world.rows("SELECT size, root FROM checkpoints ORDER BY size DESC")[0]
    note = checkpoint.make(record.origin, size, bytes(root), stranger)
    world.change("UPDATE checkpoints SET note = :note WHERE size = :size", note=note, size=size)
    world.log("more")
    with pytest.raises(Damaged):
        world.seal()
