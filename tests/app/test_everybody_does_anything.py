"""Everybody uses every verb of the registry in any order, under a plan: what must hold holds after every step."""

import hashlib
from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from muster.access.may import Allow
from muster.access.verbs import VERBS, Target, Verb
from muster.app.following import decide_all
from muster.app.registry import FOLDS, OF_ACTION, RULES
from muster.core.errors import Conflict, MusterError
from muster.core.ids import PLAN_STREAM
from muster.core.people import Actor, Duty, Role
from muster.core.time import Moment
from muster.disclose.statement import STATEMENTS
from muster.learn.lesson_steps import ChangeKnown
from muster.learn.lessons import LESSONS, LessonState
from muster.learn.plan_change import LineChange, changes_hash
from muster.plan.plan import Pinned
from muster.plan.required import Required
from muster.prepare.approving import VERSIONS, Proposed
from muster.record.canonical import canonical
from muster.record.context import Context
from muster.record.entry import Draft, Entry, header_of
from muster.record.hashing import body_hash, leaf_hash
from muster.record.state import StreamState, advance, slices_from_bytes, to_bytes
from muster.respond.actions import ACTIONS, ActionProposed, ActionStarted
from muster.respond.ground import Told
from muster.respond.incident import INCIDENT, IncidentState
from muster.respond.milestones import Claimed
from muster.respond.roles import ROLES
from muster.respond.runs import RUNS
from muster.respond.secrecy import thing_of
from muster.respond.work import pointed
from tests.access.world import ADMINISTRATOR, ANA, BEN, CARO, PLANS, World, person
from tests.plan.shop_plan import plan
from tests.respond.invariants import Claims, command_passes_from_hand_to_hand, milestones_keep_their_times
from tests.web.edge import COMMANDS, fields

ADA = person("ada", *ADMINISTRATOR, Duty.RESPONDER)
PEOPLE = (ANA, BEN, CARO, ADA)
# Ana commands by the plan, Ben is her deputy, Caro signs it.
PERSONS = {"noor-lindgren": ANA, "ines-caruso": BEN, "claire-fontaine": CARO}
LINE = "roles.yaml#/roles/scribe/title"
# What a field that names a thing may name: entries of these kinds.
KINDS = {
    "task": "task.given", "thing": ("fact.stated", "assumption.", "question."), "decision": "decision.asked",
    "answers": "decision.asked", "evidence": "evidence.received", "action": "action.proposed",
    "change": "action.proposed", "run": "run.started", "anchor": "anchor.recorded", "cause": "cause.",
    "statement": "statement.drafted", "lesson": "lesson.noted", "corrects": ("task.given", "log."),
    "effect": "effect.asked",
}  # fmt: skip
ENDED = (IncidentState.CLOSED, IncidentState.STOOD_DOWN)
VERBS_HERE = tuple(
    verb
    for verb in COMMANDS
    if VERBS[verb].target in (Target.INCIDENT, Target.PLAN, Target.ACCOUNTS)
    or verb in (Verb.REDACT, Verb.ERASE, Verb.RESTRICT)
)
# Verbs that would end most stories at once, or after which nothing can be tried.
RARE = frozenset({Verb.STAND_DOWN, Verb.DISABLE, Verb.DUTIES, Verb.RESTRICT, Verb.STOP_RUN})
CARO_RESPONDS = person("caro", Duty.RESPONDER)
CONTAINED = [Claimed.CONTAINED, Claimed.ERADICATED]
OFFERED = [Role.COMMANDER, Role.DEPUTY, Role.LEGAL]
# By `pick`: what such a field may say. The first one is what the usual ways need.
CHOICES: dict[Verb, dict[str, list[Any]]] = {
    Verb.OFFER: {"role": OFFERED},
    Verb.ACCEPT: {"role": OFFERED},
    Verb.DECLINE: {"role": OFFERED},
    Verb.STATE: {"to": [IncidentState.REVIEW, *IncidentState]},
    Verb.MILESTONE: {"milestone": CONTAINED},
    Verb.REVOKE_MILESTONE: {"milestone": CONTAINED},
    Verb.SCOPE: {"ours": ["no", "yes", "unknown"]},
    Verb.EVIDENCE: {"of": [["web-1"], ["web-2"]]},
    Verb.START_ACTION: {"override": [None, "It spreads"]},
    Verb.RUN: {"playbook": ["web-intrusion", "stolen-credentials"]},
    Verb.FINISH_STEP: {"choice": [None, "stranger", "staff", "evict", "worked"]},
    Verb.MARK_TESTED: {"lines": [[LINE]]},
    Verb.DRAFT_STATEMENT: {
        "template": [None],
        "audience": ["internal"],
        "subject": ["A word"],
        "sentences": [[{"text": "Please leave your machine on."}]],
        "recipients": [["noor-lindgren"]],
    },
}
STEP = st.tuples(
    st.sampled_from(VERBS_HERE),
    st.sampled_from((ANA, ANA, BEN, BEN, CARO, CARO_RESPONDS, ADA)),
    st.integers(0, 11),
    st.integers(0, 5),
)
WAYS: tuple[tuple[tuple[Verb, Actor | None], ...], ...] = (
    ((Verb.OFFER, None), (Verb.ACCEPT, ANA), (Verb.ACCEPT, BEN), (Verb.ACCEPT, ADA)),
    (
        (Verb.STATE, None), (Verb.SCOPE, None), (Verb.HOLD_REVIEW, ANA), (Verb.CLOSE, None), (Verb.LOG, ANA),
        (Verb.REOPEN, None),
    ),
    ((Verb.FACT, BEN), (Verb.MILESTONE, BEN), (Verb.REVOKE_MILESTONE, ANA), (Verb.MILESTONE, ANA)),
    (
        (Verb.EVIDENCE, BEN), (Verb.PROPOSE, BEN), (Verb.APPROVE, ANA), (Verb.START_ACTION, BEN),
        (Verb.ACTION_DONE, BEN), (Verb.VERIFY_ACTION, ANA), (Verb.END_ACTION, BEN),
    ),
    ((Verb.PROPOSE, BEN), (Verb.APPROVE, ANA), (Verb.CHANGE_ACTION, BEN), (Verb.START_ACTION, BEN)),
    (
        (Verb.LESSON, ANA), (Verb.WRITE_CHANGE, BEN), (Verb.APPROVE_CHANGE, CARO_RESPONDS),
        (Verb.MARK_TESTED, ANA), (Verb.WRITE_CHANGE, BEN),
    ),
    ((Verb.RUN, ANA), (Verb.FINISH_STEP, ANA), (Verb.FINISH_STEP, ANA), (Verb.SKIP_STEP, ANA)),
    ((Verb.DRAFT_STATEMENT, BEN), (Verb.APPROVE_STATEMENT, ANA), (Verb.SEND_STATEMENT, None)),
    ((Verb.TASK, BEN), (Verb.TAKE, ANA), (Verb.HAND_OVER, ANA), (Verb.DONE, ANA)),
    ((Verb.APPROVE_PLAN, CARO_RESPONDS), (Verb.REPIN, None)),
)  # fmt: skip


