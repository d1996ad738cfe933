"""Drills and what is due, as people read them: the clock of each drill, whether a step has ended, what waits and how long."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.app.door import Door
from muster.app.lane_clock import lane_time
from muster.app.reading import Reading
from muster.app.views import View
from muster.core.time import from_stored, stored
from muster.rehearse.clock import CLOCK, lane_of
from muster.store.append import load
from muster.store.due import drills, due_in, left_at, next_times
from muster.store.spool import Spool

# How long one reading waits for a drill to become quiet, and how often it looks meanwhile.
MOST_WAIT_SECONDS = 1.0
LOOK_SECONDS = 0.03


class DrillView(View):
    """A drill. now: its lane time; next_due: the next lane time with work.

    quiet: nothing is left to be done at it, and no events of its lane wait with this server for the rules. ended_at: by
    the clock of reality.
    """

    drill: str
    exercise: str
    seed: str
    lane: str
    now: str
    speed: str
    runs: bool
    ended: bool
    ended_at: str | None
    people: int
    quiet: bool
    next_due: str | None


class DueView(View):
    """Something due, by the entry that asked for it. Times are lane times; age: whole seconds since it was asked for.

    due_at: the next try. state: waiting, trying, unsure (a person finds out), given-up.
    """

    stream: str
    seq: int
    kind: str
    name: str
    sort: str
    state: str
    asked_at: str
    due_at: str
    age: int
    attempt: int


@dataclass(frozen=True)
class Drills:
    """Reads drills and what is due for callers."""

    reading: Reading
    door: Door
    spool: Spool
    clock: Callable[[], datetime]

    def all(self, caller: Caller) -> tuple[DrillView, ...]:
        """Every drill. Raises Unsigned."""
        self.reading.ask(caller, Verb.READ_ACCOUNTS)
        with self.door.ledger.database.read() as connection:
            found = drills(connection)
        return tuple(self._view(drill) for drill in found)

    def one(self, caller: Caller, code: str) -> DrillView:
        """One drill. Raises NotFound, Unsigned."""
        return self._view(self.reading.seen(caller, code, "DRL"))

    def when_quiet(self, caller: Caller, code: str) -> DrillView:
        """One drill, as soon as it is quiet, after a second at the latest. Raises NotFound, Unsigned."""
        drill = self.reading.seen(caller, code, "DRL")
        until = time.monotonic() + MOST_WAIT_SECONDS
        while not (view := self._view(drill)).quiet and time.monotonic() < until:
            self.door.wake()
            time.sleep(LOOK_SECONDS)
        return view

    def due(self, caller: Caller, code: str) -> tuple[DueView, ...]:
        """What is due in a stream, the next first. Raises NotFound, Unsigned."""
        stream = self.reading.seen(caller, code)
        with self.door.ledger.database.read() as connection:
            rows = due_in(connection, stream)
        if not rows:
            return ()
        now = lane_time(self.door.ledger, rows[0].lane, self.clock())
        return tuple(
            DueView(
                stream=row.stream,
                seq=row.seq,
                kind=row.kind,
                name=row.name,
                sort=row.sort,
                state=row.state,
                asked_at=row.asked_at,
                due_at=row.due_at,
                age=max(0, int((now - from_stored(row.asked_at)).total_seconds())),
                attempt=row.attempt,
            )
            for row in rows
        )

    def _view(self, drill: str) -> DrillView:
        ledger, lane = self.door.ledger, lane_of(drill)
        now = lane_time(ledger, lane, self.clock())
        with ledger.database.read() as connection:
            clock = load(connection, [drill], ledger.folds, lock=False)[drill].slice(CLOCK)
            following = next_times(connection).get(lane)
            left = left_at(connection, lane, now)
        events_wait = self.spool.waits_in(lane)
        return DrillView(
            drill=drill,
            exercise=clock.exercise,
            seed=clock.seed,
            lane=lane,
            now=stored(now),
            speed=f"{clock.goes_n}/{clock.goes_d}",
            runs=clock.runs,
            ended=clock.ended,
            ended_at=clock.w if clock.ended else None,
            people=len(clock.people),
            quiet=left == 0 and not events_wait,
            next_due=None if following is None else stored(following),
        )
