"""How an incident moves on with what the plan asks for each step, and how it is closed: only with its review.

These two rules take the place of respond's, which knows neither reviews nor causes nor legal clocks.
"""

from datetime import datetime

from muster.access.command import Rule
from muster.access.verbs import Verb
from muster.core.errors import Refused
from muster.core.people import Role
from muster.disclose.answers import standing_answers
from muster.disclose.owed import clocks_of
from muster.disclose.planned import plan_of as disclosure_of
from muster.learn.agreed import plan_of
from muster.learn.causes import CAUSES
from muster.learn.lessons import LEARNED
from muster.learn.review import REVIEW, scheduled
from muster.plan.required import OwnField, Transition
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.state import States, StreamState
from muster.respond import progress
from muster.respond.custody import CUSTODY
from muster.respond.incident import IncidentState, existing
from muster.respond.log import SUMMARY
from muster.respond.milestones import MILESTONES, Claimed
from muster.respond.progress import Close, MoveOn
from muster.respond.roles import ROLES
from muster.respond.severity import SEVERITIES

_REVIEWED = (IncidentState.RECOVERING, IncidentState.WATCHING, IncidentState.REVIEW)


def move_on(states: States, command: MoveOn, context: Context, known: Known) -> Decision:
    """As respond moves it on, with the fields of the plan; its review is scheduled when recovery begins."""
    decision = progress.move_on(states, command, context, known)
    state = existing(states, command.incident)
    _demand(missing(state, known, Transition(command.to.value)), f"go on to {command.to}")
    review = scheduled(state, context, known) if command.to in _REVIEWED else None
    if review is None:
        return decision
    return Decision((*decision.drafts, review), decision.answer)


def close(states: States, command: Close, context: Context, known: Known) -> Decision:
    """incident.closed, after its review, with the fields of the plan, and with nothing owed any more."""
    decision = progress.close(states, command, context, known)
    state = existing(states, command.incident)
    wanted = [] if state.slice(REVIEW).held is not None else ["a review that was held"]
    wanted += [one for one in missing(state, known, Transition.CLOSED, summary=True) if one not in wanted]
    wanted += owed(state, known, context.instant)
    _demand(tuple(wanted), "close")
    return decision


def missing(state: StreamState, known: Known, step: Transition, *, summary: bool = False) -> tuple[str, ...]:
    """What the plan asks for this step and is not there, in words. summary: the command brings one along."""
    fields = plan_of(known).required.get(step, ())
    answers = standing_answers(state)
    return tuple(
        _WORDS.get(name, f"an answer to {name}")
        for name in fields
        if not (_own(state, OwnField(name), summary=summary) if name in _OWN else name in answers)
    )


_OWN = frozenset(OwnField)
_WORDS: dict[str, str] = {
    OwnField.SUMMARY: "a summary",
    OwnField.SEVERITY: "a rated severity",
    OwnField.COMMANDER: "a commander",
    OwnField.CONTAINED: "the milestone contained",
    OwnField.ERADICATED: "the milestone eradicated",
    OwnField.EVIDENCE: "captured evidence",
    OwnField.REVIEW: "a review that was held",
    OwnField.CAUSES: "a cause, or the reason why none is sought",
    OwnField.LESSONS: "a lesson, or the word that there is none",
}


def _own(state: StreamState, name: OwnField, *, summary: bool) -> bool:
    match name:
        case OwnField.SUMMARY:
            return summary or state.slice(SUMMARY).version > 0
        case OwnField.SEVERITY:
            # The first rating is made at the declaration, with nothing known.
            return state.slice(SEVERITIES).version > 1
        case OwnField.COMMANDER:
            return Role.COMMANDER in state.slice(ROLES).holders
        case OwnField.REVIEW:
            return state.slice(REVIEW).held is not None
        case OwnField.CAUSES:
            return state.slice(CAUSES).answered
        case OwnField.LESSONS:
            return state.slice(LEARNED).answered
        case OwnField.CONTAINED:
            return state.slice(MILESTONES).standing(Claimed.CONTAINED) is not None
        case OwnField.ERADICATED:
            return state.slice(MILESTONES).standing(Claimed.ERADICATED) is not None
        case OwnField.EVIDENCE:
            return bool(state.slice(CUSTODY).exhibits)
        case OwnField.HOW_LEARNED | OwnField.REASON:
            # The command that takes the step brings it along.
            return True


def owed(state: StreamState, known: Known, now: datetime) -> tuple[str, ...]:
    """The clocks that still run or could: what is late or filed after closing would belong there too."""
    every = clocks_of(state, disclosure_of(known).obligations, now)
    return tuple(f"{clock.key}, which is {clock.state}" for clock in every if clock.open)


def _demand(wanted: tuple[str, ...], what: str) -> None:
    if wanted:
        raise Refused(
            f"It cannot {what} yet. Missing: {'; '.join(wanted)}.",
            "incident",
            "Add what is missing, one by one; each has its own verb.",
        )


def _one(command: MoveOn | Close) -> tuple[str, ...]:
    return (command.incident,)


RULES = (Rule(Verb.STATE, MoveOn, move_on, _one), Rule(Verb.CLOSE, Close, close, _one))
