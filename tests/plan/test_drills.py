"""A drill is overdue when its day has passed and it was not held lately."""

from datetime import date

import pytest

from tests.plan.shop_plan import plan


@pytest.mark.parametrize(
    ("today", "held", "overdue"),
    [
        ("2026-12-08", None, False),
        ("2026-12-09", None, True),
        ("2027-04-03", "2026-10-05", False),
        ("2027-04-04", "2026-10-05", True),
    ],
)
def test_overdue(today: str, held: str | None, overdue: bool) -> None:
    drill = plan().in_force.drills["portal-break-in"]
    changed = drill.model_copy(update={"last_held": date.fromisoformat(held) if held else None})
    assert changed.overdue(date.fromisoformat(today)) is overdue
