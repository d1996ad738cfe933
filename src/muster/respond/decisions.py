"""Decisions: asked for and made, by whom under which authority, with what was known in that minute (DOC-04)."""

from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field, model_validator

from muster.access.command import Line, MaybeLine, MaybeText, OpaqueId, Seq, Text
from muster.access.verbs import Standing
from muster.core.errors import BadInput, Refused
from muster.core.people import Actor, Duty, Role
from muster.record.body import Body, kinds_of
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft, Entry, Ref
from muster.record.state import Fold, Slice, States, StreamState
from muster.respond.able import check_able, commander, commands, reads_accounts
from muster.respond.facts import FACTS
from muster.respond.facts import Standing as Worth
from muster.respond.ground import entitled, entitlement, who_could
from muster.respond.incident import stated, still_open
from muster.respond.roles import ROLES
from muster.respond.work import InIncident, Minutes, Work, WorkCorrected, after, now, pointed

Options: TypeAlias = Annotated[tuple[Line, ...], Field(max_length=10)]
# A header stays small; what is left out is the oldest, and the order of entries still tells it.
MOST_REFS = 400
_KNEW = {Worth.FACT: "knew-fact", Worth.ASSUMPTION: "knew-assumption", Worth.QUESTION: "knew-question"}


class DecisionAsked(Body):
    """What is to be decided. Who is asked, and by when, is the next entry, which has no words."""

    kind: ClassVar[str] = "decision.asked"
    text: str
    options: tuple[str, ...] = ()


class DecisionPut(Body):
    """The decision (ref `decision`) is put to this person, or to whoever holds this role, until `by`."""

    kind: ClassVar[str] = "decision.put"
    to: str | None = None
    role: Role | None = None
    by: str


class DecisionMade(Body):
    """What was decided and why. Refs: `decides` what was asked, `replaces` an earlier one, `knew-...` what stood.

    authority: the line of the authority register under which it was made, or the role, or None.
    left_out: how many older standing things are not among the refs.
    """

    kind: ClassVar[str] = "decision.made"
    text: str
    reason: str
    objections: str | None = None
    authority: str | None = None
    left_out: int = 0


class DecisionWithdrawn(Body):
    """It is no longer asked for (ref `decision`)."""

    kind: ClassVar[str] = "decision.withdrawn"
    text: str


class Asked(Slice):
    """A decision that is asked for and not answered: of whom, and by when."""

    to: str | None = None
    role: Role | None = None
    by: str = ""


class Decisions(Slice):
    """Decisions asked for, by the number of the asking entry; and the numbers of those made that still hold.

    words: decision -> the entry that corrected its words last.
    """

    pending: dict[int, Asked] = Field(default_factory=dict[int, Asked])
    made: tuple[int, ...] = ()
    words: dict[int, int] = Field(default_factory=dict[int, int])


def evolve(decisions: Decisions, entry: Entry) -> Decisions:
    """The decisions after one more entry; kinds and refs tell enough, so words may be erased."""
    head = entry.header
    match head.kind:
        case DecisionAsked.kind:
            return decisions.model_copy(update={"pending": {**decisions.pending, head.seq: Asked()}})
        case DecisionPut.kind:
            seq, body = pointed(head, "decision"), entry.body
            if seq is None or seq not in decisions.pending or not isinstance(body, DecisionPut):
                return decisions
            asked = Asked(to=body.to, role=body.role, by=body.by)
            return decisions.model_copy(update={"pending": {**decisions.pending, seq: asked}})
        case DecisionMade.kind:
            former = pointed(head, "replaces")
            made = (*(seq for seq in decisions.made if seq != former), head.seq)
            return _kept(decisions, _without(decisions, pointed(head, "decides")), made)
        case DecisionWithdrawn.kind:
            return _kept(decisions, _without(decisions, pointed(head, "decision")), decisions.made)
        case WorkCorrected.kind:
            seq = pointed(head, "corrects")
            if seq is None or (seq not in decisions.pending and seq not in decisions.made):
                return decisions
            return decisions.model_copy(update={"words": {**decisions.words, seq: head.seq}})
        case _:
            return decisions


def _kept(decisions: Decisions, pending: dict[int, Asked], made: tuple[int, ...]) -> Decisions:
    words = {seq: by for seq, by in decisions.words.items() if seq in pending or seq in made}
    return Decisions(pending=pending, made=made, words=words)


def _without(decisions: Decisions, seq: int | None) -> dict[int, Asked]:
    return {other: asked for other, asked in decisions.pending.items() if other != seq}


DECISIONS = Fold("decisions", Decisions(), evolve)
KINDS = kinds_of(DecisionAsked, DecisionPut, DecisionMade, DecisionWithdrawn)
# Entries with no words to hide.
FIXED = (DecisionPut,)


class AskDecision(InIncident):
    """Ask for a decision, of one person or of whoever holds a role; the commander unless told otherwise."""

    text: Text
    options: Options = ()
    to: OpaqueId | None = None
    role: Role | None = None
    minutes: Minutes = 30

    @model_validator(mode="after")
    def _one_asked(self) -> "AskDecision":
        if self.to is not None and self.role is not None:
            raise ValueError("to: ask one person or one role, not both; leave one of them out")
        return self


