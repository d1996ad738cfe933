"""OCSF: classes of activity with the names of rules beside."""

import json

import pytest

from muster.detect.shapes.shape import ShapeName
from tests.detect.shapes.field import fields
from tests.detect.yard import hits, on

DEVICE = {"hostname": "h", "os": {"name": "Windows 11", "type_id": 100}}


def event(kind: int, **more: object) -> dict[str, object]:
    return {"class_uid": kind, "category_uid": kind // 1000, "activity_id": 1, "device": DEVICE, **more}


def test_a_process_and_its_parent() -> None:
    started = event(
        1007,
        process={"file": {"path": "C:\\id.exe"}, "cmd_line": "id", "pid": 7},
        actor={"process": {"file": {"path": "C:\\sh.exe"}, "cmd_line": "sh"}},
    )
    found = fields(json.dumps(started), ShapeName.OCSF)
    wanted = {
        "Image": "C:\\id.exe", "CommandLine": "id", "ProcessId": "7", "ParentImage": "C:\\sh.exe", "Computer": "h",
        "ParentCommandLine": "sh", "logsource.product": "windows", "logsource.category": "process_creation", "EventID": "1",
    }  # fmt: skip
    assert wanted.items() <= found.items()
    rule = on({"Image|endswith": "\\id.exe"}, source={"product": "windows", "category": "process_creation"})
    assert hits(rule, [started, started | {"activity_id": 2}]) == [0]


@pytest.mark.parametrize(
    ("kind", "more", "field", "value"),
    [
        (1001, {"file": {"path": "x"}}, "TargetFilename", "x"),
        (1005, {"module": {"file": {"path": "m"}}}, "ImageLoaded", "m"),
        (4001, {"dst_endpoint": {"ip": "192.0.2.1"}}, "DestinationIp", "192.0.2.1"),
        (4003, {"query": {"hostname": "q"}}, "QueryName", "q"),
        (201002, {"reg_value": {"path": "k", "data": "d"}}, "TargetObject", "k"),
        (
            4002,
            {"http_request": {"http_method": "GET", "url": {"url_string": "http://a/b?c"}}},
            "cs-method",
            "GET",
        ),
    ],
)
def test_other_classes(kind: int, more: dict[str, object], field: str, value: str) -> None:
    assert fields(json.dumps(event(kind, **more)), ShapeName.OCSF)[field] == value


def test_an_api_activity_of_aws_meets_the_rules_for_cloudtrail() -> None:
    call = {
        "class_uid": 6003, "metadata": {"version": "1.1"}, "cloud": {"provider": "AWS", "region": "x"},
        "api": {"operation": "StopLogging", "service": {"name": "cloudtrail.amazonaws.com"}},
    }  # fmt: skip
    rule = on({"eventName": "StopLogging"}, source={"product": "aws", "service": "cloudtrail"})
    assert hits(rule, [call]) == [0]


def test_a_flow_of_no_known_system_is_a_firewalls() -> None:
    flow = {"class_uid": 4001, "category_uid": 4, "dst_endpoint": {"ip": "192.0.2.1", "port": 23}}
    found = fields(json.dumps(flow), ShapeName.OCSF)
    assert (found["dst_port"], found["logsource.category"]) == ("23", "firewall")
