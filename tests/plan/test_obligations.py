"""The two obligations of the example, by their law and contract."""

from muster.plan.obligations import Anchor, Unit
from tests.plan.shop_plan import plan


def test_article_33_runs_72_hours_from_awareness() -> None:
    row = plan().pinned.obligations["gdpr-art-33"]
    stage = row.stages["notice"]
    assert (stage.anchor, stage.quantity, stage.unit) == (Anchor.AWARE, 72, Unit.HOURS)
    assert row.applies.facts == ("personal-data", "risk-to-people")
    assert set(stage.content) == {"nature", "contact", "consequences", "measures", "lateness"}


def test_the_contract_has_a_second_stage_that_waits_for_the_first() -> None:
    stages = plan().pinned.obligations["nordwind-contract"].stages
    assert (stages["closing"].anchor, stages["closing"].after) == (Anchor.SUBMITTED, "notice")
