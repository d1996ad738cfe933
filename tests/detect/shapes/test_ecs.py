"""ECS: dotted names stay, the names of rules stand beside them."""

import json

import pytest

from muster.detect.shapes.shape import ShapeName
from tests.detect.shapes.field import fields
from tests.detect.yard import hits, on


def event(category: str, system: str, **more: object) -> dict[str, object]:
    return {
        "@timestamp": "t", "ecs": {"version": "8.11"}, "event": {"category": [category], "type": ["start"]},
        "host": {"os": {"type": system}}, "process": {"executable": "/bin/id", "command_line": "id -u", "parent": {"executable": "/bin/sh"}},
        **more,
    }  # fmt: skip


def test_a_process() -> None:
    found = fields(json.dumps(event("process", "linux")), ShapeName.ECS)
    wanted = {
        "process.executable": "/bin/id", "Image": "/bin/id", "CommandLine": "id -u", "ParentImage": "/bin/sh",
        "logsource.product": "linux", "logsource.category": "process_creation",
    }  # fmt: skip
    assert wanted.items() <= found.items()
    ended = event("process", "linux") | {"event": {"category": ["process"], "type": ["end"]}}
    assert fields(json.dumps(ended), ShapeName.ECS)["logsource.category"] == "none"


@pytest.mark.parametrize(
    ("category", "more", "field", "value", "told"),
    [
        ("file", {"file": {"path": "/x"}}, "TargetFilename", "/x", "file_event"),
        ("registry", {"registry": {"path": "HKLM"}}, "TargetObject", "HKLM", "registry_event"),
        ("library", {"dll": {"path": "a.dll"}}, "ImageLoaded", "a.dll", "image_load"),
        ("network", {"destination": {"ip": "192.0.2.1", "port": 1}}, "DestinationIp", "192.0.2.1", "network_connection"),
        ("network", {"dns": {"question": {"name": "e"}}}, "QueryName", "e", "dns_query"),
    ],
)  # fmt: skip
def test_other_kinds(category: str, more: dict[str, object], field: str, value: str, told: str) -> None:
    found = fields(json.dumps(event(category, "windows", **more)), ShapeName.ECS)
    assert (found[field], found["logsource.category"], found["logsource.product"]) == (value, told, "windows")


def test_rules_for_sysmon_meet_a_process_on_windows_and_only_there() -> None:
    rule = on({"Image|endswith": "/id"}, source={"product": "windows", "category": "process_creation"})
    assert hits(rule, [event("process", "windows"), event("process", "linux"), event("file", "windows")]) == [
        0
    ]


def test_web_and_firewall() -> None:
    web = {
        "ecs.version": "8", "event": {"category": "web"}, "http": {"request": {"method": "GET"}, "response": {"status_code": 200}},
        "url": {"original": "/a?b"}, "user_agent": {"original": "u"}, "source": {"ip": "192.0.2.1"},
    }  # fmt: skip
    found = fields(json.dumps(web), ShapeName.ECS)
    assert (found["cs-method"], found["cs-uri-stem"], found["sc-status"], found["c-useragent"]) == (
        "GET",
        "/a",
        "200",
        "u",
    )
    flow = {
        "ecs.version": "8",
        "event": {"category": "network"},
        "destination": {"ip": "192.0.2.1", "port": 23},
    }
    told = fields(json.dumps(flow), ShapeName.ECS)
    assert (told["dst_port"], told["logsource.category"]) == ("23", "firewall")
    other = fields(b'{"ecs":{"version":"8"},"event":{"category":"host"}}', ShapeName.ECS)
    assert "logsource.category" not in other
