"""The report of an incident, filled from the record."""

from collections.abc import Iterable
from datetime import datetime

from muster.app.caller import Caller
from muster.app.muster import Muster
from muster.app.views import EntryView, FactView
from muster.app.whole_incident import WholeIncident
from muster.core.errors import NotFound
from muster.core.time import from_stored
from muster.learn.times import Time
from muster.web.report import report
from muster.web.report_data import (
    Known,
    RecordPart,
    ReportData,
    ReportedSignal,
    ReportedTime,
    TimelineEntry,
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
        summary=view.summary,
        how_learned=whole.how_learned,
        plan=view.plan,
        made_at=whole.made_at,
        now=whole.now,
        entries=tuple(_entry(entry, whole.written_at[entry.seq]) for entry in view.entries),
        facts=tuple(_known(fact) for fact in view.facts if fact.standing == "fact"),
        assumptions=tuple(_known(fact) for fact in view.facts if fact.standing == "assumption"),
        questions=tuple(_known(fact) for fact in view.facts if fact.standing == "question"),
        signals=tuple(_signals(whole)),
        times=tuple(_time(one) for one in whole.times),
        record=RecordPart(
            origin=whole.record.origin,
            fingerprint=whole.record.fingerprint,
            entries=whole.record.entries,
            unreadable=sum(entry.standing != "shown" for entry in view.entries),
            head=whole.record.head,
            verify_with=f"muster export {view.incident} --out {view.incident}.zip && muster verify {view.incident}.zip",
        ),
        back=whole.back,
    )


def _at(text: str) -> datetime:
    return from_stored(text)


def _words(entry: EntryView) -> str:
    if entry.standing != "shown":
        return f"({entry.standing})"
    details = "; ".join(f"{label}: {value}" for label, value in entry.details)
    return f"{entry.text} ({details})" if entry.text and details else entry.text or details


def _entry(entry: EntryView, written_at: datetime) -> TimelineEntry:
    return TimelineEntry(
        seq=entry.seq,
        at=_at(entry.happened_at),
        written_at=written_at,
        stated=entry.stated,
        kind=entry.title,
        who=entry.who,
        role=entry.role or "",
        text=_words(entry),
    )


def _known(fact: FactView) -> Known:
    ended = f"{fact.ending} by {fact.ended_by}" if fact.ending else "stands"
    return Known(
        seq=fact.seq,
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
        first, last = whole.arrived.get(one.signal, (_at(one.raised_at), _at(one.last_at)))
        yield ReportedSignal(
            code=one.signal,
            title=one.title,
            rule=rule,
            author=author,
            outcome=one.outcome or "",
            count=one.count,
            first=first,
            last=last,
        )


def _time(one: Time) -> ReportedTime:
    return ReportedTime(
        name=one.measure.name,
        start=one.measure.start.value,
        end=one.measure.end.value,
        value=one.took,
        n=one.n,
    )
