"""The verbs of obligations: scope, anchors with their history, filing in time or late, holding back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from muster.core.errors import BadInput, Conflict, MusterError, Refused
from muster.core.time import Precision
from muster.disclose.clock import Clock, ClockState
from muster.disclose.filing import (
    DeclareScope,
    FileNotice,
    HoldBack,
    RecordAnchor,
    WithdrawAnchor,
    file_notice,
)
from muster.disclose.owed import OWED, clocks_of
from muster.plan.obligations import Anchor
from muster.plan.severity import YesNo
from muster.record.decision import NOTHING_KNOWN
from muster.respond.incident import IncidentState
from muster.respond.progress import StandDown
from muster.respond.work import InIncident
from tests.access.world import ANA, BEN, START
from tests.disclose.duties import ALL_YES, EVERY, instant, named
from tests.disclose.scene import Scene

S = ClockState


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def incident(scene: Scene) -> str:
    code = scene.declared()
    for fact, answer in ALL_YES.items():
        scene.answered(code, fact, answer)
    return code


def clock(scene: Scene, incident: str, key: str = "gdpr-33/notification") -> Clock:
    return named(clocks_of(scene.state(incident), EVERY, scene.now), key)


def refused(scene: Scene, command: InIncident) -> MusterError:
    with pytest.raises(MusterError) as caught:
        scene.act(command)
    assert caught.value.mend
    return caught.value


def test_aware_since(scene: Scene, incident: str) -> None:
    scene.act(RecordAnchor(incident=incident, anchor=Anchor.AWARE, since="2026-11-24T02:10+01:00"))
    assert clock(scene, incident).operational_due == instant("2026-11-27T02:10+01:00")
    assert clock(scene, incident).state is S.RUNNING


def test_without_a_time_it_is_now(scene: Scene, incident: str) -> None:
    scene.act(RecordAnchor(incident=incident, anchor=Anchor.AWARE))
    assert clock(scene, incident).operational_due == START + timedelta(hours=72)


def test_a_date_needs_its_zone_and_is_kept_as_a_day(scene: Scene, incident: str) -> None:
    command = RecordAnchor(incident=incident, anchor=Anchor.AWARE, since="2026-11-23")
    assert refused(scene, command).where == "zone"
    scene.act(command.model_copy(update={"zone": "Europe/Berlin"}))
    kept = scene.state(incident).slice(OWED).anchors["aware"][0]
    assert (kept.precision, kept.zone) == (Precision.DAY, "Europe/Berlin")
    assert clock(scene, incident).operational_due == instant("2026-11-26T00:00+01:00")
    for since in ("2026-02-30", "2026-11-25"):
        with pytest.raises(BadInput):
            scene.act(
                RecordAnchor(incident=incident, anchor=Anchor.AWARE, since=since, zone="UTC", expected=1)
            )


def test_anchored_anew_with_a_reason_the_old_deadline_stays(scene: Scene, incident: str) -> None:
    scene.act(RecordAnchor(incident=incident, anchor=Anchor.AWARE))
    again = RecordAnchor(incident=incident, anchor=Anchor.AWARE, since="2026-11-23T20:00Z", expected=1)
    assert refused(scene, again).where == "reason"
    scene.act(again.model_copy(update={"reason": "The night shift had noticed"}))
    now = clock(scene, incident)
    assert now.operational_due == instant("2026-11-26T20:00Z")
    assert [one.operational for one in now.earlier] == [START + timedelta(hours=72)]
    with pytest.raises(Conflict):
        scene.act(again.model_copy(update={"reason": "I saw the first only"}))


def test_withdrawn_it_has_not_started(scene: Scene, incident: str) -> None:
    seq = scene.act(RecordAnchor(incident=incident, anchor=Anchor.AWARE)).answer["seq"]
    assert isinstance(seq, int)
    scene.act(WithdrawAnchor(incident=incident, anchor=seq, reason="It was a test"))
    assert clock(scene, incident).state is S.NOT_STARTED
    assert len(clock(scene, incident).earlier) == 1
    refused(scene, WithdrawAnchor(incident=incident, anchor=seq, reason="Twice"))
    scene.act(RecordAnchor(incident=incident, anchor=Anchor.AWARE, expected=1))
    assert clock(scene, incident).state is S.RUNNING


def test_what_differs_by_contract_names_its_contract(scene: Scene, incident: str) -> None:
    assert refused(scene, RecordAnchor(incident=incident, anchor=Anchor.AGREED)).where == "obligation"
    scene.act(RecordAnchor(incident=incident, anchor=Anchor.AGREED, obligation="contract-meadow"))
    due = clock(scene, incident, "contract-meadow/notice").operational_due
    assert due == START + timedelta(hours=24)


@pytest.mark.parametrize(
    "command",
    [
        {"anchor": Anchor.SUBMITTED},
        {"anchor": Anchor.PAID},
        {"anchor": Anchor.AWARE, "obligation": "contract-meadow"},
        {"anchor": Anchor.AWARE, "obligation": "nothing"},
        {"anchor": Anchor.AWARE, "since": "2026-11-24T03:00Z"},
        {"anchor": Anchor.AWARE, "since": "2026-11-24T01:00"},
    ],
)
def test_what_starts_no_clock_is_refused_with_the_next_step(
    scene: Scene, incident: str, command: dict[str, str]
) -> None:
    refused(scene, RecordAnchor.model_validate({"incident": incident, **command}))


def test_filed_in_time_starts_the_next_stage(scene: Scene, incident: str) -> None:
    final = FileNotice(incident=incident, obligation="nis2-23", stage="final")
    assert "File that one first" in refused(scene, final).mend
    scene.act(RecordAnchor(incident=incident, anchor=Anchor.AWARE))
    scene.wait(60)
    file = FileNotice(incident=incident, obligation="nis2-23", stage="notification", receipt="No. 4711")
    assert scene.act(file).answer["state"] is S.SATISFIED
    assert scene.kinds(incident)[-2:] == ["obligation.filed", "receipt.kept"]
    assert clock(scene, incident, "nis2-23/final").state is S.RUNNING
    refused(scene, file)


def test_late_it_needs_its_reason_and_stays_late(scene: Scene, incident: str) -> None:
    scene.act(RecordAnchor(incident=incident, anchor=Anchor.AWARE))
    scene.wait(73 * 60)
    late = FileNotice(incident=incident, obligation="gdpr-33", stage="notification")
    assert refused(scene, late).where == "reason"
    assert scene.act(late.model_copy(update={"reason": "No mail"})).answer["state"] is S.SATISFIED_LATE
    now = clock(scene, incident)
    assert now.state is S.SATISFIED_LATE
    assert "with its reason" in now.why


def test_filed_earlier_than_written_down(scene: Scene, incident: str) -> None:
    scene.act(RecordAnchor(incident=incident, anchor=Anchor.AWARE))
    scene.wait(73 * 60)
    file = FileNotice(
        incident=incident, obligation="gdpr-33", stage="notification", filed_at="2026-11-24T09:00Z"
    )
    assert scene.act(file).answer["state"] is S.SATISFIED
    assert clock(scene, incident).state is S.SATISFIED


def test_held_back_until(scene: Scene, incident: str) -> None:
    scene.act(RecordAnchor(incident=incident, anchor=Anchor.AWARE))
    hold = HoldBack(
        incident=incident,
        obligation="gdpr-33",
        stage="notification",
        until="2026-11-25T00:00Z",
        reason="Police",
    )
    scene.act(hold)
    assert clock(scene, incident).state is S.DELAYED
    scene.wait(48 * 60)
    assert clock(scene, incident).state is S.RUNNING
    assert refused(scene, hold).where == "until"
    scene.act(FileNotice(incident=incident, obligation="gdpr-33", stage="notification"))
    assert refused(scene, hold.model_copy(update={"until": "2026-12-25T00:00Z"})).where == "stage"


def test_not_for_us_needs_a_reason_and_is_seen(scene: Scene, incident: str) -> None:
    scope = DeclareScope(incident=incident, obligation="nis2-23", ours=YesNo.NO, reason="Too small")
    assert scene.act(scope).answer["version"] == 1
    assert clock(scene, incident, "nis2-23/final").state is S.NOT_APPLICABLE
    with pytest.raises(Conflict):
        scene.act(scope)
    assert refused(scene, scope.model_copy(update={"obligation": "x"})).where == "obligation"


def test_unknown_rows_and_stages_and_no_plan(scene: Scene, incident: str) -> None:
    file = FileNotice(incident=incident, obligation="gdpr-33", stage="nothing")
    assert "notification" in refused(scene, file).mend
    scene.known = NOTHING_KNOWN
    refused(scene, file)


def test_an_ended_incident_takes_no_more(scene: Scene, incident: str) -> None:
    scene.do(StandDown(incident=incident, reason="A test"), ANA)
    assert IncidentState.STOOD_DOWN.ended
    with pytest.raises(Refused):
        scene.act(RecordAnchor(incident=incident, anchor=Anchor.AWARE), BEN)


def test_in_a_drill_its_own_clock_decides_what_is_late(scene: Scene, incident: str) -> None:
    scene.act(RecordAnchor(incident=incident, anchor=Anchor.AWARE))
    command = FileNotice(incident=incident, obligation="gdpr-33", stage="notification")
    later = replace(scene.context(ANA), lane_now=START + timedelta(hours=80))
    with pytest.raises(Refused, match="It is late"):
        file_notice(scene.states, command, later, scene.known)
    assert file_notice(scene.states, command, scene.context(ANA), scene.known).answer["state"] is S.SATISFIED
