"""Carrying an action out: started through the guard, done or failed, verified, and undone or made permanent."""

from enum import StrEnum

from muster.access.command import MaybeText, Seq, Sha256, Text
from muster.access.verbs import Standing
from muster.core.errors import Refused
from muster.core.time import from_stored
from muster.record.body import Body
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft, Ref
from muster.record.state import States, StreamState
from muster.respond.actions import (
    MINUTES,
    Action,
    ActionDone,
    ActionFailed,
    ActionMadePermanent,
    ActionProposed,
    ActionStarted,
    ActionState,
    ActionUndone,
    ActionVerified,
)
from muster.respond.decisions import DecisionMade, made
from muster.respond.effects import EffectAsked, Sort
from muster.respond.ground import entitlement
from muster.respond.guard import Weighed, weigh
from muster.respond.proposing import guard_says, may_decide, open_action, proposal_of, seen
from muster.respond.weighing import situation
from muster.respond.work import InIncident, Replacing, Work, after, now, reasoned


class StartAction(InIncident):
    """Begin an action as it was approved. override: your reason to do it although the guard or nobody agreed."""

    action: Seq
    sha256: Sha256
    override: MaybeText = None


class FinishAction(Replacing):
    """Say that an action was done, or that it failed, and what came of it."""

    action: Seq
    worked: bool
    text: Text


class VerifyAction(Replacing):
    """Say that you looked and the action has done what it was for."""

    action: Seq
    text: Text


class Fate(StrEnum):
    """How an action that was done ends."""

    UNDONE = "undone"
    PERMANENT = "permanent"


class EndAction(Replacing):
    """End an action that was done: it was undone, or it stays."""

    action: Seq
    fate: Fate
    reason: Text


def start(states: States, command: StartAction, context: Context, known: Known) -> Decision:
    """action.started, and effect.asked when a channel does it; decision.made before them when it is overridden.

    Raises NotFound; Refused with the guard's reasons and a milder alternative.
    """
    state, action = open_action(states, command, command.action)
    if action.state not in (ActionState.PROPOSED, ActionState.APPROVED):
        raise Refused(f"It is {action.state} already.", "action", "Nothing is to be started.")
    if action.sha256 != command.sha256:
        raise Refused("It was changed since you read it.", "sha256", "Read it again, then have it approved.")
    body = proposal_of(known, command.action, action)
    approved = _approved(action, context)
    weighed = weigh(situation(state, known, body, second_person=approved))
    drafts: list[Draft] = []
    refs = [Ref("action", command.incident, command.action)]
    if weighed.held or not approved:
        role = _override(state, known, command, body, context, approved=approved, weighed=weighed)
        decided = _decided(state, command, body, weighed, role, approved=approved)
        drafts.append(decided)
        refs.append(Ref("decided", command.incident, state.seq + 1))
    drafts.append(
        Draft(command.incident, ActionStarted(sha256=action.sha256, alone=not approved), tuple(refs))
    )
    effect = None
    if body.channel is not None:
        effect = state.seq + len(drafts) + 1
        drafts.append(Draft(command.incident, _effect(body, body.channel, context), (refs[0],)))
    answer = {"action": command.action, "version": action.version + 1, "effect": effect}
    return Decision(tuple(drafts), {**answer, **guard_says(weighed)})


def finish(states: States, command: FinishAction, context: Context, known: Known) -> Decision:
    """action.done or action.failed, and reason.given with what came of it. Raises NotFound, Refused, Conflict."""
    state, action = open_action(states, command, command.action)
    seen(action, command.expected, "done" if command.worked else "failed")
    _must_be(action, ActionState.RUNNING)
    body = proposal_of(known, command.action, action) if command.worked else None
    until = after(now(context), body.minutes) if body and body.minutes else None
    ended = ActionDone(until=until) if command.worked else ActionFailed()
    return _moved(state, command.action, action, ended, command.text)


