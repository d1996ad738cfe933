"""A password in the log: hidden at once by one person, erased when a second one confirms it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from muster.core.errors import BadInput, NotFound, Refused
from muster.record.body import Body
from muster.record.entry import Ref
from muster.respond.log import LogWritten, WriteLog
from muster.respond.progress import StandDown
from muster.respond.redaction import REDACTIONS, EntryErased, EntryRedacted, Erase, Redact, Redactions
from tests.access.world import ANA, BEN, entry, erased, refs
from tests.respond.scene import Scene


@pytest.fixture
def scene() -> Scene:
    return Scene()


def redactions(scene: Scene, stream: str) -> Redactions:
    return scene.state(stream).slice(REDACTIONS)


def with_password(scene: Scene) -> str:
    incident = scene.declared()
    scene.do(WriteLog(incident=incident, text="root / hunter2"), ANA)
    return incident


def test_hidden_by_one_erased_by_a_second(scene: Scene) -> None:
    incident = with_password(scene)
    assert scene.do(Redact(stream=incident, seq=3, reason="A password"), ANA).answer == {
        "seq": 4,
        "hidden": 3,
    }
    assert scene.body(incident) == EntryRedacted(seq=3, reason="A password")
    assert scene.last(incident).header.refs == (Ref("hides", incident, 3),)
    assert redactions(scene, incident).hidden == {3: ANA.account}
    with pytest.raises(Refused, match="hid this entry yourself"):
        scene.do(Erase(stream=incident, seq=3), ANA)
    assert scene.do(Erase(stream=incident, seq=3), BEN).answer == {"seq": 5, "erased": 3}
    assert scene.last(incident).header.kind == "entry.erased"
    assert scene.last(incident).header.refs == (Ref("erases", incident, 3),)
    assert (redactions(scene, incident).hidden, redactions(scene, incident).erased) == ({}, (3,))


def test_once_is_enough(scene: Scene) -> None:
    incident = with_password(scene)
    with pytest.raises(Refused, match="not hidden yet"):
        scene.do(Erase(stream=incident, seq=3), BEN)
    scene.do(Redact(stream=incident, seq=3, reason="x"), ANA)
    with pytest.raises(Refused, match="hidden already"):
        scene.do(Redact(stream=incident, seq=3, reason="x"), BEN)
    scene.do(Erase(stream=incident, seq=3), BEN)
    for command in (Redact(stream=incident, seq=3, reason="x"), Erase(stream=incident, seq=3)):
        with pytest.raises(Refused, match="erased already"):
            scene.do(command, BEN)


def test_the_first_entry_may_be_hidden_of_signals_too(scene: Scene) -> None:
    for stream in (scene.declared(), scene.reported()):
        scene.do(Redact(stream=stream, seq=0, reason="x"), ANA)
        scene.do(Erase(stream=stream, seq=0), BEN)
        assert redactions(scene, stream).erased == (0,)


def test_what_hides_and_what_holds_no_words_cannot_be_hidden(scene: Scene) -> None:
    incident = with_password(scene)
    scene.commanded(incident, ANA)
    scene.do(Redact(stream=incident, seq=3, reason="x"), ANA)
    scene.do(Erase(stream=incident, seq=3), BEN)
    fixed = [
        "secrecy.set",
        "severity.rated",
        "role.offered",
        "role.accepted",
        "entry.redacted",
        "entry.erased",
    ]
    found = [seq for seq, kind in enumerate(scene.kinds(incident)) if kind in fixed]
    assert len(found) == 6
    for seq in found:
        with pytest.raises(Refused, match="no words"):
            scene.do(Redact(stream=incident, seq=seq, reason="x"), ANA)


def test_an_entry_that_does_not_exist(scene: Scene) -> None:
    incident = with_password(scene)
    for command in (Redact(stream=incident, seq=4, reason="x"), Erase(stream=incident, seq=4)):
        with pytest.raises(BadInput, match="no entry with this number"):
            scene.do(command, ANA)
        with pytest.raises(NotFound):
            scene.rule_of(command).decide({}, command, scene.context(ANA), None)


def test_also_after_the_end(scene: Scene) -> None:
    incident = with_password(scene)
    scene.do(StandDown(incident=incident, reason="x"), ANA)
    scene.do(Redact(stream=incident, seq=3, reason="x"), ANA)
    scene.do(Erase(stream=incident, seq=3), BEN)


def test_other_streams_are_not_redacted() -> None:
    with pytest.raises(ValidationError):
        Redact(stream="ACC-ACCOUNTS", seq=0, reason="x")


BODIES: list[Body] = [LogWritten(text="x"), EntryRedacted(seq=0, reason="x"), EntryErased(seq=0)]


@given(st.lists(st.tuples(st.sampled_from(BODIES), st.integers(0, 5), st.booleans()), max_size=15))
def test_the_fold_needs_no_bodies(story: list[tuple[Body, int, bool]]) -> None:
    told = untold = REDACTIONS.empty
    for seq, (body, other, withheld) in enumerate(story):
        one = entry(body, seq=seq, refs=refs(("hides", "INC-000000", other), ("erases", "INC-000000", other)))
        told = REDACTIONS.evolve(told, one)
        untold = REDACTIONS.evolve(untold, erased(one) if withheld else one)
    assert told == untold
