"""Winlogbeat up to 6."""

import gzip
import json
from pathlib import Path

from muster.detect.normalising import normalised
from muster.detect.shapes.shape import ShapeName
from tests.detect.shapes.field import fields


def test_the_old_names() -> None:
    event = {
        "@timestamp": "t", "event_id": 12, "log_name": "Security", "source_name": "P", "computer_name": "PC",
        "record_number": "9", "beat": {"name": "b"}, "event_data": {"Target Object": "k", "param1": "z"}, "message": "m",
    }  # fmt: skip
    found = fields(json.dumps(event), ShapeName.WINLOGBEAT_6)
    wanted = {
        "EventID": "12", "Channel": "Security", "Provider_Name": "P", "Computer": "PC", "EventRecordID": "9",
        "UtcTimeCreated": "t", "TargetObject": "k", "Data": "z", "Message": "m", "beat.name": "b",
    }  # fmt: skip
    assert wanted.items() <= found.items()


def test_the_published_ones(corpora: Path) -> None:
    count = 0
    with gzip.open(corpora / "events" / "otrf-raw-sample.jsonl.gz") as lines:
        for line in lines:
            if b'"event_id"' not in line:
                continue
            found = normalised(line.strip())
            assert found is not None
            event, named = json.loads(line), dict(found[1])
            assert named["EventID"] == str(event["event_id"])
            assert named["Channel"] == event["log_name"]
            assert all(
                named[name.replace(" ", "")] == value for name, value in event.get("event_data", {}).items()
            )
            count += 1
            if count == 500:
                break
    assert count == 500
