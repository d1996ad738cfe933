"""Intake: report twice, one signal and two receipts; what repeats joins its open signal; hits are recorded once."""

import pytest
from pydantic import ValidationError

from muster.core.people import NOBODY, Actor, Scope, Through
from muster.detect.rule import Level
from muster.record.canonical import canonical
from muster.record.decision import Decision, Known
from muster.respond.incident import INCIDENT, Incident, IncidentState
from muster.respond.intake import (
    Evidence,
    Hit,
    Report,
    ReportHits,
    SendSignal,
    group_keys,
    groupable,
    hit_keys,
)
from muster.respond.progress import StandDown
from muster.respond.receipt import receipt_hash
from muster.respond.signal import (
    SIGNAL,
    Outcome,
    Signal,
    SignalHit,
    SignalRaised,
    SignalRepeated,
    SignalReportedAgain,
    SignalState,
    Source,
)
from muster.respond.triage import Acknowledge, Attach, Dismiss
from tests.access.world import ANA, BEN, CARO
from tests.respond.scene import Scene

STRANGER = Actor(NOBODY, through=Through.INTAKE)
DETECTOR = Actor("d" * 32, through=Through.DETECTOR, scopes=frozenset({Scope.REPORT_HITS}))
MONITOR = Actor("e" * 32, through=Through.WEBHOOK, scopes=frozenset({Scope.REPORT_SIGNALS}))
BATCH = "b" * 64


class Intake(Scene):
    """Looks up open groups and known hits as the app does."""

    def send(self, command: Report | SendSignal | ReportHits, actor: Actor) -> Decision:
        open_signals: dict[str, str] = {}
        hits: set[str] = set()
        for stream, state in self.states.items():
            signal = state.slice(SIGNAL)
            incident = self.state(signal.incident or "INC-000000").slice(INCIDENT)
            if signal.group and groupable(signal, incident):
                open_signals[signal.group] = stream
            hits |= {one.body.key for one in self.entries[stream] if isinstance(one.body, SignalHit)}
        wanted = group_keys(command, actor)
        known = Known({key: stream for key, stream in open_signals.items() if key in wanted}, frozenset(hits))
        return self.do(command, actor, known)


@pytest.fixture
def scene() -> Intake:
    return Intake()


def hit(rule: str = "shell", rows: tuple[int, ...] = (3, 5), **more: object) -> Hit:
    return Hit.model_validate({"rule_key": rule, "rule_id": "id-1", "title": "A shell", "rows": rows, **more})


def hits(*found: Hit, batch: str = BATCH) -> ReportHits:
    return ReportHits(batch=batch, events=100, hits=found)


def test_a_stranger_reports_and_gets_a_receipt_of_which_only_a_hash_is_kept(scene: Intake) -> None:
    decision = scene.send(
        Report(what="I got a strange mail.\nIt asks for my password.", contact="eve@x.org"), STRANGER
    )
    receipt = str(decision.answer["receipt"])
    assert receipt.startswith("RCP-")
    body = scene.body(decision.drafts[0].stream)
    assert isinstance(body, SignalRaised)
    assert (body.source, body.title, body.contact) == (Source.PERSON, "I got a strange mail.", "eve@x.org")
    assert body.receipt_sha256 == receipt_hash(receipt)
    assert receipt not in str(body.tree())
    assert set(decision.answer) == {"receipt"}


def test_report_twice_one_signal_two_receipts(scene: Intake) -> None:
    first = scene.send(Report(what="Strange  Mail"), STRANGER)
    again = scene.send(Report(what=" strange\nmail ", contact="me"), CARO)
    assert again.drafts[0].stream == first.drafts[0].stream
    assert first.answer["receipt"] != again.answer["receipt"]
    assert scene.body(first.drafts[0].stream) == SignalReportedAgain(
        receipt_sha256=receipt_hash(str(again.answer["receipt"])), contact="me"
    )
    other = scene.send(Report(what="Another matter"), CARO)
    assert other.drafts[0].stream != first.drafts[0].stream


def test_a_dismissed_report_that_comes_again_is_a_new_signal(scene: Intake) -> None:
    first = scene.send(Report(what="Strange mail"), STRANGER).drafts[0].stream
    scene.do(Dismiss(signal=first, outcome=Outcome.FALSE_ALARM, reason="x"), ANA)
    assert scene.send(Report(what="Strange mail"), STRANGER).drafts[0].stream != first


