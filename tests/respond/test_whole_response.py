"""Everybody does anything in any order: what must hold in an incident holds after every step."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from muster.access.command import Command
from muster.access.may import Allow
from muster.core.errors import MusterError
from muster.core.people import Actor, Role
from muster.record.decision import Decision
from muster.record.state import StreamState, advance, slices_from_bytes, to_bytes
from muster.respond.actions import ACTIONS, ActionApproved, ActionProposed, ActionStarted, ActionState
from muster.respond.carrying_out import EndAction, Fate, FinishAction, StartAction, VerifyAction
from muster.respond.custody import AcceptEvidence, OfferEvidence, ReceiveEvidence
from muster.respond.decisions import AskDecision, Decide
from muster.respond.facts import StateFact
from muster.respond.incident import INCIDENT, IncidentState
from muster.respond.milestones import (
    MILESTONES,
    Claimed,
    ClaimMilestone,
    NoteSeenAgain,
    RevokeMilestone,
)
from muster.respond.outages import LoseService, RestoreService
from muster.respond.posture import POSTURE, Posture, SetPosture
from muster.respond.progress import Close, MoveOn, Reopen, StandDown
from muster.respond.proposing import ApproveAction, ChangeAction, ProposeAction, WithdrawAction
from muster.respond.roles import ROLES, AcceptRole, DeclineRole, OfferRole
from muster.respond.running import (
    AgreeToStep,
    FailStep,
    FinishStep,
    SkipStep,
    StartRun,
    StopRun,
    TakeStep,
    Tick,
)
from muster.respond.runs import RUNS
from muster.respond.tasks import TASKS, AcceptTask, DropTask, FinishTask, GiveTask, HandOverTask
from muster.respond.work import pointed
from tests.access.world import ADA, ANA, BEN, CARO
from tests.respond.invariants import Claims, command_passes_from_hand_to_hand, milestones_keep_their_times
from tests.respond.test_proposing import FIELDS
from tests.respond.work_scene import WorkScene

PEOPLE = st.sampled_from([ANA, BEN, ANA, BEN, CARO, ADA])
ROLE = st.sampled_from([Role.COMMANDER, Role.DEPUTY, Role.LEGAL])
PICK = st.integers(0, 5)
ENDED = (IncidentState.CLOSED, IncidentState.STOOD_DOWN)


class WholeResponse(RuleBasedStateMachine):
    """One incident and everybody's hands on it; whatever is refused changes nothing."""

    @initialize()
    def declare(self) -> None:
        self.scene = WorkScene(planned=True)
        self.incident = self.scene.declared()
        self.claims: Claims = {}
        self.before = self.state

    @property
    def state(self) -> StreamState:
        return self.scene.state(self.incident)

    def attempt(self, kind: type[Command], actor: Actor, **fields: Any) -> Decision | None:
        self.before = self.state
        command = kind.model_validate({"incident": self.incident, **fields})
        if not isinstance(self.scene.allowed(command, actor), Allow):
            return None
        try:
            done = self.scene.do(command, actor)
        except MusterError:
            assert self.state is self.before
            return None
        if self.before.slice(INCIDENT).state in ENDED:
            assert kind is Reopen
            assert self.before.slice(INCIDENT).state is IncidentState.CLOSED
        return done

    def one(self, numbers: Any, pick: int) -> int:
        """One of these numbers, or one that is none of them."""
        known = sorted(numbers)
        return known[pick % len(known)] if known and pick < 5 else 10_000

    @rule(actor=PEOPLE, to=PEOPLE, role=ROLE)
    def offers(self, actor: Actor, to: Actor, role: Role) -> None:
        self.attempt(OfferRole, actor, role=role, to=to.account)

    @rule(actor=PEOPLE, role=ROLE, late=st.booleans(), yes=st.booleans())
    def answers(self, actor: Actor, role: Role, late: bool, yes: bool) -> None:
        expected = max(self.state.slice(ROLES).version(role) - late, 0)
        if yes:
            self.attempt(AcceptRole, actor, role=role, expected=expected)
        else:
            self.attempt(DeclineRole, actor, role=role, reason="no")

    @rule(actor=PEOPLE, to=st.sampled_from([*IncidentState]))
    def moves(self, actor: Actor, to: IncidentState) -> None:
        self.moves_to(actor, to)

    def moves_to(self, actor: Actor, to: IncidentState) -> None:
        expected = self.state.slice(INCIDENT).version
        match to:
            case IncidentState.CLOSED:
                self.attempt(Close, actor, summary="x", how_learned="staff", expected=expected)
            case IncidentState.STOOD_DOWN if self.scene.asked > 30:  # else most stories would end at once
                self.attempt(StandDown, actor, reason="x")
            case IncidentState.DECLARED | IncidentState.STOOD_DOWN:
                self.attempt(Reopen, actor, reason="x")
            case _:
                self.attempt(MoveOn, actor, to=to, expected=expected)

    @rule(actor=PEOPLE)
    def closes(self, actor: Actor) -> None:
        if self.scene.asked > 40:
            self.moves_to(actor, IncidentState.REVIEW)
            self.moves_to(actor, IncidentState.CLOSED)

    @rule(actor=PEOPLE, of=st.sampled_from(["PORTAL-01", "anna"]))
    def finds(self, actor: Actor, of: str) -> None:
        self.attempt(StateFact, actor, text="x", source="y")
        found = self.attempt(ReceiveEvidence, actor, sha256="ab" * 32, size=1, name="x", place="y", of=[of])
        if found:
            seq = found.answer["evidence"]
            self.attempt(OfferEvidence, actor, evidence=seq, to=BEN.account, expected=1)
            self.attempt(AcceptEvidence, BEN, evidence=seq, expected=2)

    @rule(actor=PEOPLE, owner=PEOPLE, pick=PICK, what=st.sampled_from([0, 0, 1, 2, 3, 4]))
    def works(self, actor: Actor, owner: Actor, pick: int, what: int) -> None:
        tasks = self.state.slice(TASKS).pending
        task = self.one(tasks, pick)
        known = {"task": task, "expected": tasks[task].version if task in tasks else 1}
        match what:
            case 0:
                self.attempt(GiveTask, actor, text="x", owner=owner.account)
            case 1:
                self.attempt(AcceptTask, actor, **known)
            case 2:
                self.attempt(HandOverTask, actor, to=owner.account, **known)
            case 3:
                self.attempt(FinishTask, actor, text="x", **known)
            case _:
                self.attempt(DropTask, actor, reason="x", **known)

    @rule(actor=PEOPLE)
    def decides(self, actor: Actor) -> None:
        asked = self.attempt(AskDecision, actor, text="x?")
        self.attempt(Decide, actor, text="x", reason="y", answers=asked.answer["decision"] if asked else None)

    @rule(actor=PEOPLE, milestone=st.sampled_from([Claimed.STARTED, Claimed.CONTAINED, Claimed.ERADICATED]))
    def claims_(self, actor: Actor, milestone: Claimed) -> None:
        fact = self.attempt(StateFact, actor, text="x", source="y")
        if fact:
            self.attempt(ClaimMilestone, actor, milestone=milestone, shown_by=[fact.answer["seq"]])

    @rule(actor=PEOPLE, again=st.booleans())
    def takes_back(self, actor: Actor, again: bool) -> None:
        if again:
            self.attempt(NoteSeenAgain, actor, text="x")
            if self.state is not self.before:
                assert self.state.slice(MILESTONES).standing(Claimed.CONTAINED) is None
                assert self.state.slice(MILESTONES).standing(Claimed.ERADICATED) is None
                assert self.state.slice(INCIDENT).state in (IncidentState.DECLARED, IncidentState.ACTIVE)
        else:
            self.attempt(RevokeMilestone, actor, milestone=Claimed.CONTAINED, reason="x")

    @rule(actor=PEOPLE, posture=st.sampled_from(Posture))
    def stands(self, actor: Actor, posture: Posture) -> None:
        expected = self.state.slice(POSTURE).version
        self.attempt(SetPosture, actor, posture=posture, reason="x", expected=expected)

    @rule(actor=PEOPLE, host=st.sampled_from(["PORTAL-01", "PORTAL-02"]), far=st.integers(0, 5))
    def proposes(self, actor: Actor, host: str, far: int) -> None:
        self.attempt(ProposeAction, actor, **{**FIELDS, "target": host})
        for step in range(far):
            self.goes_on((ANA, BEN)[step % 2], 4)

    @rule(actor=PEOPLE, pick=PICK)
    def goes_on_(self, actor: Actor, pick: int) -> None:
        self.goes_on(actor, pick)

    def goes_on(self, actor: Actor, pick: int) -> None:
        """The next thing that an open action asks for."""
        actions = self.state.slice(ACTIONS).pending
        action = self.one(actions, pick) if pick != 4 else max(actions, default=10_000)
        if action not in actions:
            return
        found = actions[action]
        known = {"action": action, "expected": found.version}
        match found.state:
            case ActionState.PROPOSED:
                self.attempt(ApproveAction, actor, action=action, sha256=found.sha256)
            case ActionState.APPROVED:
                self.attempt(StartAction, actor, action=action, sha256=found.sha256)
            case ActionState.RUNNING:
                self.attempt(FinishAction, actor, worked=pick > 0, text="x", **known)
            case ActionState.DONE:
                self.attempt(VerifyAction, actor, text="x", **known)
            case ActionState.VERIFIED:
                self.attempt(EndAction, actor, fate=Fate.PERMANENT, reason="x", **known)

    @rule(actor=PEOPLE, pick=PICK, what=st.integers(0, 6), stale=st.booleans())
    def acts(self, actor: Actor, pick: int, what: int, stale: bool) -> None:
        actions = self.state.slice(ACTIONS).pending
        action = self.one(actions, pick)
        found = actions.get(action)
        version = found.version if found else 1
        sha256 = found.sha256 if found and not stale else "0" * 64
        known = {"action": action, "expected": version}
        match what:
            case 0:
                changed = {**FIELDS, "harm": f"version {version}"}
                self.attempt(ChangeAction, actor, change=action, expected=version, **changed)
            case 1:
                self.attempt(ApproveAction, actor, action=action, sha256=sha256)
            case 2:
                override = "I must" if stale else None
                self.attempt(StartAction, actor, action=action, sha256=sha256, override=override)
            case 3:
                self.attempt(FinishAction, actor, worked=not stale, text="x", **known)
            case 4:
                self.attempt(VerifyAction, actor, text="x", **known)
            case 5:
                self.attempt(EndAction, actor, fate=Fate.UNDONE, reason="x", **known)
            case _:
                self.attempt(WithdrawAction, actor, reason="x", **known)

    @rule(actor=PEOPLE, pick=PICK, what=st.integers(0, 6), minutes=st.sampled_from([0, 0, 20, 600]))
    def follows(self, actor: Actor, pick: int, what: int, minutes: int) -> None:
        self.scene.wait(minutes)
        runs = self.state.slice(RUNS).running
        if not runs:
            self.attempt(StartRun, actor, playbook="web-intrusion")
            return
        seq, run = next(iter(runs.items()))
        live = sorted(run.live)
        known: dict[str, Any] = {"run": seq, "step": live[pick % len(live)] if live else "confirm"}
        match what:
            case 0:
                self.attempt(Tick, actor, run=seq)
                again = self.state
                self.attempt(Tick, actor, run=seq)
                assert self.state is again
            case 1:
                self.attempt(TakeStep, actor, **known)
            case 2:
                self.attempt(FailStep, actor, reason="x", **known)
            case 3:
                self.attempt(SkipStep, actor, reason="x", **known)
            case 4:
                self.attempt(AgreeToStep, actor, **known)
            case 5 if minutes:
                self.attempt(StopRun, actor, run=seq, reason="x")
            case _:
                for choice in (None, "stranger", "evict", "enough", "worked", "otherwise"):
                    self.attempt(FinishStep, actor, choice=choice, **known)

    @rule(
        actor=PEOPLE, lost=st.booleans(), name=st.sampled_from(["mail", "order-database", "customer-portal"])
    )
    def loses_and_restores(self, actor: Actor, lost: bool, name: str) -> None:
        self.attempt(LoseService if lost else RestoreService, actor, service=name)

    @invariant()
    def command_and_milestones_hold(self) -> None:
        if hasattr(self, "scene"):
            command_passes_from_hand_to_hand(self.scene.entries[self.incident], self.state)
            self.claims = milestones_keep_their_times(self.claims, self.state)

    @invariant()
    def nothing_is_done_but_what_somebody_else_approved_or_decided_alone(self) -> None:
        if not hasattr(self, "scene"):
            return
        proposed: dict[int, tuple[str, str]] = {}
        approved: dict[int, str] = {}
        for one in self.scene.entries[self.incident]:
            at = pointed(one.header, "action")
            match one.body:
                case ActionProposed() as body:
                    place = one.header.seq if at is None else at
                    proposed[place] = (body.sha256, one.header.who)
                    approved.pop(place, None)
                case ActionApproved() as body:
                    assert at is not None
                    assert body.sha256 == proposed[at][0]
                    assert one.header.who != proposed[at][1]
                    approved[at] = body.sha256
                case ActionStarted() as body:
                    assert at is not None
                    assert body.sha256 == proposed[at][0]
                    assert body.alone or approved.get(at) == body.sha256
                    assert not body.alone or pointed(one.header, "decided") is not None
                    approved.pop(at, None)
                case _:
                    pass
        for seq, action in self.state.slice(ACTIONS).pending.items():
            if action.state is ActionState.APPROVED:
                assert approved[seq] == action.sha256

    @invariant()
    def the_state_is_the_fold_of_the_entries_and_comes_back_from_its_bytes(self) -> None:
        if hasattr(self, "scene"):
            assert slices_from_bytes(to_bytes(self.state), self.scene.folds) == self.state.slices

    def teardown(self) -> None:
        if hasattr(self, "scene"):
            folded = StreamState(self.incident)
            for one in self.scene.entries[self.incident]:
                folded = advance(folded, one, b"\0" * 32, self.scene.folds)
            assert folded == self.state


TestWholeResponse = WholeResponse.TestCase
TestWholeResponse.settings = settings(stateful_step_count=60)
