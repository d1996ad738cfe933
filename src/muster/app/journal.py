"""The access stream of one day and process: sign-ins, denials, exports, and reads of what is secret.

Repeated denials of one source are one entry a minute with a count; a read is one entry for each person, thing and
15 minutes. Other reads write nothing.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from muster.access.passing import AccessRead, DenialReason, ReadThing, day_of, open_day
from muster.access.passing import denied as denied_draft
from muster.app.caller import Caller
from muster.core.errors import MusterError
from muster.record.body import Body
from muster.record.context import Context
from muster.record.entry import Draft
from muster.store.append import Decided, Ledger, Working

READ_AGAIN = timedelta(minutes=15)
DENIED_AGAIN = timedelta(minutes=1)
_MOST = 10_000

MakeContext = Callable[[Caller, datetime], Context]


@dataclass
class Journal:
    """Writes what passes at the door. Thread-safe."""

    ledger: Ledger
    context: MakeContext
    server: Caller
    _stream: str | None = None
    _day: str = ""
    _reads: dict[tuple[str, str], datetime] = field(default_factory=dict[tuple[str, str], datetime])
    _denials: dict[tuple[str, DenialReason], tuple[datetime, int]] = field(
        default_factory=dict[tuple[str, DenialReason], tuple[datetime, int]]
    )
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, caller: Caller, now: datetime, body: Body, *working: Working) -> None:
        """Appends one entry, with working rows in the same transaction. Raises Unavailable; then none is written."""
        context = self.context(caller, now)
        with self._lock:
            self._open(now)
            stream = self._stream or ""
        self.ledger.append(
            [stream], lambda _states, _connection: Decided((Draft(stream, body),), context, working=working)
        )

    def _open(self, now: datetime) -> None:
        if self._stream is not None and self._day == day_of(now):
            return
        context = self.context(self.server, now)
        first = open_day(context)
        self.ledger.append([first.stream], lambda _states, _connection: Decided((first,), context))
        self._stream, self._day = first.stream, day_of(now)

    def read(self, caller: Caller, now: datetime, thing: str, what: ReadThing) -> None:
        """Notes that somebody reads evidence, or a thing for named people, before it is shown."""
        key = (caller.actor.account, thing)
        with self._lock:
            last = self._reads.get(key)
        if last is not None and timedelta(0) <= now - last < READ_AGAIN:
            return
        self.write(caller, now, AccessRead(thing=thing, what=what))
        with self._lock:
            self._reads[key] = now
            if len(self._reads) > _MOST:
                self._reads = {key: at for key, at in self._reads.items() if now - at < READ_AGAIN}

    def denied(self, caller: Caller, now: datetime, reason: DenialReason) -> None:
        """Notes a denial. It is never a reason to fail: where nothing can be written, the denial stands all the same."""
        key = (caller.source, reason)
        with self._lock:
            if key not in self._denials and len(self._denials) >= _MOST:
                key = ("many sources", reason)
            found = self._denials.get(key)
            if found is not None and now - found[0] < DENIED_AGAIN:
                self._denials[key] = (found[0], found[1] + 1)
                return
            self._denials[key] = (now, 0)
        # What was counted in a minute that is over and not yet written is in this entry.
        self._write_denials(caller, now, key, 1 if found is None else 1 + found[1])

    def flush(self, now: datetime, *, all_of_them: bool = False) -> None:
        """Writes the counts of denials whose minute is over (all of them at a clean stop)."""
        with self._lock:
            over = [
                (key, count)
                for key, (at, count) in self._denials.items()
                if all_of_them or now - at >= DENIED_AGAIN or now < at
            ]
            for key, _ in over:
                del self._denials[key]
        for key, count in over:
            if count:
                self._write_denials(self.server, now, key, count)

    def _write_denials(
        self, caller: Caller, now: datetime, key: tuple[str, DenialReason], count: int
    ) -> None:
        try:
            self.write(caller, now, denied_draft("", key[1], key[0], count).body)
        except MusterError:
            return
