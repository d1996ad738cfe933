"""Which rules an event may meet."""

import pytest

from muster.detect.pipeline_choice import DEFAULT
from muster.detect.routing import Shape, fits, is_particular
from muster.detect.rule import LogSource
from tests.detect.yard import compiled, on, rows, rule

SYSMON = {"Channel": "Microsoft-Windows-Sysmon/Operational", "EventID": 1, "CommandLine": "wget evil"}
WEB = {"cs-method": "GET", "cs-uri-query": "wget evil", "c-ip": "10.0.0.1"}
OTHER = {"message": "wget evil"}


def met(source: dict[str, str], *events: dict[str, object]) -> list[int]:
    return rows(compiled(on(["evil"], source=source), pipeline=DEFAULT), events).get("r0.yml", [])


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ({"category": "webserver"}, [1, 2]),
        ({"category": "proxy"}, [1, 2]),
        ({"service": "nginx"}, [1, 2]),
        ({"product": "linux"}, [0, 2][1:]),
        ({"product": "linux", "category": "webserver"}, [1, 2]),
        ({"product": "spring", "category": "application"}, [2]),
        ({"product": "windows"}, [0, 2]),
        ({"category": "antivirus"}, [0, 2]),
        ({"category": "made_up"}, [0, 1, 2]),
    ],
)
def test_shapes(source: dict[str, str], wanted: list[int]) -> None:
    assert met(source, SYSMON, WEB, OTHER) == wanted


def test_what_an_event_states_beats_its_shape() -> None:
    stated = {**WEB, "logsource.product": "Linux"}
    assert met({"product": "linux"}, WEB, stated) == [1]
    assert met({"product": "windows"}, stated) == []
    assert met({"category": "webserver"}, stated) == [0]
    assert met({"product": "linux"}, {"logsource": {"product": "linux"}, "m": "evil"}) == [0]


@pytest.mark.parametrize("part", ["product", "category", "service"])
def test_contradictions(part: str) -> None:
    events = [
        {"m": "evil", f"logsource.{part}": "one"},
        {"m": "evil", f"logsource.{part}": "two"},
        {"m": "evil"},
    ]
    assert met({part: "one"}, *events) == [0, 2]


def test_a_rule_that_only_excludes_must_find_a_field_of_its_own() -> None:
    text = {"f": {"host|cidr": "10.0.0.0/8"}, "condition": "not f"}
    events = [{"x": "1"}, {"host": "10.1.1.1"}, {"host": "8.8.8.8"}]
    assert rows(compiled(rule(text, source={"product": "zeek"})), events) == {"r0.yml": [2]}
    assert rows(compiled(rule(text, source={"category": "firewall"})), events) == {"r0.yml": [0, 2]}
    stated = [{**event, "logsource.product": "zeek"} for event in events]
    assert rows(compiled(rule(text, source={"product": "zeek"})), stated) == {"r0.yml": [0, 2]}


def test_the_tables() -> None:
    assert fits(LogSource(product="rpc_firewall", category="application"), Shape.WINDOWS)
    assert not fits(LogSource(service="netflow"), Shape.WINDOWS)
    assert not fits(LogSource(category="process_creation"), Shape.WEB)
    assert is_particular(LogSource(service="sshd"))
    assert not is_particular(LogSource(product="windows", service="security"))
    assert not is_particular(LogSource(category="webserver"))