def test_a_long_first_line_is_cut_for_the_title(scene: Intake) -> None:
    body = scene.body(scene.send(Report(what="x" * 500), STRANGER).drafts[0].stream)
    assert isinstance(body, SignalRaised)
    assert body.title == "x" * 119 + "…"
    assert body.text == "x" * 500


def test_lanes_and_senders_never_share_a_group() -> None:
    drill = Actor(MONITOR.account, lane="drill:1")
    sent = SendSignal(title="Disk", key="k")
    keys = {
        *group_keys(Report(what="x"), CARO),
        *group_keys(Report(what="x"), Actor(CARO.account, lane="drill:1")),
        *group_keys(sent, MONITOR),
        *group_keys(sent, drill),
        *group_keys(sent, ANA),
        *group_keys(SendSignal(title="Disk"), MONITOR),
        *group_keys(hits(hit()), DETECTOR),
        *group_keys(hits(hit()), drill),
    }
    assert len(keys) == 8
    assert group_keys(Report(what="x"), CARO) == group_keys(Report(what="X "), ANA)


def test_a_sender_repeats_by_its_own_key(scene: Intake) -> None:
    first = scene.send(SendSignal(title="Disk 90 %", key="disk"), MONITOR)
    stream = str(first.answer["signal"])
    assert first.answer["count"] == 1
    scene.do(Acknowledge(signal=stream), ANA)
    again = scene.send(SendSignal(title="Disk 95 %", text="still", key="disk"), MONITOR)
    assert again.answer == {"signal": stream, "count": 2}
    assert scene.body(stream) == SignalRepeated(count=2, title="Disk 95 %", text="still")
    assert scene.send(SendSignal(title="Disk 95 %", key="other"), MONITOR).answer["signal"] != stream


def test_a_sender_without_keys_repeats_by_the_same_words(scene: Intake) -> None:
    first = scene.send(SendSignal(title="Disk", text="full"), MONITOR).answer["signal"]
    assert scene.send(SendSignal(title="Disk", text="full"), MONITOR).answer == {"signal": first, "count": 2}


def test_what_a_sender_says_about_severity_is_kept(scene: Intake) -> None:
    sent = SendSignal.model_validate({"title": "x", "severity": "SEV2", "tlp": "TLP:RED"})
    body = scene.body(str(scene.send(sent, MONITOR).answer["signal"]))
    assert isinstance(body, SignalRaised)
    assert (body.source, body.severity, body.tlp) == (Source.WEBHOOK, "SEV2", "TLP:RED")


def test_hits_raise_one_signal_a_rule_and_join_it(scene: Intake) -> None:
    proof = Evidence(sha256="e" * 64, events=(3, 5))
    decision = scene.send(hits(hit(level="high", author="Ana", evidence=proof), hit("scan", (7,))), DETECTOR)
    kinds = [draft.body.kind for draft in decision.drafts]
    assert kinds == ["signal.raised", "signal.hit", "signal.raised", "signal.hit"]
    shell, scan = decision.drafts[0].stream, decision.drafts[2].stream
    assert shell != scan
    body = scene.body(shell)
    assert isinstance(body, SignalHit)
    assert (body.batch, body.events, body.rows, body.count) == (BATCH, 100, (3, 5), 2)
    assert (body.rule.author, body.rule.id, body.rule.level) == ("Ana", "id-1", Level.HIGH)
    assert body.evidence is not None
    assert body.evidence.events == (3, 5)
    assert decision.answer == {
        "signals": [
            {"signal": shell, "rule": "shell", "evidence": True},
            {"signal": scan, "rule": "scan", "evidence": False},
        ],
        "skipped": 0,
    }
    more = scene.send(hits(hit(rows=(1,)), batch="c" * 64), DETECTOR)
    assert [(draft.stream, draft.body.kind) for draft in more.drafts] == [(shell, "signal.hit")]
    assert scene.state(shell).slice(SIGNAL).count == 3


def test_the_same_batch_again_writes_nothing(scene: Intake) -> None:
    command = hits(hit(), hit("scan", (7,)))
    scene.send(command, DETECTOR)
    again = scene.send(command, DETECTOR)
    assert again.drafts == ()
    assert again.answer == {"signals": [], "skipped": 2}
    twice = scene.send(hits(hit(rows=(9,)), hit(rows=(9,))), DETECTOR)
    assert len(twice.drafts) == 1


