"""Actions as people see them: what is to be done to which system, what the guard says, and who could approve."""

from muster.app.look import ERASED, HIDDEN, Look
from muster.app.views import View
from muster.record.state import StreamState
from muster.respond.actions import ACTIONS, Action, ActionProposed, ActionState
from muster.respond.ground import entitlement
from muster.respond.guard import EvidenceEffect, TargetKind, weigh
from muster.respond.proposing import approvers, may_decide
from muster.respond.weighing import situation

MOST = 60


class GuardView(View):
    """What the guard says: nothing against it, a warning, or a hold; its reasons, and something milder."""

    level: str
    reasons: tuple[str, ...]
    milder: str


class ActionView(View):
    """An open action. approvers: who could approve it, in words. lapsed: its approval, or the time that it holds, is over.

    may_approve, may_override: whether whoever looks could; the rules decide.
    """

    seq: int
    version: int
    state: str
    sha256: str
    title: str
    readable: bool
    by: str
    mine: bool
    proposal: dict[str, str]
    payload: tuple[tuple[str, str], ...]
    guard: GuardView
    approvers: str
    may_approve: bool
    may_override: bool
    until: str
    lapsed: bool
    by_channel: bool


class ActionsView(View):
    """All open actions, the newest first; and what can be chosen when one is proposed."""

    actions: tuple[ActionView, ...]
    more: int
    decisions: tuple[tuple[str, str], ...]
    target_kinds: tuple[str, ...]
    evidence_effects: tuple[str, ...]
    services: tuple[str, ...]


def needs(state: StreamState) -> set[int]:
    """The entries whose words the view shows: the proposals that stand."""
    return {place(seq, action) for seq, action in list(state.slice(ACTIONS).pending.items())[-MOST:]}


def place(seq: int, action: Action) -> int:
    """The entry that holds the proposal as it stands."""
    return seq if action.at is None else action.at


def view(look: Look) -> ActionsView:
    """The actions of an incident, for whoever looks."""
    every = list(look.state.slice(ACTIONS).pending.items())
    shown = every[-MOST:]
    in_force = look.told.in_force
    return ActionsView(
        actions=tuple(_action(look, seq, action) for seq, action in reversed(shown)),
        more=len(every) - len(shown),
        decisions=tuple(
            (name, one.decision) for name, one in (in_force.authority.decisions if in_force else {}).items()
        ),
        target_kinds=tuple(one.value for one in TargetKind),
        evidence_effects=tuple(one.value for one in EvidenceEffect),
        services=tuple(in_force.services) if in_force else (),
    )


def waits_for_me(look: Look) -> tuple[int, ...]:
    """The proposed actions that whoever looks could approve, the oldest first."""
    return tuple(
        seq
        for seq, action in look.state.slice(ACTIONS).pending.items()
        if action.state is ActionState.PROPOSED and _may_approve(look, seq, action)
    )


def _may_approve(look: Look, seq: int, action: Action) -> bool:
    body = look.words.body(place(seq, action))
    if not isinstance(body, ActionProposed) or action.by == look.account:
        return False
    line = entitlement(look.told, body.decision)
    return may_decide(look.state, look.told, line, look.account) is not None


def _action(look: Look, seq: int, action: Action) -> ActionView:
    at = place(seq, action)
    body = look.words.body(at)
    read = body if isinstance(body, ActionProposed) and body.sha256 == action.sha256 else None
    line = entitlement(look.told, read.decision if read else "")
    missing = HIDDEN if at in look.words.hidden else ERASED
    return ActionView(
        seq=seq,
        version=action.version,
        state=action.state.value,
        sha256=action.sha256,
        title=f"{read.action} {read.target}" if read else missing,
        readable=read is not None,
        by=look.name(action.by),
        mine=action.by == look.account,
        proposal=_fields(read),
        payload=tuple(sorted(read.payload.items())) if read else (),
        guard=_guard(look, action, read),
        approvers=approvers(look.state, look.told, line, without=action.by) if read else "",
        may_approve=action.state is ActionState.PROPOSED and _may_approve(look, seq, action),
        may_override=read is not None and may_decide(look.state, look.told, line, look.account) is not None,
        until=action.until or "",
        lapsed=look.late(action.until),
        by_channel=read is not None and read.channel is not None,
    )


def _fields(read: ActionProposed | None) -> dict[str, str]:
    """The fields of a proposal as a form holds them; those that are left out are empty."""
    if read is None:
        return {}
    tree = read.tree()
    return {name: "" if value is None else str(value) for name, value in tree.items() if name != "payload"}


def _guard(look: Look, action: Action, read: ActionProposed | None) -> GuardView:
    if read is None:
        return GuardView(level="hold", reasons=("What was proposed cannot be read any more.",), milder="")
    approved = action.state is not ActionState.PROPOSED
    weighed = weigh(situation(look.state, look.told, read, second_person=approved))
    return GuardView(
        level=weighed.level.name.lower(),
        reasons=tuple(reason.sentence for reason in weighed.reasons),
        milder=weighed.milder or "",
    )
