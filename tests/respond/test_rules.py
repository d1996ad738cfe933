"""The registry of response: every verb has its rule, every kind its frozen sample, every fold survives erasure."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.access.verbs import VERBS, Target, Use
from muster.access.work_verbs import WORK_VERBS
from muster.record.canonical import canonical
from muster.record.entry import Entry
from muster.record.state import StreamState, advance, slices_from_bytes, to_bytes
from muster.respond.rules import FOLDS, KINDS, RULES
from tests.access.world import header, refs

# What other packages have rules for.
OTHERS = (Target.ACCOUNTS, Target.NONE, Target.NEW_DRILL, Target.DRILL, Target.PLAN)
SAMPLES = json.loads((Path(__file__).parent / "samples" / "kinds.json").read_text())


def test_every_command_on_streams_has_its_rule() -> None:
    wanted = {
        verb
        for verb, facts in VERBS.items()
        if facts.use is Use.COMMAND and facts.target not in OTHERS and verb not in WORK_VERBS
    }
    assert set(RULES) == wanted
    for verb, rule in RULES.items():
        assert rule.verb is verb
        assert rule.command.__doc__


def test_kinds_and_folds_go_by_their_names() -> None:
    assert all(kind.model.kind == name for name, kind in KINDS.items())
    assert all(fold.name == name for name, fold in FOLDS.items())


def test_every_kind_and_version_has_a_frozen_sample() -> None:
    wanted = {f"{name} {v}" for name, kind in KINDS.items() for v in range(1, kind.model.v + 1)}
    assert set(SAMPLES) == wanted


@pytest.mark.parametrize("sample", sorted(SAMPLES))
def test_old_entries_are_read_for_ever(sample: str) -> None:
    name, _, v = sample.partition(" ")
    body = KINDS[name].read(int(v), SAMPLES[sample])
    assert canonical(body.tree())
    if int(v) == KINDS[name].model.v:
        assert body.tree() == SAMPLES[sample]


STORY = st.lists(st.tuples(st.sampled_from(sorted(SAMPLES)), st.booleans(), st.integers(0, 12)), max_size=25)


@given(STORY)
def test_every_fold_is_total_and_states_come_back_from_their_bytes(
    story: list[tuple[str, bool, int]],
) -> None:
    state = StreamState("INC-7Q4KM2")
    for seq, (sample, erased, other) in enumerate(story):
        name, _, v = sample.partition(" ")
        rels = ("settles", "hides", "erases", "declines", "attached-to", "due")
        head = header(name, seq=seq, refs=refs(*((rel, "INC-7Q4KM2", other) for rel in rels)))
        body = None if erased else KINDS[name].read(int(v), SAMPLES[sample])
        state = advance(state, Entry(head, body), b"\0" * 32, FOLDS)
    assert slices_from_bytes(to_bytes(state), FOLDS) == state.slices
