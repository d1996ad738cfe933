"""One night of the demo: a paused drill that goes on by steps; each step ends when nothing is left to be done at it."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from typing import Any

from muster.client import Client
from muster.core.time import from_stored, stored
from muster.demo_player import Player
from muster.demo_town import Town
from muster.plan.example_dates import WRITTEN
from muster.rehearse.shop import NIGHT, Event, Story, night_of

WAIT_SECONDS = 60.0
LEADS = "noor-lindgren"
# What is rehearsed is about these services; a hole elsewhere is another drill's.
WATCHED = "services/identity-provider.yaml"


class NotQuiet(Exception):
    """Something was left to be done for so long that something must be wrong with the server or its detection."""


def start_of(today: date) -> datetime:
    """Tuesday night two weeks after the plan was written: the rota has come round once."""
    weeks = timedelta(weeks=(today - WRITTEN).days // 7 + 2)
    return datetime.combine(WRITTEN + weeks, clock_time(1), UTC)


def posts_of(events: list[Event], start: datetime) -> list[datetime]:
    """When the machines send what they logged: after each step of the attack, and at the end of the night."""
    ends = {event.step: event.at for event in events if event.step is not None}
    return sorted((*ends.values(), start + NIGHT))


class Night:
    """Plays stories in a drill of its own."""

    def __init__(
        self,
        town: Town,
        seed: int,
        start: datetime,
        say: Callable[[str], None],
        answers: dict[str, dict[str, Any]] | None = None,
    ) -> None:
        self.town, self.seed, self.start, self.say = town, seed, start, say
        self.drill = ""
        self._now = start
        events = night_of(seed, start)
        self._posts = posts_of(events, start)
        self._events = iter(events)
        self._next = next(self._events, None)
        self._batches = 0
        self._telemetry: Client | None = None
        self.player = Player(town.clients, town.accounts, say, self.goes_to)
        self.player.answers.update(answers or {})

    def begin(self, exercise: str) -> str:
        """Starts the drill, paused, and everybody joins; its code."""
        fields = {
            "exercise": exercise, "seed": str(self.seed), "starts_at": stored(self.start), "paused": True,
        }  # fmt: skip
        made = self.town.clients[LEADS].verb("start-drill", fields)
        self.drill = str(made["drill"])
        for client in self.town.clients.values():
            client.verb("join", {"drill": self.drill})
        token = self.town.admin.verb(
            "token", {"name": f"telemetry of {self.drill}", "scope": "post-events", "lane": made["lane"]}
        )
        self._telemetry = self.town.admin.with_token(token["secret"])
        return self.drill

    def end(self) -> None:
        """Ends the drill: everybody is back in reality."""
        self.town.clients[LEADS].verb("end-drill", {"drill": self.drill})

    def play(self, story: Story) -> None:
        """Plays a story's beats at their times. Raises NoSignal, NotRefused, NotQuiet, Problem, ServerAway."""
        self.player.play(
            {
                "at": beat.at, "who": beat.who, "verb": beat.verb, "fields": beat.fields, "makes": beat.makes,
                "refused": beat.refused,
            }
            for beat in story.beats
        )  # fmt: skip

    def goes_to(self, at: timedelta) -> None:
        """Lets time go on to here: from one thing that is due to the next, with what the machines log meanwhile."""
        wanted = self.start + at
        while True:
            due = self._settled()
            if self._now >= wanted:
                return
            posts = [one for one in self._posts if one > self._now]
            self._step(min([wanted, *posts[:1], *([due] if due and due > self._now else [])]))
            if posts and posts[0] <= self._now:
                self._post()

    def _settled(self) -> datetime | None:
        """Waits until nothing is left to be done at this time; the next time at which something is due."""
        until = time.monotonic() + WAIT_SECONDS
        while True:
            found = self.town.clients[LEADS].get(f"drills/{self.drill}", wait="true")
            if found["quiet"]:
                return None if found["next_due"] is None else from_stored(found["next_due"])
            if time.monotonic() > until:
                raise NotQuiet(f"something waits at {found['now']} of {self.drill}")

    def _step(self, to: datetime) -> None:
        seconds = max(1, -int(-(to - self._now).total_seconds() // 1))
        answer = self.town.clients[LEADS].verb("step", {"drill": self.drill, "seconds": seconds})
        self._now = from_stored(answer["now"])

    def _post(self) -> None:
        """What the machines logged up to now."""
        lines = "".join(self._logged())
        if lines and self._telemetry is not None:
            self._batches += 1
            self._telemetry.events(lines.encode(), f"{self.drill}-{self._batches}")

    def _logged(self) -> Iterator[str]:
        while self._next is not None and self._next.at <= self._now:
            yield json.dumps(self._next.fields) + "\n"
            self._next = next(self._events, None)

    def hole(self) -> str | None:
        """The first hole of the services that were rehearsed, in words; None when every log of theirs is read."""
        found = self.town.clients[LEADS].get("holes")
        return next((str(one["sentence"]) for one in found if one["place"].startswith(WATCHED)), None)

    def changed_lines(self) -> tuple[str, ...]:
        """The ids of the lines that the lesson changed and no drill has used since."""
        number = self.player.answers["lesson"]["lesson"]
        lessons = self.town.clients[LEADS].get("lessons")
        lesson = next(one for one in lessons if one["lesson"] == number)
        return tuple(line["id"] for line in lesson["lines"] if line["untested"])
