"""pySigma's correlations as ours, and what is refused."""

from time import process_time

import pytest
import yaml

from muster.detect import ruleset
from muster.detect.correlation import Input, Joined, Kind, Occurs, Relation
from muster.detect.moments import SECOND
from muster.detect.pipeline_choice import PipelineChoice
from muster.detect.rule import Reason
from tests.detect.correlation_yard import base, compiled, correlation

A, B = base("a", kind="a"), base("b", kind="b")


def test_all_that_a_document_says() -> None:
    (one,) = compiled([
        A, B,
        correlation("n", "value_percentile", ["a", "b"], "5m", condition={"lt": 3, "field": "n", "percentile": 95},
                    group_by=["who", "host"], aliases={"who": {"a": "user", "b": "account"}}),
    ]).correlations  # fmt: skip
    assert (one.kind, one.span, one.relation, one.number, one.percentile) == (
        Kind.VALUE_PERCENTILE, 300 * SECOND, Relation.LT, 3, 95,
    )  # fmt: skip
    assert one.inputs == (
        Input("r.yml", ("user", "host"), ("n",)),
        Input("r.yml#2", ("account", "host"), ("n",)),
    )
    assert one.group_by == ("who", "host")


def test_temporal_without_a_condition_wants_all() -> None:
    (one,) = compiled([A, B, correlation("n", "temporal", ["a", "b"])]).correlations
    assert (one.relation, one.number) == (Relation.GTE, 2)


def test_words_alone_name_the_rules() -> None:
    document = correlation("n", "temporal", [], condition="a or b")
    del document["correlation"]["rules"]
    (one,) = compiled([A, B, document]).correlations
    assert one.extended == Joined((Occurs(0), Occurs(1)), all=False)


def test_fields_go_through_the_pipeline() -> None:
    steps = {
        "transformations": [{"id": "m", "type": "field_name_mapping", "mapping": {"user": "User", "n": "N"}}]
    }
    text = yaml.safe_dump_all(
        [A, correlation("n", "value_sum", ["a"], condition={"gte": 1, "field": "n"}, group_by=["user"])]
    )
    made = ruleset.compile({"r.yml": text.encode()}, PipelineChoice(text=yaml.safe_dump(steps).encode()))
    assert made.correlations[0].inputs[0] == Input("r.yml", ("User",), ("N",))
    assert {"User", "N"} <= made.needs.fields


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (correlation("n", "event_sum", ["a"], condition={"gte": 1}), Reason.INVALID),
        (correlation("n", "event_count", ["a"], "5 minutes", condition={"gte": 1}), Reason.INVALID),
        (correlation("n", "event_count", ["a"]), Reason.INVALID),
        (correlation("n", "event_count", [], condition={"gte": 1}), Reason.INVALID),
        (correlation("n", "value_count", ["a"], condition={"gte": 1}), Reason.INVALID),
        (correlation("n", "value_sum", ["a"], condition={"gte": 1, "field": ["n", "m"]}), Reason.INVALID),
        (correlation("n", "value_percentile", ["a"], condition={"gte": 1, "field": "n"}), Reason.INVALID),
        (correlation("n", "event_count", ["a"], condition={"gte": 10_001}), Reason.TOO_LARGE),
        (correlation("n", "event_count", ["a"], condition={"gte": 1}, group_by=[f"f{n}" for n in range(17)]), Reason.TOO_LARGE),
        (correlation("n", "temporal_ordered", ["a", "b"], condition="a and not b"), Reason.CORRELATION),
        (correlation("n", "temporal", ["a"], condition="a or " + "(" * 7 + "a" + ")" * 7), Reason.TOO_LARGE),
        ({"title": "n", "correlation": 7}, Reason.INVALID),
    ],
)  # fmt: skip
def test_what_is_refused(document: dict[str, object], reason: Reason) -> None:
    (one,) = compiled([A, B, document]).unloaded
    assert (one.title, one.reason) == ("n", reason), one.detail


def test_a_chain_has_only_the_fields_it_is_grouped_by() -> None:
    low = correlation("low", "event_count", ["a"], condition={"gte": 2}, group_by=["user"])
    top = correlation("top", "event_count", ["low"], condition={"gte": 2}, group_by=["host"])
    (one,) = compiled([A, low, top]).unloaded
    assert "not grouped by host" in one.detail


def test_the_deepest_words_are_read_quickly() -> None:
    started = process_time()
    made = compiled([A, correlation("n", "temporal", ["a"], condition="not " + "(" * 6 + "a" + ")" * 6)])
    assert len(made.correlations) == 1
    assert process_time() - started < 5
