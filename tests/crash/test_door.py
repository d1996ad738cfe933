"""The door is killed, frozen and thawed at every point of an effect; what a real receiver got is counted.

The receiver keeps keys or does not, as the effect says; timers must fire at their original time after a crash.
"""

import os
import signal
import time
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.app.registry import KINDS
from muster.core.people import SERVER, Actor, Through
from muster.core.time import from_stored, stored
from muster.record.entry import Draft, read
from muster.respond.effects import EffectAsked, EffectDone, EffectFailed, EffectTried, EffectUnsure
from muster.respond.timers import TimerFired, TimerSet
from muster.store import schema
from muster.store.append import Decided
from muster.wiring import wall_clock
from tests.channels.peers import Receiver, receiver
from tests.crash.place import BOTH, Place
from tests.crash.servers import Servers

SERVER_CALLER = Caller(Actor(SERVER, through=Through.SERVER))
POINTS = ("due-claimed", "effect-tried", "effect-acted", "effect-ended")
LEASE = 2.0


@pytest.fixture
def peer() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


def settings(peer: Receiver, folder: Path) -> dict[str, Any]:
    secret = folder / "secret"
    secret.write_text("whsec_" + b64encode(b"k" * 32).decode())
    board = {"url": peer.url, "secret_files": [secret], "loopback": True, "timeout": 2}
    return {"webhooks": {"board": board}, "lease": LEASE}


def asked(place: Place, *, keeps: bool, sort: str = "notification", also: Draft | None = None) -> str:
    """Ask for an effect in a new incident, without a server."""
    with place.parts() as muster:
        first = {"name": "Ana", "sign_in": "ana"}
        account = str(muster.doing.do(Verb.FIRST, first, SERVER_CALLER)["account"])
        ana = Caller(Actor(account, BOTH))
        stream = str(muster.doing.do(Verb.DECLARE, {"what": "It is slow"}, ana)["incident"])
        context = muster.doing.context(SERVER_CALLER, muster.clock())
        body = EffectAsked.model_validate(
            {"effect": "ab" * 16, "channel": "webhook:board", "sort": sort, "may_repeat": not keeps}
        )
        drafts = (Draft(stream, body), *((Draft(stream, also.body),) if also else ()))
        muster.record.ledger.append([stream], lambda _states, _it: Decided(drafts, context))
    return stream


def of(place: Place, kind: type[Any]) -> list[Any]:
    return [entry.body for entry in place.entries() if isinstance(entry.body, kind)]


def waits_for(place: Place, kind: type[Any], count: int = 1, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while len(of(place, kind)) < count:
        assert time.monotonic() < until, f"no {kind.__name__}"
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("point", "keeps"),
    [
        ("effect-acted", True),
        pytest.param("effect-tried", False, marks=pytest.mark.soak),
        pytest.param("effect-acted", False, marks=pytest.mark.soak),
        *(pytest.param(point, True, marks=pytest.mark.soak) for point in POINTS if point != "effect-acted"),
    ],
)
def test_killed_at_each_point_of_an_effect(
    place: Place, servers: Servers, peer: Receiver, tmp_path: Path, point: str, keeps: bool
) -> None:
    asked(place, keeps=keeps)
    told = settings(peer, tmp_path)
    dies = servers.start(place, point=point, **told)
    assert dies.waits_for_end() == -signal.SIGKILL
    assert dies.reached == point
    again = servers.serving(place, **told)
    waits_for(place, EffectDone)
    time.sleep(0.6)
    assert again.stops() == 0
    tried, done = of(place, EffectTried), of(place, EffectDone)
    assert len(done) == 1
    assert [one.attempt for one in tried] == list(range(1, len(tried) + 1))
    assert len(tried) == (2 if point in ("effect-tried", "effect-acted") else 1)
    assert [one.repeat for one in tried] == [False, not keeps][: len(tried)]
    assert len(peer.got) == (2 if point == "effect-acted" else 1)
    assert len(peer.acted) == 1, "a receiver that keeps keys acts once"
    place.is_whole()


