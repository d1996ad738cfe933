"""The one door out: claims what is due, records that it tries, acts, and records how it ended.

One loop. Timers and calls are decided by pure rules; effects are given to the adapter of their channel by a few
threads, so that a slow receiver holds off nobody else. In a drill every adapter is replaced by a dry run.
"""

import logging
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from muster.app.following import with_follows
from muster.app.lane_clock import lane_context, lane_time, pause_running
from muster.app.registry import FOLLOWS
from muster.app.sending import Adapter, DryRun, Message, NotSent, NotSetUp
from muster.app.ticks import Ticking, tick_of
from muster.app.world import Snapshot, World
from muster.core.errors import MusterError, Refused
from muster.record.context import Context
from muster.record.entry import Draft
from muster.record.lane import REAL
from muster.record.state import States
from muster.rehearse.clock import JUMP, streams_of
from muster.respond.effects import EffectAsked, EffectTried, Outcome, begin, ended, key_of
from muster.store.append import Decided, Ledger
from muster.store.due import DueRow, claim, entry_at, left_at, next_times, release

LOOK_SECONDS = 0.25
LEASE_SECONDS = 90.0
STOP_SECONDS = 5.0
WORKERS = 4
A_CHANNEL = 2
A_LOOK = 20
_LOG = logging.getLogger("muster.door")


@dataclass(frozen=True)
class _Begun:
    """An attempt that is recorded: what to give to whom, and by which adapter."""

    row: DueRow
    tried: EffectTried
    message: Message
    adapter: Adapter


