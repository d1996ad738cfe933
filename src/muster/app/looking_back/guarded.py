"""Actions looked back on: what was to be done to what, who agreed, and what the guard said at that time.

The guard is asked anew with the state of that entry and the plan that was in force: its answer is no word of anybody's.
"""

from collections.abc import Mapping
from datetime import datetime

from muster.app.looking_back.past import Past
from muster.app.views import View
from muster.record.entry import Entry
from muster.record.state import Folds, StreamState, advance
from muster.respond.actions import (
    ActionApproved,
    ActionDone,
    ActionFailed,
    ActionMadePermanent,
    ActionProposed,
    ActionStarted,
    ActionUndone,
    ActionVerified,
    ActionWithdrawn,
)
from muster.respond.custody import CUSTODY
from muster.respond.decisions import DecisionMade
from muster.respond.guard import Weighed, weigh
from muster.respond.posture import POSTURE
from muster.respond.weighing import situation

_ASKS: Folds = {CUSTODY.name: CUSTODY, POSTURE.name: POSTURE}
_ENDS = {
    ActionStarted.kind: "being done",
    ActionDone.kind: "done",
    ActionFailed.kind: "failed",
    ActionVerified.kind: "done and looked at",
    ActionUndone.kind: "undone",
    ActionMadePermanent.kind: "made permanent",
    ActionWithdrawn.kind: "withdrawn",
    ActionApproved.kind: "approved, not done",
    ActionProposed.kind: "proposed, not done",
}


class MoveTold(View):
    """One step of an action: approved, started, done, verified, undone, withdrawn; its words stand beside it."""

    seq: int
    what: str
    at: datetime
    who: str
    role: str
    words: str


class GuardTold(View):
    """What the guard says with the record of that time. at: the entry before which it was asked. plan: its commit."""

    at: datetime
    seq: int
    level: str
    reasons: tuple[str, ...]
    milder: str
    plan: str


class ActionTold(View):
    """An action from its proposal to its end. held: the guard held it and it was not done.

    override: the words of whoever decided against the guard, or alone. readable: False when its words are gone.
    """

    seq: int
    readable: bool
    title: str
    decision: str
    target: str
    target_kind: str
    count: int
    purpose: str
    harm: str
    evidence_effect: str
    tip_off: str
    undo: str
    minutes: int | None
    channel: str
    proposed_by: str
    proposed_at: datetime
    sha256: str
    ended: str
    held: bool
    started: bool
    override: str
    guard: GuardTold | None
    moves: tuple[MoveTold, ...]


def actions_told(past: Past) -> tuple[ActionTold, ...]:
    """Every action, those that the guard held back first, then in order."""
    first = [
        one for one in past.of(ActionProposed) if not any(ref.rel == "action" for ref in one.header.refs)
    ]
    moves = {one.header.seq: tuple(_moves(past, one)) for one in first}
    states = _states(past, {_weighed_before(past, moves[one.header.seq]) for one in first})
    told = [_action(past, one, moves[one.header.seq], states) for one in first]
    return tuple(sorted(told, key=lambda one: (not one.held, one.seq)))


def _moves(past: Past, first: Entry) -> list[Entry]:
    return [first, *(one for one in past.about(first.header.seq, "action") if one.header.kind in _ENDS)]


def _weighed_before(past: Past, moves: tuple[Entry, ...]) -> int:
    """The entry before which the guard counts: the start, else the withdrawal, else now."""
    for kind in (ActionStarted.kind, ActionWithdrawn.kind):
        found = next((one for one in moves if one.header.kind == kind), None)
        if found is not None:
            return found.header.seq
    return past.entries[-1].header.seq + 1


def _states(past: Past, wanted: set[int]) -> dict[int, StreamState]:
    """The state before each of these entries, folded from those before it; only what the guard asks of it."""
    found: dict[int, StreamState] = {}
    state = StreamState(past.state.stream)
    for entry in past.entries:
        if entry.header.seq in wanted:
            found[entry.header.seq] = state
        state = advance(state, entry, b"", _ASKS)
    return {seq: found.get(seq, state) for seq in wanted}


def _action(
    past: Past, first: Entry, moves: tuple[Entry, ...], states: Mapping[int, StreamState]
) -> ActionTold:
    seq = first.header.seq
    before = _weighed_before(past, moves)
    proposal = [one for one in moves if one.header.kind == ActionProposed.kind and one.header.seq < before][
        -1
    ]
    body = past.body(proposal.header.seq, ActionProposed)
    approved = _approved(moves, proposal.header.seq, before)
    at = past.entry(before) or past.entries[-1]
    weighed = _weigh(past, body, at, states[before], second_person=approved)
    started = any(one.header.kind == ActionStarted.kind for one in moves)
    return ActionTold(
        seq=seq,
        readable=body is not None,
        title=f"{body.action} {body.target}" if body else past.text(proposal.header.seq, "action"),
        decision=body.decision if body else "",
        target=body.target if body else "",
        target_kind=body.target_kind.value if body else "",
        count=body.count if body else 0,
        purpose=past.text(proposal.header.seq, "purpose"),
        harm=body.harm if body else "",
        evidence_effect=body.evidence_effect.value if body else "",
        tip_off=(body.tip_off or "") if body else "",
        undo=(body.undo or "") if body else "",
        minutes=body.minutes if body else None,
        channel=(body.channel or "") if body else "",
        proposed_by=past.who(proposal),
        proposed_at=past.written(proposal),
        sha256=body.sha256 if body else "",
        ended=_ENDS[moves[-1].header.kind],
        held=weighed is not None and weighed.held and not started,
        started=started,
        override=_override(past, moves),
        guard=_guard(past, weighed, at, before),
        moves=tuple(_move(past, one) for one in moves if one is not first),
    )


def _approved(moves: tuple[Entry, ...], proposal: int, before: int) -> bool:
    return any(one.header.kind == ActionApproved.kind and proposal < one.header.seq < before for one in moves)


def _weigh(
    past: Past, body: ActionProposed | None, at: Entry, state: StreamState, *, second_person: bool
) -> Weighed | None:
    """None when the proposal or the plan of that time cannot be read: then nobody can tell what the guard said."""
    told = past.told(at)
    if body is None or told.in_force is None:
        return None
    return weigh(situation(state, told, body, second_person=second_person))


def _guard(past: Past, weighed: Weighed | None, at: Entry, before: int) -> GuardTold | None:
    if weighed is None:
        return None
    return GuardTold(
        at=past.written(at) if at.header.seq == before else past.now,
        seq=min(before, at.header.seq),
        level=weighed.level.name.lower(),
        reasons=tuple(reason.sentence for reason in weighed.reasons),
        milder=weighed.milder or "",
        plan=at.header.plan.in_force,
    )


def _override(past: Past, moves: tuple[Entry, ...]) -> str:
    for entry in moves:
        if entry.header.kind == ActionStarted.kind:
            for ref in entry.header.refs:
                if ref.rel == "decided":
                    return (
                        past.text(ref.seq, "reason")
                        if past.body(ref.seq, DecisionMade)
                        else past.text(ref.seq)
                    )
    return ""


def _move(past: Past, entry: Entry) -> MoveTold:
    approved = past.body(entry.header.seq, ActionApproved)
    what = (
        "proposed anew" if entry.header.kind == ActionProposed.kind else entry.header.kind.partition(".")[2]
    )
    return MoveTold(
        seq=entry.header.seq,
        what=what.replace("-", " "),
        at=past.written(entry),
        who=past.who(entry),
        role=approved.role if approved else entry.header.role or "",
        words=past.reason(entry.header.seq),
    )