@pytest.mark.parametrize(
    "point",
    [
        pytest.param("effect-tried", marks=pytest.mark.soak),
        pytest.param("effect-acted", marks=pytest.mark.soak),
    ],
)
def test_of_an_action_killed_in_the_middle_a_person_is_asked(
    place: Place, servers: Servers, peer: Receiver, tmp_path: Path, point: str
) -> None:

    asked(place, keeps=False, sort="action")
    told = settings(peer, tmp_path)
    assert servers.start(place, point=point, **told).waits_for_end() == -signal.SIGKILL
    again = servers.serving(place, **told)
    waits_for(place, EffectUnsure)
    time.sleep(LEASE + 1)
    assert again.stops() == 0
    assert len(of(place, EffectTried)) == 1
    assert len(peer.got) == (1 if point == "effect-acted" else 0)


@pytest.mark.soak
@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_frozen_while_it_acts_and_thawed_too_late_its_outcome_is_refused(
    place: Place, servers: Servers, peer: Receiver, tmp_path: Path
) -> None:
    """Two servers on one PostgreSQL (SQLite has one only; two dispatchers of one are in tests/app): the second takes over within one lease, the first changes nothing."""
    asked(place, keeps=True)
    told = settings(peer, tmp_path)
    blobs = {"blobs": str(place.data / "blobs")}
    frozen = servers.start(place, point="effect-acted", sends=signal.SIGSTOP, **told)
    assert frozen.serves()
    frozen.reaches()
    began = time.monotonic()
    other = Place(place.folder, place.database)
    second = servers.serving(other, data=place.folder / "other", **told, **blobs)
    waits_for(place, EffectDone)
    assert time.monotonic() - began < LEASE + 5
    os.kill(frozen.pid, signal.SIGCONT)
    time.sleep(1.5)
    assert second.stops() == 0
    assert frozen.stops() == 0
    assert [one.attempt for one in of(place, EffectTried)] == [1, 2]
    (done,) = of(place, EffectDone)
    assert done.attempt == 2
    assert (len(peer.got), len(peer.acted)) == (2, 1)
    place.is_whole()


@pytest.mark.soak
def test_a_timer_fires_at_its_original_time_after_a_crash(
    place: Place, servers: Servers, peer: Receiver, tmp_path: Path
) -> None:

    due = wall_clock() + timedelta(seconds=9)
    timer = Draft("", TimerSet(purpose="review", due=stored(due)))
    asked(place, keeps=True, also=timer)
    told = settings(peer, tmp_path)
    assert servers.start(place, point="effect-acted", **told).waits_for_end() == -signal.SIGKILL
    again = servers.serving(place, **told)
    waits_for(place, TimerFired)
    assert again.stops() == 0
    (fired,) = of(place, TimerFired)
    assert from_stored(fired.due) == due
    with place.reading() as database, database.read() as connection:
        heads = [read(row.header, None, KINDS).header for row in connection.execute(select(schema.entries))]
    (at,) = [head.recorded_at for head in heads if head.kind == TimerFired.kind]
    assert timedelta(0) <= at - due < timedelta(seconds=2)


@pytest.mark.soak
def test_with_a_dead_receiver_the_work_goes_on(place: Place, servers: Servers, tmp_path: Path) -> None:

    with receiver() as gone:
        pass
    stream = asked(place, keeps=True)
    token = place_token(place)
    server = servers.serving(place, **settings(gone, tmp_path))
    waits_for(place, EffectFailed)
    with server.client(token) as client:
        assert client.post("log", {"incident": stream, "text": "We work on"})["seq"] > 0
    assert server.stops() == 0
    assert of(place, EffectFailed)[0].next is not None


def place_token(place: Place) -> str:
    """A token of Ana, whose account is there already."""
    with place.parts() as muster:
        people = muster.reading.accounts(Caller(Actor(SERVER, through=Through.SERVER)))
        ana = next(one.account for one in people if one.sign_in == "ana")
        return str(muster.doing.do(Verb.TOKEN, {"name": "test"}, Caller(Actor(ana, BOTH)))["secret"])
