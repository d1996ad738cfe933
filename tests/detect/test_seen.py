"""Kinds of events: told apart, gathered over pieces, bounded."""

import pytest

from muster.detect import seen
from muster.detect.events import read_lines
from muster.detect.ruleset import Needs
from muster.detect.seen import Delivered, Kind, Seen
from muster.detect.shapes.registry import SHAPES
from muster.detect.shapes.shape import ShapeName


def gathered(*pieces: list[bytes]) -> dict[Kind, Delivered]:
    whole = Seen()
    for lines in pieces:
        reading = read_lines(lines, Needs(frozenset(), text=False), watch=True)
        assert reading.seen is not None
        whole.add(reading.seen, SHAPES)
    return whole.kinds


def test_windows_events_are_told_apart_by_channel_and_number() -> None:
    kinds = gathered(
        [
            b'{"EventID":1,"Channel":"Security","SourceName":"P","New Value":1}',
            b'{"EventID":"1","Channel":"security","X":1}',
        ],
        [b'{"Event":{"System":{"EventID":1,"Channel":"Security"},"EventData":{"Y":1}}}'],
    )
    collector = Kind(ShapeName.WINDOWS_COLLECTOR, "security", "1")
    assert kinds[collector].count == 2
    assert kinds[collector].fields == {"EventID", "Channel", "Provider_Name", "NewValue", "X"}
    assert kinds[Kind(ShapeName.EVTX_JSON, "security", "1")].fields == {"EventID", "Channel", "Y"}


def test_others_by_what_they_say() -> None:
    kinds = gathered(
        [b'{"a":1}', b'{"logsource.product":"Azure","b":1}', b"type=CWD msg=audit(1.2:3): cwd=x"]
    )
    assert {(kind.shape, kind.product, kind.service) for kind in kinds} == {
        (ShapeName.UNKNOWN, "", ""), (ShapeName.UNKNOWN, "azure", ""), (ShapeName.LINUX_AUDIT, "linux", "auditd"),
    }  # fmt: skip


def test_nothing_is_noted_unless_asked() -> None:
    assert read_lines([b'{"a":1}'], Needs(frozenset(), text=False)).seen is None


def test_strange_values_and_many_kinds_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "MAX_KINDS", 3)
    monkeypatch.setattr(seen, "MAX_NAMES", 4)
    lines = [b'{"EventID":%d,"Channel":["x"],"f%d":1}' % (number, number) for number in range(50)]
    kinds = gathered(lines, lines)
    assert len(kinds) <= 5
    assert sum(delivered.count for delivered in kinds.values()) == 100
