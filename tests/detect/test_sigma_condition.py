"""pySigma's values as our tests."""

import pytest
from sigma.rule import SigmaRule

from muster.detect.condition import (
    ANYWHERE,
    AllOf,
    Anchor,
    AnyOf,
    Condition,
    Gap,
    Not,
    Present,
    Regex,
    Term,
    Text,
    Wildcard,
)
from muster.detect.rule import NotLoadable
from muster.detect.sigma_condition import condition_of
from tests.detect.yard import on, rule


def condition(selection: object) -> Condition:
    return condition_of(SigmaRule.from_yaml(on(selection).decode()))


@pytest.mark.parametrize(
    ("value", "test"),
    [
        ("a", Text("a", Anchor.WHOLE)), ("a*", Text("a", Anchor.START)), ("*a", Text("a", Anchor.END)),
        ("*a*", Text("a", Anchor.INSIDE)), ("**a", Text("a", Anchor.END)), ("", Text("", Anchor.WHOLE)), ("*", Present()),
        ("a\\*", Text("a*", Anchor.WHOLE)), ("a?", Wildcard(("a", Gap.ONE), whole=True)), (7, Text("7", Anchor.WHOLE)),
        ("a*b", Wildcard(("a", Gap.MANY, "b"), whole=True)), (True, Text("True", Anchor.WHOLE)),
    ],
)  # fmt: skip
def test_values(value: object, test: object) -> None:
    assert condition({"F": value}) == Term("F", test)


def test_null_exists_and_empty_lists() -> None:
    absent = Not(Term("F", Present()))
    assert condition({"F": None}) == condition({"F|exists": False}) == condition({"F": []}) == absent


def test_keywords_lose_the_wildcards_at_their_ends() -> None:
    assert condition(["*a*"]) == Term(ANYWHERE, Text("a", Anchor.INSIDE))
    assert condition(["a*b*"]) == Term(ANYWHERE, Wildcard(("a", Gap.MANY, "b"), whole=False))
    assert condition({"|re": "a.b"}) == Term(ANYWHERE, Regex("a.b"))
    assert condition({"|all": ["a", 7]}) == AllOf(
        (Term(ANYWHERE, Text("a", Anchor.INSIDE)), Term(ANYWHERE, Text("7", Anchor.INSIDE)))
    )


def test_several_conditions_are_alternatives() -> None:
    parsed = SigmaRule.from_yaml(rule({"a": {"F": "1"}, "b": {"F": "2"}, "condition": ["a", "b"]}).decode())
    assert condition_of(parsed) == AnyOf(
        (Term("F", Text("1", Anchor.WHOLE)), Term("F", Text("2", Anchor.WHOLE)))
    )


@pytest.mark.parametrize("selection", [{"F|expand": "%x%"}, {"|expand": "%x%"}, {ANYWHERE: "a"}])
def test_what_has_no_test(selection: object) -> None:
    with pytest.raises(NotLoadable):
        condition(selection)


def test_an_unknown_name_in_the_condition() -> None:
    parsed = SigmaRule.from_yaml(rule({"a": {"F": "1"}, "condition": "b"}).decode())
    with pytest.raises(NotLoadable):
        condition_of(parsed)
