"""Times of an incident from its milestones: each with both milestones named, unknown kept as unknown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from muster.core.people import Role
from muster.core.time import Moment, TimeSource
from muster.record.entry import Entry
from muster.respond.incident import (
    IncidentClosed,
    IncidentDeclared,
    IncidentInReview,
    IncidentRecovering,
    IncidentWatching,
)
from muster.respond.roles import RoleAccepted
from muster.respond.severity import SeverityRated
from muster.respond.signal import SignalAcknowledged, SignalAttached, SignalDismissed, SignalRaised, Source


class Milestone(StrEnum):
    """The milestones that the record holds now (states and metrics, 1.2)."""

    FIRST_SIGNAL = "first signal"
    REPORTED = "reported"
    ACKNOWLEDGED = "acknowledged"
    DETECTED = "detected"
    DECLARED = "declared"
    COMMANDER_SET = "commander set"
    FIRST_RATING = "first impact rating"
    RECOVERY_STARTED = "recovery started"
    RECOVERY_ENDED = "recovery ended"
    REVIEW_STARTED = "review started"
    CLOSED = "closed"


Milestones = dict[Milestone, Moment]


@dataclass(frozen=True, slots=True)
class Measure:
    """A time to be measured: its name, and the milestones at which it starts and ends."""

    name: str
    start: Milestone
    end: Milestone


MEASURES = (
    Measure("missed-signal delay", Milestone.FIRST_SIGNAL, Milestone.DETECTED),
    Measure("time to acknowledge", Milestone.FIRST_SIGNAL, Milestone.ACKNOWLEDGED),
    Measure("time to declare", Milestone.DETECTED, Milestone.DECLARED),
    Measure("first signal to declaration", Milestone.FIRST_SIGNAL, Milestone.DECLARED),
    Measure("time to command", Milestone.DECLARED, Milestone.COMMANDER_SET),
    Measure("time to first impact rating", Milestone.REPORTED, Milestone.FIRST_RATING),
    Measure("time to remediate", Milestone.ACKNOWLEDGED, Milestone.RECOVERY_ENDED),
    Measure("recovery duration", Milestone.RECOVERY_STARTED, Milestone.RECOVERY_ENDED),
    Measure("time to review", Milestone.RECOVERY_ENDED, Milestone.REVIEW_STARTED),
    Measure("time to close", Milestone.DECLARED, Milestone.CLOSED),
)


@dataclass(frozen=True, slots=True)
class Time:
    """One measured time of one incident. took: None when a milestone is not known; n: 1 when it is, else 0.

    It can be negative: a stated time may lie before what the record saw first.
    """

    measure: Measure
    took: timedelta | None

    @property
    def n(self) -> int:
        """How many values stand behind it."""
        return 0 if self.took is None else 1


@dataclass(frozen=True, slots=True)
class Spread:
    """One time over many incidents: n known, how many unknown, median and 90th percentile (None without any)."""

    measure: Measure
    n: int
    unknown: int
    median: timedelta | None
    p90: timedelta | None


def milestones(incident: Iterable[Entry], signals: Iterable[Iterable[Entry]] = ()) -> Milestones:
    """The milestones of an incident from its entries and those of its attached signals, each in order.

    A milestone is its first occurrence, but the closing is the last one, and recovery counts from its last
    beginning: a reopened incident was not recovered. Detected is only what somebody stated at the
    declaration. What erased entries no longer tell stays unknown.
    """
    found: Milestones = {}
    for entries in signals:
        for milestone, moment in _of_signal(entries):
            if milestone not in found or moment.at < found[milestone].at:
                found[milestone] = moment
    for entry in incident:
        _of_incident(found, entry)
    return found


def _of_signal(entries: Iterable[Entry]) -> Iterable[tuple[Milestone, Moment]]:
    for entry in entries:
        match entry.header.kind:
            case SignalRaised.kind:
                yield Milestone.FIRST_SIGNAL, entry.header.happened
                if isinstance(entry.body, SignalRaised) and entry.body.source is Source.PERSON:
                    yield Milestone.REPORTED, entry.header.happened
            case SignalAcknowledged.kind | SignalAttached.kind | SignalDismissed.kind:
                yield Milestone.ACKNOWLEDGED, _written(entry)
            case _:
                pass


def _of_incident(found: Milestones, entry: Entry) -> None:
    match entry.header.kind:
        case IncidentDeclared.kind:
            found[Milestone.DECLARED] = _written(entry)
            if entry.header.happened.source is TimeSource.STATED:
                found[Milestone.DETECTED] = entry.header.happened
        case RoleAccepted.kind:
            if isinstance(entry.body, RoleAccepted) and entry.body.role is Role.COMMANDER:
                found.setdefault(Milestone.COMMANDER_SET, _written(entry))
        case SeverityRated.kind:
            # At the declaration nothing is rated yet: that one says "all unknown".
            declared = found.get(Milestone.DECLARED)
            if declared is not None and _written(entry).at > declared.at:
                found.setdefault(Milestone.FIRST_RATING, _written(entry))
        case IncidentRecovering.kind:
            found[Milestone.RECOVERY_STARTED] = _written(entry)
            found.pop(Milestone.RECOVERY_ENDED, None)
        case IncidentWatching.kind:
            found[Milestone.RECOVERY_ENDED] = _written(entry)
        case IncidentInReview.kind:
            found[Milestone.REVIEW_STARTED] = _written(entry)
        case IncidentClosed.kind:
            found[Milestone.CLOSED] = _written(entry)
        case _:
            pass


def _written(entry: Entry) -> Moment:
    return Moment(entry.header.recorded_at)


def times(known: Milestones) -> tuple[Time, ...]:
    """Every time of `MEASURES`, in their order; unknown where a milestone is."""
    return tuple(
        Time(measure, _between(known.get(measure.start), known.get(measure.end))) for measure in MEASURES
    )


def _between(start: Moment | None, end: Moment | None) -> timedelta | None:
    return None if start is None or end is None else end.at - start.at


def spread(many: Iterable[Milestones]) -> tuple[Spread, ...]:
    """Every time over many incidents. Give those of one lane only: what drills take is no part of reality."""
    all_times = [times(known) for known in many]
    return tuple(
        _spread(measure, [each[place].took for each in all_times]) for place, measure in enumerate(MEASURES)
    )


def _spread(measure: Measure, took: list[timedelta | None]) -> Spread:
    known = sorted(one for one in took if one is not None)
    if not known:
        return Spread(measure, 0, len(took), None, None)
    return Spread(measure, len(known), len(took) - len(known), _nearest(known, 50), _nearest(known, 90))


def _nearest(known: list[timedelta], percent: int) -> timedelta:
    """The nearest-rank percentile: a value that was really measured, also with few of them."""
    rank = -(-len(known) * percent // 100)
    return known[max(rank, 1) - 1]
