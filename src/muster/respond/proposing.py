"""Proposing an action, changing it, approving exactly that, and taking it back."""

from typing import Annotated, TypeAlias

from pydantic import Field

from muster.access.command import Line, MaybeLine, Seq, Sha256, Text
from muster.access.verbs import Standing
from muster.core.errors import Refused
from muster.core.people import Role
from muster.record.context import Context
from muster.record.decision import JSON, Decision, Known
from muster.record.entry import Draft, Ref
from muster.record.state import States, StreamState
from muster.respond.able import commands
from muster.respond.actions import (
    ACTIONS,
    Action,
    ActionApproved,
    ActionProposed,
    ActionState,
    ActionWithdrawn,
)
from muster.respond.ground import Entitlement, entitled, entitlement, proposal, who_could
from muster.respond.guard import EvidenceEffect, TargetKind, Weighed, weigh
from muster.respond.incident import still_open
from muster.respond.roles import ROLES
from muster.respond.weighing import situation
from muster.respond.work import InIncident, Minutes, Replacing, Work, after, as_seen, now, reasoned

# After so long the world is another one, and somebody looks again.
APPROVAL_MINUTES = 240
Count: TypeAlias = Annotated[int, Field(ge=1, le=1_000_000)]
Payload: TypeAlias = Annotated[dict[Line, Line], Field(max_length=20)]


class Proposal(InIncident):
    """What an action is: its target, purpose, expected harm, effect on evidence, and how it is undone.

    decision: the line of the authority register that covers it. tip_off: how the attacker would notice, if they
    would. undo: left out, it cannot be undone. minutes: how long it holds. channel: left out, a person does it.
    """

    action: Line
    decision: Line
    target_kind: TargetKind
    target: Line
    count: Count = 1
    purpose: Text
    harm: Text
    evidence_effect: EvidenceEffect = EvidenceEffect.CHANGES
    tip_off: MaybeLine = None
    undo: MaybeLine = None
    minutes: Minutes | None = None
    channel: MaybeLine = None
    payload: Payload = Field(default_factory=dict[str, str])
    may_repeat: bool = False

    def body(self) -> ActionProposed:
        """It as an entry."""
        fields = ActionProposed.model_fields.keys() & type(self).model_fields.keys()
        return ActionProposed.model_validate({name: getattr(self, name) for name in fields})


class ProposeAction(Proposal):
    """Propose to do something to a system: what, for what, what it may break, and how it is undone."""


class ChangeAction(Proposal, Replacing):
    """Change an action before it is done; an approval of it is void. change: the number of its proposal."""

    change: Seq


class ApproveAction(InIncident):
    """Approve an action exactly as it stands. sha256: names what you read; after any change it is another."""

    action: Seq
    sha256: Sha256


class WithdrawAction(Replacing):
    """Take back an action that is not being done."""

    action: Seq
    reason: Text


def propose(states: States, command: ProposeAction, context: Context, known: Known) -> Decision:
    """action.proposed; answers what the guard would say and who may approve. Raises NotFound, Refused."""
    state = still_open(states, command.incident)
    body = command.body()
    draft = Draft(command.incident, body)
    return Decision((draft,), _answer(state, known, body, state.seq + 1, 1, context))


def change(states: States, command: ChangeAction, context: Context, known: Known) -> Decision:
    """action.proposed in the place of the one before: no approval holds. Raises NotFound, Refused, Conflict."""
    state, action = open_action(states, command, command.change)
    seen(action, command.expected, f"change it: {command.purpose}")
    if action.state not in (ActionState.PROPOSED, ActionState.APPROVED):
        raise Refused(f"It is {action.state} already.", "change", "Undo it, then propose another.")
    body = command.body()
    draft = Draft(command.incident, body, (Ref("action", command.incident, command.change),))
    answer = _answer(state, known, body, command.change, action.version + 1, context)
    return Decision((draft,), answer)


