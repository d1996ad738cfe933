"""Conditions as data."""

from muster.detect.condition import AllOf, Anchor, AnyOf, Not, Present, Term, Text, terms

A, B, C = (Term(name, Text("x", Anchor.WHOLE)) for name in "ABC")


def test_terms_are_listed_from_left_to_right() -> None:
    assert terms(AllOf((A, Not(AnyOf((B, C))), A))) == [A, B, C, A]


def test_equal_terms_are_one() -> None:
    assert len({A, Term("A", Text("x", Anchor.WHOLE)), Term("A", Present())}) == 2
