"""What rules of one kind of event have in common."""

from muster.detect.condition import AllOf, Anchor, AnyOf, Condition, Not, SameAs, Term, Text, terms
from muster.detect.gate import OPEN, split
from muster.detect.program import build

CHANNEL, ID = Term("Channel", Text("a", Anchor.WHOLE)), Term("EventID", Text("1", Anchor.WHOLE))
IMAGE = Term("Image", Text("x", Anchor.END))


def parted(condition: Condition) -> tuple[object, object, dict[Term, int]]:
    numbers = {term: at for at, term in enumerate(dict.fromkeys(terms(condition)))}
    return *split(condition, numbers), numbers


def test_what_tells_kinds_of_events_apart_is_the_gate() -> None:
    gate, rest, numbers = parted(AllOf((AllOf((CHANNEL, ID)), IMAGE)))
    assert gate == build(AllOf((CHANNEL, ID)), numbers)
    assert rest == build(AllOf((IMAGE,)), numbers)


def test_a_rule_without_such_conditions_is_open() -> None:
    assert parted(IMAGE)[0] == OPEN
    assert parted(AnyOf((CHANNEL, IMAGE)))[0] == OPEN


def test_a_rule_of_nothing_else_has_nothing_left() -> None:
    assert parted(AllOf((ID, Not(CHANNEL))))[1] == OPEN


def test_a_second_field_is_no_matter_of_a_gate() -> None:
    assert parted(Term("Channel", SameAs("Image", Anchor.WHOLE)))[0] == OPEN
