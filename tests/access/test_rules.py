"""The registry of access: a rule for every verb on accounts, and samples of every kind."""

import json
from pathlib import Path

import pytest

from muster.access.rules import FOLDS, KINDS, RULES
from muster.access.verbs import VERBS, Target, Verb
from muster.core.ids import ACCOUNTS_STREAM
from muster.record.canonical import canonical

SAMPLES = json.loads((Path(__file__).parent / "samples" / "kinds.json").read_text())


def test_every_verb_on_accounts_has_its_rule() -> None:
    wanted = {verb for verb, facts in VERBS.items() if facts.target is Target.ACCOUNTS}
    assert set(RULES) == wanted - {Verb.PROGRAM_TOKEN}
    for verb, rule in RULES.items():
        assert rule.verb is verb
        assert rule.command.__doc__
        assert rule.acts_on(None) == (ACCOUNTS_STREAM,)


def test_kinds_and_folds_go_by_their_names() -> None:
    assert all(kind.model.kind == name for name, kind in KINDS.items())
    assert all(fold.name == name for name, fold in FOLDS.items())
    assert set(FOLDS) == {"accounts"}


def test_every_kind_and_version_has_a_frozen_sample() -> None:
    assert set(SAMPLES) == {f"{name} {v}" for name, kind in KINDS.items() for v in range(1, kind.model.v + 1)}


@pytest.mark.parametrize("sample", sorted(SAMPLES))
def test_old_entries_are_read_for_ever(sample: str) -> None:
    name, _, v = sample.partition(" ")
    body = KINDS[name].read(int(v), SAMPLES[sample])
    assert canonical(body.tree())
    if int(v) == KINDS[name].model.v:
        assert body.tree() == SAMPLES[sample]
