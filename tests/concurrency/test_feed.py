"""The feed on PostgreSQL: in commit order, without a gap, and freed when a process stops in the middle of a write."""

import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection

from muster.core.people import SERVER, Actor, Through
from muster.record.context import Context
from muster.record.entry import Draft
from muster.record.state import States
from muster.respond.log import LogWritten
from muster.store.append import Decide, Decided
from muster.store.open_record import PLANS
from muster.wiring import wall_clock
from tests.crash.place import Place
from tests.crash.servers import Servers


@pytest.fixture
def grown(tmp_path: Path, fresh_postgres: Callable[[], str]) -> Place:
    """A place with its database on PostgreSQL."""
    return Place(tmp_path, fresh_postgres())


def writes(stream: str, text: str, until: threading.Event | None = None) -> Decide:
    """A decision of one log line; it waits under lock, before the counter, until it is told to go on."""

    def decide(_states: States, _connection: Connection, /) -> Decided:
        if until is not None:
            assert until.wait(timeout=20)
        context = Context(Actor(SERVER, through=Through.SERVER), wall_clock(), PLANS, text.encode())
        return Decided((Draft(stream, LogWritten(text=text)),), context)

    return decide


def texts(place: Place) -> list[str]:
    return [entry.body.text for entry in place.entries() if isinstance(entry.body, LogWritten)]


def test_a_write_held_open_before_the_counter_delays_nobody_and_is_read_in_commit_order(grown: Place) -> None:
    grown.founded()
    with grown.parts() as muster, ThreadPoolExecutor(1) as pool:
        ledger, go_on = muster.record.ledger, threading.Event()
        held = pool.submit(ledger.append, ["INC-HELD00"], writes("INC-HELD00", "held", go_on))
        began = time.monotonic()
        for number in range(20):
            ledger.append(["INC-QUICK0"], writes("INC-QUICK0", f"quick {number}"))
        assert time.monotonic() - began < 3
        assert not held.done()
        before = grown.counter()
        go_on.set()
        (written,) = held.result(timeout=20).written
        assert written.feed == before
    assert texts(grown) == [*(f"quick {number}" for number in range(20)), "held"]


def test_a_server_stopped_after_the_counter_holds_the_others_five_seconds_and_is_rolled_back(
    grown: Place, servers: Servers, record_property: Callable[[str, object], None]
) -> None:
    token = grown.founded()
    blobs = str(grown.data / "blobs")
    freezes = servers.serving(grown, point="before-commit", arms=True, sends=signal.SIGSTOP)
    other = servers.serving(grown, blobs=blobs, data=grown.folder / "other")
    with freezes.client(token) as client, other.client(token) as others, ThreadPoolExecutor(1) as pool:
        one = client.post("declare", {"what": "The shop is down"})["incident"]
        another = client.post("declare", {"what": "The bank is down"})["incident"]
        freezes.arm()
        fields = {"incident": one, "text": "frozen in the middle"}
        waiting = pool.submit(client.post, "log", fields)
        freezes.reaches()
        began = time.monotonic()
        for number in range(3):
            others.post("log", {"incident": another, "text": f"while it is frozen {number}"})
        seconds = time.monotonic() - began
        assert 2 < seconds < 8
        assert "frozen in the middle" not in texts(grown)
        freezes.signal(signal.SIGCONT)
        waiting.result(timeout=30)
    assert texts(grown)[-1] == "frozen in the middle"
    assert texts(grown).count("frozen in the middle") == 1
    assert [server.stops() for server in (freezes, other)] == [0, 0]
    grown.is_whole()
    record_property("counts", f"a stopped server held the others for {seconds:.1f} s")
