"""Conditions as JSON: each kind comes back as it was."""

from decimal import Decimal
from ipaddress import ip_network

import orjson
import pytest

from muster.detect import condition_json
from muster.detect.condition import (
    AllOf,
    Anchor,
    AnyOf,
    Compare,
    Gap,
    InNetwork,
    Not,
    Order,
    Part,
    Present,
    Regex,
    SameAs,
    Term,
    Test,
    Text,
    TimePart,
    Wildcard,
)
from muster.detect.condition_json import Reader, written

KINDS: list[Test] = [
    Text("ä\0", Anchor.END, cased=True),
    Wildcard(("a", Gap.MANY, Gap.ONE), whole=False),
    Regex("a.b", ignore_case=True, multiline=True),
    InNetwork(ip_network("10.0.0.0/8")),
    InNetwork(ip_network("fe80::/10")),
    Compare(Order.AT_MOST, Decimal("1.50")),
    TimePart(Part.HOUR, 7),
    TimePart(Part.WEEK, 7, Order.MORE),
    Present(),
    SameAs("other", Anchor.START),
]


@pytest.mark.parametrize("test", KINDS)
def test_each_kind_of_test_comes_back(test: Test) -> None:
    told = orjson.loads(orjson.dumps(condition_json.test_written(test)))
    assert condition_json.test_of(*told) == test


def test_a_condition_comes_back_and_equal_terms_are_one() -> None:
    terms = [Term("f", test) for test in KINDS]
    condition = AllOf((terms[0], AnyOf((*terms, Not(terms[0])))))
    told = orjson.loads(orjson.dumps(written(condition)))
    reader = Reader()
    assert reader.condition(told) == condition
    assert reader.condition(told["all"][0]) is reader.condition(written(terms[0]))


def test_what_is_no_condition_is_refused() -> None:
    for told in ({}, "[]", '["f", "magic"]', '["f", "text", "a", "NOWHERE", false]'):
        with pytest.raises((ValueError, KeyError, TypeError, IndexError, StopIteration)):
            Reader().condition(told)
