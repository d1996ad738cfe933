"""Appending: all or nothing, gap-free, and an erasure reaches everything that holds the words."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from muster.access.verbs import Verb
from muster.core.errors import MusterError, Refused, Unavailable
from muster.record.entry import Draft
from muster.record.state import States
from muster.respond.log import LogWritten
from muster.store.answers import remember, remembered
from muster.store.append import Decided
from muster.store.open_record import server_context
from tests.store.world import World, every_byte_of, every_text_of

SECRET = "correct-horse-battery-staple"


def feed(world: World) -> list[int]:
    return [row[0] for row in world.rows("SELECT feed FROM leaves ORDER BY feed")]


def test_the_feed_has_no_gap_and_the_counter_stands_behind_it(world: World) -> None:
    assert feed(world) == list(range(46))
    assert world.rows("SELECT next FROM counter") == [(46,)]


def test_what_fails_after_the_counter_leaves_nothing(world: World) -> None:
    def fail(_connection: Connection) -> None:
        raise Refused("No.")

    draft = Draft(world.incident, LogWritten(text="x"))
    with pytest.raises(Refused):
        world.muster.record.ledger.append(
            [world.incident],
            lambda _states, _connection: Decided((draft,), server_context(), working=(fail,)),
        )
    assert feed(world) == list(range(46))
    assert world.verified().findings == ()


def test_many_writers_at_once_leave_one_chain(world: World) -> None:
    failed: list[MusterError] = []

    def write(number: int) -> None:
        try:
            for line in range(5):
                world.log(f"{number}/{line}", "ben" if number % 2 else "ada")
        except MusterError as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert feed(world) == list(range(66))
    assert world.verified().findings == ()


def test_a_frozen_record_takes_nothing(worlds: Callable[..., World]) -> None:
    from dataclasses import replace

    world = worlds()
    frozen = replace(world.muster.record.ledger, frozen="An older state was put back.")

    def never(_states: States, _connection: Connection) -> Decided:
        raise AssertionError("nothing is decided")

    with pytest.raises(Unavailable):
        frozen.append([world.incident], never)


def test_an_empty_decision_writes_nothing(world: World) -> None:
    done = world.muster.record.ledger.append(
        [world.incident],
        lambda states, _connection: Decided((), server_context(), {"seq": states[world.incident].seq}),
    )
    assert (done.written, done.answer) == ((), {"seq": 17})


# --- erasure ----------------------------------------------------------------------------------------
def everything(world: World) -> bytes:
    """All bytes that are kept: files of the data directory, and all that PostgreSQL answers."""
    return every_byte_of(world.data) + (every_text_of(world.url) if world.url else b"")


def test_words_that_are_erased_are_nowhere_any_more(world: World) -> None:
    seq = world.log(f"the password is {SECRET}")
    assert SECRET.encode() in everything(world)
    world.erase(seq)
    assert SECRET.encode() not in everything(world)
    assert not world.database.has_traces
    assert world.verified().findings == ()


def test_the_words_of_a_fact_and_of_the_summary_leave_their_lists_too(world: World) -> None:
    fact = world.do("ada", Verb.FACT, incident=world.incident, text=f"a {SECRET}", source=f"b {SECRET}")
    world.do("ada", Verb.SUMMARY, incident=world.incident, text=f"c {SECRET}", expected=1)
    world.erase(int(fact["seq"]))
    world.erase(int(fact["seq"]) + 1)
    assert SECRET.encode() not in everything(world)
    assert world.verified().findings == ()


def test_a_remembered_answer_that_holds_the_words_is_forgotten(world: World) -> None:
    seq = world.log("a line")
    now = datetime.now(UTC)
    for key, streams in (("about-it", (world.secret, world.incident)), ("another", (world.secret,))):
        with_words = {"text": SECRET if key == "about-it" else "other"}
        world.database.write(
            lambda connection, key=key, streams=streams, answer=with_words: remember(
                connection, account="a", key=key, request="r", streams=streams, answer=answer, now=now
            )
        )
    world.erase(seq)
    with world.database.read() as connection:
        assert remembered(connection, "a", "about-it") is None
        assert remembered(connection, "a", "another") is not None
    assert SECRET.encode() not in everything(world)


def test_a_reader_that_blocks_the_cleaning_only_delays_it(world: World) -> None:
    if world.url:
        pytest.skip("a write-ahead log of SQLite")
    seq = world.log(f"the password is {SECRET}")
    with world.database.read() as connection:
        connection.execute(text("SELECT count(*) FROM entries")).scalar_one()
        world.erase(seq)
        assert world.database.has_traces
        assert world.log("writing goes on") > seq
    world.muster.sealer.start()
    for _ in range(100):
        if not world.database.has_traces:
            break
        threading.Event().wait(0.05)
    world.muster.sealer.stop()
    assert not world.database.has_traces
    assert SECRET.encode() not in everything(world)


def test_what_a_crash_left_of_an_erasure_is_cleaned_at_the_next_start(worlds: Callable[..., World]) -> None:
    import shutil

    from tests.store.world import opened

    world = worlds()
    if world.url:
        pytest.skip("a write-ahead log of SQLite")
    seq = world.log(f"the password is {SECRET}")
    with world.database.read() as connection:
        connection.execute(text("SELECT count(*) FROM entries")).scalar_one()
        world.erase(seq)
        after = world.data.with_name("after-the-crash")
        shutil.copytree(world.data, after)
    assert SECRET.encode() in every_byte_of(after)
    muster = opened(after, world.state, None, world.clock)
    assert SECRET.encode() not in every_byte_of(after)
    muster.record.ledger.database.close()


def erase_something(world: World, which: int, place: int) -> None:
    """Whatever may be redacted at all; the rules refuse entries without words."""
    streams = [world.incident, world.secret, *world.signals.values()]
    stream = streams[which]
    last = world.rows("SELECT seq FROM streams WHERE stream = :s", s=stream)[0][0]
    seq = place % (last + 1)
    by = "caro" if stream == world.secret else "ada"
    body = world.rows("SELECT body FROM bodies WHERE stream = :s AND seq = :q", s=stream, q=seq)
    try:
        world.do(by, Verb.REDACT, stream=stream, seq=seq, reason="hidden")
        if stream == world.secret:
            return
        world.do("ben", Verb.ERASE, stream=stream, seq=seq)
    except Refused:
        return
    found = world.verified()
    assert found.findings == ()
    assert not world.rows("SELECT body FROM bodies WHERE stream = :s AND seq = :q", s=stream, q=seq)
    words = bytes(body[0][0])
    if len(words) > 40:
        assert words not in everything(world)
    caller = world.people["ada"]
    if stream in world.signals.values():
        assert world.muster.reading.signal(caller, stream).signal.signal == stream
    else:
        assert world.muster.reading.incident(caller, stream).incident == stream


ONE_WORLD = settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
WHICH, PLACE = st.integers(0, 4), st.integers(0, 10_000)


@ONE_WORLD
@given(which=WHICH, place=PLACE)
def test_any_bodies_may_be_erased_and_everything_still_folds_and_verifies(
    world: World, which: int, place: int
) -> None:
    erase_something(world, which, place)


@pytest.mark.soak
@pytest.mark.timeout(3000)
@settings(ONE_WORLD, max_examples=100)
@given(which=WHICH, place=PLACE)
def test_very_many_bodies_may_be_erased(world: World, which: int, place: int) -> None:
    erase_something(world, which, place)
