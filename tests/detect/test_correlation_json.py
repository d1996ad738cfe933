"""Correlations as JSON and back."""

import orjson

from muster.detect.correlation import Absent, Correlation, Input, Joined, Kind, Occurs, Relation
from muster.detect.correlation_json import correlation_of, correlation_written
from muster.detect.rule import LogSource, Rule, RuleKey

RULE = Rule(RuleKey("c.yml"), "c.yml", None, "C", None, None, (), LogSource())


def test_a_correlation_comes_back_as_it_was() -> None:
    inputs = (Input(RuleKey("a.yml"), ("g",), ("v",)), Input(RuleKey("b.yml"), ("h",), ()))
    words = Joined((Occurs(0), Absent(Joined((Occurs(1), Occurs(0)), all=False))), all=True)
    plain = Correlation(RULE, Kind.VALUE_PERCENTILE, inputs, ("g",), 5_000_000, Relation.LT, 7, 95)
    worded = Correlation(RULE, Kind.TEMPORAL, inputs, (), 1, extended=words, generate=True)
    for one in (plain, worded):
        assert correlation_of(RULE, orjson.loads(orjson.dumps(correlation_written(one)))) == one
