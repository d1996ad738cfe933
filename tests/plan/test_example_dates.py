"""The example is as fresh on any day as on the day it was written, and the law's own dates stay."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from muster.plan.example_dates import WRITTEN, moved_to
from muster.plan.finding import problems
from muster.plan.lint import check
from muster.plan.load import load
from tests.plan.shop_plan import example


@pytest.mark.parametrize("days", [-400, -6, -1, 0, 1, 6, 7, 100, 366, 4_000])
def test_it_passes_on_any_day(days: int) -> None:
    today = WRITTEN + timedelta(days=days)
    files = moved_to(example(), today)
    for hour in (time(0), time(23, 59)):
        assert problems(check(files, datetime.combine(today, hour, UTC))) == ()


def test_a_law_came_into_force_when_it_did_and_a_rota_changes_on_a_monday() -> None:
    plan = load(moved_to(example(), date(2031, 5, 7))).plan
    assert plan is not None
    assert plan.pinned.obligations["gdpr-art-33"].effective_from == date(2018, 5, 25)
    assert plan.pinned.obligations["nordwind-contract"].effective_from == date(2025, 7, 1)
    assert plan.in_force.calling.rota["commander"].since.weekday() == 0


def test_on_its_own_day_nothing_moves() -> None:
    assert moved_to(example(), WRITTEN) == example()
