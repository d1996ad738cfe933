"""Winlogbeat 7 and later, nested and with dotted names."""

import json

from muster.detect.shapes.shape import ShapeName
from tests.detect.shapes.field import fields

EVENT = {
    "@timestamp": "2026-11-24T02:10:00Z", "event": {"code": "1", "provider": "P"}, "host": {"name": "h"}, "message": "m",
    "winlog": {
        "event_id": "1", "provider_name": "P", "channel": "Microsoft-Windows-Sysmon/Operational", "computer_name": "PC",
        "record_id": 5, "event_data": {"Image": "a.exe", "New Value": "x", "param1": "u", "param2": "v"},
    },
}  # fmt: skip
WANTED = {
    "@timestamp": "2026-11-24T02:10:00Z", "event.code": "1", "event.provider": "P", "host.name": "h", "message": "m",
    "EventID": "1", "Provider_Name": "P", "Channel": "Microsoft-Windows-Sysmon/Operational", "Computer": "PC",
    "EventRecordID": "5", "UtcTimeCreated": "2026-11-24T02:10:00Z", "Message": "m", "Image": "a.exe", "NewValue": "x",
    "param1": "u", "param2": "v", "Data": "u\nv",
}  # fmt: skip


def test_nested() -> None:
    assert fields(json.dumps(EVENT), ShapeName.WINLOGBEAT) == WANTED


def test_dotted() -> None:
    line = b'{"@timestamp":"t","event.code":4688,"winlog.event_id":4688,"winlog.channel":"Security","winlog.event_data.NewProcessName":"x"}'
    assert fields(line, ShapeName.WINLOGBEAT) == {
        "@timestamp": "t", "event.code": "4688", "EventID": "4688", "Channel": "Security", "UtcTimeCreated": "t",
        "NewProcessName": "x",
    }  # fmt: skip


def test_the_number_may_stand_in_the_event_only_and_the_data_in_user_data() -> None:
    line = b'{"event":{"code":104},"winlog":{"channel":"System","user_data":{"SubjectUserName":"ann"}}}'
    found = fields(line, ShapeName.WINLOGBEAT)
    assert (found["EventID"], found["SubjectUserName"]) == ("104", "ann")
