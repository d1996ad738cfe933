"""What rules answer, and what they may look up."""

from muster.record.decision import NOTHING_KNOWN, Decision, Known


def test_without_anything_looked_up_nothing_is_known() -> None:
    assert Known({}, frozenset()) == NOTHING_KNOWN


def test_a_decision_answers_nothing_unless_it_says_so() -> None:
    assert Decision(()).answer == {}
