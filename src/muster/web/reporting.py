"""The report of an incident, filled from the record."""

from collections.abc import Iterable
from datetime import datetime

from muster.app.caller import Caller
from muster.app.muster import Muster
from muster.app.views import EntryView, FactView, IncidentView
from muster.app.whole_incident import WholeIncident
from muster.core.errors import NotFound
from muster.core.time import from_stored
from muster.learn.times import Time
from muster.web.report import (
    Holder,
    Known,
    RecordPart,
    ReportData,
    ReportedSignal,
    ReportedTime,
    SeverityChange,
    TimelineEntry,
    report,
)

# What the drawing of a very long incident keeps: the steps that an outsider asks for first.
_MILESTONES = (
    "incident.declared",
    "incident.active",
    "incident.recovering",
    "incident.watching",
    "incident.in-review",
    "incident.closed",
    "incident.stood-down",
    "incident.reopened",
    "severity.rated",
    "role.accepted",
)


def report_of(muster: Muster, caller: Caller, code: str) -> str:
    """The report of an incident that the caller may see, as one HTML file. Raises NotFound, Unsigned."""
    whole = muster.incidents.gather(caller, code)
    if not whole.view.entries:
        raise NotFound("There is nothing to report on.", code, "Check the code.")
    return report(data_of(whole))


def data_of(whole: WholeIncident) -> ReportData:
    """What the report says of an incident."""
    view = whole.view
    return ReportData(
        code=view.incident,
        what=view.what,
        state=view.state,
        lane=view.lane,
        severity=view.severity.current,
        severity_history=tuple(_severities(view)),
        declared_at=from_stored(view.declared_at),
        declared_by=view.entries[0].who,
        roles=tuple(_holders(view)),
        summary=view.summary,
        how_learned=whole.how_learned,
        plan=view.plan,
        made_at=whole.made_at,
        entries=tuple(_entry(entry) for entry in view.entries),
        facts=tuple(_known(fact) for fact in view.facts if fact.standing == "fact"),
        assumptions=tuple(_known(fact) for fact in view.facts if fact.standing == "assumption"),
        questions=tuple(_known(fact) for fact in view.facts if fact.standing == "question"),
        signals=tuple(_signals(whole)),
        times=tuple(_time(one) for one in whole.times),
        record=RecordPart(
            origin=whole.record.origin,
            entries=whole.record.entries,
            head=whole.record.head,
            verify_with=f"muster export {view.incident} --out {view.incident}.zip && muster verify {view.incident}.zip",
        ),
    )


def _at(text: str) -> datetime:
    return from_stored(text)


def _words(entry: EntryView) -> str:
    if entry.standing != "shown":
        return f"({entry.standing})"
    details = "; ".join(f"{label}: {value}" for label, value in entry.details)
    return f"{entry.text} ({details})" if entry.text and details else entry.text or details


def _entry(entry: EntryView) -> TimelineEntry:
    return TimelineEntry(
        seq=entry.seq,
        at=_at(entry.happened_at),
        recorded_at=_at(entry.recorded_at),
        stated=entry.stated,
        kind=entry.title,
        who=entry.who,
        role=entry.role or "",
        text=_words(entry),
        milestone=entry.kind in _MILESTONES,
    )


def _severities(view: IncidentView) -> Iterable[SeverityChange]:
    for entry in view.entries:
        if entry.kind == "severity.rated":
            level, _, why = entry.text.partition(". ")
            yield SeverityChange(at=_at(entry.recorded_at), severity=level, who=entry.who, reason=why)


def _holders(view: IncidentView) -> Iterable[Holder]:
    for entry in view.entries:
        if entry.kind == "role.accepted":
            yield Holder(role=entry.text, who=entry.who, since=_at(entry.recorded_at))


def _known(fact: FactView) -> Known:
    ended = f"{fact.ending} by {fact.ended_by}" if fact.ending else "stands"
    return Known(
        text=fact.text,
        status=ended,
        who=fact.who,
        at=_at(fact.at),
        source=fact.source,
        answer=fact.ended_text,
    )


def _signals(whole: WholeIncident) -> Iterable[ReportedSignal]:
    for one in whole.view.signals:
        rule, author = whole.rules.get(one.signal, ("", ""))
        yield ReportedSignal(
            code=one.signal,
            title=one.title,
            rule=rule,
            author=author,
            outcome=one.outcome or "",
            count=one.count,
            first=_at(one.raised_at),
            last=_at(one.last_at),
        )


def _time(one: Time) -> ReportedTime:
    return ReportedTime(
        name=one.measure.name,
        start=one.measure.start.value,
        end=one.measure.end.value,
        value=one.took,
        n=one.n,
    )
