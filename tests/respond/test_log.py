"""The log: one line and nothing else; corrected by addition only. The summary: replaced, never silently."""

import pytest
from pydantic import ValidationError

from muster.core.errors import BadInput, Conflict, NotFound, Refused
from muster.core.time import Precision, TimeSource
from muster.record.entry import Ref
from muster.record.state import advance, to_bytes
from muster.respond.incident import INCIDENT
from muster.respond.log import SUMMARY, LogWritten, ReplaceSummary, Summary, SummaryReplaced, WriteLog
from muster.respond.progress import StandDown
from muster.respond.redaction import Redact
from tests.access.world import ANA, BEN, entry, erased
from tests.respond.scene import FOLDS, Scene


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_one_line_is_enough(scene: Scene) -> None:
    incident = scene.declared()
    assert scene.do(WriteLog(incident=incident, text="  Disk full  "), ANA).answer == {"seq": 3}
    assert scene.body(incident) == LogWritten(text="Disk full")
    assert scene.last(incident).header.happened.source is TimeSource.CLOCK


def test_when_it_happened_may_be_stated(scene: Scene) -> None:
    incident = scene.declared()
    scene.do(WriteLog(incident=incident, text="x", happened_at="2026-11-24T01:00Z"), ANA)
    happened = scene.last(incident).header.happened
    assert (happened.precision, happened.source) == (Precision.MINUTE, TimeSource.STATED)
    with pytest.raises(BadInput, match="not come yet"):
        scene.do(WriteLog(incident=incident, text="x", happened_at="2027-11-24T01:00Z"), ANA)


def test_a_correction_is_a_new_line_that_names_the_wrong_one(scene: Scene) -> None:
    incident = scene.declared()
    scene.do(WriteLog(incident=incident, text="Disk 4 is full"), ANA)
    scene.do(WriteLog(incident=incident, text="Disk 5 is full", corrects=3), BEN)
    assert scene.last(incident).header.refs == (Ref("corrects", incident, 3),)
    with pytest.raises(BadInput, match="no entry with this number"):
        scene.do(WriteLog(incident=incident, text="x", corrects=5), ANA)


def test_nothing_is_written_after_the_end_or_where_nothing_is(scene: Scene) -> None:
    incident = scene.declared()
    scene.do(StandDown(incident=incident, reason="x"), ANA)
    with pytest.raises(Refused):
        scene.do(WriteLog(incident=incident, text="late"), ANA)
    command = WriteLog(incident=incident, text="x")
    with pytest.raises(NotFound):
        scene.rule_of(command).decide({}, command, scene.context(ANA), None)


def test_the_summary_is_replaced_and_a_conflict_shows_both_texts(scene: Scene) -> None:
    incident = scene.declared()
    assert scene.do(ReplaceSummary(incident=incident, text="Down", expected=0), ANA).answer == {"version": 1}
    with pytest.raises(Conflict) as caught:
        scene.do(ReplaceSummary(incident=incident, text="Up again", expected=0), BEN)
    assert (caught.value.theirs, caught.value.yours, caught.value.version) == ("Down", "Up again", 1)
    scene.do(ReplaceSummary(incident=incident, text="Up again", expected=1), BEN)
    state = scene.state(incident)
    assert state.slice(SUMMARY) == Summary(text="Up again", version=2, seq=state.seq)


def test_a_hidden_summary_is_shown_to_nobody_not_even_in_a_conflict(scene: Scene) -> None:
    incident = scene.declared()
    scene.do(ReplaceSummary(incident=incident, text="hunter2", expected=0), ANA)
    seq = scene.state(incident).seq
    scene.do(Redact(stream=incident, seq=seq - 3, reason="another one"), ANA)
    assert scene.state(incident).slice(SUMMARY).text == "hunter2"
    scene.do(Redact(stream=incident, seq=seq, reason="a password"), ANA)
    assert scene.state(incident).slice(SUMMARY) == Summary(text="", version=1, seq=seq)
    with pytest.raises(Conflict) as caught:
        scene.do(ReplaceSummary(incident=incident, text="Down", expected=0), BEN)
    assert caught.value.theirs == ""


def test_a_summary_is_short() -> None:
    with pytest.raises(ValidationError):
        ReplaceSummary(incident="INC-7Q4KM2", text="x" * 2001, expected=0)


def test_an_erased_summary_is_empty_but_counts() -> None:
    one = entry(SummaryReplaced(text="x"))
    assert SUMMARY.evolve(SUMMARY.empty, one) == Summary(text="x", version=1, seq=0)
    assert SUMMARY.evolve(SUMMARY.empty, erased(one)) == Summary(text="", version=1, seq=0)
    assert SUMMARY.evolve(SUMMARY.empty, entry(LogWritten(text="x"))) == Summary()


def test_20000_lines_leave_the_state_small(scene: Scene) -> None:
    incident = scene.declared()
    scene.do(ReplaceSummary(incident=incident, text="ä" * 2000, expected=0), ANA)
    state = before = scene.state(incident)
    for seq in range(state.seq + 1, state.seq + 20_001):
        state = advance(
            state, entry(LogWritten(text="x" * 4000), stream=incident, seq=seq), b"\0" * 32, FOLDS
        )
    assert len(to_bytes(state)) == len(to_bytes(before)) <= 64 * 1024
    assert state.slice(INCIDENT) == before.slice(INCIDENT)
