"""What the drawings of a report show: its rows at a glance, and its marks in the order of time."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from muster.app.looking_back.past import ERASED
from muster.app.looking_back.picture import Point, Sort
from muster.web.drawings.bars import Bar, Row
from muster.web.drawings.signs import Sign
from muster.web.drawings.timeline import Mark, Side
from muster.web.report_data import ReportData, ReportedSignal

DRAWN_AT_MOST = 120
TOGETHER = timedelta(minutes=1)
_SEEN = (Sort.SIGNAL, Sort.FACT)
SIGNS = {
    Sort.SIGNAL: Sign.SQUARE,
    Sort.FACT: Sign.DIAMOND,
    Sort.STATE: Sign.CIRCLE,
    Sort.DECISION: Sign.TRIANGLE,
    Sort.DEED: Sign.BAR,
    Sort.SILENCE: Sign.RING,
}
# What a picture of a very long incident keeps first.
_FIRST = (Sort.STATE, Sort.SILENCE, Sort.DECISION, Sort.DEED, Sort.FACT, Sort.SIGNAL)


def side_of(sort: Sort) -> Side:
    """On which side of the line it stands."""
    return Side.SYSTEMS if sort in _SEEN else Side.PEOPLE


def points(incident: ReportData) -> list[Point]:
    """Everything that could be drawn, in the order of time; signals that came together are one."""
    found = [*_signals(incident.signals), *(incident.back.picture if incident.back else ())]
    return sorted(found, key=lambda one: (one.at, one.seq or 0))


def drawn_marks(incident: ReportData) -> list[Mark]:
    """What the drawing shows, in the order of time; of a very long incident its states and decisions first."""
    every = sorted(points(incident), key=lambda one: _FIRST.index(one.sort))[:DRAWN_AT_MOST]
    marks = [Mark(one.at, side_of(one.sort), one.head, one.text, SIGNS[one.sort]) for one in every]
    return sorted(marks, key=lambda mark: mark.at)


def _signals(signals: tuple[ReportedSignal, ...]) -> Iterator[Point]:
    ordered = sorted(signals, key=lambda one: one.first)
    group: list[ReportedSignal] = []
    for one in ordered:
        if group and one.first - group[0].first > TOGETHER:
            yield _together(group)
            group = []
        group.append(one)
    if group:
        yield _together(group)


def _together(group: list[ReportedSignal]) -> Point:
    head = group[0].code if len(group) == 1 else f"{len(group)} signals"
    text = "; ".join(one.title for one in group)
    return Point(at=group[0].first, sort=Sort.SIGNAL, head=head, text=text)


def rows(incident: ReportData) -> list[Row]:
    """The rows at a glance: what systems saw, how bad it was, its state, command, clocks, services, decisions, actions."""
    back = incident.back
    if back is None:
        return []
    end = back.opening.ended_at or incident.now
    levels = [
        (one.at, one.what) for one in back.turning_points if one.kind == "severity" and one.what != ERASED
    ]
    states = [(one.at, one.head) for one in back.picture if one.sort is Sort.STATE and one.head in _STATES]
    made = [
        Row("Signals", signs=tuple(one.first for one in incident.signals), sign=Sign.SQUARE, style="tl-systems"),
        Row("Severity", _stretches(levels, end)),
        Row("State", _stretches(states, end)),
        Row("Command", tuple(_command(incident, end))),
        *(
            Row(
                f"Clock {one.key.partition('/')[0]}",
                (
                    Bar(one.anchored_at, one.filed_at or min(one.due, incident.now), "filed" if one.filed_at else "not filed"),
                    *([Bar(one.filed_at, one.due, "still allowed", strong=False)] if one.filed_at and one.filed_at < one.due else []),
                ),
            )
            for one in back.clocks
            if one.anchored_at is not None and one.due is not None
        ),
        *(Row(one.name, (Bar(one.lost_at, one.restored_at or end, "lost"),)) for one in back.outages),
        Row(
            "Decisions",
            signs=tuple(one.at for one in back.turning_points if one.kind != "severity"),
            sign=Sign.TRIANGLE,
        ),
        Row(
            "Actions",
            signs=tuple(one.at for one in back.picture if one.sort is Sort.DEED and one.head.startswith("action")),
            sign=Sign.BAR,
        ),
    ]  # fmt: skip
    return [row for row in made if row.bars or row.signs]


_STATES = frozenset({"declared", "active", "recovering", "watching", "in review", "reopened"})


def _stretches(turns: list[tuple[datetime, str]], end: datetime) -> tuple[Bar, ...]:
    marks = [*turns, (max(end, turns[-1][0]), "")] if turns else []
    return tuple(Bar(start, stop, text) for (start, text), (stop, _) in pairwise(marks))


def _command(incident: ReportData, end: datetime) -> Iterator[Bar]:
    for one in incident.back.people.holdings if incident.back else ():
        if one.role == "commander":
            yield Bar(one.since, max(one.until or end, one.since), one.who)
