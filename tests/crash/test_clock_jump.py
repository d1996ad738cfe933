"""The wall clock of the server jumps an hour, either way: order is that of the entries, and nothing is refused."""

import signal
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.app.muster import Muster
from muster.app.views import IncidentView
from muster.core.people import SERVER, Actor, Through
from muster.store import leases
from tests.crash.place import BOTH, Place
from tests.crash.servers import Servers

HOUR = timedelta(hours=1)


@dataclass
class Clock:
    """A wall clock that somebody sets."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def founder(muster: Muster) -> Caller:
    server = Caller(Actor(SERVER, through=Through.SERVER))
    first = {"name": "Ana", "sign_in": "ana"}
    return Caller(Actor(str(muster.doing.do(Verb.FIRST, first, server)["account"]), BOTH), source="here")


def told(muster: Muster, ana: Caller, clock: Clock, jump: timedelta) -> IncidentView:
    """Two lines before the jump and two after it, with what else a clock could upset."""
    incident = str(
        muster.doing.do(Verb.DECLARE, {"what": "The shop is down", "secrecy": "named"}, ana)["incident"]
    )

    def log(text: str) -> None:
        muster.doing.do(Verb.LOG, {"incident": incident, "text": text}, ana)

    log("before")
    muster.reading.incident(ana, incident)
    clock.ahead += jump
    log("after")
    muster.doing.do(Verb.SUMMARY, {"incident": incident, "text": "It is the disk", "expected": 0}, ana)
    muster.events.accept(ana, f"batch {jump}", b"{}\n", packed=False, now=clock())
    log("later")
    return muster.reading.incident(ana, incident)


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_order_stays_and_a_clock_that_was_set_back_is_said_on_the_page(place: Place, jump: timedelta) -> None:
    clock = Clock()
    with place.parts(clock=clock) as muster:
        view = told(muster, founder(muster), clock, jump)
        assert [entry.seq for entry in view.entries] == list(range(len(view.entries)))
        lines = [entry for entry in view.entries if entry.kind == "log.written"]
        assert [line.text for line in lines] == ["before", "after", "later"]
        for line in lines:
            assert (line.happened_at, line.stated) == (line.recorded_at, False)
        moved = datetime.fromisoformat(lines[1].recorded_at) - datetime.fromisoformat(lines[0].recorded_at)
        assert abs(moved - jump) < timedelta(minutes=1)
        assert view.clock_warning is (jump < timedelta())
        assert [line.late for line in lines] == [False, jump < timedelta(), jump < timedelta()]
    place.is_whole()


def test_a_lease_of_a_clock_that_was_set_back_holds_nobody_off(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    with place.parts() as muster:
        database = muster.record.ledger.database
        monkeypatch.setattr(leases, "database_now", lambda _connection: now)
        assert leases.claim(database, "job", "one", 15)
        assert not leases.claim(database, "job", "another", 15)
        monkeypatch.setattr(leases, "database_now", lambda _connection: now - HOUR)
        assert leases.claim(database, "job", "another", 15)
        assert not leases.claim(database, "job", "one", 15)


def test_after_a_kill_the_next_server_seals_within_five_seconds(tmp_path: Path, servers: Servers) -> None:
    place = Place(tmp_path)
    token = place.founded()
    first = servers.serving(place)
    with first.client(token) as client:
        client.post("declare", {"what": "The shop is down"})
        _sealed_within(place, 5)
        client.post("declare", {"what": "The bank is down"})
    first.signal(signal.SIGKILL)
    assert first.waits_for_end() == -signal.SIGKILL
    servers.serving(place)
    _sealed_within(place, 5)


def _sealed_within(place: Place, seconds: float) -> None:
    """Both checkpoint and anchor; the measure is that of the design, with one second for a busy machine."""
    end = time.monotonic() + seconds + 1
    while place.sealed() != (place.counter(), place.counter()):
        assert time.monotonic() < end, (place.sealed(), place.counter())
        time.sleep(0.1)
