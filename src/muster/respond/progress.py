"""How an incident moves on: forward through its states, stood down, closed, reopened."""

from typing import Literal

from muster.access.command import Brief, Command, IncidentCode, MaybeText, Rule, Text, Version
from muster.access.verbs import Verb
from muster.core.errors import Conflict, Refused
from muster.record.body import Body
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft
from muster.record.state import States, StreamState
from muster.respond.facts import FACTS, Standing
from muster.respond.incident import (
    INCIDENT,
    HowLearned,
    IncidentActive,
    IncidentClosed,
    IncidentInReview,
    IncidentRecovering,
    IncidentReopened,
    IncidentState,
    IncidentStoodDown,
    IncidentWatching,
    existing,
    still_open,
)


class MoveOn(Command):
    """Move an incident on to a later state. expected: the version of the state that you saw."""

    incident: IncidentCode
    to: Literal[IncidentState.ACTIVE, IncidentState.RECOVERING, IncidentState.WATCHING, IncidentState.REVIEW]
    reason: MaybeText = None
    expected: Version


class StandDown(Command):
    """It turned out to be no incident; it stays listed."""

    incident: IncidentCode
    reason: Text


class Close(Command):
    """Close an incident after its review: what it was, and how we learned of it."""

    incident: IncidentCode
    summary: Brief
    how_learned: HowLearned = HowLearned.UNKNOWN
    expected: Version


class Reopen(Command):
    """Make an incident active again."""

    incident: IncidentCode
    reason: Text


_ORDER = (
    IncidentState.DECLARED,
    IncidentState.ACTIVE,
    IncidentState.RECOVERING,
    IncidentState.WATCHING,
    IncidentState.REVIEW,
)
_BODY_OF: dict[
    IncidentState, type[IncidentActive | IncidentRecovering | IncidentWatching | IncidentInReview]
] = {
    IncidentState.ACTIVE: IncidentActive,
    IncidentState.RECOVERING: IncidentRecovering,
    IncidentState.WATCHING: IncidentWatching,
    IncidentState.REVIEW: IncidentInReview,
}
_REOPENS = frozenset(
    {IncidentState.RECOVERING, IncidentState.WATCHING, IncidentState.REVIEW, IncidentState.CLOSED}
)


def move_on(states: States, command: MoveOn, _context: Context, _known: Known) -> Decision:
    """incident.active, .recovering, .watching or .in-review. Raises NotFound, Refused, Conflict."""
    state = still_open(states, command.incident)
    now = _state(state)
    _as_seen(state, command.expected, command.to)
    if _ORDER.index(command.to) <= _ORDER.index(now):
        mend = "Nothing is to be done." if command.to is now else "To go back to active, reopen it."
        raise Refused(f"The incident is {now} already.", "to", mend)
    return _moved(state, _BODY_OF[command.to](reason=command.reason), command.to)


def stand_down(states: States, command: StandDown, _context: Context, _known: Known) -> Decision:
    """incident.stood-down. Raises NotFound, Refused."""
    state = still_open(states, command.incident)
    if _state(state) not in (IncidentState.DECLARED, IncidentState.ACTIVE):
        raise Refused(
            "It is too far on to be stood down.", command.incident, "Move it on to review, then close it."
        )
    return _moved(state, IncidentStoodDown(reason=command.reason), IncidentState.STOOD_DOWN)


def close(states: States, command: Close, _context: Context, _known: Known) -> Decision:
    """incident.closed, counting what stays open. Raises NotFound, Refused, Conflict."""
    state = still_open(states, command.incident)
    _as_seen(state, command.expected, IncidentState.CLOSED)
    if _state(state) is not IncidentState.REVIEW:
        raise Refused(
            "An incident is closed after its review.", command.incident, "Move it on to review first."
        )
    if command.how_learned is HowLearned.UNKNOWN:
        raise Refused(
            "How we learned of it is not known yet.",
            "how_learned",
            "Ask whoever noticed first; closing can wait until then.",
        )
    facts = state.slice(FACTS)
    body = IncidentClosed(
        summary=command.summary,
        how_learned=command.how_learned,
        open_questions=facts.count(Standing.QUESTION),
        open_assumptions=facts.count(Standing.ASSUMPTION),
    )
    return _moved(state, body, IncidentState.CLOSED)


def reopen(states: States, command: Reopen, _context: Context, _known: Known) -> Decision:
    """incident.reopened: it is active again. Raises NotFound, Refused."""
    state = existing(states, command.incident)
    if state.slice(INCIDENT).state not in _REOPENS:
        still_open(states, command.incident)
        raise Refused(f"The incident is {_state(state)}.", command.incident, "There is nothing to reopen.")
    return _moved(state, IncidentReopened(reason=command.reason), IncidentState.ACTIVE)


def _state(state: StreamState) -> IncidentState:
    return state.slice(INCIDENT).state or IncidentState.DECLARED


def _as_seen(state: StreamState, expected: int, to: IncidentState) -> None:
    incident = state.slice(INCIDENT)
    if incident.version != expected:
        raise Conflict(
            "Somebody else moved this incident on.",
            "expected",
            "Look where it stands now, then decide.",
            theirs=_state(state),
            yours=to,
            version=incident.version,
        )


def _moved(state: StreamState, body: Body, to: IncidentState) -> Decision:
    answer = {"state": to, "version": state.slice(INCIDENT).version + 1}
    return Decision((Draft(state.stream, body),), answer)


def _one(command: MoveOn | StandDown | Close | Reopen) -> tuple[str, ...]:
    return (command.incident,)


RULES = (
    Rule(Verb.STATE, MoveOn, move_on, _one),
    Rule(Verb.STAND_DOWN, StandDown, stand_down, _one),
    Rule(Verb.CLOSE, Close, close, _one),
    Rule(Verb.REOPEN, Reopen, reopen, _one),
)
