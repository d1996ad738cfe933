"""Flat Windows events of collectors: two names change."""

from muster.detect.shapes.shape import ShapeName
from tests.detect.shapes.field import columns_of, fields


def test_provider_and_computer_get_the_names_of_rules() -> None:
    line = b'{"EventID":"1","Channel":"security","SourceName":"P","Hostname":"H","Threat Name":"t","tags":["a","b"]}'
    assert fields(line, ShapeName.WINDOWS_COLLECTOR) == {
        "EventID": "1", "Channel": "security", "Provider_Name": "P", "Computer": "H", "ThreatName": "t",
        "tags": '["a","b"]',
    }  # fmt: skip


def test_of_two_names_for_one_field_the_later_value_counts() -> None:
    lines = [
        b'{"EventID":1,"Channel":"c","Hostname":"a","Computer":"b"}',
        b'{"EventID":1,"Channel":"c","Computer":"b","Hostname":"a"}',
        b'{"EventID":1,"Channel":"c","Computer":"d"}',
    ]
    assert [event["Computer"] for event in columns_of(lines)] == ["b", "a", "d"]
