"""Recovery: what is needed comes first, and three days are watched."""

from datetime import UTC, datetime, timedelta

from muster.rehearse.shop.chapters.recover import recover, watch
from muster.rehearse.shop.pen import Pen

START = datetime(2026, 12, 8, 1, 0, tzinfo=UTC)


def test_the_portal_comes_after_its_database() -> None:
    beats = [
        (beat.fields["service"], beat.refused) for beat in recover(Pen(1, START)) if beat.verb == "restored"
    ]
    assert beats == [("customer-portal", True), ("order-database", False), ("customer-portal", False)]


def test_three_days_are_watched() -> None:
    pen = Pen(1, START)
    before = pen.now
    beats = list(watch(pen))
    assert beats[0].at - before >= timedelta(days=3)
    assert beats[-1].fields["to"] == "review"
