"""Hits with their first events: nothing is kept for a report that is not allowed or cannot be read."""

from base64 import b64encode
from typing import Any

import pytest

from muster.app import evidence_intake
from muster.core.errors import BadInput, Denied, Unsigned
from muster.core.people import NOBODY, Actor
from tests.app.stage import Caller, Stage
from tests.app.test_reading import DATA, hits


def blobs(stage: Stage) -> list[str]:
    return list(stage.muster.evidence.blobs.names())


def report(stage: Stage, fields: Any, who: str = "ana") -> dict[str, Any]:
    return stage.muster.evidence.report_hits(fields, stage.people[who].caller, None)


def test_the_bytes_are_kept_under_their_hash(stage: Stage) -> None:
    answer = report(stage, hits())
    (name,) = blobs(stage)
    assert stage.muster.evidence.blobs.get(name) == DATA
    entry = stage.entries("signal.hit")[-1]
    assert entry.body is not None
    kept = entry.body.tree()["evidence"]
    assert (kept["sha256"], kept["events"]) == (name, [0])
    assert answer["signals"][0]["evidence"] is True


def test_the_same_hits_again_are_the_same_signal(stage: Stage) -> None:
    report(stage, hits())
    before = stage.feed
    assert report(stage, hits()) == {"signals": [], "skipped": 1}
    assert stage.feed == before
    assert len(blobs(stage)) == 1


def test_a_hunt_that_finds_what_was_reported_live_writes_nothing_and_more_is_known_as_its_own(
    stage: Stage,
) -> None:
    report(stage, hits())
    before = stage.feed
    assert report(stage, hits() | {"origin": "retro"})["skipped"] == 1
    assert stage.feed == before
    report(stage, hits() | {"origin": "retro", "batch": "cd" * 32})
    assert [one.body.tree()["origin"] for one in stage.entries("signal.hit") if one.body] == ["live", "retro"]


def test_whoever_may_not_report_leaves_nothing_on_the_disk(stage: Stage) -> None:
    with pytest.raises(Denied):
        report(stage, hits(), "caro")
    with pytest.raises(Unsigned):
        stage.muster.evidence.report_hits(hits(), Caller(Actor(NOBODY)), None)
    assert blobs(stage) == []


@pytest.mark.parametrize(
    "fields",
    [
        hits() | {"unknown": 1},
        hits(rows=[2, 1]),
        hits(evidence={"data": "no base64!", "events": [0]}),
        hits(evidence={"data": b64encode(b"x" * 600_000).decode(), "events": [0]}),
        hits(evidence={"sha256": "a" * 64, "events": [0]}),
        hits(evidence={"data": "eA==", "events": [-1]}),
        hits(evidence="x"),
        {"batch": "x", "events": 1, "hits": hits()["hits"]},
        {"hits": [7]},
        {"hits": "x"},
        {},
    ],
)
def test_a_report_that_cannot_be_read_leaves_nothing_either(stage: Stage, fields: Any) -> None:
    before = stage.feed
    with pytest.raises(BadInput) as refused:
        report(stage, fields)
    assert refused.value.mend
    assert blobs(stage) == []
    assert stage.feed == before


def test_hits_without_evidence_are_hits(stage: Stage) -> None:
    assert report(stage, hits(evidence=None))["skipped"] == 0
    assert blobs(stage) == []


def test_the_bound_is_for_each_hit(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_intake, "MOST_EVIDENCE", len(DATA))
    assert report(stage, hits())
    with pytest.raises(BadInput, match="too large"):
        report(stage, hits(DATA + b"x"))
