"""What calls people by itself, and what answers a call by deed: a role taken, a signal looked at, a decision made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from muster.access.command import Follow
from muster.core.ids import StreamType, stream_type
from muster.core.labels import Severity
from muster.detect.rule import severity_hint
from muster.plan.calling import Occasion
from muster.record.context import Context
from muster.record.decision import Known
from muster.record.entry import Draft
from muster.record.state import States, StreamState
from muster.respond import no_commander
from muster.respond.decisions import DECISIONS, DecisionPut
from muster.respond.due import DUE, DueKind, Item
from muster.respond.incident import INCIDENT, IncidentDeclared
from muster.respond.roles import ROLES, RoleOffered
from muster.respond.signal import SIGNAL, SignalRaised, SignalState
from muster.respond.summons import acknowledged, answering, person_of, standing, summon

# What neither calls nor answers anybody: words, and what the door does.
_STILL = ("log.", "effect.", "call.", "timer.")
_GRAVE = (Severity.SEV1, Severity.SEV2)


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why somebody is called. account: who is asked; nobody is called for what they do themselves.

    anew: a call that goes on for the same is of no use any more.
    """

    occasion: Occasion
    subject: str = ""
    account: str | None = None
    role: str | None = None
    anew: bool = False


def follow(
    _before: States, after: States, drafts: tuple[Draft, ...], context: Context, known: Known
) -> tuple[Draft, ...]:
    """call.asked, call.acknowledged and the timer of a missing commander, for every touched incident and signal."""
    found: list[Draft] = []
    for stream in dict.fromkeys(draft.stream for draft in drafts if not draft.body.kind.startswith(_STILL)):
        state = after.get(stream)
        if state is None or stream_type(stream) not in (StreamType.INCIDENT, StreamType.SIGNAL):
            continue
        found += acknowledged(stream, _answered(state))
        for draft in drafts:
            reason = _reason(state, draft) if draft.stream == stream else None
            if reason is not None:
                found += _called(state, reason, context, known, len(found))
        if stream_type(stream) is StreamType.INCIDENT:
            found += no_commander.keep(state, context, known)
    return tuple(found)


def _reason(state: StreamState, draft: Draft) -> _Reason | None:
    match draft.body:
        case SignalRaised() as body:
            return _Reason(Occasion.SIGNAL) if grave(body) and _signal(state) else None
        case IncidentDeclared():
            return _Reason(Occasion.DECLARED) if no_commander.wanted(state) else None
        case RoleOffered() as body:
            offer = state.slice(ROLES).offers.get(body.role)
            if offer is None:
                return None
            return _Reason(Occasion.ROLE_OFFERED, body.role.value, offer.to, anew=True)
        case DecisionPut() as body:
            seq = next((ref.seq for ref in draft.refs if ref.rel == "decision"), -1)
            if seq not in state.slice(DECISIONS).pending:
                return None
            holder = state.slice(ROLES).holders.get(body.role) if body.role else None
            role = body.role.value if body.role else None
            return _Reason(Occasion.DECISION_ASKED, str(seq), body.to or holder, role)
        case _:
            return None


def grave(raised: SignalRaised) -> bool:
    """Whether somebody must look at a signal at once: its sender or its rule says SEV1 or SEV2."""
    hint = severity_hint(raised.rule.level) if raised.rule else None
    return (raised.severity or hint) in _GRAVE


def _called(
    state: StreamState, reason: _Reason, context: Context, known: Known, number: int
) -> tuple[Draft, ...]:
    former = standing(state, reason.occasion, reason.subject) if reason.anew else None
    if reason.account is not None and reason.account == context.actor.account:
        return acknowledged(state.stream, () if former is None else (former,))
    person = person_of(known, reason.account)
    first = (person,) if person else answering(known, reason.role, context) if reason.role else ()
    drafts = summon(
        state,
        known,
        reason.occasion,
        context,
        subject=reason.subject,
        first=first,
        number=state.seq + number,
        former=former,
    )
    # Nobody can be called any more, for instance since no plan is in force: then not for the void offer either.
    return drafts or acknowledged(state.stream, () if former is None else (former,))


def _answered(state: StreamState) -> tuple[int, ...]:
    """The open calls that what was done has answered."""
    incident = state.slice(INCIDENT).state
    over = incident is not None and incident.ended
    return tuple(
        seq
        for seq, item in state.slice(DUE).of(DueKind.CALL).items()
        if over or not _WAITS.get(item.name, _always)(state, item)
    )


def _always(_state: StreamState, _item: Item) -> bool:
    return True


def _signal(state: StreamState, _item: Item | None = None) -> bool:
    return state.slice(SIGNAL).state is SignalState.NEW


def _uncommanded(state: StreamState, _item: Item) -> bool:
    return no_commander.wanted(state)


def _offered(state: StreamState, item: Item) -> bool:
    return item.about in {role.value for role in state.slice(ROLES).offers}


def _undecided(state: StreamState, item: Item) -> bool:
    return item.about in {str(seq) for seq in state.slice(DECISIONS).pending}


# For which open call there is still something to be done.
_WAITS: Mapping[str, Callable[[StreamState, Item], bool]] = {
    Occasion.SIGNAL: _signal,
    Occasion.DECLARED: _uncommanded,
    Occasion.NO_COMMANDER: _uncommanded,
    Occasion.ROLE_OFFERED: _offered,
    Occasion.DECISION_ASKED: _undecided,
}

FOLLOW: Follow = follow
