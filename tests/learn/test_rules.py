"""The registry of learning: words of verbs, frozen samples of every kind, folds that survive erasure."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.access.verbs import Verb
from muster.learn.rules import FIXED, FOLDS, KINDS, PLAN_WORK, RULES, WORK
from muster.record.canonical import canonical
from muster.record.entry import Entry
from muster.record.state import StreamState, advance, slices_from_bytes, to_bytes
from tests.access.world import header, refs

SAMPLES = json.loads((Path(__file__).parent / "samples" / "kinds.json").read_text())


def test_verbs_kinds_and_folds_go_by_their_names() -> None:
    assert set(WORK) == {
        "schedule-review", "hold-review", "cause", "withdraw-cause", "no-causes", "lesson", "no-lesson",
    }  # fmt: skip
    assert set(PLAN_WORK) == {"agree-lesson", "write-change", "approve-change", "mark-tested", "drop-lesson"}
    assert set(RULES) == {Verb.STATE, Verb.CLOSE}
    assert all(one.command.__doc__ and one.summary.endswith(".") for one in PLAN_WORK.values())
    assert all(work.command.__doc__ and work.summary.endswith(".") for work in WORK.values())
    assert all(kind.model.kind == name for name, kind in KINDS.items())
    assert all(fold.name == name for name, fold in FOLDS.items())
    assert {body.kind for body in FIXED} <= set(KINDS)


def test_every_kind_and_version_has_a_frozen_sample() -> None:
    assert set(SAMPLES) == {f"{name} {v}" for name, kind in KINDS.items() for v in range(1, kind.model.v + 1)}


@pytest.mark.parametrize("sample", sorted(SAMPLES))
def test_old_entries_are_read_for_ever(sample: str) -> None:
    name, _, v = sample.partition(" ")
    body = KINDS[name].read(int(v), SAMPLES[sample])
    assert canonical(body.tree())
    if int(v) == KINDS[name].model.v:
        assert body.tree() == SAMPLES[sample]


STORY = st.lists(st.tuples(st.sampled_from(sorted(SAMPLES)), st.booleans(), st.integers(0, 12)), max_size=25)
RELS = ("evidence", "withdraws", "lesson", "from", "explains")


@given(STORY)
def test_every_fold_is_total_and_states_come_back_from_their_bytes(
    story: list[tuple[str, bool, int]],
) -> None:
    state = StreamState("INC-7Q4KM2")
    for seq, (sample, erased, other) in enumerate(story):
        name, _, v = sample.partition(" ")
        head = header(name, seq=seq, refs=refs(*((rel, "INC-7Q4KM2", other) for rel in RELS)))
        body = None if erased else KINDS[name].read(int(v), SAMPLES[sample])
        state = advance(state, Entry(head, body), b"\0" * 32, FOLDS)
    assert slices_from_bytes(to_bytes(state), FOLDS) == state.slices
