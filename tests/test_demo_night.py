"""A night goes on from one thing to the next: what is due, what the machines log, and the time of a beat."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from muster import demo_night
from muster.core.time import from_stored, stored
from muster.demo_night import LEADS, Night, NotQuiet, posts_of, start_of
from muster.demo_town import Town
from muster.plan.example_dates import WRITTEN
from muster.rehearse.shop import NIGHT, Step, night_of

START = datetime(2026, 12, 8, 1, tzinfo=UTC)


class Drill:
    """A made-up server with one drill: when something is due, and what was done at which of its times."""

    def __init__(self, *due: timedelta, quiet: bool = True) -> None:
        self.now = START
        self.due = [START + one for one in due]
        self.quiet = quiet
        self.did: list[tuple[str, datetime]] = []
        self.logged: list[str] = []

    def verb(self, verb: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        if verb == "step":
            assert fields["seconds"] > 0
            self.now += timedelta(seconds=fields["seconds"])
        self.did.append((verb, self.now))
        return {"drill": "DRL-7Q4KM2", "lane": "drill:DRL-7Q4KM2", "secret": "s", "now": stored(self.now)}

    def get(self, path: str, **query: str) -> Any:
        if path == "holes":
            return [
                {"place": "services/mail.yaml#/logs/mail", "sentence": "mail"},
                {"place": "services/identity-provider.yaml#/logs/sign-ins", "sentence": "sign-ins"},
            ]
        assert (path, query) == ("drills/DRL-7Q4KM2", {"wait": "true"})
        self.due = [one for one in self.due if one > self.now]
        return {"quiet": self.quiet, "next_due": stored(self.due[0]) if self.due else None, "now": "now"}

    def with_token(self, secret: str) -> "Drill":
        assert secret == "s"
        return self

    def events(self, lines: bytes, batch: str) -> None:
        self.logged += lines.decode().splitlines()
        self.did.append((f"events {batch}", self.now))


def night(drill: Drill) -> Night:
    client: Any = drill
    made = Night(Town(client, {LEADS: client}, {LEADS: "a" * 32}, ""), 1, START, lambda _line: None)
    assert made.begin("A night") == "DRL-7Q4KM2"
    return made


def test_it_stops_at_everything_that_is_due_on_the_way() -> None:
    drill = Drill(timedelta(minutes=3), timedelta(minutes=7), timedelta(hours=2))
    night(drill).goes_to(timedelta(minutes=10))
    steps = [at - START for verb, at in drill.did if verb == "step"]
    assert steps == [timedelta(minutes=3), timedelta(minutes=7), timedelta(minutes=10)]


def test_machines_send_after_each_step_of_the_attack_and_at_the_end_never_ahead_of_time() -> None:
    drill = Drill()
    one = night(drill)
    one.goes_to(NIGHT + timedelta(minutes=1))
    events = night_of(1, START)
    assert len(drill.logged) == len([event for event in events if event.at <= START + NIGHT])
    sent = [at for verb, at in drill.did if verb.startswith("events")]
    assert len(sent) == len({event.step for event in events} - {None}) + 1 == len(posts_of(events, START))
    last = max(event.at for event in events if event.step is Step.SHELL)
    assert any(timedelta() <= at - last < timedelta(seconds=1) for at in sent)


def test_a_time_that_was_reached_is_not_stepped_to_again() -> None:
    drill = Drill()
    one = night(drill)
    for minutes in (5, 5, 4):
        one.goes_to(timedelta(minutes=minutes))
    assert [verb for verb, _ in drill.did].count("step") == 1


def test_what_never_becomes_quiet_ends_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_night, "WAIT_SECONDS", 0.0)
    with pytest.raises(NotQuiet, match="DRL-7Q4KM2"):
        night(Drill(quiet=False)).goes_to(timedelta(minutes=1))


def test_the_hole_is_one_of_what_was_rehearsed() -> None:
    assert night(Drill()).hole() == "sign-ins"


def test_the_night_is_a_tuesday_two_weeks_after_the_plan_was_written() -> None:
    for today in (WRITTEN, date(2027, 3, 4)):
        start = start_of(today)
        assert start.weekday() == WRITTEN.weekday()
        assert timedelta(days=7) < start - datetime.combine(today, start.timetz()) <= timedelta(days=14)
    assert from_stored(stored(start_of(WRITTEN))) == start_of(WRITTEN)
