"""Actions on systems: what is proposed, its states, and the hash that an approval names (CON-03)."""

import hashlib
from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from muster.record.body import Body, kinds_of
from muster.record.canonical import canonical
from muster.record.entry import Entry, Header
from muster.record.state import Fold, Slice
from muster.respond.effects import EffectAsked
from muster.respond.guard import EvidenceEffect, TargetKind
from muster.respond.work import pointed

# In the payload of an action's effect: for how many minutes it is to hold.
MINUTES = "minutes"


class ActionProposed(Body):
    """An action as it is to be done; with a ref `action` it takes the place of what was proposed before.

    decision: the line of the authority register that covers it. harm: what it is expected to break. tip_off: how
    the attacker would notice; None: they would not. undo: None when it cannot be undone. minutes: how long it is
    to hold before it is undone or made permanent. channel: who does it; None: a person, by hand.
    may_repeat: the receiver keeps no keys.
    """

    kind: ClassVar[str] = "action.proposed"
    action: str
    decision: str
    target_kind: TargetKind
    target: str
    count: int = 1
    purpose: str
    harm: str
    evidence_effect: EvidenceEffect
    tip_off: str | None = None
    undo: str | None = None
    minutes: int | None = None
    channel: str | None = None
    payload: dict[str, str] = Field(default_factory=dict[str, str])
    may_repeat: bool = False

    @property
    def sha256(self) -> str:
        """What an approval names; any change gives another."""
        return hashlib.sha256(b"muster/action/1\0" + canonical(self.tree())).hexdigest()


class ActionApproved(Body):
    """Somebody who may has approved the action (ref `action`) exactly as this hash names it, until `until`."""

    kind: ClassVar[str] = "action.approved"
    sha256: str
    role: str
    until: str


class ActionStarted(Body):
    """The action (ref `action`) is being done. alone: without approval, by the one who decided it (ref `decided`)."""

    kind: ClassVar[str] = "action.started"
    sha256: str
    alone: bool = False


class ActionDone(Body):
    """The action (ref `action`) is done; it holds until `until`, if it has an end."""

    kind: ClassVar[str] = "action.done"
    until: str | None = None


class ActionFailed(Body):
    """The action (ref `action`) did not work; it needs a new approval to be tried again."""

    kind: ClassVar[str] = "action.failed"


class ActionVerified(Body):
    """Somebody looked: the action (ref `action`) has done what it was for."""

    kind: ClassVar[str] = "action.verified"


class ActionUndone(Body):
    """The action (ref `action`) was undone."""

    kind: ClassVar[str] = "action.undone"


class ActionMadePermanent(Body):
    """The action (ref `action`) stays."""

    kind: ClassVar[str] = "action.made-permanent"


class ActionWithdrawn(Body):
    """The action (ref `action`) is not done."""

    kind: ClassVar[str] = "action.withdrawn"


class ActionState(StrEnum):
    """Where an action stands (states, 1.2); undone, made permanent and withdrawn ones are no longer in the state."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    RUNNING = "running"
    DONE = "done"
    VERIFIED = "verified"


class Action(Slice):
    """What rules ask of an open action; its words are in the entries.

    sha256: of the proposal that stands; empty when it was withheld. at: its entry, where that is not the first one. by: who proposed that. until:
    when the approval lapses, or the action ends. effect: the entry that asked a channel for it; minutes: to hold how long.
    """

    sha256: str = ""
    state: ActionState = ActionState.PROPOSED
    by: str = ""
    at: int | None = None
    minutes: int | None = None
    until: str | None = None
    effect: int | None = None
    version: int = 1


class Actions(Slice):
    """The open actions, by the number of the entry that first proposed them."""

    pending: dict[int, Action] = Field(default_factory=dict[int, Action])


_STATE_OF = {
    ActionApproved.kind: ActionState.APPROVED,
    ActionStarted.kind: ActionState.RUNNING,
    ActionDone.kind: ActionState.DONE,
    ActionFailed.kind: ActionState.PROPOSED,
    ActionVerified.kind: ActionState.VERIFIED,
}
_ENDED = frozenset({ActionUndone.kind, ActionMadePermanent.kind, ActionWithdrawn.kind})


def evolve(actions: Actions, entry: Entry) -> Actions:
    """The actions after one more entry; kinds and refs tell their states, so words may be erased."""
    head, body = entry.header, entry.body
    seq = pointed(head, "action")
    if head.kind == ActionProposed.kind:
        return _proposed(actions, head, body if isinstance(body, ActionProposed) else None, seq)
    if seq is None or seq not in actions.pending:
        return actions
    if head.kind == EffectAsked.kind:
        minutes = body.payload.get(MINUTES) if isinstance(body, EffectAsked) else None
        asked = {"effect": head.seq, "minutes": int(minutes) if minutes else None}
        return _with(actions, seq, actions.pending[seq].model_copy(update=asked))
    if head.kind in _ENDED:
        return Actions(pending={other: one for other, one in actions.pending.items() if other != seq})
    state = _STATE_OF.get(head.kind)
    if state is None:
        return actions
    before = actions.pending[seq]
    until = body.until if isinstance(body, ActionApproved | ActionDone) else None
    if head.kind == ActionVerified.kind:
        until = before.until
    return _with(
        actions,
        seq,
        before.model_copy(update={"state": state, "until": until, "version": before.version + 1}),
    )


def _proposed(actions: Actions, head: Header, body: ActionProposed | None, seq: int | None) -> Actions:
    before = None if seq is None else actions.pending.get(seq)
    version = 1 if before is None else before.version + 1
    place = head.seq if seq is None or before is None else seq
    return _with(
        actions,
        place,
        Action(
            sha256=body.sha256 if body else "",
            by=head.who,
            at=head.seq if head.seq != place else None,
            version=version,
        ),
    )


def _with(actions: Actions, seq: int, action: Action) -> Actions:
    return Actions(pending={**actions.pending, seq: action})


ACTIONS = Fold("actions", Actions(), evolve)
KINDS = kinds_of(
    ActionProposed,
    ActionApproved,
    ActionStarted,
    ActionDone,
    ActionFailed,
    ActionVerified,
    ActionUndone,
    ActionMadePermanent,
    ActionWithdrawn,
)
# Entries with no words to hide.
FIXED = (
    ActionApproved,
    ActionStarted,
    ActionDone,
    ActionFailed,
    ActionVerified,
    ActionUndone,
    ActionMadePermanent,
    ActionWithdrawn,
)
