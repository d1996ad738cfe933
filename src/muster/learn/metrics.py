"""Metrics of the record: times with n and what is unknown, shares with their counts, each lane by itself.

No mean without n, no drill among real incidents, no single score, and no table of people (states and metrics, 3).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from muster.core.labels import Severity
from muster.disclose.clock import Clock, ClockState
from muster.learn.lessons import Lesson, LessonState
from muster.learn.review import ReviewStanding, ReviewState
from muster.learn.times import Milestone, Milestones, Spread, spread


@dataclass(frozen=True, slots=True)
class Told:
    """What the record tells of one incident, for metrics. lane: as its stream has it. severity: the worst it had."""

    lane: str
    milestones: Milestones
    severity: Severity | None = None
    clocks: tuple[Clock, ...] = ()
    review: ReviewStanding | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """How many of n; unknown: how many are not decided yet and count neither way."""

    name: str
    kept: int
    n: int
    unknown: int


@dataclass(frozen=True, slots=True)
class LaneMetrics:
    """The metrics of one lane: how many incidents, their times, and the shares of what was kept.

    by_severity: the times of which enough are known, for each severity that has such.
    """

    lane: str
    incidents: int
    times: tuple[Spread, ...]
    shares: tuple[Share, ...]
    by_severity: Mapping[Severity, tuple[Spread, ...]] = field(
        default_factory=dict[Severity, tuple[Spread, ...]]
    )


@dataclass(frozen=True, slots=True)
class LessonMetrics:
    """What became of lessons. Those of drills are real too, so they are in no lane."""

    lessons: int
    changed: Share
    tested_lines: Share


def metrics(incidents: Iterable[Told], since: datetime | None = None) -> tuple[LaneMetrics, ...]:
    """The metrics of each lane, in the order of their names from the last; since: by the time of declaration."""
    lanes: dict[str, list[Told]] = {}
    for one in incidents:
        declared = one.milestones.get(Milestone.DECLARED)
        if since is None or (declared is not None and declared.at >= since):
            lanes.setdefault(one.lane, []).append(one)
    return tuple(_of_lane(lane, lanes[lane]) for lane in sorted(lanes, reverse=True))


def _of_lane(lane: str, incidents: Sequence[Told]) -> LaneMetrics:
    return LaneMetrics(
        lane,
        len(incidents),
        spread(one.milestones for one in incidents),
        (notices(clock for one in incidents for clock in one.clocks), reviews(incidents)),
        _by_severity(incidents),
    )


# Fewer values than these say nothing about a severity.
ENOUGH = 3


def _by_severity(incidents: Sequence[Told]) -> Mapping[Severity, tuple[Spread, ...]]:
    found: dict[Severity, tuple[Spread, ...]] = {}
    for severity in Severity:
        known = spread(one.milestones for one in incidents if one.severity is severity)
        if enough := tuple(one for one in known if one.n >= ENOUGH):
            found[severity] = enough
    return found


_KEPT = {ClockState.SATISFIED: True, ClockState.SATISFIED_LATE: False, ClockState.OVERDUE: False}
_OWED_NOTHING = frozenset({ClockState.NOT_APPLICABLE, ClockState.SUPERSEDED})


def notices(clocks: Iterable[Clock]) -> Share:
    """Notices filed in time. What did not apply is not counted; what is open or unclear is unknown."""
    kept = [_KEPT.get(clock.state) for clock in clocks if clock.state not in _OWED_NOTHING]
    return Share("notices on time", kept.count(True), len(kept) - kept.count(None), kept.count(None))


_ON_TIME = {ReviewState.HELD: True, ReviewState.HELD_LATE: False, ReviewState.OVERDUE: False}


def reviews(incidents: Iterable[Told]) -> Share:
    """Reviews held in time; one that is not due yet is unknown, one that was never held is not on time."""
    kept = [_ON_TIME.get(one.review.state) for one in incidents if one.review is not None]
    return Share("reviews on time", kept.count(True), len(kept) - kept.count(None), kept.count(None))


def lesson_metrics(lessons: Iterable[Lesson]) -> LessonMetrics:
    """How many lessons ended in a changed plan, and how many changed lines a drill has exercised."""
    every = list(lessons)
    changed = [one for one in every if one.state in (LessonState.APPROVED, LessonState.TESTED)]
    ended = sum(one.ended for one in every)
    lines = [line for one in changed for line in one.lines if line.line.after is not None]
    tested = sum(line.tested_by is not None for line in lines)
    return LessonMetrics(
        len(every),
        Share("lessons that changed the plan", len(changed), ended, len(every) - ended),
        Share("changed lines that a drill exercised", tested, len(lines), 0),
    )


def minutes(took: timedelta | None) -> int | None:
    """A time in whole minutes, rounded to the nearest; None stays None: unknown is not zero."""
    return None if took is None else round(took / timedelta(minutes=1))