@cache
def agreed() -> Pinned:
    """What was agreed in the example plan, with one duty, less what it asks for before an incident moves on."""
    duties = {name: one for name, one in plan().pinned.obligations.items() if name == "gdpr-art-33"}
    return plan().pinned.model_copy(update={"required": Required(required={}), "obligations": duties})


class Chained(World):
    """A world whose entries are chained as the store chains them, with all that follows from what is decided."""

    def __init__(self) -> None:
        super().__init__(RULES, FOLDS, thing_of, lambda state, account: state.slice(ROLES).held_by(account))
        self.bytes: dict[str, list[bytes]] = {}

    def write(self, actor: Actor, *drafts: Draft) -> None:
        """As `store.append` does, without a database."""
        context = Context(actor, self.now, PLANS, hashlib.sha256(str(self.asked).encode()).digest())
        for number, draft in enumerate(drafts):
            before = self.state(draft.stream)
            lane = before.lane or draft.lane or actor.lane
            pinned = draft.pinned or before.pinned or PLANS.pinned
            here = draft if draft.happened else replace(draft, happened=Moment(self.now))
            head = header_of(
                here, context, seq=before.seq + 1, number=number, lane=lane, pinned=pinned, role=None
            )
            digest = body_hash(b"\0" * 32, canonical(draft.body.tree())).hex()
            head = replace(head, prev=before.head, body_hash=digest)
            made = Entry(head, type(draft.body).model_validate(draft.body.tree()))
            self.entries.setdefault(draft.stream, []).append(made)
            self.bytes.setdefault(draft.stream, []).append(head.to_bytes())
            self.states[draft.stream] = advance(before, made, leaf_hash(head.to_bytes()), self.folds)