def verify(states: States, command: VerifyAction, _context: Context, _known: Known) -> Decision:
    """action.verified, reason.given. Raises NotFound, Refused, Conflict."""
    state, action = open_action(states, command, command.action)
    seen(action, command.expected, "verified")
    _must_be(action, ActionState.DONE)
    return _moved(state, command.action, action, ActionVerified(), command.text)


def end(states: States, command: EndAction, _context: Context, _known: Known) -> Decision:
    """action.undone or action.made-permanent, reason.given. Raises NotFound, Refused, Conflict."""
    state, action = open_action(states, command, command.action)
    seen(action, command.expected, command.fate)
    if command.fate is Fate.PERMANENT:
        _must_be(action, ActionState.VERIFIED)
    else:
        _must_be(action, ActionState.DONE, ActionState.VERIFIED)
    ended = ActionUndone() if command.fate is Fate.UNDONE else ActionMadePermanent()
    return _moved(state, command.action, action, ended, command.reason)


def _approved(action: Action, context: Context) -> bool:
    return (
        action.state is ActionState.APPROVED
        and action.until is not None
        and now(context) < from_stored(action.until)
    )


def _override(
    state: StreamState,
    known: Known,
    command: StartAction,
    body: ActionProposed,
    context: Context,
    *,
    approved: bool,
    weighed: Weighed,
) -> str:
    """The role by which they decide against the guard, or alone. Raises Refused, with what stands against it."""
    if command.override is None:
        if not approved:
            raise Refused(
                "Nobody has approved it as it stands now.",
                "action",
                "Ask for approval; in an emergency, whoever may approve it gives the reason as `override`.",
            )
        instead = f"Instead: {weighed.milder} " if weighed.milder else ""
        raise Refused(
            f"The guard holds it back. {weighed.line()}",
            "override",
            f"{instead}Whoever may approve it can decide otherwise, with a reason.",
        )
    role = may_decide(state, known, entitlement(known, body.decision), context.actor.account)
    if role is None:
        raise Refused(
            "The plan does not let you decide this alone.", "override", "Ask whoever may approve the action."
        )
    return role


def _decided(
    state: StreamState,
    command: StartAction,
    body: ActionProposed,
    weighed: Weighed,
    role: str,
    *,
    approved: bool,
) -> Draft:
    against = f" although the guard says: {weighed.line()}" if weighed.held else ""
    alone = "" if approved else " without a second person's approval"
    decision = DecisionMade(
        text=f"{body.action} {body.target}{alone}{against}",
        reason=command.override or "",
        authority=role,
    )
    return made(state, decision, (Ref("action", command.incident, command.action),))


def _effect(body: ActionProposed, channel: str, context: Context) -> EffectAsked:
    held = {MINUTES: str(body.minutes)} if body.minutes else {}
    return EffectAsked(
        effect=context.id("effect"),
        channel=channel,
        to=(body.target,),
        subject=f"{body.action} {body.target}",
        payload={**body.payload, "action_sha256": body.sha256, **held},
        may_repeat=body.may_repeat,
        sort=Sort.ACTION,
    )


def _must_be(action: Action, *states: ActionState) -> None:
    if action.state not in states:
        raise Refused(f"It is {action.state}.", "action", f"First it must be {' or '.join(states)}.")


def _moved(state: StreamState, seq: int, action: Action, body: Body, text: str) -> Decision:
    drafts = (
        Draft(state.stream, body, (Ref("action", state.stream, seq),)),
        reasoned(state.stream, state.seq + 1, text),
    )
    return Decision(drafts, {"action": seq, "version": action.version + 1})


WORK = (
    Work("start-action", "Begin an action as it was approved.", Standing.RESPONDER, StartAction, start),
    Work(
        "action-done", "Say whether an action worked.", Standing.RESPONDER, FinishAction, finish, server=True
    ),
    Work("verify-action", "Say that you looked and it worked.", Standing.RESPONDER, VerifyAction, verify),
    Work("end-action", "End an action as undone or permanent.", Standing.RESPONDER, EndAction, end),
)
