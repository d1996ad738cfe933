"""Metrics: each lane by itself, unknown kept apart, and a drill never moves the figures of reality."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core.labels import Severity
from muster.core.time import Moment
from muster.disclose.clock import clocks
from muster.learn.lessons import ChangedLine, Lesson, LessonState
from muster.learn.metrics import LaneMetrics, Told, lesson_metrics, metrics, minutes, notices, reviews
from muster.learn.plan_change import LineChange
from muster.learn.review import ReviewStanding, ReviewState
from muster.learn.times import Milestone
from tests.access.world import START
from tests.disclose.duties import EVERY, anchor, filing, instant, recorded

M = Milestone


def told(lane: str, command: int | None, declared: int = 0) -> Told:
    """An incident whose command took so many minutes."""
    at = START + timedelta(minutes=declared)
    known = {M.DECLARED: Moment(at)}
    if command is not None:
        known[M.COMMANDER_SET] = Moment(at + timedelta(minutes=command))
    return Told(lane, known)


def command_time(found: LaneMetrics) -> tuple[int, int, int | None, int | None]:
    one = next(time for time in found.times if time.measure.name == "time to command")
    return one.n, one.unknown, minutes(one.median), minutes(one.p90)


def test_median_and_90th_percentile_with_n_and_unknown() -> None:
    found = metrics([told("real", minutes) for minutes in (1, 2, 3, 4, 100, None)])
    assert [(one.lane, one.incidents) for one in found] == [("real", 6)]
    assert command_time(found[0]) == (5, 1, 3, 100)


def test_reality_first_and_each_drill_apart() -> None:
    found = metrics([told("drill:DRL-A", 50), told("real", 5), told("drill:DRL-B", 90)])
    assert [one.lane for one in found] == ["real", "drill:DRL-B", "drill:DRL-A"]
    assert [command_time(one)[2] for one in found] == [5, 90, 50]


@given(st.lists(st.integers(0, 500), max_size=6), st.lists(st.integers(0, 500), min_size=1, max_size=6))
def test_a_drill_changes_nothing_in_reality(real: list[int], drill: list[int]) -> None:
    incidents = [told("real", one) for one in real]
    alone = [one for one in metrics(incidents) if one.lane == "real"]
    mixed = metrics([*(told("drill:DRL-A", one) for one in drill), *incidents])
    assert [one for one in mixed if one.lane == "real"] == alone


def test_by_severity_only_where_enough_is_known() -> None:
    def rated(severity: Severity, command: int | None) -> Told:
        return replace(told("real", command), severity=severity)

    (found,) = metrics(
        [
            *(rated(Severity.SEV1, minutes) for minutes in (1, 5, 9)),
            *(rated(Severity.SEV2, minutes) for minutes in (1, 5, None)),
            told("real", 7),
        ]
    )
    assert list(found.by_severity) == [Severity.SEV1]
    (command,) = found.by_severity[Severity.SEV1]
    assert (command.measure.name, command.n, minutes(command.median)) == ("time to command", 3, 5)
    assert (minutes(command.shortest), minutes(command.longest)) == (1, 9)


def test_since_a_date_by_the_declaration() -> None:
    incidents = [told("real", 5), told("real", 7, declared=60), Told("real", {})]
    assert metrics(incidents, START + timedelta(minutes=60))[0].incidents == 1
    assert metrics(incidents)[0].incidents == 3


def test_notices_on_time_late_and_undecided() -> None:
    filings = {
        "gdpr-33/notification": filing("2026-11-24T12:00Z"),
        "nis2-23/early-warning": filing("2026-11-29T12:00Z"),
    }
    known = recorded(anchors={"aware": (anchor("2026-11-24T02:10Z"),)}, filings=filings)
    share = notices(clocks(EVERY, known, instant("2026-11-30T00:00Z")))
    # In time: gdpr. Late: the early warning; overdue: the notification. Undecided: final report, contract.
    assert (share.kept, share.n, share.unknown) == (1, 3, 2)


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        (ReviewState.HELD, (1, 1, 0)),
        (ReviewState.HELD_LATE, (0, 1, 0)),
        (ReviewState.OVERDUE, (0, 1, 0)),
        (ReviewState.SCHEDULED, (0, 0, 1)),
        (ReviewState.NOT_SCHEDULED, (0, 0, 1)),
    ],
)
def test_a_review_never_held_is_not_on_time(state: ReviewState, counts: tuple[int, int, int]) -> None:
    share = reviews([Told("real", {}, review=ReviewStanding(state)), Told("real", {})])
    assert (share.kept, share.n, share.unknown) == counts


def test_lessons_that_changed_the_plan_and_lines_that_were_exercised() -> None:
    line = LineChange(id="a.yaml#/a", file="a.yaml", line=1, before="a", after="b")
    tested = ChangedLine(line=line, tested_by="DRL-A")
    gone = ChangedLine(line=line.model_copy(update={"after": None}))
    found = lesson_metrics(
        [
            Lesson(),
            Lesson(state=LessonState.DROPPED),
            Lesson(state=LessonState.APPROVED, lines=(ChangedLine(line=line), gone)),
            Lesson(state=LessonState.TESTED, lines=(tested,)),
        ]
    )
    assert found.lessons == 4
    assert (found.changed.kept, found.changed.n, found.changed.unknown) == (2, 3, 1)
    assert (found.tested_lines.kept, found.tested_lines.n) == (1, 2)


def test_unknown_is_not_zero() -> None:
    assert minutes(None) is None
    assert minutes(timedelta(seconds=95)) == 2
    assert metrics([]) == ()
