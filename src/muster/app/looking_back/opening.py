"""The first paragraph: what it was, how bad, how long, who commanded, what was lost, and who was told by when."""

from datetime import datetime, timedelta

from muster.app.looking_back.clocks import ClockTold
from muster.app.looking_back.holding import Holdings
from muster.app.looking_back.past import Past
from muster.app.looking_back.statements import StatementTold
from muster.app.views import View
from muster.learn.times import Milestone, Milestones
from muster.respond.incident import INCIDENT, IncidentClosed, IncidentStoodDown
from muster.respond.severity import SEVERITIES, SeverityRated


class Told(View):
    """One who was told outside: what, by when it was owed (None: nothing owed it), and when it was done."""

    whom: str
    what: str
    due: datetime | None
    at: datetime | None


class Opening(View):
    """What a reader must know who reads no further. A time that is None is unknown, or has not come.

    information: how the loss of information was rated at last. lasted: from the declaration to the end.
    """

    declared_at: datetime | None
    declared_by: str
    first_signal: datetime | None
    contained: datetime | None
    eradicated: datetime | None
    recovered: datetime | None
    ended_at: datetime | None
    ended: str
    lasted: timedelta | None
    peak: str
    peak_since: datetime | None
    final: str
    commanders: tuple[str, ...]
    information: tuple[str, ...]
    told: tuple[Told, ...]


def opening(
    past: Past,
    known: Milestones,
    held: Holdings,
    clocks: tuple[ClockTold, ...],
    statements: tuple[StatementTold, ...],
) -> Opening:
    """The first paragraph, from the same parts as the rest of the report."""
    severities = past.state.slice(SEVERITIES)
    stands = past.state.slice(INCIDENT).state
    ends = list(past.of(IncidentClosed, IncidentStoodDown))
    ended = past.written(ends[-1]) if ends and stands and stands.ended else None
    declared = known.get(Milestone.DECLARED)
    ratings = [(entry, past.body(entry.header.seq, SeverityRated)) for entry in past.of(SeverityRated)]
    worst = next(
        (past.written(entry) for entry, body in ratings if body and body.severity is severities.peak), None
    )
    last = next((body for _, body in reversed(ratings) if body), None)
    return Opening(
        declared_at=declared.at if declared else None,
        declared_by=past.who(past.entries[0]) if past.entries else "",
        first_signal=_at(known, Milestone.FIRST_SIGNAL),
        contained=_at(known, Milestone.CONTAINED),
        eradicated=_at(known, Milestone.ERADICATED),
        recovered=_at(known, Milestone.RECOVERY_ENDED),
        ended_at=ended,
        ended=stands.value if stands else "",
        lasted=ended - declared.at if ended and declared else None,
        peak=severities.peak.value if severities.peak else "unknown",
        peak_since=worst,
        final=severities.current.value if severities.current else "unknown",
        commanders=tuple(dict.fromkeys(one.who for one in held.holdings if one.role == "commander")),
        information=tuple(one.value for one in last.ratings.information) if last else ("unknown",),
        told=_told(clocks, statements),
    )


def _at(known: Milestones, milestone: Milestone) -> datetime | None:
    found = known.get(milestone)
    return found.at if found else None


def _told(clocks: tuple[ClockTold, ...], statements: tuple[StatementTold, ...]) -> tuple[Told, ...]:
    owed = [
        Told(whom=", ".join(one.recipients), what=f"{one.title}: {one.stage}", due=one.due, at=one.filed_at)
        for one in clocks
        if one.filed_at is not None or one.due is not None
    ]
    sent = [
        Told(whom=", ".join(to.to for to in one.sent), what=one.subject, due=None, at=one.sent_at)
        for one in statements
        if one.sent_at is not None
    ]
    return (*owed, *sent)
