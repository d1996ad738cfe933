"""Milestones that people claim: contained, eradicated and others, with evidence, revocable, all times kept (1.2)."""

from enum import StrEnum
from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field

from muster.access.command import MaybeLine, MaybeText, Seq, Text
from muster.access.verbs import Standing
from muster.core.errors import Refused
from muster.core.time import stored
from muster.record.body import Body, kinds_of
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft, Entry, Ref
from muster.record.state import Fold, Slice, States, StreamState
from muster.respond.custody import CUSTODY
from muster.respond.facts import FACTS
from muster.respond.facts import Standing as Worth
from muster.respond.incident import INCIDENT, IncidentReopened, IncidentState, stated, still_open
from muster.respond.work import InIncident, Work, pointed, reasoned

Shown: TypeAlias = Annotated[tuple[Seq, ...], Field(max_length=50)]


class Claimed(StrEnum):
    """Milestones that somebody claims. The others follow from entries of their own: declared, commander set, ..."""

    STARTED = "started"
    FIRST_SIGNAL = "first signal"
    DETECTED = "detected"
    REPORTED = "reported"
    LEGALLY_MAJOR = "legally major"
    FIRST_CONTAINMENT = "first containment"
    CONTAINED = "contained"
    ERADICATED = "eradicated"
    RECOVERY_STARTED = "recovery started"
    RECOVERY_ENDED = "recovery ended"
    WATCH_ENDED = "watch ended"


# Claims that stand on evidence, and that the attacker refutes by being seen again.
_PROVEN = (Claimed.CONTAINED, Claimed.ERADICATED)
_OVER = frozenset({IncidentState.RECOVERING, IncidentState.WATCHING, IncidentState.REVIEW})


class MilestoneClaimed(Body):
    """The milestone was reached at the time of this entry. Refs `shows`: what shows it; its words are beside it."""

    kind: ClassVar[str] = "milestone.claimed"
    milestone: Claimed


class MilestoneRevoked(Body):
    """The claim (ref `revokes`) no longer holds; its time is kept."""

    kind: ClassVar[str] = "milestone.revoked"
    milestone: Claimed


class SeenAgain(Body):
    """The attacker, or what they left, was seen again."""

    kind: ClassVar[str] = "attacker.seen-again"
    text: str


class Claim(Slice):
    """One claim: when it was reached, by whom, and whether it was revoked."""

    at: str
    who: str
    revoked: bool = False


class Milestones(Slice):
    """Every claim ever made, by the number of its entry; none is forgotten."""

    claims: dict[Claimed, dict[int, Claim]] = Field(default_factory=dict[Claimed, dict[int, Claim]])

    def standing(self, milestone: Claimed) -> int | None:
        """The number of the claim that stands; None when none does."""
        claims = self.claims.get(milestone, {})
        return next((seq for seq, claim in claims.items() if not claim.revoked), None)

    def at(self, milestone: Claimed) -> str | None:
        """When it was reached, by the claim that stands."""
        seq = self.standing(milestone)
        return None if seq is None else self.claims[milestone][seq].at


def evolve(milestones: Milestones, entry: Entry) -> Milestones:
    """The milestones after one more entry."""
    head, body = entry.header, entry.body
    if isinstance(body, MilestoneClaimed):
        claim = Claim(at=stored(head.happened.at), who=head.who)
        return _with(milestones, body.milestone, head.seq, claim)
    if head.kind == MilestoneRevoked.kind:
        seq = pointed(head, "revokes")
        for milestone, claims in milestones.claims.items():
            if seq is not None and seq in claims:
                return _with(milestones, milestone, seq, claims[seq].model_copy(update={"revoked": True}))
    return milestones


def _with(milestones: Milestones, milestone: Claimed, seq: int, claim: Claim) -> Milestones:
    claims = {**milestones.claims.get(milestone, {}), seq: claim}
    return Milestones(claims={**milestones.claims, milestone: claims})


MILESTONES = Fold("milestones", Milestones(), evolve)
KINDS = kinds_of(MilestoneClaimed, MilestoneRevoked, SeenAgain)
# Entries with no words to hide.
FIXED = (MilestoneClaimed, MilestoneRevoked)


