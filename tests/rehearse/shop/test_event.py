"""Events: the truth of the rehearsal never stands in what a machine logged."""

from datetime import UTC, datetime

from muster.rehearse.shop.event import Step
from muster.rehearse.shop.night import night_of


def test_the_truth_is_not_in_the_fields() -> None:
    events = night_of(3, datetime(2026, 11, 24, 1, 0, tzinfo=UTC))
    assert {event.step for event in events} == {None, *Step}
    assert all("step" not in event.fields for event in events)


def test_steps_are_in_the_order_of_the_attack() -> None:
    events = [event for event in night_of(3, datetime(2026, 11, 24, 1, 0, tzinfo=UTC)) if event.step]
    assert [event.step for event in events] == sorted((e.step for e in events), key=list(Step).index)