class Decide(InIncident):
    """Write down a decision. answers: what was asked; replaces: an earlier decision that no longer holds.

    authority: the line of the authority register under which you decide.
    """

    text: Text
    reason: Text
    objections: MaybeText = None
    answers: Seq | None = None
    replaces: Seq | None = None
    authority: MaybeLine = None
    happened_at: MaybeLine = None


class WithdrawDecision(InIncident):
    """Take back a decision that was asked for; it need not be answered any more."""

    decision: Seq
    reason: Text


def ask(states: States, command: AskDecision, context: Context, _known: Known) -> Decision:
    """decision.asked, decision.put. Raises NotFound, Refused."""
    state = still_open(states, command.incident)
    if command.to is not None:
        check_able(states, state, command.to, "to")
    role = (command.role or Role.COMMANDER) if command.to is None else None
    seq = state.seq + 1
    put = DecisionPut(to=command.to, role=role, by=after(now(context), command.minutes))
    drafts = (
        Draft(command.incident, DecisionAsked(text=command.text, options=command.options)),
        Draft(command.incident, put, (Ref("decision", command.incident, seq),)),
    )
    asked = command.to or state.slice(ROLES).holders.get(role or Role.COMMANDER)
    return Decision(drafts, {"decision": seq, "asked": asked, "by": put.by})


def decide(states: States, command: Decide, context: Context, known: Known) -> Decision:
    """decision.made, with refs to all that stands now. Raises NotFound, Refused, BadInput."""
    state = still_open(states, command.incident)
    decisions = state.slice(DECISIONS)
    if command.answers is not None and command.answers not in decisions.pending:
        raise Refused(
            "This number is no decision that is asked for.", "answers", "Look at the open decisions."
        )
    if command.replaces is not None and command.replaces not in decisions.made:
        raise Refused(
            "This number is no decision that holds.", "replaces", "Take the number of the decision."
        )
    asked = None if command.answers is None else decisions.pending[command.answers]
    authority = _authority(state, command, asked, context.actor, known)
    refs = tuple(
        Ref(rel, command.incident, seq)
        for rel, seq in (("decides", command.answers), ("replaces", command.replaces))
        if seq is not None
    )
    draft = made(
        state,
        DecisionMade(
            text=command.text, reason=command.reason, objections=command.objections, authority=authority
        ),
        refs,
    )
    happened = stated(command.happened_at, context)
    answer = {"decision": state.seq + 1, "authority": authority, "knew": len(draft.refs) - len(refs)}
    return Decision((Draft(draft.stream, draft.body, draft.refs, happened),), answer)


def made(state: StreamState, body: DecisionMade, refs: tuple[Ref, ...] = ()) -> Draft:
    """A decision with what was known then: refs to every fact, assumption and question that stands now."""
    things = sorted(state.slice(FACTS).things.items(), reverse=True)
    knew = tuple(Ref(_KNEW[thing.standing], state.stream, seq) for seq, thing in things[:MOST_REFS])
    left_out = len(things) - len(knew)
    return Draft(state.stream, body.model_copy(update={"left_out": left_out}), (*refs, *knew))


def withdraw(states: States, command: WithdrawDecision, _context: Context, _known: Known) -> Decision:
    """decision.withdrawn. Raises NotFound, Refused."""
    state = still_open(states, command.incident)
    if command.decision not in state.slice(DECISIONS).pending:
        raise Refused(
            "This number is no decision that is asked for.", "decision", "Look at the open decisions."
        )
    ref = Ref("decision", command.incident, command.decision)
    draft = Draft(command.incident, DecisionWithdrawn(text=command.reason), (ref,))
    return Decision((draft,), {"decision": command.decision})


def _authority(
    state: StreamState, command: Decide, asked: Asked | None, actor: Actor, known: Known
) -> str | None:
    """Under what they decide. Raises Refused, saying who could, or BadInput for an unknown line."""
    account = actor.account
    if command.authority is not None:
        line = entitlement(known, command.authority)
        if not line.known:
            raise BadInput(
                "The authority register has no line of this name.",
                "authority",
                "Look at the plan, or leave it out and decide by your role.",
            )
        if entitled(state, known, line, account) is None:
            could = who_could(state, known, line, without=account)
            raise Refused("The plan does not let you decide this.", "authority", f"It could be {could}.")
        return command.authority
    held = state.slice(ROLES).held_by(account)
    if asked is not None and asked.role in held:
        return asked.role
    if commands(state, account):
        return held[0]
    if asked is not None and asked.to == account:
        return None
    if commander(state) is None and Duty.RESPONDER in actor.duties and not (asked and asked.to):
        return None
    raise Refused(
        "This decision is not yours.",
        command.incident,
        "Ask for it; the commander or whoever is asked decides.",
    )


WORK = (
    Work("ask-decision", "Ask for a decision.", Standing.RESPONDER, AskDecision, ask, reads_accounts),
    Work("decide", "Write down a decision, with its reason.", Standing.SIGNED_IN, Decide, decide),
    Work(
        "withdraw-decision",
        "Take back a decision that was asked for.",
        Standing.RESPONDER,
        WithdrawDecision,
        withdraw,
    ),
)
