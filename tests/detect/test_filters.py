"""Filters: which rules they narrow, and what happens when one cannot."""

from collections.abc import Mapping

import yaml

from muster.detect import ruleset
from muster.detect.pipeline_choice import DEFAULT
from muster.detect.rule import Reason
from muster.detect.ruleset import Ruleset
from tests.detect.yard import on, rows

ID = "5f1abf38-9ad0-4ac1-8c5d-1f5c0a0a4f11"
EVENTS = [{"F": "a", "user": "adm_x"}, {"F": "a", "user": "eve"}, {"F": "a"}]


def narrowing(
    rules: object, condition: str = "not selection", source: Mapping[str, str] | None = None, **parts: object
) -> bytes:
    named = parts or {"selection": {"user|startswith": "adm_"}}
    return yaml.safe_dump({
        "title": "Without administrators",
        "logsource": dict(source or {"category": "test"}),
        "filter": {"rules": rules, **named, "condition": condition},
    }).encode()  # fmt: skip


def compiled(*texts: bytes) -> Ruleset:
    return ruleset.compile({f"r{number}.yml": text for number, text in enumerate(texts)}, DEFAULT)


def test_by_id_by_name_and_any() -> None:
    for rules in ([ID.upper()], ["my_rule"], "any", [ID, "another"]):
        made = compiled(narrowing(rules), on({"F": "a"}, id=ID, name="my_rule"))
        assert not made.unloaded
        assert rows(made, EVENTS) == {"r1.yml": [1, 2]}


def test_several_filters_and_their_own_conditions() -> None:
    more = narrowing("any", "1 of a_* and not all of them", a_one={"F": "a"}, b={"user": "eve"})
    made = compiled(on({"F": "a"}), narrowing("any"), more)
    assert not made.unloaded
    assert rows(made, EVENTS) == {"r0.yml": [2]}


def test_other_rules_and_other_log_sources_are_left_alone() -> None:
    other = on({"F": "a"}, source={"category": "other"})
    made = compiled(on({"F": "a"}, id=ID), on({"F": "a"}), other, narrowing([ID]))
    assert rows(made, EVENTS) == {"r0.yml": [1, 2], "r1.yml": [0, 1, 2], "r2.yml": [0, 1, 2]}


def test_a_filter_goes_through_the_pipeline_of_its_rule() -> None:
    source = {"product": "windows", "category": "process_creation"}
    made = compiled(on({"F": "a"}, source=source), narrowing("any", source={"product": "windows"}))
    sysmon = {"Channel": "Microsoft-Windows-Sysmon/Operational", "EventID": 1}
    assert rows(made, [{**sysmon, **one} for one in EVENTS]) == {"r0.yml": [1, 2]}


def test_what_narrows_nothing_is_listed_and_the_rules_stay() -> None:
    made = compiled(
        on({"F": "a"}),
        narrowing(["nobody"]),
        narrowing("any", "not other"),
        narrowing("any", selection={"F|nonsense": 1}),
        narrowing("any", selection={"F|expand": "%x%"}),
        yaml.safe_dump({"title": "T", "logsource": {"category": "test"}, "filter": 7}).encode(),
        yaml.safe_dump(
            {"title": "T", "logsource": {"category": "test"}, "filter": {"condition": "x"}}
        ).encode(),
    )
    assert [(one.path, one.reason) for one in made.unloaded] == [
        ("r1.yml", Reason.FILTER), ("r2.yml", Reason.INVALID), ("r3.yml", Reason.MODIFIER),
        ("r4.yml", Reason.PLACEHOLDER), ("r5.yml", Reason.INVALID), ("r6.yml", Reason.INVALID),
    ]  # fmt: skip
    assert rows(made, EVENTS) == {"r0.yml": [0, 1, 2]}
