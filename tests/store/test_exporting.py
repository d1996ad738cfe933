"""Reading streams for an export: up to the newest checkpoint, hidden bodies withheld, erased ones null."""

import pytest

from muster.app.registry import KINDS
from muster.core.errors import Damaged, NotFound, Refused
from muster.record import export
from muster.store.exporting import Exported, export_streams
from tests.store.world import ERASED_TEXT, EVIDENCE, HIDDEN_TEXT, World


def exported(world: World, *streams: str) -> Exported:
    return export_streams(world.database, streams, world.muster.record.key, world.muster.reading.blobs, KINDS)


def test_it_checks_and_withholds_and_leaves_out(world: World) -> None:
    world.log("not sealed yet")
    found = exported(world, world.incident, world.signals["hits"])
    tree = export.unpack(found.data)
    report = export.check(tree, world.muster.record.key.verifier().text())
    assert report.finding is None
    assert (found.entries, found.withheld, found.left_out) == (21, 1, 1)
    lines = tree[f"streams/{world.incident}.jsonl"]
    assert ERASED_TEXT.encode() not in lines
    assert HIDDEN_TEXT.encode() not in lines
    assert b"not sealed yet" not in lines
    by_id = {stream.id: stream for stream in report.streams}
    assert (by_id[world.incident].withheld, by_id[world.incident].erased) == ((6,), (5,)) or (
        list(by_id[world.incident].withheld), list(by_id[world.incident].erased)
    ) == ([6], [5])  # fmt: skip
    assert EVIDENCE in tree.values()


def test_evidence_of_a_hidden_hit_does_not_go_along(world: World) -> None:
    from muster.access.verbs import Verb

    world.do("ada", Verb.REDACT, stream=world.signals["hits"], seq=1, reason="names a patient")
    world.seal()
    tree = export.unpack(exported(world, world.signals["hits"]).data)
    assert EVIDENCE not in tree.values()


def test_what_does_not_exist_or_is_not_sealed_is_said(world: World) -> None:
    with pytest.raises(NotFound):
        exported(world, "INC-000000")
    world.change("DELETE FROM checkpoints")
    with pytest.raises(Refused, match="Nothing is sealed"):
        exported(world, world.incident)


def test_a_changed_record_is_not_exported(world: World) -> None:
    world.change(
        "UPDATE bodies SET body = :b WHERE stream = :s AND seq = 4", b=b'{"text":"a lie"}', s=world.incident
    )
    with pytest.raises(Damaged):
        exported(world, world.incident)


def test_changed_evidence_is_not_exported(world: World) -> None:
    (name,) = world.rows("SELECT sha256 FROM evidence WHERE stream = :s", s=world.signals["hits"])[0]
    (world.data / "blobs" / name[:2] / name[2:]).write_bytes(b"other")
    with pytest.raises(Damaged):
        exported(world, world.signals["hits"])
