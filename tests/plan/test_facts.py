"""Each fact of the example is a question with somebody who answers."""

from muster.plan.facts import FactKind
from tests.plan.shop_plan import plan


def test_questions_are_questions() -> None:
    facts = plan().pinned.facts.facts
    assert all(fact.question.endswith("?") and fact.answered_by for fact in facts.values())
    assert [name for name, fact in facts.items() if fact.kind is FactKind.CHOICE] == ["risk-to-people"]