def test_two_hits_of_one_rule_in_a_batch_are_one_signal(scene: Intake) -> None:
    decision = scene.send(hits(hit(rows=(1,)), hit(rows=(2,))), DETECTOR)
    assert [draft.body.kind for draft in decision.drafts] == ["signal.raised", "signal.hit", "signal.hit"]
    assert len({draft.stream for draft in decision.drafts}) == 1


def test_hits_go_to_the_incident_while_it_goes_on(scene: Intake) -> None:
    signal = scene.send(hits(hit()), DETECTOR).drafts[0].stream
    incident = scene.declared()
    scene.do(Attach(signal=signal, incident=incident), ANA)
    assert scene.send(hits(hit(rows=(8,))), DETECTOR).drafts[0].stream == signal
    scene.do(StandDown(incident=incident, reason="x"), ANA)
    assert scene.send(hits(hit(rows=(9,))), DETECTOR).drafts[0].stream != signal


def test_a_signal_keeps_ten_blobs_of_evidence(scene: Intake) -> None:
    kept: list[bool] = []
    for number in range(6):
        found = tuple(
            hit(rows=(10 * number + step,), evidence=Evidence(sha256="e" * 64, events=(1,)))
            for step in range(2)
        )
        drafts = scene.send(hits(*found), DETECTOR).drafts
        kept += [draft.body.evidence is not None for draft in drafts if isinstance(draft.body, SignalHit)]
    assert kept == [True] * 10 + [False] * 2


def test_many_rows_are_listed_up_to_a_bound_and_counted(scene: Intake) -> None:
    rows = tuple(range(2**53 - 100_000, 2**53))
    command = hits(hit("k" * 200, rows, rule_id="i" * 200, title="ä" * 200, author="ä" * 200))
    decision = scene.send(command, DETECTOR)
    body = decision.drafts[1].body
    assert isinstance(body, SignalHit)
    assert (len(body.rows), body.count) == (200, 100_000)
    assert len(canonical(body.tree())) < 64 * 1024


def test_the_largest_report_fits_an_entry(scene: Intake) -> None:
    body = scene.body(scene.send(Report(what="😀" * 4000, contact="😀" * 200), STRANGER).drafts[0].stream)
    assert len(canonical(body.tree())) < 64 * 1024


@pytest.mark.parametrize("rows", [(), (2, 1), (1, 1), (-1,), (2**53,)])
def test_rows_ascend_each_once(rows: tuple[int, ...]) -> None:
    with pytest.raises(ValidationError):
        hit(rows=rows)


def test_hit_keys_tell_batch_rows_rule_and_lane_apart() -> None:
    keys = {
        *hit_keys(hits(hit()), "real"),
        *hit_keys(hits(hit()), "drill:1"),
        *hit_keys(hits(hit(), batch="c" * 64), "real"),
        *hit_keys(hits(hit(rows=(3,))), "real"),
        *hit_keys(hits(hit("scan")), "real"),
    }
    assert len(keys) == 5
    assert hit_keys(hits(hit()), "real") == hit_keys(hits(hit(title="other words")), "real")


def test_a_looked_up_signal_that_was_dismissed_meanwhile_is_not_used(scene: Intake) -> None:
    stream = scene.send(Report(what="x"), STRANGER).drafts[0].stream
    (key,) = group_keys(Report(what="x"), BEN)
    scene.do(Dismiss(signal=stream, outcome=Outcome.NOT_OURS, reason="x"), ANA)
    for lost in (stream, "SIG-000000"):
        assert scene.do(Report(what="x"), BEN, Known({key: lost})).drafts[0].stream != lost


def test_what_takes_repeats() -> None:
    going, ended = Incident(state=IncidentState.ACTIVE), Incident(state=IncidentState.CLOSED)
    assert groupable(Signal(state=SignalState.NEW), None)
    assert groupable(Signal(state=SignalState.ACKNOWLEDGED), None)
    assert groupable(Signal(state=SignalState.ATTACHED), going)
    assert not groupable(Signal(state=SignalState.ATTACHED), ended)
    assert not groupable(Signal(state=SignalState.ATTACHED), None)
    assert not groupable(Signal(state=SignalState.ATTACHED), Incident())
    assert not groupable(Signal(state=SignalState.DISMISSED), going)
