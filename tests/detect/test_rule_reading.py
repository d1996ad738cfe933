"""Rule files as a whole: what refers to what, what is silent, and what is listed."""

import pytest
import yaml

from muster.detect import ruleset
from muster.detect.pipeline_choice import DEFAULT
from muster.detect.rule import Reason
from tests.detect.correlation_yard import base, compiled, correlation
from tests.detect.yard import on, rows

A = base("a", kind="a")


def listed(*documents: dict[str, object]) -> list[tuple[str | None, str]]:
    made = compiled([A, *documents])
    assert [one.title for one in made.rules] == ["a"]
    assert {one.reason for one in made.unloaded} == {Reason.CORRELATION}
    return [(one.title, one.detail) for one in made.unloaded]


def test_a_rule_that_only_a_correlation_asks_for_is_silent() -> None:
    quiet = correlation("n", "event_count", ["a"], condition={"gte": 2})
    loud = correlation("m", "event_count", ["a", "n"], condition={"gte": 2}, generate=True)
    assert compiled([A, quiet]).silent == {"r.yml"}
    assert compiled([A, quiet, loud]).silent == frozenset()
    top = correlation("top", "event_count", ["n"], condition={"gte": 2})
    assert compiled([A, quiet, top]).silent == {"r.yml", "r.yml#2"}
    assert (
        compiled([A, correlation("n", "event_count", ["a", "gone"], condition={"gte": 2})]).silent
        == frozenset()
    )


def test_the_order_in_the_files_does_not_matter() -> None:
    top = correlation("top", "event_count", ["n"], condition={"gte": 2})
    made = compiled([top, correlation("n", "event_count", ["a"], condition={"gte": 2}), A])
    assert [one.rule.title for one in made.correlations] == ["n", "top"]


def test_what_refers_to_nothing_is_listed_with_what_refers_to_it() -> None:
    condition = {"gte": 2}
    assert listed(
        correlation("n", "event_count", ["gone"], condition=condition),
        correlation("m", "event_count", ["n"], condition=condition),
    ) == [("n", "it refers to gone, which is not there"), ("m", "it refers to n, which is not loaded")]
    assert listed(
        correlation("n", "event_count", ["m"], condition=condition),
        correlation("m", "event_count", ["n"], condition=condition),
    ) == [("n", "it refers to itself"), ("m", "it refers to itself")]


def test_a_name_of_several_rules_says_nothing() -> None:
    made = compiled([A, A, correlation("n", "event_count", ["a"], condition={"gte": 2})])
    assert [one.detail for one in made.unloaded] == ["it refers to a, which is the name of several rules"]


def test_a_correlation_of_a_rule_that_hyperscan_refuses_is_listed() -> None:
    bad = base("bad", **{"F|re": r"(q)\1"})
    made = compiled([bad, correlation("n", "event_count", ["bad"], condition={"gte": 2})])
    assert [(one.title, one.reason) for one in made.unloaded] == [
        ("bad", Reason.REGEX),
        ("n", Reason.CORRELATION),
    ]


@pytest.mark.parametrize("ending", [".pipeline.yml", ".pipeline.yaml"])
def test_pipelines_lie_beside_rules(ending: str) -> None:
    steps = yaml.safe_dump({"vars": {"admins": ["root", 7]}, "transformations": [
        {"id": "m", "type": "field_name_mapping", "mapping": {"F": "G"}},
    ]}).encode()  # fmt: skip
    files = {"r.yml": on({"F|expand": "%admins%"}), "a" + ending: steps, "b" + ending: b"[1]"}
    made = ruleset.compile(files, DEFAULT)
    assert [(one.path, one.reason) for one in made.unloaded] == [("b" + ending, Reason.PIPELINE)]
    assert rows(made, [{"F": "root"}, {"G": "root"}, {"G": "7"}, {"G": "eve"}]) == {"r.yml": [1, 2]}
