"""Whether a condition asks for a value that must be there."""

import pytest

from muster.detect.condition import AllOf, Anchor, AnyOf, Condition, Gap, Not, Present, Term, Text, Wildcard
from muster.detect.rulebook.wide import asks_for_a_value

A, B = Term("a", Text("x", Anchor.WHOLE)), Term("b", Text("y", Anchor.INSIDE))
ANY = Term("a", Wildcard((Gap.MANY,), whole=True))


@pytest.mark.parametrize(
    ("condition", "asks"),
    [
        (A, True),
        (Not(A), False),
        (Not(Not(A)), True),
        (AllOf((Not(A), B)), True),
        (AnyOf((Not(A), B)), False),
        (AnyOf((A, B)), True),
        (Not(AnyOf((Not(A), B))), True),
        (Not(AllOf((Not(A), B))), False),
        (ANY, False),
        (Term("a", Present()), False),
        (Term("a", Text("", Anchor.INSIDE)), False),
        (AllOf((ANY, Term("b", Wildcard(("x", Gap.MANY, "y"), whole=True)))), True),
    ],
)
def test_asks(condition: Condition, *, asks: bool) -> None:
    assert asks_for_a_value(condition) is asks
