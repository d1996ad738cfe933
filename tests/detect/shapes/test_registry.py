"""The list of shapes: every name is in use, and every shape is told from the others."""

import pytest

from muster.detect.shapes import heading, unknown
from muster.detect.shapes.registry import LINES, SHAPES, recognise
from muster.detect.shapes.shape import ShapeName


def test_every_name_is_in_use() -> None:
    used = {shape.name for shape in (*SHAPES, unknown.SHAPE)} | {shape.name for shape in LINES}
    assert used == set(ShapeName)
    assert heading.NONE.names == ()


@pytest.mark.parametrize(
    ("event", "name"),
    [
        ({"Provider_Name": "P", "EventID": 1, "EventData": "field of a normalised event"}, ShapeName.WINDOWS),
        (
            {"eventSource": "SecurityComplianceCenter", "eventName": "x", "status": "success"},
            ShapeName.UNKNOWN,
        ),
        ({"event_id": 7, "message": "no log name"}, ShapeName.UNKNOWN),
        ({"EventID": 5}, ShapeName.UNKNOWN),
        ({"Event": "words"}, ShapeName.UNKNOWN),
        ({"event": {"kind": "x"}}, ShapeName.UNKNOWN),
        ({"winlog": {}, "ecs": {}}, ShapeName.WINLOGBEAT),
    ],
)
def test_the_first_that_claims_an_event_has_it(event: dict[str, object], name: ShapeName) -> None:
    assert recognise(event).name is name


def test_no_claim_ever_raises() -> None:
    for value in (None, 1, "x", [], {}, [{}]):
        for field in (
            "Event",
            "System",
            "winlog",
            "event",
            "ecs",
            "EventData",
            "SyslogMessage",
            "id",
            "request",
        ):
            recognise({field: value, "EventID": value, "@timestamp": value, "ts": value})
