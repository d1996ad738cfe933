"""The door: one outcome for each attempt, retries with growing waits, nothing of a drill leaves, and a frozen one is late."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from muster.access.verbs import Verb
from muster.app import door
from muster.app.caller import Caller
from muster.app.door import Door
from muster.app.lane_clock import lane_time
from muster.app.sending import Message, NotSent
from muster.core.errors import Refused, Unavailable
from muster.core.people import Actor, Through
from muster.core.time import stored
from muster.record.entry import Draft
from muster.respond.calling import Callee, CallList, Way, call
from muster.respond.effects import WAITS, EffectAsked
from muster.respond.timers import TimerSet
from muster.store.append import Decided
from muster.store.due import due_in
from tests.app.stage import SERVER_CALLER, Stage, peopled


@dataclass
class Peer:
    """A channel that keeps what it got, and does what it is told."""

    got: list[Message] = field(default_factory=list[Message])
    answers: list[Any] = field(default_factory=list[Any])

    def send(self, message: Message) -> str:
        self.got.append(message)
        answer = self.answers.pop(0) if self.answers else "taken"
        if isinstance(answer, BaseException):
            raise answer
        if callable(answer):
            answer()
        return str(answer)


@pytest.fixture
def either(tmp_path: Path, database_url: str) -> Iterator[Stage]:
    made = peopled(tmp_path, database=database_url)
    yield made
    made.close()


@pytest.fixture
def peer(either: Stage) -> Peer:
    found = Peer()
    either.muster.door.adapters = {"mail": found}  # pyright: ignore[reportAttributeAccessIssue] - a test's
    return found


def asked(stage: Stage, stream: str = "", **more: Any) -> tuple[str, int]:
    """Ask for an effect in an incident, a new one unless told otherwise; its stream and number."""
    stream = stream or str(stage.do(Verb.DECLARE, stage.people["ana"], what="It is slow")["incident"])
    body = EffectAsked.model_validate(
        {"effect": "ab" * 16, "channel": "mail", "to": ["a@shop.example"], "subject": "It is slow"} | more
    )
    return stream, write(stage, stream, Draft(stream, body))


def write(stage: Stage, stream: str, *drafts: Draft) -> int:
    context = stage.muster.doing.context(SERVER_CALLER, stage.clock())
    written = stage.muster.record.ledger.append(
        [stream], lambda _states, _it: Decided(drafts, context)
    ).written
    return written[-1].entry.header.seq


def kinds(stage: Stage, stream: str, of: str = "effect.") -> list[str]:
    return [one.header.kind for one in stage.entries(of, stream)]


def bodies(stage: Stage, stream: str, kind: str) -> list[dict[str, Any]]:
    return [one.body.tree() for one in stage.entries(kind, stream) if one.body]


def another(stage: Stage, **changes: Any) -> Door:
    """A second dispatcher on the same record."""
    door = stage.muster.door
    made = Door(door.ledger, door.clock, door.context, door.adapters, door.ticks, door.world)
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def test_an_effect_is_recorded_before_and_after_and_goes_out_under_its_key(either: Stage, peer: Peer) -> None:
    stream, seq = asked(either)
    assert either.muster.door.look() == 1
    assert kinds(either, stream) == ["effect.asked", "effect.tried", "effect.done"]
    (message,) = peer.got
    assert (message.key, message.to, message.repeat) == (f"{stream}/{seq}", ("a@shop.example",), False)
    assert either.muster.door.look() == 0
    assert len(peer.got) == 1
    assert bodies(either, stream, "effect.done")[0]["answer"] == "taken"


def test_what_fails_is_tried_again_with_growing_waits_and_given_up_in_the_end(
    either: Stage, peer: Peer
) -> None:
    stream, _ = asked(either)
    peer.answers = [NotSent("No answer.") for _ in range(40)]
    waited: list[float] = []
    for _ in range(len(WAITS) + 3):
        either.muster.door.look()
        with either.muster.record.ledger.database.read() as connection:
            (row,) = due_in(connection, stream)
        if row.state != "waiting":
            break
        assert either.muster.door.look() == 0, "too early"
        waited.append((timedelta(0) + _at(row.due_at) - either.clock()).total_seconds())
        either.clock.now = _at(row.due_at)
    assert tuple(waited) == WAITS
    assert row.state == "given-up"
    assert len(peer.got) == len(WAITS) + 1
    assert {message.key for message in peer.got} == {peer.got[0].key}
    either.clock.turn(days=30)
    assert either.muster.door.look() == 0


def _at(text: str) -> Any:
    from muster.core.time import from_stored

    return from_stored(text)


def test_what_can_never_work_is_given_up_at_once_and_a_person_may_have_it_tried_again(
    either: Stage, peer: Peer
) -> None:
    stream, seq = asked(either)
    peer.answers = [NotSent("The server answered 550.", final=True)]
    either.muster.door.look()
    assert bodies(either, stream, "effect.failed")[0]["next"] is None
    assert either.muster.door.look() == 0
    settle = {"stream": stream, "effect": seq, "became": "again", "reason": "The address works now"}
    either.do(Verb.EFFECT, either.people["ben"], **settle)
    either.muster.door.look()
    assert kinds(either, stream)[-2:] == ["effect.tried", "effect.done"]


@pytest.mark.parametrize("sort", ["notification", "statement", "action"])
@pytest.mark.parametrize("keeps", [True, False])
def test_after_a_crash_in_the_middle(either: Stage, peer: Peer, sort: str, keeps: bool) -> None:
    stream, seq = asked(either, sort=sort, may_repeat=not keeps)
    peer.answers = [SystemExit()]
    with pytest.raises(SystemExit):  # the executor is gone after it tried
        either.muster.door.look()
    assert kinds(either, stream) == ["effect.asked", "effect.tried"]
    assert either.muster.door.look() == 0, "its lease still holds"
    expire(either)
    either.muster.door.look()
    if keeps or sort == "notification":
        assert kinds(either, stream)[2:] == ["effect.tried", "effect.done"]
        assert [message.repeat for message in peer.got] == [False, not keeps]
        assert len({message.key for message in peer.got}) == 1
    else:
        assert kinds(either, stream)[2:] == ["effect.unsure"]
        assert len(peer.got) == 1
        settle = {"stream": stream, "effect": seq, "became": "done", "reason": "They called back"}
        either.do(Verb.EFFECT, either.people["ben"], **settle)
        with either.muster.record.ledger.database.read() as connection:
            assert due_in(connection, stream) == []


def expire(stage: Stage) -> None:
    """As if the time of all leases were over."""
    from muster.store import schema

    ended = stored(stage.clock() - timedelta(days=9000))
    stage.muster.record.ledger.database.write(
        lambda connection: connection.execute(schema.due_leases.update().values(expires=ended))
    )


@pytest.mark.parametrize("sort", ["notification", "statement"])
def test_when_a_receiver_breaks_off_nobody_knows(either: Stage, peer: Peer, sort: str) -> None:
    stream, _ = asked(either, sort=sort)
    peer.answers = [NotSent("It broke off.", unclear=True)]
    either.muster.door.look()
    if sort == "statement":
        assert kinds(either, stream)[2:] == ["effect.failed", "effect.unsure"]
        return
    either.clock.turn(seconds=5)
    either.muster.door.look()
    assert [message.repeat for message in peer.got] == [False, True]


def test_the_outcome_of_an_attempt_that_somebody_took_over_is_refused(either: Stage, peer: Peer) -> None:
    """One dispatcher is frozen while it sends; another takes over; thawed, the first changes nothing."""
    stream, _ = asked(either)
    late = either.muster.door
    second = another(either)

    def frozen() -> None:
        expire(either)
        second.look()

    peer.answers = [frozen]
    late.look()
    assert kinds(either, stream) == ["effect.asked", "effect.tried", "effect.tried", "effect.done"]
    (done,) = bodies(either, stream, "effect.done")
    assert done["attempt"] == 2
    assert [message.repeat for message in peer.got] == [False, True]


def test_of_two_dispatchers_only_one_takes_it(either: Stage, peer: Peer) -> None:
    streams = [asked(either)[0] for _ in range(12)]
    doors = [another(either) for _ in range(2)]

    def work(door: Door) -> None:
        while door.look():
            pass

    threads = [threading.Thread(target=work, args=(door,)) for door in doors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(message.key.partition("/")[0] for message in peer.got) == sorted(streams)


def test_without_a_channel_it_waits_and_says_why(either: Stage, peer: Peer) -> None:
    stream, _ = asked(either, channel="pigeon")
    either.muster.door.look()
    (failed,) = bodies(either, stream, "effect.failed")
    assert "pigeon" in failed["reason"]
    assert failed["next"] is not None


def test_what_was_hidden_before_it_left_never_leaves(either: Stage, peer: Peer) -> None:
    stream, seq = asked(either, text="The password is hunter2")
    either.do(Verb.REDACT, either.people["ana"], stream=stream, seq=seq, reason="a password")
    assert either.muster.door.look() == 0
    assert peer.got == []


def test_a_fault_of_an_adapter_is_an_unclear_failure(either: Stage, peer: Peer) -> None:
    stream, _ = asked(either)
    peer.answers = [ValueError("hunter2")]
    either.muster.door.look()
    (failed,) = bodies(either, stream, "effect.failed")
    assert failed["unclear"]
    assert "hunter2" not in failed["reason"]


def test_a_timer_fires_once_at_its_time_and_says_what_it_was_set_to(either: Stage) -> None:
    stream = str(either.do(Verb.DECLARE, either.people["ana"], what="It is slow")["incident"])
    due = stored(either.clock() + timedelta(hours=1))
    write(either, stream, Draft(stream, TimerSet(purpose="review", due=due)))
    assert either.muster.door.look() == 0
    either.clock.turn(hours=3)  # the server was away
    assert either.muster.door.look() == 1
    assert either.muster.door.look() == 0
    (fired,) = either.entries("timer.fired", stream)
    assert fired.body is not None
    assert fired.body.tree() == {"purpose": "review", "due": due}


CALLS = CallList(
    people=tuple(
        Callee(person=name, minutes=20, ways=(Way(channel="mail", address=f"{name}@shop.example"),))
        for name in ("ana", "ben")
    )
)


def test_who_does_not_answer_is_followed_by_the_next(either: Stage, peer: Peer) -> None:
    stream = str(either.do(Verb.DECLARE, either.people["ana"], what="It is slow")["incident"])
    context = either.muster.doing.context(SERVER_CALLER, either.clock())
    either.muster.record.ledger.append(
        [stream], lambda states, _it: Decided(call(states[stream], CALLS, "declared", context), context)
    )
    door = either.muster.door
    door.look()
    either.clock.turn(minutes=19)
    door.look()
    assert [message.to for message in peer.got] == [("ana@shop.example",)]
    either.clock.turn(minutes=1)
    door.look()
    door.look()
    assert [message.to for message in peer.got] == [("ana@shop.example",), ("ben@shop.example",)]
    either.do(Verb.ANSWER, either.people["ben"], stream=stream)
    either.clock.turn(days=1)
    assert door.look() == 0
    with pytest.raises(Refused, match="Nobody is being called"):
        either.do(Verb.ANSWER, either.people["ana"], stream=stream)


# --- drills --------------------------------------------------------------------------------------------


def player(stage: Stage, lane: str, name: str = "ben") -> Caller:
    actor = stage.people[name].caller.actor
    return Caller(Actor(actor.account, actor.duties, Through.WEB, None, lane), name)


def drilled(stage: Stage, **more: Any) -> tuple[str, str, str]:
    """A drill with an incident in it: its code, its lane, the incident."""
    started = stage.do(Verb.START_DRILL, stage.people["ana"], exercise="The shop under attack", **more)
    lane = str(started["lane"])
    incident = stage.do(Verb.DECLARE, player(stage, lane), what="It is slow")["incident"]
    return str(started["drill"]), lane, str(incident)


def test_in_a_drill_nothing_leaves_by_any_channel(either: Stage, peer: Peer) -> None:
    _, _, incident = drilled(either)
    for channel in ("mail", "webhook:board", "pigeon"):
        either.muster.door.adapters = {**either.muster.door.adapters, channel: peer}  # pyright: ignore[reportAttributeAccessIssue] - a test's
        for sort in ("notification", "statement", "action"):
            asked(either, incident, channel=channel, sort=sort)
    while either.muster.door.look():
        pass
    assert peer.got == []
    done = bodies(either, incident, "effect.done")
    assert len(done) == 9
    assert all(one["dry_run"] for one in done)
    assert {one.header.lane for one in either.entries("effect.", incident)} == {
        f"drill:{_drill(incident, either)}"
    }


def _drill(incident: str, stage: Stage) -> str:
    return stage.entries(stream=incident)[0].header.lane.removeprefix("drill:")


def test_a_test_message_is_refused_from_a_drill_and_goes_out_in_reality(either: Stage, peer: Peer) -> None:
    _, lane, _ = drilled(either)
    with pytest.raises(Refused, match="nothing leaves a drill"):
        either.do(Verb.SEND_TEST, player(either, lane), person="a@shop.example")
    either.do(Verb.SEND_TEST, either.people["ana"], person="a@shop.example")
    either.muster.door.look()
    assert [message.to for message in peer.got] == [("a@shop.example",)]


def test_timers_of_a_drill_go_by_the_clock_of_the_drill(either: Stage) -> None:
    drill, lane, incident = drilled(either, speed="60")
    now = lane_time(either.muster.record.ledger, lane, either.clock())
    due = stored(now + timedelta(hours=1))
    write_in(either, lane, Draft(incident, TimerSet(purpose="review", due=due)))
    either.clock.turn(seconds=59)
    assert either.muster.door.look() == 0
    either.clock.turn(seconds=1)
    assert either.muster.door.look() == 1
    (fired,) = either.entries("timer.fired", incident)
    assert stored(fired.header.happened.at) == due
    assert fired.header.recorded_at == either.clock()
    assert drill in fired.header.lane


def write_in(stage: Stage, lane: str, draft: Draft) -> None:
    context = stage.muster.doing.context(SERVER_CALLER, stage.clock())
    context = replace(context, actor=replace(context.actor, lane=lane))
    stage.muster.record.ledger.append([draft.stream], lambda _states, _it: Decided((draft,), context))


def test_a_paused_drill_waits_and_a_step_has_ended_when_nothing_is_left(either: Stage) -> None:
    drill, lane, incident = drilled(either, paused=True)
    now = lane_time(either.muster.record.ledger, lane, either.clock())
    write_in(either, lane, Draft(incident, TimerSet(purpose="review", due=stored(now + timedelta(hours=1)))))
    either.clock.turn(days=9)
    assert either.muster.door.look() == 0
    assert either.muster.door.quiet(lane)
    either.do(Verb.STEP, either.people["ana"], drill=drill, seconds=3600)
    assert not either.muster.door.quiet(lane)
    either.muster.door.look()
    assert either.muster.door.quiet(lane)


def test_two_drills_and_reality_each_by_its_own_clock(either: Stage, peer: Peer) -> None:
    _, slow, in_slow = drilled(either, speed="1/2")
    _, fast, in_fast = drilled(either, speed="10")
    real = str(either.do(Verb.DECLARE, either.people["ana"], what="It is slow")["incident"])
    for lane, stream in ((slow, in_slow), (fast, in_fast), ("real", real)):
        now = lane_time(either.muster.record.ledger, lane, either.clock())
        due = stored(now + timedelta(minutes=10))
        write_in(either, lane, Draft(stream, TimerSet(purpose="review", due=due)))
    fired: list[str] = []
    for _ in range(20):
        either.clock.turn(minutes=1)
        either.muster.door.look()
        fired += [
            one.header.stream for one in either.entries("timer.fired") if one.header.stream not in fired
        ]
    assert fired == [in_fast, real, in_slow]


def test_an_entry_of_a_drill_has_its_lane_time_and_the_wall_clock(either: Stage) -> None:
    _, lane, incident = drilled(either, starts_at="2026-12-24T08:00Z", speed="60")
    either.clock.turn(minutes=2)
    either.do(Verb.LOG, player(either, lane), incident=incident, text="Two hours later")
    (line,) = either.entries("log.written", incident)
    assert stored(line.header.happened.at) == "2026-12-24T10:00:00.000000Z"
    assert line.header.recorded_at == either.clock()
    early = {"incident": incident, "text": "Earlier", "happened_at": "2026-12-24T09:30Z"}
    either.do(Verb.LOG, player(either, lane), **early)
    with pytest.raises(Exception, match="has not come yet"):
        either.do(Verb.LOG, player(either, lane), **early | {"happened_at": "2026-12-24T10:00:01Z"})


def test_the_clock_of_a_drill_never_goes_back_behind_an_entry_of_its_lane(either: Stage) -> None:
    _, lane, incident = drilled(either, speed="60")
    either.clock.turn(minutes=1)
    either.do(Verb.LOG, player(either, lane), incident=incident, text="One")
    either.clock.turn(seconds=-50)
    either.do(Verb.LOG, player(either, lane), incident=incident, text="Two")
    one, two = either.entries("log.written", incident)
    assert one.header.happened.at == two.header.happened.at


def test_a_session_joins_and_comes_back_when_the_drill_ends(either: Stage) -> None:
    from muster.store.credentials import by_session

    browser = either.signed_in("ben")
    secret = str(browser.cookies["muster_session"])
    database = either.muster.record.ledger.database

    def lane_of_session() -> str:
        with database.read() as connection:
            known = by_session(connection, secret, either.clock())
        assert known is not None
        return known.lane

    started = either.do(Verb.START_DRILL, either.people["ana"], exercise="The shop under attack")
    caller = either.muster.sign_in.by_session(secret, "127.0.0.1")
    assert caller is not None
    either.do(Verb.JOIN, caller, drill=started["drill"])
    assert lane_of_session() == started["lane"]
    either.do(Verb.LEAVE, caller, drill=started["drill"])
    assert lane_of_session() == "real"
    either.do(Verb.JOIN, caller, drill=started["drill"])
    either.do(Verb.END_DRILL, either.people["ana"], drill=started["drill"])
    assert lane_of_session() == "real"


def test_a_jump_of_the_wall_clock_pauses_running_drills_where_they_were(either: Stage) -> None:
    drill, lane, _ = drilled(either, speed="60")
    door = either.muster.door
    before = either.clock()
    assert door.watch_clocks(100.0) == 0
    either.clock.turn(seconds=30)
    assert door.watch_clocks(130.0) == 0
    either.clock.turn(hours=5)
    assert door.watch_clocks(131.0) == 1
    paused = lane_time(either.muster.record.ledger, lane, either.clock())
    assert paused == before + 60 * timedelta(seconds=31)
    either.clock.turn(hours=-7)
    assert door.watch_clocks(131.5) == 0, "it stands already"
    assert lane_time(either.muster.record.ledger, lane, either.clock()) == paused
    either.do(Verb.RESUME, either.people["ana"], drill=drill)
    either.clock.turn(seconds=1)
    assert lane_time(either.muster.record.ledger, lane, either.clock()) == paused + timedelta(minutes=1)


def test_what_waits_is_folded_again_from_the_record(either: Stage, peer: Peer) -> None:
    stream, _ = asked(either)
    asked(either, stream, not_before=stored(either.clock() + timedelta(days=1)))
    peer.answers = [NotSent("No answer.")]
    either.muster.door.look()
    drilled(either)
    from muster.app import verification

    folder = either.muster.settings.data
    report = verification.database(folder, either.muster.settings.database, str(folder / "blobs"), None, None)
    assert report.ok, report.lines


# --- the loop ------------------------------------------------------------------------------------------


def test_the_loop_works_by_itself_and_a_slow_receiver_holds_off_nobody(either: Stage, peer: Peer) -> None:
    slow = threading.Event()
    board = Peer(answers=[slow.wait] * 9)
    door = either.muster.door
    door.adapters = {"mail": peer, "webhook:board": board}  # pyright: ignore[reportAttributeAccessIssue] - a test's
    for _ in range(5):
        asked(either, channel="webhook:board")
    asked(either)
    door.start()
    try:
        until = time.monotonic() + 20
        while not (peer.got and len(board.got) >= 2) and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.6)
        assert len(peer.got) == 1
        assert len(board.got) == 2, "two at once for each channel"
    finally:
        slow.set()
        door.stop()


def test_in_a_drill_effects_end_in_the_order_in_which_they_were_asked_for(
    either: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "LOOK_SECONDS", 60.0)
    _, _, incident = drilled(either, paused=True)
    for number in range(4):
        asked(either, incident, effect=f"{number:032x}")
    either.muster.door.start()
    either.muster.door.wake()  # it looks now, not in a minute
    until = time.monotonic() + 20
    while kinds(either, incident).count("effect.done") < 4 and time.monotonic() < until:
        time.sleep(0.02)
    either.muster.door.stop()
    assert kinds(either, incident)[-8:] == ["effect.tried", "effect.done"] * 4


def test_while_nothing_can_be_written_the_outcome_is_kept_and_written_later(
    either: Stage, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream, _ = asked(either)
    ledger = either.muster.record.ledger
    broken = iter([False, True, True, False])
    append = type(ledger).append

    def sometimes(self: Any, *arguments: Any) -> Any:
        if next(broken, False):
            raise Unavailable("The disk is full.", "database", "Make room.")
        return append(self, *arguments)

    monkeypatch.setattr(type(ledger), "append", sometimes)
    monkeypatch.setattr(either.muster.door._stop, "wait", lambda _seconds: False)
    either.muster.door.look()
    monkeypatch.undo()
    assert kinds(either, stream) == ["effect.asked", "effect.tried", "effect.done"]
    assert len(peer.got) == 1


@pytest.mark.parametrize("crashes", [False, True])
def test_an_action_moves_on_when_its_channel_gave_up_or_took_its_executor_down_each_time(
    stage: Stage, crashes: bool
) -> None:
    ana, ben, do = stage.people["ana"], stage.people["ben"], stage.do
    one: dict[str, Any] = {"incident": do(Verb.DECLARE, ana, what="It is slow")["incident"]}
    do(Verb.OFFER, ana, role="commander", to=ana.account, **one)
    do(Verb.EVIDENCE, ben, sha256="ab" * 32, size=1, name="x", place="y", of=["web-1"], **one)
    about = {"action": "cut", "decision": "x", "target_kind": "host", "target": "web-1"}
    more = {"purpose": "x", "harm": "y", "undo": "z", "channel": "mail", "payload": {"port": "7"}}
    asked = do(Verb.PROPOSE, ben, **about, **more, **one)
    action = {"action": asked["action"], "sha256": asked["sha256"]}
    do(Verb.APPROVE, ana, **action, **one)
    do(Verb.START_ACTION, ben, **action, **one)
    peer = Peer(answers=[NotSent("No.", final=True)])
    stage.muster.door.adapters = {"mail": peer}  # pyright: ignore[reportAttributeAccessIssue] - a test's
    if crashes:
        stage.muster.door.lease_seconds = -1
        stage.muster.door._end = lambda _begun, _outcome: None  # pyright: ignore[reportAttributeAccessIssue] - as if it had died
    for _ in range(len(WAITS) + 2):
        stage.muster.door.look()
    assert kinds(stage, str(one["incident"]), "action.")[-1] == "action.failed"
    assert kinds(stage, str(one["incident"]))[-1] == "effect.failed"
