"""A lane is reality or one drill."""

import pytest

from muster.record.lane import REAL, valid


@pytest.mark.parametrize("lane", [REAL, "drill:DRL-7Q4KM2", "drill:x"])
def test_reality_and_drills_are_lanes(lane: str) -> None:
    assert valid(lane)


@pytest.mark.parametrize("lane", ["", "drill:", "drill", "Real", "real ", "dril:x", "x drill:x"])
def test_nothing_else_is_one(lane: str) -> None:
    assert not valid(lane)
