"""Effects, calls, timers and drills in words: every frozen sample is told."""

import json
from pathlib import Path

import pytest

from muster.app.registry import KINDS
from muster.app.telling import told
from muster.app.telling_due import SENTENCES, TITLES
from tests.access.world import entry

SAMPLES = {
    sample: tree
    for package in ("respond", "rehearse")
    for sample, tree in json.loads(
        (Path(__file__).parents[1] / package / "samples" / "kinds.json").read_text()
    ).items()
    if sample.partition(" ")[0] in TITLES
}


@pytest.mark.parametrize("sample", sorted(SAMPLES))
def test_every_kind_is_told(sample: str) -> None:
    name, _, v = sample.partition(" ")
    view = told(entry(KINDS[name].read(int(v), SAMPLES[sample])), {}, unseen=frozenset())
    assert view.title == TITLES[name]
    assert bool(view.text) == (name in SENTENCES)


def test_a_failure_says_when_it_is_tried_again_and_a_repeat_that_it_is_one() -> None:
    def text(kind: str, **more: object) -> str:
        body = KINDS[kind].read(1, SAMPLES[f"{kind} 1"] | more)
        return told(entry(body), {}, unseen=frozenset()).text

    assert text("effect.failed") == "The server answered 421. Next try 2026-11-24T02:10:00Z."
    assert text("effect.failed", next=None).endswith("Given up.")
    assert text("effect.tried", repeat=True, dry_run=True) == "attempt 1 (may be a repeat, dry run)"
    assert text("drill.clock", n=0).endswith("it stands")
