"""Whose turn it is, and who is called next when nobody answers."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from muster.plan.calling import Calling, Occasion, Rota
from tests.plan.shop_plan import NOW, plan


@pytest.mark.parametrize(
    ("day", "who"),
    [(0, "a"), (6, "a"), (7, "b"), (13, "b"), (14, "c"), (21, "a"), (-1, "c"), (-7, "c"), (-8, "b")],
)
def test_turns_go_round_also_before_the_first(day: int, who: str) -> None:
    since = datetime(2026, 11, 23, 8, tzinfo=UTC)
    rota = Rota(since=since, order=("a", "b", "c"))
    assert rota.on_call(since + timedelta(days=day)) == who


def test_a_turn_begins_at_its_minute_in_every_zone() -> None:
    rota = plan().in_force.calling.rota["duty-engineer"]
    change = datetime.fromisoformat("2026-11-30T09:00+01:00")
    assert rota.on_call(change - timedelta(seconds=1)) == "robin-vale"
    assert rota.on_call(change) == "mika-sandoval"


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValidationError):
        Rota.model_validate({"since": "2026-11-23T08:00", "order": ["a"]})


def test_who_is_called_for_a_signal_and_after_how_many_minutes_the_next() -> None:
    world = plan().in_force
    calls = world.calling.calls(world.roles, Occasion.SIGNAL, NOW)
    assert [(call.person, call.wait_minutes) for call in calls] == [
        ("robin-vale", 20),
        ("mika-sandoval", 20),
        ("noor-lindgren", 20),
        ("ines-caruso", 20),
    ]
    hurried = world.calling.calls(world.roles, Occasion.NO_COMMANDER, NOW)
    assert (hurried[0].person, hurried[0].wait_minutes) == ("noor-lindgren", 10)


def test_a_path_may_lead_into_another_and_round_again() -> None:
    world = plan().in_force
    calling = Calling.model_validate(
        {
            "paths": {
                "a": {"steps": [{"call": "legal"}], "then": "b"},
                "b": {"steps": [{"call": "scribe", "whom": "everybody"}], "then": "a"},
            },
            "occasions": {"signal": "a", "declared": "lost"},
        }
    )
    people = [call.person for call in calling.calls(world.roles, Occasion.SIGNAL, NOW)]
    assert people == ["helene-marsh", "mika-sandoval", "priya-nair"]
    assert calling.calls(world.roles, Occasion.DECLARED, NOW) == ()
    assert calling.on_call(world.roles, "nobody", NOW) is None
