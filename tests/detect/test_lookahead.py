"""Look-ahead as a conjunction: the same as Python's `re` finds, or left alone."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.detect.condition import Regex
from muster.detect.lookahead import conjuncts
from muster.detect.rule import Reason
from tests.detect.yard import compiled, hits, on

PARTS = ["a", ".*b", ".*[|)]c", "(?:a|.b)", r".*\)", "x?y", "[^]]a", ".*a$", "(a|b)c", ".{2}", ""]
bodies = st.sampled_from(PARTS)
looks = st.lists(st.tuples(st.sampled_from(["(?=", "(?!"]), bodies), min_size=1, max_size=3)
texts = st.lists(st.text("abcxy|)]\n", max_size=6), min_size=1, max_size=20)


@given(st.sampled_from(["^", r"\A", "(?i)^"]), looks, bodies, texts)
@settings(max_examples=400, deadline=None)
def test_together_they_find_what_the_whole_finds(
    head: str, heads: list[tuple[str, str]], rest: str, values: list[str]
) -> None:
    pattern = head + "".join(f"{look}{body})" for look, body in heads) + rest
    found = conjuncts(Regex(pattern))
    assert len(found) == len(heads) + bool(rest)
    for value in values:
        whole = re.search(pattern, value, re.DOTALL) is not None
        flags = [re.DOTALL | (re.IGNORECASE if one.regex.ignore_case else 0) for one in found]
        parts = [
            (re.search(one.regex.pattern, value, flag) is not None) is one.wanted
            for one, flag in zip(found, flags, strict=True)
        ]
        assert all(parts) is whole, value


@pytest.mark.parametrize(
    "pattern",
    ["a(?=b)", "(?=a)b", "^a(?!b)", "^(?=a)b|c", "^(?=a", "^(?=a)*b", "^(?=(?i:a))b", "^(?<=a)b", "x", "^a"],
)
def test_everything_else_is_left_alone(pattern: str) -> None:
    (one,) = conjuncts(Regex(pattern))
    assert (one.regex.pattern, one.wanted) == (pattern, True)
    (one,) = conjuncts(Regex("^(?=a)b", multiline=True))
    assert one.regex.pattern == "^(?=a)b"


def test_the_engine_takes_them() -> None:
    events = [{"F": text} for text in ("cab", "cba", "ca", "acb", "cxab")] + [{"G": "cab"}]
    assert hits(on({"F|re": "^(?=.*a)(?=.*b)(?!.*x)c"}), events) == [0, 1]
    assert hits(on({"F|re": "^(?!.*x)"}), events) == [0, 1, 2, 3]
    assert hits(on({"|re": "^(?!.*x)ca"}), events) == [0, 2, 5]
    assert [one.reason for one in compiled(on({"F|re": "a(?=b)"})).unloaded] == [Reason.REGEX]
