"""An incident: its states, the entries that move it, its fold, and the guards that other rules ask."""

from enum import StrEnum
from typing import ClassVar

from muster.core.errors import BadInput, NotFound, Refused
from muster.core.labels import Pap, Tlp
from muster.core.time import Moment, parse_stated
from muster.record.body import Body, kinds_of
from muster.record.context import Context
from muster.record.entry import Entry
from muster.record.state import Fold, Slice, States, StreamState


class IncidentState(StrEnum):
    """Where an incident stands (states, 1.2); contained and eradicated are no states."""

    DECLARED = "declared"
    ACTIVE = "active"
    RECOVERING = "recovering"
    WATCHING = "watching"
    REVIEW = "review"
    CLOSED = "closed"
    STOOD_DOWN = "stood-down"

    @property
    def ended(self) -> bool:
        """Whether nothing can be added any more without reopening."""
        return self in (IncidentState.CLOSED, IncidentState.STOOD_DOWN)


class HowLearned(StrEnum):
    """How we learned of it (SP 800-61 r2, 3.2.3)."""

    OWN_MONITORING = "own monitoring"
    STAFF = "staff"
    CUSTOMER = "customer"
    RESEARCHER = "researcher"
    POLICE = "police"
    PRESS = "press"
    ATTACKER = "attacker"
    PARTNER = "partner"
    UNKNOWN = "unknown"


class IncidentDeclared(Body):
    """First entry: what was known when it was declared. Severity and secrecy follow as entries of their own."""

    kind: ClassVar[str] = "incident.declared"
    what: str
    signal: str | None = None
    tlp: Tlp = Tlp.AMBER
    pap: Pap = Pap.AMBER


class IncidentActive(Body):
    """It is being worked on."""

    kind: ClassVar[str] = "incident.active"
    reason: str | None = None


class IncidentRecovering(Body):
    """What was lost is being brought back."""

    kind: ClassVar[str] = "incident.recovering"
    reason: str | None = None


class IncidentWatching(Body):
    """All is back; it is watched for a return."""

    kind: ClassVar[str] = "incident.watching"
    reason: str | None = None


class IncidentInReview(Body):
    """It is over; what it teaches is being worked out."""

    kind: ClassVar[str] = "incident.in-review"
    reason: str | None = None


class IncidentClosed(Body):
    """It is closed: what it was, how we learned of it, and how many things stayed open."""

    kind: ClassVar[str] = "incident.closed"
    summary: str
    how_learned: HowLearned
    open_questions: int
    open_assumptions: int


class IncidentStoodDown(Body):
    """It turned out to be none, or not ours; kept, never deleted."""

    kind: ClassVar[str] = "incident.stood-down"
    reason: str


class IncidentReopened(Body):
    """It is active again."""

    kind: ClassVar[str] = "incident.reopened"
    reason: str


class IncidentSignalAttached(Body):
    """A signal belongs to it."""

    kind: ClassVar[str] = "incident.signal-attached"
    signal: str


class ReasonGiven(Body):
    """The reason for another entry (ref `explains`) that itself holds no free text and is never erased."""

    kind: ClassVar[str] = "reason.given"
    text: str


# The kind alone tells the state: erasing the words of an entry never moves an incident.
_STATE_OF = {
    IncidentDeclared.kind: IncidentState.DECLARED,
    IncidentActive.kind: IncidentState.ACTIVE,
    IncidentRecovering.kind: IncidentState.RECOVERING,
    IncidentWatching.kind: IncidentState.WATCHING,
    IncidentInReview.kind: IncidentState.REVIEW,
    IncidentClosed.kind: IncidentState.CLOSED,
    IncidentStoodDown.kind: IncidentState.STOOD_DOWN,
    IncidentReopened.kind: IncidentState.ACTIVE,
}


class Incident(Slice):
    """What rules ask of an incident. version: how often its state was set (declared is the first time)."""

    state: IncidentState | None = None
    version: int = 0


def evolve(incident: Incident, entry: Entry) -> Incident:
    """The incident after one more entry; bodies are not asked."""
    state = _STATE_OF.get(entry.header.kind)
    if state is None:
        return incident
    return Incident(state=state, version=incident.version + 1)


INCIDENT = Fold("incident", Incident(), evolve)
KINDS = kinds_of(
    IncidentDeclared,
    IncidentActive,
    IncidentRecovering,
    IncidentWatching,
    IncidentInReview,
    IncidentClosed,
    IncidentStoodDown,
    IncidentReopened,
    IncidentSignalAttached,
    ReasonGiven,
)


def existing(states: States, stream: str) -> StreamState:
    """The loaded stream. Raises NotFound when nothing was ever written to it."""
    state = states.get(stream)
    if state is None or not state.exists:
        raise NotFound("There is nothing with this code.", stream, "Check the code, or search the list.")
    return state


def still_open(states: States, stream: str) -> StreamState:
    """The loaded incident, to which something is to be added. Raises NotFound, or Refused when it has ended."""
    state = existing(states, stream)
    match state.slice(INCIDENT).state:
        case IncidentState.CLOSED:
            raise Refused(
                "This incident is closed.", stream, "Reopen it first; what is late belongs there too."
            )
        case IncidentState.STOOD_DOWN:
            raise Refused(
                "This incident was stood down.", stream, "Declare a new one and name this one in it."
            )
        case None:
            raise NotFound("There is no incident with this code.", stream, "Check the code.")
        case _:
            return state


def stated(text: str | None, context: Context) -> Moment | None:
    """When it happened, as a person stated it; None for now. Raises BadInput for no time, or one to come."""
    if text is None:
        return None
    moment = parse_stated(text)
    if moment.at > context.instant:
        raise BadInput(
            "This time has not come yet.", "happened_at", "State a time up to now, or leave it out for now."
        )
    return moment