class Anything(RuleBasedStateMachine):
    """One incident, the plan and the accounts, and everybody's hands on them; what is refused changes nothing."""

    @initialize()
    def begin(self) -> None:
        self.world = Chained()
        self.incident = ""
        self.world.people(*PEOPLE)
        for name, actor in PERSONS.items():
            self.use(Verb.TIE, ADA, {"account": actor.account, "person": name})
        done = self.use(Verb.DECLARE, ANA, {"what": "The shop is down"})
        assert done
        self.incident = str(done["incident"])
        self.claims: Claims = {}
        self.checked: dict[str, int] = {}
        self.again: dict[str, StreamState] = {}
        self.approved: dict[int, str] = {}
        self.proposed: dict[int, str] = {}
        self.seen = 0

    @property
    def state(self) -> StreamState:
        return self.world.state(self.incident)

    @property
    def plan(self) -> StreamState:
        return self.world.state(PLAN_STREAM)

    # --- as the app does ----------------------------------------------------------------------------

    def use(self, verb: Verb, actor: Actor, given: dict[str, Any]) -> dict[str, Any] | None:
        """Does a verb; None when it is refused, and then nothing has changed."""
        before = dict(self.world.states)
        try:
            command = RULES[verb].command.model_validate(given)
            if not isinstance(self.world.allowed(command, actor), Allow):
                return None
            known = self.known(verb, command, actor)
            decision = decide_all(
                RULES[verb], self.world.states, command, self.world.context(actor), known, FOLDS
            )
        except (MusterError, ValueError) as error:
            assert self.world.states == before
            if isinstance(error, Conflict):
                raise
            return None
        ended = self.incident in before and before[self.incident].slice(INCIDENT).state in ENDED
        if ended:
            touched = {draft.stream for draft in decision.drafts}
            assert self.incident not in touched or verb in (
                Verb.REOPEN,
                Verb.REDACT,
                Verb.ERASE,
                Verb.RESTRICT,
            )
        self.world.write(actor, *decision.drafts)
        return dict(decision.answer)

    def known(self, verb: Verb, command: Any, _actor: Actor) -> Told | ChangeKnown:
        """What the app would tell; the plan in force is the example's, whatever commit is approved."""
        told: dict[str, Any] = {
            "pinned": agreed(),
            "in_force": plan().in_force,
            "accounts": {name: actor.account for name, actor in PERSONS.items()},
        }
        if VERBS[verb].target is Target.PLAN:
            lesson = self.plan.slice(LESSONS).lessons.get(getattr(command, "lesson", -1))
            commit = lesson.commit if lesson and lesson.commit else f"{self.world.asked:040}"
            lines = tuple(one.line for one in lesson.lines) if lesson and lesson.lines else ()
            if verb is Verb.WRITE_CHANGE:
                commit = f"{self.world.asked:040}"
                lines = (LineChange(id=LINE, file="roles.yaml", line=1, before="Scribe", after=commit),)
            if verb is Verb.APPROVE_PLAN:
                commit = command.commit
            return ChangeKnown(
                **told,
                proposed=Proposed(commit, "a" * 64, plan()),
                lines=lines,
                base=self.plan.slice(VERSIONS).in_force or "",
                commit=commit,
                exercised=frozenset({LINE}),
            )
        proposals: dict[int, ActionProposed] = {}
        if verb in OF_ACTION:
            for one in self.world.entries[self.incident]:
                if isinstance(one.body, ActionProposed):
                    at = pointed(one.header, "action")
                    proposals[one.header.seq if at is None else at] = one.body
        return Told(**told, recomputed={"a" * 64: "a" * 64}, proposals=proposals)

    def one_of(self, name: str, pick: int) -> int:
        """A thing that this field may name, or the number of none."""
        stream = PLAN_STREAM if name == "lesson" else self.incident
        found = [
            one.header.seq
            for one in self.world.entries.get(stream, ())
            if one.header.kind.startswith(KINDS[name])
        ]
        return found[-1 - pick % len(found)] if found else 4

    def filled(self, verb: Verb, pick: int, stale: bool) -> dict[str, Any]:
        """Fields that fit, as far as they can."""
        other = PEOPLE[pick % len(PEOPLE)]
        found = fields(verb, incident=self.incident, account=other.account)
        for name in KINDS.keys() & found.keys():
            if isinstance(found[name], int):
                found[name] = self.one_of(name, pick)
        for name, choices in CHOICES.get(verb, {}).items():
            found[name] = choices[pick % len(choices)]
        if verb is Verb.MILESTONE:
            found["shown_by"] = [self.one_of("thing", pick)]
        if verb in (Verb.REDACT, Verb.ERASE):
            found["seq"] = max(self.state.seq - pick, 0)
        if "harm" in found:
            found["harm"] = f"version {self.world.asked}"
        if "sha256" in found and not stale:
            found["sha256"] = self.hash_of(found) or found["sha256"]
        if "step" in found:
            run = self.state.slice(RUNS).running.get(found["run"])
            live = sorted(run.live) if run else []
            found["step"] = live[pick % len(live)] if live else found["step"]
        return found

    def hash_of(self, found: dict[str, Any]) -> str | None:
        """The hash of what is approved, as somebody reads it just now."""
        if "action" in found:
            action = self.state.slice(ACTIONS).pending.get(found["action"])
            return action.sha256 if action else None
        if "lesson" in found:
            lesson = self.plan.slice(LESSONS).lessons.get(found["lesson"])
            return lesson.sha256 if lesson else None
        statement = self.state.slice(STATEMENTS).statements.get(found.get("statement", -1))
        return statement.sha256 if statement else None

    @rule(steps=st.lists(STEP, min_size=3, max_size=8))
    def do_anything(self, steps: list[tuple[Verb, Actor, int, int]]) -> None:
        for verb, actor, pick, stale in steps:
            if verb not in RARE or (self.world.asked > 60 and pick == 0):
                self.world.wait(pick)
                self.tries(verb, actor, pick, again=stale > 1, stale=stale == 0)

    @rule(way=st.sampled_from(WAYS), far=st.integers(1, 7), pick=st.sampled_from([0, 0, 0, 3, 9]))
    def go_a_usual_way(self, way: tuple[tuple[Verb, Actor | None], ...], far: int, pick: int) -> None:
        """As far as it goes; nobody: whoever commands, and any responder while nobody does."""
        for verb, actor in way[:far]:
            commander = self.state.slice(ROLES).holders.get(Role.COMMANDER)
            who = next((one for one in PEOPLE if one.account == commander), ANA) if actor is None else actor
            self.tries(verb, who, pick, again=True, stale=False)

    def tries(self, verb: Verb, actor: Actor, pick: int, *, again: bool, stale: bool) -> None:
        """Tries once, and with the version that is told where it was another."""
        given = self.filled(verb, pick, stale)
        try:
            self.use(verb, actor, given)
        except Conflict as error:  # they look again, and most of them try again
            if again and "expected" in given:
                with suppress(Conflict):
                    self.use(verb, actor, {**given, "expected": error.version})

    # --- what must hold -----------------------------------------------------------------------------

    @invariant()
    def command_and_milestones_hold(self) -> None:
        if hasattr(self, "seen"):
            command_passes_from_hand_to_hand(self.world.entries[self.incident], self.state)
            self.claims = milestones_keep_their_times(self.claims, self.state)

    @invariant()
    def an_approval_of_what_was_changed_is_void(self) -> None:
        if not hasattr(self, "seen"):
            return
        for one in self.world.entries[self.incident][self.seen :]:
            at = pointed(one.header, "action")
            match one.body:
                case ActionProposed() as body:
                    place = one.header.seq if at is None else at
                    self.proposed[place] = body.sha256
                    self.approved.pop(place, None)
                case ActionStarted() as body if at is not None:
                    assert body.sha256 == self.proposed[at]
                    assert body.alone or self.approved.get(at) == body.sha256
                case _ if one.header.kind == "action.approved" and at is not None and one.body is not None:
                    self.approved[at] = str(one.body.tree()["sha256"])
                    assert self.approved[at] == self.proposed[at]
                case _:
                    pass
        self.seen = len(self.world.entries[self.incident])
        for lesson in self.plan.slice(LESSONS).lessons.values():
            if lesson.state is LessonState.APPROVED:
                assert lesson.sha256 == changes_hash(tuple(each.line for each in lesson.lines))
                assert lesson.commit in self.plan.slice(VERSIONS).approved

    @invariant()
    def the_chain_verifies_and_folded_again_it_is_the_same(self) -> None:
        if not hasattr(self, "seen"):
            return
        for stream, entries in self.world.entries.items():
            folded = self.again.get(stream, StreamState(stream))
            for number in range(folded.seq + 1, len(entries)):
                one, raw = entries[number], self.world.bytes[stream][number]
                assert one.header.to_bytes() == raw
                assert (one.header.seq, one.header.prev) == (number, folded.head)
                folded = advance(folded, one, leaf_hash(raw), FOLDS)
            self.again[stream] = folded
            state = self.world.state(stream)
            assert folded == state
            assert slices_from_bytes(to_bytes(state), FOLDS) == state.slices


TestAnything = Anything.TestCase
TestAnything.settings = settings(stateful_step_count=40, max_examples=8)
