"""Times of an incident from its milestones: each with both milestones named, unknown kept as unknown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from muster.core.people import Role
from muster.core.time import Moment, TimeSource
from muster.learn.review import ReviewHeld
from muster.record.entry import Entry
from muster.respond.incident import (
    IncidentClosed,
    IncidentDeclared,
    IncidentRecovering,
    IncidentReopened,
    IncidentWatching,
)
from muster.respond.milestones import MilestoneClaimed, MilestoneRevoked
from muster.respond.roles import RoleAccepted
from muster.respond.severity import SeverityRated
from muster.respond.signal import SignalAcknowledged, SignalAttached, SignalDismissed, SignalRaised, Source


class Milestone(StrEnum):
    """The milestones that the record holds now."""

    STARTED = "started"
    FIRST_SIGNAL = "first signal"
    REPORTED = "reported"
    ACKNOWLEDGED = "acknowledged"
    DETECTED = "detected"
    DECLARED = "declared"
    COMMANDER_SET = "commander set"
    FIRST_RATING = "first impact rating"
    LEGALLY_MAJOR = "legally major"
    FIRST_CONTAINMENT = "first containment"
    CONTAINED = "contained"
    ERADICATED = "eradicated"
    RECOVERY_STARTED = "recovery started"
    RECOVERY_ENDED = "recovery ended"
    WATCH_ENDED = "watch ended"
    REVIEW_HELD = "review held"
    CLOSED = "closed"


Milestones = dict[Milestone, Moment]
Clock = Mapping[int, datetime]


@dataclass(frozen=True, slots=True)
class Measure:
    """A time to be measured: its name, and the milestones at which it starts and ends."""

    name: str
    start: Milestone
    end: Milestone


MEASURES = (
    Measure("dwell time", Milestone.STARTED, Milestone.DETECTED),
    Measure("missed-signal delay", Milestone.FIRST_SIGNAL, Milestone.DETECTED),
    Measure("time to acknowledge", Milestone.FIRST_SIGNAL, Milestone.ACKNOWLEDGED),
    Measure("time to declare", Milestone.DETECTED, Milestone.DECLARED),
    Measure("first signal to declaration", Milestone.FIRST_SIGNAL, Milestone.DECLARED),
    Measure("time to command", Milestone.DECLARED, Milestone.COMMANDER_SET),
    Measure("time to first impact rating", Milestone.REPORTED, Milestone.FIRST_RATING),
    Measure("time to first containment", Milestone.DECLARED, Milestone.FIRST_CONTAINMENT),
    Measure("time to contain", Milestone.DECLARED, Milestone.CONTAINED),
    Measure("exposure", Milestone.STARTED, Milestone.CONTAINED),
    Measure("time to eradicate", Milestone.CONTAINED, Milestone.ERADICATED),
    Measure("time to remediate", Milestone.ACKNOWLEDGED, Milestone.RECOVERY_ENDED),
    Measure("recovery duration", Milestone.RECOVERY_STARTED, Milestone.RECOVERY_ENDED),
    Measure("time to review", Milestone.RECOVERY_ENDED, Milestone.REVIEW_HELD),
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
    """One time over many incidents: n known, how many unknown, median, 90th percentile and range (None without any)."""

    measure: Measure
    n: int
    unknown: int
    median: timedelta | None
    p90: timedelta | None
    shortest: timedelta | None = None
    longest: timedelta | None = None


# The kinds of entries that milestones are read from; others may be left out.
TOLD_BY: frozenset[str] = frozenset(
    body.kind
    for body in (
        SignalRaised,
        SignalAcknowledged,
        SignalAttached,
        SignalDismissed,
        IncidentDeclared,
        IncidentRecovering,
        IncidentWatching,
        IncidentReopened,
        IncidentClosed,
        RoleAccepted,
        SeverityRated,
        MilestoneClaimed,
        MilestoneRevoked,
        ReviewHeld,
    )
)
_MOVED_ON: Mapping[str, Milestone] = {
    IncidentRecovering.kind: Milestone.RECOVERY_STARTED,
    IncidentWatching.kind: Milestone.RECOVERY_ENDED,
    IncidentClosed.kind: Milestone.CLOSED,
}
_UNDONE_BY: Mapping[str, tuple[Milestone, ...]] = {
    IncidentRecovering.kind: (Milestone.RECOVERY_ENDED,),
    IncidentReopened.kind: (Milestone.RECOVERY_ENDED, Milestone.REVIEW_HELD, Milestone.CLOSED),
}


def milestones(incident: Iterable[Entry], signals: Iterable[Iterable[Entry]] = ()) -> Milestones:
    """The milestones of an incident from its entries and those of its attached signals, each in order.

    A milestone is its first occurrence, but the closing is the last one, and recovery counts from its last
    beginning: a reopened incident was not recovered. What somebody claims goes before what entries of other
    kinds tell, while the claim stands. Detected is only what somebody stated or claimed. What erased entries
    no longer tell stays unknown.
    """
    found: Milestones = {}
    for entries in signals:
        for milestone, moment in _of_signal(list(entries)):
            if milestone not in found or moment.at < found[milestone].at:
                found[milestone] = moment
    claims: dict[int, tuple[Milestone, Moment]] = {}
    every = list(incident)
    clock = clock_of(every)
    for entry in every:
        _of_incident(found, entry, clock)
        _of_claims(claims, entry)
    for milestone, moment in claims.values():
        found[milestone] = moment
    return found


def _of_signal(entries: Sequence[Entry]) -> Iterable[tuple[Milestone, Moment]]:
    clock = clock_of(entries)
    for entry in entries:
        match entry.header.kind:
            case SignalRaised.kind:
                yield Milestone.FIRST_SIGNAL, entry.header.happened
                if isinstance(entry.body, SignalRaised) and entry.body.source is Source.PERSON:
                    yield Milestone.REPORTED, entry.header.happened
            case SignalAcknowledged.kind | SignalAttached.kind | SignalDismissed.kind:
                yield Milestone.ACKNOWLEDGED, written(entry, clock)
            case _:
                pass


def _of_incident(found: Milestones, entry: Entry, clock: Clock) -> None:
    match entry.header.kind:
        case IncidentDeclared.kind:
            found[Milestone.DECLARED] = written(entry, clock)
            if entry.header.happened.source is TimeSource.STATED:
                found[Milestone.DETECTED] = entry.header.happened
        case RoleAccepted.kind:
            if isinstance(entry.body, RoleAccepted) and entry.body.role is Role.COMMANDER:
                found.setdefault(Milestone.COMMANDER_SET, written(entry, clock))
        case SeverityRated.kind:
            # At the declaration nothing is rated yet: that one says "all unknown".
            declared = found.get(Milestone.DECLARED)
            if declared is not None and written(entry, clock).at > declared.at:
                found.setdefault(Milestone.FIRST_RATING, written(entry, clock))
        case ReviewHeld.kind:
            found[Milestone.REVIEW_HELD] = entry.header.happened
        case kind:
            for milestone in _UNDONE_BY.get(kind, ()):
                found.pop(milestone, None)
            if kind in _MOVED_ON:
                found[_MOVED_ON[kind]] = written(entry, clock)


def _of_claims(claims: dict[int, tuple[Milestone, Moment]], entry: Entry) -> None:
    """What is claimed, by the number of the claim; a revoked claim, and the end of a recovery that began again, go."""
    head = entry.header
    match head.kind:
        case MilestoneClaimed.kind:
            if isinstance(entry.body, MilestoneClaimed):
                claims[head.seq] = (Milestone(entry.body.milestone.value), head.happened)
        case MilestoneRevoked.kind:
            for ref in head.refs:
                if ref.rel == "revokes":
                    claims.pop(ref.seq, None)
        case IncidentRecovering.kind | IncidentReopened.kind:
            for seq in [seq for seq, (one, _) in claims.items() if one is Milestone.RECOVERY_ENDED]:
                del claims[seq]
        case _:
            pass


def clock_of(entries: Iterable[Entry]) -> Clock:
    """What the clock of the lane showed when entries with a stated time were written, by their numbers.

    What was written in the same instant tells it; else the last entry before, by how far its lane was ahead then, but
    never later than the next one.
    """
    every = list(entries)
    afters: list[Entry | None] = [None] * len(every)
    for place in range(len(every) - 2, -1, -1):
        afters[place] = every[place + 1] if _clocked(every[place + 1]) else afters[place + 1]
    found: dict[int, datetime] = {}
    before: Entry | None = None
    for entry, after in zip(every, afters, strict=True):
        if _clocked(entry):
            before = entry
        else:
            found[entry.header.seq] = _shown(entry, before, after)
    return found


def _clocked(entry: Entry) -> bool:
    return entry.header.happened.source is TimeSource.CLOCK


def _shown(entry: Entry, before: Entry | None, after: Entry | None) -> datetime:
    at = entry.header.recorded_at
    for beside in (after, before):
        if beside is not None and beside.header.recorded_at == at:
            return beside.header.happened.at
    if before is None:
        return at
    then = at + (before.header.happened.at - before.header.recorded_at)
    return then if after is None else min(then, after.header.happened.at)


def written(entry: Entry, clock: Clock) -> Moment:
    """When it was written, by the clock of its lane; for a stated time that clock is told by its neighbours."""
    if entry.header.happened.source is TimeSource.CLOCK:
        return entry.header.happened
    return Moment(clock.get(entry.header.seq, entry.header.recorded_at))


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
    unknown = len(took) - len(known)
    return Spread(measure, len(known), unknown, _nearest(known, 50), _nearest(known, 90), known[0], known[-1])


def _nearest(known: list[timedelta], percent: int) -> timedelta:
    """The nearest-rank percentile: a value that was really measured, also with few of them."""
    rank = -(-len(known) * percent // 100)
    return known[max(rank, 1) - 1]
