"""The review of an incident: scheduled when recovery begins, held by somebody, and seen when it never was."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from muster.access.command import MaybeLine, OpaqueId
from muster.access.verbs import Standing
from muster.core.errors import Refused
from muster.core.labels import Severity
from muster.core.people import Role
from muster.core.time import from_stored, parse_stated, stored
from muster.learn.agreed import plan_of
from muster.record.body import Body, kinds_of
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft, Entry
from muster.record.state import Fold, Slice, States, StreamState
from muster.respond.incident import IncidentReopened, stated, still_open
from muster.respond.roles import ROLES
from muster.respond.severity import SEVERITIES
from muster.respond.work import InIncident, Work


class ReviewScheduled(Body):
    """The review is to be held by then. lead: who sees to it; None: nobody yet."""

    kind: ClassVar[str] = "review.scheduled"
    due: str
    lead: str | None = None


class ReviewHeld(Body):
    """It was held, with these people; when is the entry's time."""

    kind: ClassVar[str] = "review.held"
    people: tuple[str, ...]


class Review(Slice):
    """The review as it stands. held: when; lost by reopening, since what comes then was not reviewed."""

    due: str | None = None
    lead: str | None = None
    scheduled: int = 0
    held: str | None = None
    held_by: str | None = None
    times_held: int = 0


def evolve(review: Review, entry: Entry) -> Review:
    """The review after one more entry; kinds tell whether it was scheduled and held."""
    head = entry.header
    match head.kind:
        case ReviewScheduled.kind:
            body = entry.body
            due, lead = (body.due, body.lead) if isinstance(body, ReviewScheduled) else (None, None)
            return review.model_copy(update={"due": due, "lead": lead, "scheduled": review.scheduled + 1})
        case ReviewHeld.kind:
            at = stored(head.happened.at)
            return review.model_copy(
                update={"held": at, "held_by": head.who, "times_held": review.times_held + 1}
            )
        case IncidentReopened.kind:
            return review.model_copy(update={"held": None, "held_by": None, "due": None, "lead": None})
        case _:
            return review


REVIEW = Fold("review", Review(), evolve)
KINDS = kinds_of(ReviewScheduled, ReviewHeld)
# Kinds with no words to hide: `redact` refuses them.
FIXED: tuple[type[Body], ...] = (ReviewScheduled, ReviewHeld)


class ReviewState(StrEnum):
    """Where the review stands; never held is a state that is shown, not a missing one."""

    NOT_SCHEDULED = "not-scheduled"
    SCHEDULED = "scheduled"
    OVERDUE = "overdue"
    HELD = "held"
    HELD_LATE = "held-late"


@dataclass(frozen=True, slots=True)
class ReviewStanding:
    """The review for people: its state, when it is due, who leads it, and by how long it is late."""

    state: ReviewState
    due: datetime | None = None
    lead: str | None = None
    late_by: timedelta | None = None


def standing(state: StreamState, now: datetime) -> ReviewStanding:
    """Where the review of an incident stands now."""
    review = state.slice(REVIEW)
    due = None if review.due is None else from_stored(review.due)
    at = now if review.held is None else from_stored(review.held)
    late = at - due if due is not None and at > due else None
    if review.held is not None:
        held = ReviewState.HELD if late is None else ReviewState.HELD_LATE
        return ReviewStanding(held, due, review.lead, late)
    if due is None:
        return ReviewStanding(ReviewState.NOT_SCHEDULED, None, review.lead)
    return ReviewStanding(
        ReviewState.SCHEDULED if late is None else ReviewState.OVERDUE, due, review.lead, late
    )


def scheduled(state: StreamState, context: Context, known: Known) -> Draft | None:
    """The entry that schedules the review by the plan's time for this severity; None when one is scheduled."""
    review = state.slice(REVIEW)
    if review.due is not None or review.held is not None:
        return None
    severities = state.slice(SEVERITIES)
    severity = severities.peak or severities.current or Severity.SEV1
    due = context.instant + timedelta(days=plan_of(known).review_days[severity])
    lead = state.slice(ROLES).holders.get(Role.COMMANDER)
    return Draft(state.stream, ReviewScheduled(due=stored(due), lead=lead))


class ScheduleReview(InIncident):
    """Schedule the review, or set another time or lead. due: left out, by the plan's time for this severity."""

    due: MaybeLine = None
    lead: OpaqueId | None = None


class HoldReview(InIncident):
    """Record that the review was held, with whom. held_at: left out for now."""

    people: Annotated[tuple[OpaqueId, ...], Field(min_length=1, max_length=200)]
    held_at: MaybeLine = None


def schedule_review(states: States, command: ScheduleReview, context: Context, known: Known) -> Decision:
    """review.scheduled. Raises NotFound, BadInput, Refused."""
    state = still_open(states, command.incident)
    review = state.slice(REVIEW)
    if review.held is not None:
        raise Refused("The review was held already.", command.incident, "Nothing is to be scheduled.")
    days = plan_of(known).review_days
    severity = state.slice(SEVERITIES).peak or Severity.SEV1
    due = (
        context.instant + timedelta(days=days[severity])
        if command.due is None
        else parse_stated(command.due, "due").at
    )
    lead = command.lead or review.lead or state.slice(ROLES).holders.get(Role.COMMANDER)
    body = ReviewScheduled(due=stored(due), lead=lead)
    return Decision((Draft(command.incident, body),), {"due": body.due, "lead": lead})


def hold_review(states: States, command: HoldReview, context: Context, _known: Known) -> Decision:
    """review.held. Raises NotFound, BadInput, Refused."""
    state = still_open(states, command.incident)
    held = ReviewHeld(people=tuple(sorted(set(command.people))))
    draft = Draft(command.incident, held, happened=stated(command.held_at, context))
    return Decision((draft,), {"seq": state.seq + 1})


WORK = (
    Work(
        "schedule-review",
        "Schedule the review of an incident, or set another time.",
        Standing.RESPONDER,
        ScheduleReview,
        schedule_review,
    ),
    Work(
        "hold-review",
        "Record that the review was held, and with whom.",
        Standing.RESPONDER,
        HoldReview,
        hold_review,
    ),
)