class ClaimMilestone(InIncident):
    """Claim a milestone. happened_at: when it was reached, if not now.

    shown_by: numbers of the evidence and facts that show it; contained and eradicated need at least one.
    """

    milestone: Claimed
    text: MaybeText = None
    shown_by: Shown = ()
    happened_at: MaybeLine = None


class RevokeMilestone(InIncident):
    """Take back a claim that no longer holds; its time is kept."""

    milestone: Claimed
    reason: Text


class NoteSeenAgain(InIncident):
    """The attacker was seen again: contained and eradicated no longer hold."""

    text: Text
    happened_at: MaybeLine = None


def claim(states: States, command: ClaimMilestone, context: Context, _known: Known) -> Decision:
    """milestone.claimed, and reason.given with its words. Raises NotFound, Refused, BadInput."""
    state = still_open(states, command.incident)
    if state.slice(MILESTONES).standing(command.milestone) is not None:
        raise Refused(
            f"The milestone {command.milestone} stands already.",
            "milestone",
            "Revoke it first if its time is wrong; both times are kept.",
        )
    if command.milestone in _PROVEN and not command.shown_by:
        raise Refused(
            f"That it is {command.milestone} must be shown.",
            "shown_by",
            "Name the facts or the evidence that show it.",
        )
    for seq in command.shown_by:
        _check_shows(state, seq)
    body = MilestoneClaimed(milestone=command.milestone)
    shows = tuple(Ref("shows", command.incident, seq) for seq in dict.fromkeys(command.shown_by))
    drafts = [Draft(command.incident, body, shows, stated(command.happened_at, context))]
    if command.text is not None:
        drafts.append(reasoned(command.incident, state.seq + 1, command.text))
    return Decision(tuple(drafts), {"milestone": command.milestone, "claim": state.seq + 1})


def revoke(states: States, command: RevokeMilestone, _context: Context, _known: Known) -> Decision:
    """milestone.revoked, reason.given. Raises NotFound, Refused."""
    state = still_open(states, command.incident)
    if state.slice(MILESTONES).standing(command.milestone) is None:
        raise Refused(f"Nobody claims {command.milestone} now.", "milestone", "There is nothing to revoke.")
    drafts = _revoked(state, (command.milestone,))
    return Decision(
        (*drafts, reasoned(command.incident, state.seq + 1, command.reason)), {"milestone": command.milestone}
    )


def seen_again(states: States, command: NoteSeenAgain, context: Context, _known: Known) -> Decision:
    """attacker.seen-again, milestone.revoked for each, and incident.reopened once past active. Raises Refused."""
    state = still_open(states, command.incident)
    seen = Draft(
        command.incident, SeenAgain(text=command.text), happened=stated(command.happened_at, context)
    )
    drafts = [seen, *_revoked(state, _PROVEN)]
    reopens = state.slice(INCIDENT).state in _OVER
    if reopens:
        because = Ref("because", command.incident, state.seq + 1)
        drafts.append(Draft(command.incident, IncidentReopened(reason="Seen again."), (because,)))
    return Decision(
        tuple(drafts), {"seq": state.seq + 1, "revoked": len(drafts) - 1 - reopens, "reopened": reopens}
    )


def _revoked(state: StreamState, which: tuple[Claimed, ...]) -> tuple[Draft, ...]:
    milestones = state.slice(MILESTONES)
    return tuple(
        Draft(state.stream, MilestoneRevoked(milestone=one), (Ref("revokes", state.stream, seq),))
        for one in which
        if (seq := milestones.standing(one)) is not None
    )


def _check_shows(state: StreamState, seq: int) -> None:
    thing = state.slice(FACTS).things.get(seq)
    if seq not in state.slice(CUSTODY).exhibits and (thing is None or thing.standing is not Worth.FACT):
        raise Refused(
            "This number is no fact that stands and no evidence.",
            "shown_by",
            "Name confirmed facts and evidence only; an assumption shows nothing.",
        )


WORK = (
    Work("milestone", "Claim a milestone, with what shows it.", Standing.RESPONDER, ClaimMilestone, claim),
    Work("revoke-milestone", "Take back a claimed milestone.", Standing.RESPONDER, RevokeMilestone, revoke),
    Work(
        "seen-again", "Note that the attacker was seen again.", Standing.RESPONDER, NoteSeenAgain, seen_again
    ),
)