@dataclass
class Door:
    """The dispatcher of one process. `context` makes Muster's own context at a wall time."""

    ledger: Ledger
    clock: Callable[[], datetime]
    context: Callable[[datetime], Context]
    adapters: Mapping[str, Adapter]
    ticks: Mapping[str, Ticking]
    world: World
    lease_seconds: float = LEASE_SECONDS
    holder: str = field(default_factory=lambda: secrets.token_hex(8))
    failure: str | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _awake: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _busy: Counter[str] = field(default_factory=Counter[str])
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _clocks: tuple[datetime, float] | None = None

    def start(self) -> None:
        """Begins to work in the background."""
        self._thread = threading.Thread(target=self._run, name="door", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the background work. What is being sent has a moment to end; else it is an open attempt, as after a crash."""
        self._stop.set()
        self._awake.set()
        if self._thread is not None:
            self._thread.join(timeout=10)
        until = time.monotonic() + STOP_SECONDS
        while sum(self._busy.values()) and time.monotonic() < until:
            time.sleep(0.05)

    def wake(self) -> None:
        """Somebody waits for what is due: look now, not at the next turn."""
        self._awake.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._awake.wait(LOOK_SECONDS)
            self._awake.clear()
            if self._stop.is_set():
                return
            try:
                self.watch_clocks(time.monotonic())
                self.look()
                self.failure = None
            except MusterError as error:
                # A full disk, a database that is away: nothing is lost, it is taken up when they are back.
                self.failure = error.line()
            except Exception:  # noqa: BLE001 - the one thread that sends: ended by a fault, nobody would be called; it is logged and shown
                _LOG.exception("the door stumbled")
                self.failure = "The door stumbled over a fault of its own; see the server's messages."

    def look(self) -> int:
        """One round over all lanes; how much was taken up."""
        taken = 0
        with self.ledger.database.read() as connection:
            lanes = next_times(connection)
        for lane, first in sorted(lanes.items()):
            now = lane_time(self.ledger, lane, self.clock())
            if first <= now:
                taken += self._look_in(lane, now)
        return taken

    def _look_in(self, lane: str, now: datetime) -> int:
        taken = 0
        token = secrets.token_hex(16)
        for row in self._claim(lane, now, token, effects=False, most=A_LOOK):
            self._tick(row, token)
            taken += 1
        for _ in range(A_LOOK):  # one at a time, so that no channel takes all who send
            with self._lock:
                full = sum(self._busy.values()) >= WORKERS
                busy = [name for name, count in self._busy.items() if count >= A_CHANNEL]
            token = secrets.token_hex(16)
            rows = [] if full else self._claim(lane, now, token, effects=True, most=1, without=busy)
            if not rows:
                break
            self._give(rows[0], token)
            taken += 1
        return taken

    def _claim(self, lane: str, now: datetime, token: str, **wanted: Any) -> list[DueRow]:
        rows = claim(self.ledger.database, lane, now, token, seconds=self.lease_seconds, **wanted)
        if rows:
            self.ledger.database.watch("due-claimed")
        return rows

    def quiet(self, lane: str) -> bool:
        """Whether nothing is left to be done in a lane at its present time: a step has ended."""
        now = lane_time(self.ledger, lane, self.clock())
        with self.ledger.database.read() as connection:
            return left_at(connection, lane, now) == 0

    # --- what is decided only ---------------------------------------------------------------------------

    def _tick(self, row: DueRow, token: str) -> None:
        tick = tick_of(self.ticks, row)
        world = self.world.now()  # before the lock, as whoever does a verb

        def decide(states: States, connection: Connection) -> Decided:
            context = self._context(row, states, connection, world)
            entry = entry_at(connection, row.stream, row.seq, self.ledger.kinds)
            known = self.world.told(world, states[row.stream])
            drafts = () if entry is None else tick.decide(states, entry, context, known)
            drafts = with_follows(states, drafts, context, known, self.ledger.folds, FOLLOWS)
            return Decided(drafts, context, working=(lambda it: release(it, row.stream, row.seq, token),))

        try:
            self._write(row, tick.reads(row.stream), decide)
        except Exception:
            with suppress(
                MusterError
            ):  # taken up again at once, not when the lease ends; the fault goes on below
                self.ledger.database.write(lambda it: release(it, row.stream, row.seq, token))
            raise
        self.ledger.database.watch("due-ticked")

    # --- effects ----------------------------------------------------------------------------------------

    def _give(self, row: DueRow, token: str) -> None:
        with self._lock:
            self._busy[row.name] += 1
        if (
            self._thread is None or row.lane != REAL
        ):  # a test; or a dry run, which takes no time and keeps its turn
            self._effect(row, token)
            return
        threading.Thread(target=self._effect, args=(row, token), name="effect", daemon=True).start()

    def _effect(self, row: DueRow, token: str) -> None:
        """Tries one effect; whatever breaks off leaves an open attempt, which is taken over when its lease ends."""
        try:
            begun = self._begin(row, token)
            if begun is not None:
                self.ledger.database.watch("effect-tried")
                outcome = _acted(begun)
                self.ledger.database.watch("effect-acted")
                self._end(begun, outcome)
                self.ledger.database.watch("effect-ended")
        except Refused as error:
            _LOG.warning("%s", error.line())
        except MusterError as error:
            self.failure = error.line()
        except Exception:  # noqa: BLE001 - the last frame of its thread: logged; the open attempt is taken over when its lease ends
            _LOG.exception("an effect stumbled")
        finally:
            with self._lock:
                self._busy[row.name] -= 1

    def _begin(self, row: DueRow, token: str) -> _Begun | None:
        found: list[_Begun] = []
        world = self.world.now()

        def decide(states: States, connection: Connection) -> Decided:
            found.clear()
            context = self._context(row, states, connection, world)
            entry = entry_at(connection, row.stream, row.seq, self.ledger.kinds)
            body = None if entry is None else entry.body
            dry_run = row.lane != REAL
            draft = begin(states[row.stream], row.seq, token, context, dry_run=dry_run)
            if draft is None or not isinstance(body, EffectAsked) or entry is None:
                return Decided((), context, working=(lambda it: release(it, row.stream, row.seq, token),))
            if not isinstance(draft.body, EffectTried):
                known = self.world.told(world, states[row.stream])
                drafts = with_follows(states, (draft,), context, known, self.ledger.folds, FOLLOWS)
                return self._done(row, token, drafts, context)
            message = Message(
                key_of(body, row.stream, row.seq), body.to, body.subject, body.text,
                int(entry.header.recorded_at.timestamp()), body.payload, draft.body.repeat,
            )  # fmt: skip
            adapter = DryRun() if dry_run else self.adapters.get(row.name, NotSetUp(row.name))
            found.append(_Begun(row, draft.body, message, adapter))
            return Decided((draft,), context)

        self._write(row, (), decide)
        return found[0] if found else None

    def _end(self, begun: _Begun, outcome: Outcome) -> None:
        """Records the outcome; while nothing can be written, again and again as long as the lease may last."""
        row, tried = begun.row, begun.tried

        def decide(states: States, connection: Connection) -> Decided:
            context = self._context(row, states, connection, world)
            drafts = ended(states[row.stream], row.seq, tried, outcome, context)
            known = self.world.told(world, states[row.stream])
            drafts = with_follows(states, drafts, context, known, self.ledger.folds, FOLLOWS)
            return self._done(row, tried.token, drafts, context)

        until = time.monotonic() + self.lease_seconds
        while True:
            try:
                world = self.world.now()
                return self._write(row, (), decide)
            except Refused:
                raise
            except MusterError as error:
                self.failure = error.line()
                if time.monotonic() >= until or self._stop.wait(1.0):
                    raise

    # --- shared -----------------------------------------------------------------------------------------

    def _write(
        self, row: DueRow, reads: tuple[str, ...], decide: Callable[[States, Connection], Decided]
    ) -> None:
        self.ledger.append((row.stream, *reads, *streams_of(row.lane)), decide)

    @staticmethod
    def _done(row: DueRow, token: str, drafts: tuple[Draft, ...], context: Context) -> Decided:
        return Decided(drafts, context, working=(lambda it: release(it, row.stream, row.seq, token),))

    def _context(self, row: DueRow, states: States, connection: Connection, world: Snapshot) -> Context:
        mine = replace(self.context(self.clock()), plans=world.commits)
        context = lane_context(mine, row.lane, states, connection)
        return replace(context, actor=replace(context.actor, lane=row.lane))

    # --- the wall clock ---------------------------------------------------------------------------------

    def watch_clocks(self, monotonic: float) -> int:
        """Pauses running drills when the wall clock left the monotonic one; how many were paused.

        A drill stands at the lane time that it had when the clocks still agreed, and as long after as really went by.
        """
        wall = self.clock()
        since = self._clocks = self._clocks or (wall, monotonic)
        honest = since[0] + timedelta(seconds=monotonic - since[1])
        if abs(wall - honest) <= JUMP:
            return 0
        self._clocks = (wall, monotonic)
        return pause_running(self.ledger, self.context(wall), honest)


def _acted(begun: _Begun) -> Outcome:
    try:
        return Outcome(done=True, words=begun.adapter.send(begun.message)[:200])
    except NotSent as error:
        return Outcome(done=False, words=error.words[:200], final=error.final, unclear=error.unclear)
    except Exception as error:  # noqa: BLE001 - adapters speak to strangers; a fault is logged and recorded as an unclear outcome
        _LOG.exception("an adapter stumbled")
        return Outcome(done=False, words=f"The channel stumbled ({type(error).__name__}).", unclear=True)
