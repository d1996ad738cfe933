"""States: a fold over entries, one slice a package, and their bytes."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import ClassVar

import pytest

from muster.core.people import Actor
from muster.record.body import Body
from muster.record.context import Context, PlanCommits
from muster.record.entry import Draft, Entry, header_of
from muster.record.state import Fold, Slice, StreamState, advance, fold, slices_from_bytes, to_bytes

CONTEXT = Context(
    Actor("a" * 32), datetime(2026, 11, 24, tzinfo=UTC), PlanCommits("force", "elsewhere"), b"s" * 32
)


class Said(Body):
    kind: ClassVar[str] = "test.said"
    text: str


class Count(Slice):
    count: int = 0
    last: str = ""


class Never(Slice):
    seen: bool = False


def counted(count: Count, entry: Entry) -> Count:
    text = entry.body.text if isinstance(entry.body, Said) else ""
    return Count(count=count.count + 1, last=text)


COUNT = Fold("count", Count(), counted)
NEVER = Fold("never", Never(), lambda never, _entry: never)
FOLDS = {"count": COUNT, "never": NEVER}


def entry(seq: int, text: str | None = "a", *, pinned: str = "p1", lane: str = "real") -> Entry:
    draft = Draft("INC-7Q4KM2", Said(text=text or ""))
    head = header_of(draft, CONTEXT, seq=seq, number=0, lane=lane, pinned=pinned, role=None)
    return Entry(head, None if text is None else draft.body)


def test_a_stream_without_entries_does_not_exist() -> None:
    state = StreamState("INC-7Q4KM2")

    assert not state.exists
    assert (state.seq, state.head, state.lane, state.pinned) == (-1, None, None, None)
    assert state.slice(COUNT) == Count()


def test_each_entry_moves_head_plan_and_slices() -> None:
    state = advance(StreamState("INC-7Q4KM2"), entry(0), b"\1" * 32, FOLDS)

    assert state.exists
    assert (state.seq, state.head, state.lane, state.pinned) == (0, "01" * 32, "real", "p1")
    assert state.slice(COUNT) == Count(count=1, last="a")


def test_the_lane_is_that_of_the_first_entry_and_the_plan_that_of_the_last() -> None:
    state = fold(
        "INC-7Q4KM2",
        [(entry(0, lane="drill:DRL-1"), b"\1" * 32), (entry(1, "b", pinned="p2"), b"\2" * 32)],
        FOLDS,
    )

    assert (state.seq, state.lane, state.pinned) == (1, "drill:DRL-1", "p2")
    assert state.slice(COUNT) == Count(count=2, last="b")


def test_an_erased_body_is_folded_too() -> None:
    state = fold("INC-7Q4KM2", [(entry(0), b"\1" * 32), (entry(1, None), b"\2" * 32)], FOLDS)

    assert state.slice(COUNT) == Count(count=2, last="")


def test_slices_that_nothing_touched_take_no_room() -> None:
    state = advance(StreamState("INC-7Q4KM2"), entry(0, None), b"\1" * 32, FOLDS)

    assert to_bytes(state) == b'{"count":{"count":1}}'
    assert slices_from_bytes(to_bytes(state), FOLDS) == {"count": Count(count=1)}


def test_equal_states_have_equal_bytes_whatever_the_order_of_folds() -> None:
    other = {"never": NEVER, "count": COUNT}
    one = advance(StreamState("INC-7Q4KM2"), entry(0), b"\1" * 32, FOLDS)
    two = advance(StreamState("INC-7Q4KM2"), entry(0), b"\1" * 32, other)

    assert to_bytes(one) == to_bytes(two) == b'{"count":{"count":1,"last":"a"}}'


def test_a_slice_of_another_type_is_not_handed_out() -> None:
    state = replace(StreamState("INC-7Q4KM2"), slices={"count": Never()})

    with pytest.raises(TypeError, match="slice count is of another type"):
        state.slice(COUNT)
