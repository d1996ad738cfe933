"""Never silently blind: rules without events, without fields, and events without rules."""

import json
from collections.abc import Mapping

from muster.detect.blind import Blind, blind
from muster.detect.events import read_lines
from muster.detect.seen import Seen
from muster.detect.shapes.registry import SHAPES
from tests.detect.yard import compiled, on

PROCESS = {"product": "windows", "category": "process_creation"}
STARTED = {
    "EventID": 1,
    "Channel": "Microsoft-Windows-Sysmon/Operational",
    "SourceName": "P",
    "Image": "a",
    "CommandLine": "b",
}


def compare(rules: list[bytes], events: list[Mapping[str, object]]) -> Blind:
    ruleset = compiled(*rules)
    seen = Seen()
    reading = read_lines([json.dumps(event).encode() for event in events], ruleset.needs, watch=True)
    assert reading.seen is not None
    seen.add(reading.seen, SHAPES)
    return blind(ruleset, seen)


def test_a_rule_that_has_all_it_asks_for_is_not_named() -> None:
    found = compare([on({"Image": "a", "CommandLine|contains": "c"}, source=PROCESS)], [STARTED])
    assert found == Blind((), (), ())


def test_a_field_that_never_came_is_named() -> None:
    rules = [
        on({"Image": "a", "OriginalFileName": "x"}, title="One", source=PROCESS),
        on({"OriginalFileName": "x"}, title="All", source=PROCESS),
    ]
    found = compare(rules, [STARTED])
    assert [(one.rule.title, one.fields, one.is_all) for one in found.undelivered] == [
        ("One", ("OriginalFileName",), False), ("All", ("OriginalFileName",), True),
    ]  # fmt: skip
    assert compare(rules, [STARTED, STARTED | {"OriginalFileName": "y"}]).undelivered == ()


def test_a_field_of_another_number_does_not_help() -> None:
    connection = {"EventID": 3, "Channel": STARTED["Channel"], "SourceName": "P", "OriginalFileName": "y"}
    found = compare([on({"OriginalFileName": "x"}, source=PROCESS)], [STARTED, connection])
    assert len(found.undelivered) == 1
    assert [(kind.number, count) for kind, count in found.unread] == [("3", 1)]


def test_a_log_source_that_never_came_is_named() -> None:
    rules = [
        on({"Image": "a"}, title="Linux", source={"product": "linux", "category": "process_creation"}),
        on({"TargetFilename": "a"}, title="File", source={"product": "windows", "category": "file_event"}),
        on({"eventName": "a"}, title="Cloud", source={"product": "aws", "service": "cloudtrail"}),
        on({"cs-method": "GET"}, title="Web", source={"category": "webserver"}),
        on({"keywords": ["x"]}, title="Words", source={"category": "database"}),
    ]
    found = compare(rules, [STARTED])
    assert [rule.title for rule in found.without_source] == ["Linux", "File", "Cloud", "Web", "Words"]
    assert [count for _, count in found.unread] == [1]


def test_events_of_no_known_source_meet_rules_by_their_fields() -> None:
    rule = on({"action": "a", "actor": "b"}, source={"product": "github", "service": "audit"})
    assert compare([rule], [{"action": "a"}]).undelivered[0].fields == ("actor",)
    other = compare([rule], [{"b": 1}, {"b": 2}])
    assert (len(other.without_source), other.unread[0][1]) == (1, 2)


def test_the_kinds_without_rules_come_by_their_number() -> None:
    audit = {"logsource.product": "azure", "x": 1}
    found = compare([on({"Image": "a"}, source=PROCESS)], [audit, {"y": 1}, audit, STARTED])
    assert [(kind.product, count) for kind, count in found.unread] == [("azure", 2), ("", 1)]
