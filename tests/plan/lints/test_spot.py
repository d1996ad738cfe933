"""What rules know of time is a day in UTC."""

from datetime import date, datetime

from muster.plan.lints.spot import Asked, days
from tests.plan.shop_plan import plan


def test_today_is_the_day_of_now() -> None:
    assert Asked(plan(), datetime.fromisoformat("2026-11-24T23:59:59+00:00")).today == date(2026, 11, 24)


def test_days_are_counted_in_words() -> None:
    assert (days(1), days(12)) == ("1 day", "12 days")