def approve(states: States, command: ApproveAction, context: Context, known: Known) -> Decision:
    """action.approved, by somebody whom the plan names and who did not propose it. Raises NotFound, Refused."""
    state, action = open_action(states, command, command.action)
    if action.state is not ActionState.PROPOSED:
        raise Refused(f"It is {action.state} already.", "action", "There is nothing to approve.")
    if action.sha256 != command.sha256:
        raise Refused(
            "It was changed since you read it.", "sha256", "Read it again; your approval names what you read."
        )
    body = proposal_of(known, command.action, action)
    line = entitlement(known, body.decision)
    could = approvers(state, known, line, without=action.by)
    if context.actor.account == action.by:
        raise Refused("You proposed this yourself.", "action", f"A second person approves it: {could}.")
    role = may_decide(state, known, line, context.actor.account)
    if role is None:
        raise Refused("The plan does not let you approve this.", "action", f"Ask {could}.")
    until = after(now(context), APPROVAL_MINUTES)
    approved = ActionApproved(sha256=command.sha256, role=role, until=until)
    ref = Ref("action", command.incident, command.action)
    answer = {"action": command.action, "version": action.version + 1, "role": role, "until": until}
    return Decision((Draft(command.incident, approved, (ref,)),), answer)


def withdraw(states: States, command: WithdrawAction, _context: Context, _known: Known) -> Decision:
    """action.withdrawn, reason.given. Raises NotFound, Refused, Conflict."""
    state, action = open_action(states, command, command.action)
    seen(action, command.expected, "withdraw it")
    if action.state not in (ActionState.PROPOSED, ActionState.APPROVED):
        raise Refused(f"It is {action.state} already.", "action", "End it as undone or as permanent.")
    ref = Ref("action", command.incident, command.action)
    drafts = (
        Draft(command.incident, ActionWithdrawn(), (ref,)),
        reasoned(command.incident, state.seq + 1, command.reason),
    )
    return Decision(drafts, {"action": command.action})


def may_decide(state: StreamState, known: Known, line: Entitlement, account: str) -> str | None:
    """The role by which an account may approve; by command where the plan has no such line. None: it may not."""
    if line.known:
        return entitled(state, known, line, account)
    return Role.COMMANDER.value if commands(state, account) else None


def proposal_of(known: Known, seq: int, action: Action) -> ActionProposed:
    """The proposal that stands, as it was hashed. Raises Refused when its words are hidden."""
    body = proposal(known, seq)
    if body is None or body.sha256 != action.sha256:
        raise Refused(
            "What was proposed cannot be read any more.", "action", "Propose it anew, then have it approved."
        )
    return body


def open_action(states: States, command: InIncident, seq: int) -> tuple[StreamState, Action]:
    """An open action of the incident. Raises NotFound, Refused."""
    state = still_open(states, command.incident)
    action = state.slice(ACTIONS).pending.get(seq)
    if action is None:
        raise Refused("This number is no open action.", "action", "Look at the list of actions.")
    return state, action


def seen(action: Action, expected: int, yours: str) -> None:
    """Refuses when the action moved on since it was seen. Raises Conflict."""
    as_seen(action.version, expected, what="action", theirs=f"it is {action.state}", yours=yours)


def guard_says(weighed: Weighed) -> dict[str, JSON]:
    """The guard's answer as part of a verb's."""
    return {
        "guard": weighed.level.name.lower(),
        "reasons": [reason.sentence for reason in weighed.reasons],
        "milder": weighed.milder,
    }


def _answer(
    state: StreamState, known: Known, body: ActionProposed, seq: int, version: int, context: Context
) -> dict[str, JSON]:
    weighed = weigh(situation(state, known, body, second_person=True))
    line = entitlement(known, body.decision)
    could = approvers(state, known, line, without=context.actor.account)
    return {
        "action": seq, "version": version, "sha256": body.sha256, "approvers": could, **guard_says(weighed),
    }  # fmt: skip


def approvers(state: StreamState, known: Known, line: Entitlement, *, without: str) -> str:
    """Who could approve, as one phrase for people; by command where the plan has no such line."""
    if line.known:
        return who_could(state, known, line, without=without)
    holders = state.slice(ROLES).holders
    found = [role for role in (Role.COMMANDER, Role.DEPUTY) if holders.get(role) not in (None, without)]
    named = " or ".join(f"the {role} of this incident" for role in found)
    return named or "nobody yet: offer somebody command or the role of deputy"


WORK = (
    Work("propose", "Propose to do something to a system.", Standing.RESPONDER, ProposeAction, propose),
    Work(
        "change-action",
        "Change a proposed action; its approval is void.",
        Standing.RESPONDER,
        ChangeAction,
        change,
    ),
    Work("approve", "Approve an action exactly as it stands.", Standing.SIGNED_IN, ApproveAction, approve),
    Work("withdraw-action", "Take back a proposed action.", Standing.RESPONDER, WithdrawAction, withdraw),
)
