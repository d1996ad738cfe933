"""Somebody is called, and the next one when nobody answers; whoever does what the call was for has answered it."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.access.command import Command
from muster.access.may import Allow
from muster.core.errors import MusterError
from muster.core.labels import Severity
from muster.core.people import Actor, Role
from muster.detect.rule import Level
from muster.plan.calling import Calling, Rota
from muster.plan.severity import Ratings
from muster.record.state import to_bytes
from muster.respond.calling import Answer
from muster.respond.decisions import AskDecision, Decide, WithdrawDecision
from muster.respond.due import DUE, DueKind, DueState
from muster.respond.ground import Told
from muster.respond.incident import INCIDENT, HowLearned, IncidentState
from muster.respond.intake import Hit, ReportHits, SendSignal
from muster.respond.log import WriteLog
from muster.respond.no_commander import PURPOSE, wanted
from muster.respond.progress import Close, MoveOn, Reopen, StandDown
from muster.respond.roles import ROLES, AcceptRole, DeclineRole, OfferRole
from muster.respond.severity import SEVERITIES, RateSeverity
from muster.respond.signal import HitRule, SignalRaised, Source
from muster.respond.summons_follow import follow, grave
from muster.respond.triage import Acknowledge, Attach, Dismiss
from tests.access.world import ANA, BEN, CARO
from tests.plan.shop_plan import plan
from tests.respond.summons_scene import SummonsScene


@pytest.fixture
def scene() -> SummonsScene:
    return SummonsScene()


def test_a_grave_signal_calls_the_first_and_after_the_plans_minutes_the_next(scene: SummonsScene) -> None:
    """DET-02: the first is silent."""
    signal = scene.signalled()
    assert scene.called(signal, "signal") == ["robin-vale"]
    assert [body.to for body in scene.sent(signal)] == [("robin.vale@shop.example.invalid",)]
    scene.door(19)
    assert scene.called(signal, "signal") == ["robin-vale"]
    scene.door(1)
    assert scene.called(signal, "signal") == ["robin-vale", "mika-sandoval"]
    scene.do(Acknowledge(signal=signal), BEN)
    scene.door(60)
    assert scene.called(signal, "signal") == ["robin-vale", "mika-sandoval"]


def test_a_hand_made_plan_is_followed_to_the_minute() -> None:
    world = plan().in_force
    path = {
        "paths": {"mine": {"steps": [{"call": "duty-engineer", "whom": "everybody", "wait_minutes": 3}]}},
        "occasions": {"signal": "mine"},
    }
    turn = Rota(since=datetime(2026, 11, 23, tzinfo=UTC), order=("mika-sandoval",))
    calling = Calling.model_validate(path).model_copy(update={"rota": {"duty-engineer": turn}})
    known = Told(in_force=world.model_copy(update={"calling": calling}))
    scene = SummonsScene()
    scene.told = lambda incident: known
    signal = scene.do(SendSignal(title="x", severity=Severity.SEV2), ANA, known).drafts[0].stream
    scene.door(3)
    assert scene.called(signal, "signal") == ["mika-sandoval", "robin-vale"]
    incident = scene.declared()
    assert scene.called(incident, "declared") == [], "the plan has no path for it"


@pytest.mark.parametrize(
    ("severity", "level", "calls"),
    [
        (Severity.SEV2, None, True),
        (Severity.SEV3, None, False),
        (None, Level.CRITICAL, True),
        (None, Level.HIGH, True),
        (None, Level.MEDIUM, False),
        (None, None, False),
    ],
)
def test_what_is_grave(severity: Severity | None, level: Level | None, calls: bool) -> None:
    rule = None if level is None else HitRule(key="k", id="i", author="", level=level)
    raised = SignalRaised(source=Source.HITS, title="x", group="g", severity=severity, rule=rule)
    assert grave(raised) is calls


def test_a_repeat_of_a_grave_signal_calls_nobody_again(scene: SummonsScene) -> None:
    def hit(batch: str) -> ReportHits:
        found = Hit(rule_key="r", rule_id="r", title="x", level=Level.CRITICAL, rows=(1,))
        return ReportHits(batch=batch * 64, events=9, hits=(found,))

    raised = scene.do(hit("a"), ANA).drafts[0]
    assert isinstance(raised.body, SignalRaised)
    again = replace(scene.told(""), groups={raised.body.group: raised.stream})
    scene.do(hit("b"), ANA, again)
    assert len(scene.called(raised.stream, "signal")) == 1


def test_a_mild_signal_and_a_report_wake_nobody(scene: SummonsScene) -> None:
    assert scene.calls(scene.signalled(Severity.SEV3)) == []
    assert scene.calls(scene.reported()) == []


def test_dismissed_or_attached_is_answered_too(scene: SummonsScene) -> None:
    incident = scene.declared()
    one, other = scene.signalled(), scene.signalled(Severity.SEV2)
    scene.do(Dismiss.model_validate({"signal": one, "outcome": "false alarm", "reason": "x"}), ANA)
    scene.do(Attach(signal=other, incident=incident), ANA)
    assert scene.calls(one) == scene.calls(other) == []
    third = scene.signalled()
    scene.declared(signal=third)
    assert scene.calls(third) == []


def test_a_declaration_calls_until_somebody_commands(scene: SummonsScene) -> None:
    incident = scene.declared(what="hunter2")
    assert scene.calls(incident) == [("declared", "")]
    assert "hunter2" not in str([body.tree() for body in scene.sent(incident)])
    scene.do(Answer(stream=incident), BEN)
    assert scene.calls(incident) == []
    other = scene.declared()
    scene.commanded(other, BEN)
    assert scene.calls(other) == []
    assert scene.waiting(other, PURPOSE) == []


def test_who_is_offered_a_role_is_called_first_and_answers_by_taking_it(scene: SummonsScene) -> None:
    incident = scene.declared()
    scene.commanded(incident, BEN)
    scene.do(OfferRole(incident=incident, role=Role.SCRIBE, to=CARO.account), BEN)
    assert scene.called(incident, "role-offered") == ["helene-marsh"]
    scene.door(20)
    assert scene.called(incident, "role-offered") == ["helene-marsh", "noor-lindgren"]
    scene.do(OfferRole(incident=incident, role=Role.SCRIBE, to=ANA.account), BEN)
    assert scene.calls(incident) == [("role-offered", "scribe")], "one offer stands, so one call"
    assert scene.called(incident, "role-offered") == ["helene-marsh", "noor-lindgren", "noor-lindgren"]
    assert scene.summoned(incident, "role-offered")[-1].place == 0
    version = scene.state(incident).slice(ROLES).version(Role.SCRIBE)
    scene.do(AcceptRole(incident=incident, role=Role.SCRIBE, expected=version), ANA)
    assert scene.calls(incident) == []


def test_a_declined_offer_is_over_and_one_to_oneself_calls_nobody(scene: SummonsScene) -> None:
    incident = scene.declared()
    scene.commanded(incident, BEN)
    scene.do(OfferRole(incident=incident, role=Role.SCRIBE, to=CARO.account), BEN)
    scene.do(DeclineRole(incident=incident, role=Role.SCRIBE, reason="x"), CARO)
    assert scene.calls(incident) == []
    scene.do(OfferRole(incident=incident, role=Role.COMMANDER, to=ANA.account), BEN)
    scene.do(OfferRole(incident=incident, role=Role.LEGAL, to=CARO.account), BEN)
    scene.do(OfferRole(incident=incident, role=Role.LEGAL, to=BEN.account), BEN)
    assert scene.calls(incident) == [("role-offered", "commander")]


def test_a_decision_calls_whoever_is_asked_until_it_is_made_or_taken_back(scene: SummonsScene) -> None:
    incident = scene.declared()
    scene.commanded(incident, BEN)
    one = scene.answer(AskDecision(incident=incident, text="Pull the plug?"), ANA)["decision"]
    other = scene.answer(AskDecision(incident=incident, text="Tell them?", to=ANA.account), BEN)["decision"]
    scene.do(AskDecision(incident=incident, text="Mine to take?"), BEN)
    legal = scene.answer(AskDecision(incident=incident, text="May we?", role=Role.LEGAL), ANA)["decision"]
    about = [("decision-asked", str(seq)) for seq in (one, other, legal)]
    assert scene.calls(incident) == about
    assert scene.called(incident, "decision-asked") == ["ines-caruso", "noor-lindgren", "helene-marsh"]
    scene.do(Decide(incident=incident, text="Yes", reason="x", answers=one), BEN)
    scene.do(WithdrawDecision(incident=incident, decision=other, reason="x"), BEN)
    assert scene.calls(incident) == about[2:]


def test_what_ended_calls_nobody_any_more(scene: SummonsScene) -> None:
    incident = scene.declared()
    scene.do(OfferRole(incident=incident, role=Role.SCRIBE, to=CARO.account), ANA)
    scene.do(StandDown(incident=incident, reason="x"), ANA)
    assert scene.calls(incident) == []
    assert scene.state(incident).slice(DUE).of(DueKind.TIMER) == {}


def test_under_no_plan_nobody_is_called() -> None:
    scene = SummonsScene(planned=False)
    signal, incident = scene.signalled(), scene.declared()
    scene.do(OfferRole(incident=incident, role=Role.SCRIBE, to=CARO.account), ANA)
    assert scene.calls(signal) == scene.calls(incident) == []


def test_words_and_what_the_door_does_call_nobody(scene: SummonsScene) -> None:
    incident = scene.declared()
    drafts = scene.do(WriteLog(incident=incident, text="x"), ANA).drafts
    assert follow(scene.states, scene.states, drafts, scene.context(ANA), scene.told(incident)) == ()


def test_in_a_drill_it_is_the_same(scene: SummonsScene) -> None:
    ana = replace(ANA, lane="drill:DRL-000000")
    signal = scene.do(SendSignal(title="x", severity=Severity.SEV1), ana).drafts[0].stream
    assert scene.state(signal).lane != "real"
    assert scene.calls(signal) == [("signal", "")]


def test_an_open_call_and_a_timer_cost_at_most_200_bytes(scene: SummonsScene) -> None:
    incident = scene.declared()
    before = len(to_bytes(scene.state(incident)))
    scene.do(AskDecision(incident=incident, text="x" * 4000, role=Role.COMMUNICATIONS), ANA)
    items = scene.state(incident).slice(DUE).items
    assert len(to_bytes(scene.state(incident))) - before <= 200 * 4  # decision, call, and two effects at most
    assert all(len(one.model_dump_json(exclude_defaults=True)) <= 200 for one in items.values())


def _offered(scene: SummonsScene, incident: str, role: Role) -> Actor | None:
    offer = scene.state(incident).slice(ROLES).offers.get(role)
    return next((one for one in (ANA, BEN, CARO) if offer and one.account == offer.to), None)


WHO = st.sampled_from([ANA, BEN, CARO])
STEPS = st.lists(
    st.tuples(st.sampled_from(["offer", "offer", "accept", "accept", "decline", "rate", "move", "stand", "close", "reopen",
                               "ask", "decide", "log", "answer", "wait"]), WHO, WHO, st.integers(0, 5)),
    max_size=14,
)  # fmt: skip


def _command(scene: SummonsScene, incident: str, step: str, to: str, number: int) -> Command:
    state = scene.state(incident)
    role = (Role.COMMANDER, Role.COMMANDER, Role.SCRIBE)[number % 3]
    version = state.slice(INCIDENT).version
    match step:
        case "offer":
            return OfferRole(incident=incident, role=role, to=to)
        case "accept":
            return AcceptRole(incident=incident, role=role, expected=state.slice(ROLES).version(role))
        case "decline":
            return DeclineRole(incident=incident, role=role, reason="x")
        case "rate":
            return RateSeverity(
                incident=incident, ratings=Ratings(), override=list(Severity)[number % 5], reason="x",
                expected=state.slice(SEVERITIES).version,
            )  # fmt: skip
        case "move":
            targets = (IncidentState.ACTIVE, IncidentState.RECOVERING, IncidentState.REVIEW)
            return MoveOn.model_validate(
                {"incident": incident, "to": targets[number % 3], "expected": version}
            )
        case "stand":
            return StandDown(incident=incident, reason="x")
        case "close":
            return Close(incident=incident, summary="x", how_learned=HowLearned.STAFF, expected=version)
        case "reopen":
            return Reopen(incident=incident, reason="x")
        case "ask":
            return AskDecision(incident=incident, text="x", role=role)
        case "decide":
            return Decide(incident=incident, text="x", reason="x", answers=number)
        case "answer":
            return Answer(stream=incident)
        case _:
            return WriteLog(incident=incident, text="x")


@given(STEPS)
def test_whatever_happens_there_is_one_timer_and_one_call_for_one_thing(
    steps: list[tuple[str, Actor, Actor, int]],
) -> None:
    scene = SummonsScene()
    incident = scene.declared()
    for step, who, to, number in steps:
        if step == "wait":
            scene.door(7 * number)
        else:
            command = _command(scene, incident, step, to.account, number)
            offered = (
                _offered(scene, incident, command.role)
                if isinstance(command, AcceptRole | DeclineRole)
                else None
            )
            actor = offered or who
            if not isinstance(scene.allowed(command, actor), Allow):
                continue
            with suppress(MusterError):
                scene.do(command, actor)
        state = scene.state(incident)
        timers = scene.waiting(incident, PURPOSE)
        assert len(timers) == (1 if wanted(state) else 0)
        assert all(timer.state is DueState.WAITING for timer in timers)
        calls = scene.calls(incident)
        assert len(calls) == len(set(calls))
        ended = state.slice(INCIDENT).state
        assert not (calls and ended is not None and ended.ended)
