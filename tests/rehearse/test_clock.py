"""The clock of a drill: exact in whole microseconds, never back, by its own speed; it pauses, steps and outlives a stop."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core.errors import Refused
from muster.core.time import Moment, TimeSource, from_stored, stored
from muster.record.canonical import canonical
from muster.record.entry import Entry
from muster.record.state import StreamState, advance
from muster.rehearse.clock import (
    CLOCK,
    JUMP,
    KINDS,
    Clock,
    lane_now,
    lane_of,
    micros,
    reached,
    refuse_in_drill,
    streams_of,
    time_in,
)
from tests.access.world import START, header

DRILL = "DRL-7Q4KM2"
LATER = st.integers(0, 10**12).map(lambda us: timedelta(microseconds=us))
SPEEDS = st.tuples(st.integers(0, 100_000), st.integers(1, 1_000))
SAMPLES = json.loads((Path(__file__).parent / "samples" / "kinds.json").read_text())


def clock(n: int = 1, d: int = 1, *, w: datetime = START, t: datetime = START) -> Clock:
    return Clock(w=stored(w), t=stored(t), n=n, d=d)


@given(SPEEDS, st.lists(LATER, min_size=2, max_size=8))
def test_it_never_goes_back(speed: tuple[int, int], gone: list[timedelta]) -> None:
    times = [lane_now(clock(*speed), START + one) for one in sorted(gone)]
    assert times == sorted(times)


@given(SPEEDS, LATER)
def test_it_is_exact_in_whole_microseconds(speed: tuple[int, int], gone: timedelta) -> None:
    n, d = speed
    found = lane_now(clock(n, d), START + gone)
    assert micros(found) - micros(START) == (gone // timedelta(microseconds=1)) * n // d


@given(LATER)
def test_a_wall_clock_that_was_set_back_holds_it_where_it_is(back: timedelta) -> None:
    assert lane_now(clock(60), START - back) == START


@given(LATER, LATER)
def test_it_is_never_behind_what_an_entry_showed(gone: timedelta, ahead: timedelta) -> None:
    latest = START + ahead
    assert lane_now(clock(), START + gone, latest) == max(START + gone, latest)
    own = clock().model_copy(update={"latest": stored(latest)})
    assert lane_now(own, START + gone) == max(START + gone, latest)


@given(LATER)
def test_while_it_stands_nothing_moves_it(gone: timedelta) -> None:
    assert lane_now(clock(0), START + gone) == START


@given(LATER)
def test_two_drills_have_two_clocks(gone: timedelta) -> None:
    slow, fast = lane_now(clock(1, 2), START + gone), lane_now(clock(60), START + gone)
    assert 120 * (slow - START) <= fast - START <= 120 * (slow - START + timedelta(microseconds=1))


def test_a_server_that_was_stopped_for_an_hour_finds_the_drill_an_hour_further() -> None:
    assert lane_now(clock(60), START + timedelta(hours=1)) == START + timedelta(hours=60)


def test_it_ends_before_the_calendar_does() -> None:
    assert lane_now(clock(100_000), datetime(2999, 1, 1, tzinfo=UTC)).year == 9998


def test_a_lane_names_its_drill() -> None:
    assert streams_of("real") == ()
    assert streams_of("drill:1") == ()
    assert streams_of(lane_of("drl-7q4km2".upper())) in ((), (DRILL,))


def test_reality_has_the_wall_clock_and_a_drill_its_own() -> None:
    from muster.core.ids import StreamType, code

    drill = code(StreamType.DRILL, "0" * 31 + "7")
    state = StreamState(drill, 0, lane=lane_of(drill), slices={"clock": clock(2)})
    later = START + timedelta(seconds=5)
    assert time_in("real", {drill: state}, later) is None
    assert time_in(lane_of(drill), {drill: state}, later) == START + timedelta(seconds=10)
    assert time_in(lane_of(drill), {}, later) is None


def test_only_what_a_clock_said_in_a_drill_shows_a_lane_time() -> None:
    stated = Moment(START, source=TimeSource.STATED)
    assert list(reached(header("log.written", lane="drill:1"))) == [stored(START)]
    assert list(reached(header("log.written", lane="drill:1", happened=stated))) == []
    assert list(reached(header("log.written"))) == []


def test_what_needs_to_leave_the_house_is_refused_in_a_drill() -> None:
    refuse_in_drill("real")
    with pytest.raises(Refused, match="drill"):
        refuse_in_drill("drill:1")


def test_a_jump_is_a_minute() -> None:
    assert timedelta(seconds=60) == JUMP


@pytest.mark.parametrize("sample", sorted(SAMPLES))
def test_old_entries_are_read_for_ever(sample: str) -> None:
    name, _, v = sample.partition(" ")
    body = KINDS[name].read(int(v), SAMPLES[sample])
    assert canonical(body.tree())
    assert body.tree() == SAMPLES[sample]


def test_every_kind_has_a_frozen_sample() -> None:
    assert set(SAMPLES) == {f"{name} {kind.model.v}" for name, kind in KINDS.items()}


@given(st.lists(st.tuples(st.sampled_from(sorted(SAMPLES)), st.booleans()), max_size=12))
def test_the_fold_is_total_over_erased_bodies(story: list[tuple[str, bool]]) -> None:
    state = StreamState(DRILL)
    for seq, (sample, erased) in enumerate(story):
        name, _, v = sample.partition(" ")
        body = None if erased else KINDS[name].read(int(v), SAMPLES[sample])
        head = header(name, stream=DRILL, seq=seq, lane=lane_of(DRILL))
        state = advance(state, Entry(head, body), b"\0" * 32, {"clock": CLOCK})
    found = state.slice(CLOCK)
    assert not found.latest or from_stored(found.latest) == START
