"""Stored segments for tests."""

import io
import json
from collections.abc import Sequence

from muster.detect.columns import Events
from muster.detect.events import read_lines
from muster.detect.packing import Arrived, Packed, pack
from muster.detect.ruleset import EVERYTHING
from muster.detect.segment import Segment, Stored

ARRIVED = "20261124T021000.000000Z"


def packed(
    objects: Sequence[object], *, sha256: str = "ab" * 32, arrived: str = ARRIVED, lane: str = "real"
) -> list[Packed]:
    """The segments of a batch of these events."""
    lines = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in objects]
    reading = read_lines(lines, EVERYTHING)
    assert isinstance(reading.batch, Events)
    return pack(reading.batch, reading.positions, Arrived(lane, arrived, sha256, len(lines)))


def groups(segments: Sequence[Packed]) -> list[Stored]:
    return [group for one in segments for group in Segment(io.BytesIO(one.data)).each()]
