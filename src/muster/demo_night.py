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
from muster.rehearse.shop import Story, night_of

WAIT_SECONDS = 60.0
LOOK_SECONDS = 0.02
FACILITATOR = "ida"
# What is rehearsed is about these services; a hole elsewhere is another drill's.
WATCHED = "services/identity-provider.yaml"


def start_of(today: date) -> datetime:
    """Tuesday night two weeks after the plan was written: the rota has come round once."""
    weeks = timedelta(weeks=(today - WRITTEN).days // 7 + 2)
    return datetime.combine(WRITTEN + weeks, clock_time(1), UTC)


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
        self._events = iter(night_of(seed, start))
        self._next = next(self._events, None)
        self._posted = 0
        self._batches = 0
        self._telemetry: Client | None = None
        self._before = 0
        self.player = Player(town.clients, town.accounts, say, self.goes_to, self.all_looked_at)
        self.player.answers.update(answers or {})

    def begin(self, exercise: str) -> str:
        """Starts the drill, paused, and everybody joins; its code."""
        leads = self.town.clients["noor-lindgren"]
        fields = {
            "exercise": exercise, "seed": str(self.seed), "starts_at": stored(self.start), "paused": True,
        }  # fmt: skip
        made = leads.verb("start-drill", fields)
        self.drill = str(made["drill"])
        for person in self.town.clients:
            self.join(person)
        token = self.town.admin.verb(
            "token", {"name": f"telemetry of {self.drill}", "scope": "post-events", "lane": made["lane"]}
        )
        self._telemetry = Client(self.town.address, token["secret"])
        self._before = self._matched()
        return self.drill

    def join(self, person: str) -> None:
        """Somebody takes part."""
        self.town.clients[person].verb("join", {"drill": self.drill})

    def end(self) -> None:
        """Ends the drill: everybody is back in reality."""
        self.town.clients["noor-lindgren"].verb("end-drill", {"drill": self.drill})

    def play(self, story: Story) -> None:
        """Plays a story's beats at their times. Raises NoSignal, NotRefused, Problem, ServerAway."""
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
            self._post(until=min(wanted, self._due() or wanted))
            self._until_quiet()
            due = self._due()
            if due is not None and self._now < due <= wanted:
                self._step(due)
            elif self._now < wanted:
                self._step(wanted)
            else:
                return

    def _step(self, to: datetime) -> None:
        seconds = max(1, -int(-(to - self._now).total_seconds() // 1))
        answer = self.town.clients["noor-lindgren"].verb("step", {"drill": self.drill, "seconds": seconds})
        self._now = from_stored(answer["now"])

    def _post(self, until: datetime) -> None:
        """What the machines logged up to here; one batch for each stretch of time."""
        lines = "".join(self._logged(until))
        if lines and self._telemetry is not None:
            self._batches += 1
            batch = f"{self.drill}-{self._batches}"
            self._posted += int(self._telemetry.events(lines.encode(), batch)["events"])

    def _logged(self, until: datetime) -> Iterator[str]:
        while self._next is not None and self._next.at <= until:
            yield json.dumps(self._next.fields) + "\n"
            self._next = next(self._events, None)

    def _due(self) -> datetime | None:
        found = self._drill()["next_due"]
        return None if found is None else from_stored(found)

    def _drill(self) -> dict[str, Any]:
        found: dict[str, Any] = self.town.clients["noor-lindgren"].get(f"drills/{self.drill}")
        return found

    def _until_quiet(self) -> None:
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until:
            if self.all_looked_at() and self._drill()["quiet"]:
                return
            time.sleep(LOOK_SECONDS)

    def _matched(self) -> int:
        return int((self._status() or {}).get("events_matched", 0))

    def _status(self) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self.town.clients["noor-lindgren"].get("status")["detection"]
        return found

    def all_looked_at(self) -> bool:
        """Whether the rules have seen every event that was posted."""
        if not self._posted:
            return True
        found = self._status()
        return (
            bool(found)
            and found["events_matched"] - self._before >= self._posted
            and not found["batches_waiting"]
        )

    def hole(self) -> str | None:
        """The first hole of the services that were rehearsed, in words; None when every log of theirs is read."""
        found = self.town.clients["noor-lindgren"].get("holes")
        return next((str(one["sentence"]) for one in found if one["place"].startswith(WATCHED)), None)

    def changed_lines(self) -> tuple[str, ...]:
        """The ids of the lines that the lesson changed and no drill has used since."""
        number = self.player.answers["lesson"]["lesson"]
        lessons = self.town.clients["noor-lindgren"].get("lessons")
        lesson = next(one for one in lessons if one["lesson"] == number)
        return tuple(line["id"] for line in lesson["lines"] if line["untested"])
