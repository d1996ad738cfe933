"""Times against targets: what the plan, the law or a person asked for by when, and when it came; unknown is kept."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from muster.app.looking_back.calls import Call, calls
from muster.app.looking_back.clocks import clocks_told
from muster.app.looking_back.past import Past
from muster.app.views import View
from muster.core.people import Role
from muster.core.time import from_stored
from muster.learn.agreed import plan_of
from muster.learn.review import REVIEW
from muster.learn.times import Milestone, Milestones
from muster.record.entry import Entry
from muster.respond.decisions import DecisionMade, DecisionPut, DecisionWithdrawn
from muster.respond.incident import IncidentClosed, IncidentStoodDown
from muster.respond.outages import ServiceLost, ServiceRestored
from muster.respond.severity import SEVERITIES, SeverityRated
from muster.respond.signal import SignalAcknowledged, SignalAttached, SignalDismissed
from muster.respond.tasks import TaskAssigned, TaskDone, TaskDropped


class Verdict(StrEnum):
    """Whether it was kept. open: it is not due yet. unknown: the record does not tell."""

    KEPT = "kept"
    MISSED = "missed"
    OPEN = "not due yet"
    UNKNOWN = "unknown"


class Target(View):
    """One time that was aimed at. asked_by: where it stands. within, took: from `since`; None is unknown.

    of, in_time: where many are told in one row.
    """

    name: str
    asked_by: str
    since: datetime | None = None
    within: timedelta | None = None
    due: datetime | None = None
    reached: datetime | None = None
    verdict: Verdict
    note: str = ""
    of: int | None = None
    in_time: int | None = None

    @property
    def took(self) -> timedelta | None:
        """How long it took; None when a time is not known."""
        return None if self.since is None or self.reached is None else self.reached - self.since


def targets(past: Past, known: Milestones) -> tuple[Target, ...]:
    """Every target that the plan has for this incident, in the order of an incident."""
    return (
        *_acknowledged(past),
        *_called(past),
        *_commanded(past, known),
        *_briefed(past),
        *_decided(past),
        *_tasks(past),
        *_restored(past),
        *_filed(past),
        *_reviewed(past),
    )


def verdict(due: datetime | None, reached: datetime | None, now: datetime) -> Verdict:
    """Kept, missed or not due yet; unknown without a due time."""
    if due is None:
        return Verdict.UNKNOWN
    if reached is not None:
        return Verdict.KEPT if reached <= due else Verdict.MISSED
    return Verdict.MISSED if now > due else Verdict.OPEN


def _acknowledged(past: Past) -> Iterator[Target]:
    """Every attached signal, within the time after which the next person is called."""
    first = past.entries[0] if past.entries else None
    in_force = past.in_force(first) if first else None
    took = [_looked_at(lines.entries) for lines in past.signals.values()]
    if not took:
        return
    asked_by = "calling.yaml"
    if in_force is None or first is None:
        yield Target(name="Signals acknowledged", asked_by="no plan", verdict=Verdict.UNKNOWN, of=len(took))
        return
    minutes = timedelta(minutes=in_force.calling.unacknowledged_after_minutes)
    place = past.place(asked_by, "unacknowledged_after_minutes", commit=first.header.plan.in_force)
    known = [one for one in took if one is not None]
    kept = sum(one <= minutes for one in known)
    unknown = len(took) - len(known)
    note = f"the longest took {_minutes(max(known))}" if known else ""
    note += f"; {unknown} unknown" if unknown else ""
    found = Verdict.UNKNOWN if unknown and kept == len(known) else _all(kept, len(took))
    yield Target(
        name="Signals acknowledged", asked_by=place, within=minutes, verdict=found, note=note, of=len(took), in_time=kept,
    )  # fmt: skip


def _looked_at(signal: Iterable[Entry]) -> timedelta | None:
    """From the signal's arrival until somebody looked at it."""
    entries = list(signal)
    kinds = (SignalAcknowledged.kind, SignalAttached.kind, SignalDismissed.kind)
    looked = next((one for one in entries if one.header.kind in kinds), None)
    return looked.header.happened.at - entries[0].header.happened.at if looked else None


def _called(past: Past) -> Iterator[Target]:
    made = calls(past)
    if not made:
        return
    answered = [one for one in made if one.answered_at is not None]
    kept = sum(not one.silent for one in answered)
    silent = [one for one in made if one.silent]
    waiting = sum(_waits(one, past.now) for one in made)
    note = _silences(silent)
    found = Verdict.MISSED if silent else Verdict.OPEN if waiting else Verdict.KEPT
    yield Target(
        name="Calls answered by whoever was called first",
        asked_by="calling.yaml",
        verdict=found,
        note=note,
        of=len(made),
        in_time=kept,
    )


def _waits(call: Call, now: datetime) -> bool:
    return call.answered_at is None and not call.silent and now <= call.until


def _silences(silent: Iterable[Call]) -> str:
    found = [name for one in silent for name in one.silent]
    return f"silent: {', '.join(dict.fromkeys(found))}" if found else ""


def _commanded(past: Past, known: Milestones) -> Iterator[Target]:
    """The tightest time that a severity gave before somebody commanded; a rating counts from when it was made."""
    set_at = known.get(Milestone.COMMANDER_SET)
    reached = set_at.at if set_at else None
    found: list[Target] = []
    for entry in past.of(SeverityRated):
        body, at = past.body(entry.header.seq, SeverityRated), past.written(entry)
        pinned = past.pinned_at(entry.header.plan.pinned)
        duties = pinned.severity.duties(body.severity) if body and pinned else None
        if body is None or duties is None or (reached is not None and at > reached):
            continue
        within = timedelta(minutes=duties.commander_within_minutes)
        place = past.place(
            "severity.yaml", "levels", body.severity.value, "commander_within_minutes",
            commit=entry.header.plan.pinned,
        )  # fmt: skip
        found.append(
            Target(
                name=f"Commander, from the rating {body.severity} on",
                asked_by=place,
                since=at,
                within=within,
                due=at + within,
                reached=reached,
                verdict=verdict(at + within, reached, _ended(past)),
            )
        )
    if found:
        yield min(found, key=lambda one: one.due or past.now)
    else:
        since = known.get(Milestone.DECLARED)
        yield Target(
            name="Commander", asked_by="no plan", since=since.at if since else None, reached=reached,
            verdict=Verdict.UNKNOWN, note="the plan of this incident names no time",
        )  # fmt: skip


def _briefed(past: Past) -> Iterator[Target]:
    peak, pinned = past.state.slice(SEVERITIES).peak, past.pinned
    duties = pinned.severity.duties(peak) if peak and pinned else None
    if peak is None or duties is None or duties.brief_every_minutes is None:
        return
    yield Target(
        name=f"Briefs at {peak}",
        asked_by=past.place("severity.yaml", "levels", peak.value, "brief_every_minutes"),
        within=timedelta(minutes=duties.brief_every_minutes),
        verdict=Verdict.UNKNOWN,
        note="a brief is spoken and leaves no entry",
    )


def _decided(past: Past) -> Iterator[Target]:
    for put in past.of(DecisionPut):
        body = past.body(put.header.seq, DecisionPut)
        asked = next((ref.seq for ref in put.header.refs if ref.rel == "decision"), None)
        if body is None or asked is None:
            continue
        made = next(
            (one for one in past.about(asked, "decides") if one.header.kind == DecisionMade.kind), None
        )
        gone = any(one.header.kind == DecisionWithdrawn.kind for one in past.about(asked, "decision"))
        if gone:
            continue
        since, due = past.written(put), from_stored(body.by)
        reached = past.written(made) if made else None
        whom = past.name(body.to) if body.to else f"the {body.role or Role.COMMANDER}"
        yield Target(
            name=f"Decision asked of {whom}: {past.text(asked, 'text')}",
            asked_by=f"whoever asked, entry {asked}",
            since=since,
            within=due - since,
            due=due,
            reached=reached,
            verdict=verdict(due, reached, _ended(past)),
        )


def _tasks(past: Past) -> Iterator[Target]:
    last: dict[int, datetime] = {}
    for entry in past.of(TaskAssigned):
        body = past.body(entry.header.seq, TaskAssigned)
        for ref in entry.header.refs:
            if ref.rel == "task" and body is not None and body.due:
                last[ref.seq] = from_stored(body.due)
    found: list[Verdict] = []
    for task, due in last.items():
        ends = [
            one for one in past.about(task, "task") if one.header.kind in (TaskDone.kind, TaskDropped.kind)
        ]
        if ends and ends[-1].header.kind == TaskDropped.kind:
            continue
        found.append(verdict(due, past.written(ends[-1]) if ends else None, _ended(past)))
    if found:
        kept, missed = found.count(Verdict.KEPT), found.count(Verdict.MISSED)
        yield Target(
            name="Tasks done by their time",
            asked_by="whoever gave them",
            verdict=Verdict.MISSED if missed else Verdict.OPEN if kept < len(found) else Verdict.KEPT,
            of=len(found),
            in_time=kept,
        )


def _restored(past: Past) -> Iterator[Target]:
    """Each service against the time in which it must work again, as the plan in force said when it was lost."""
    for lost in past.of(ServiceLost):
        body, in_force = past.body(lost.header.seq, ServiceLost), past.in_force(lost)
        if body is None:
            continue
        service = in_force.services.get(body.service) if in_force else None
        recovery = service.recovery if service else None
        since = lost.header.happened.at
        back = back_after(past, lost.header.seq, body.service)
        reached = back.header.happened.at if back else None
        within = timedelta(minutes=recovery.rto_minutes) if recovery else None
        due = since + within if within else None
        file = f"services/{body.service}.yaml"
        yield Target(
            name=f"Service {body.service} works again",
            asked_by=past.place(file, "recovery", "rto_minutes", commit=lost.header.plan.in_force)
            if recovery
            else "the plan says no time",
            since=since,
            within=within,
            due=due,
            reached=reached,
            verdict=verdict(due, reached, _ended(past)),
        )


def back_after(past: Past, seq: int, service: str) -> Entry | None:
    """The entry by which a service came back after it was lost; None while it has not."""
    for entry in past.of(ServiceRestored):
        body = past.body(entry.header.seq, ServiceRestored)
        if entry.header.seq > seq and body is not None and body.service == service:
            return entry
    return None


def _filed(past: Past) -> Iterator[Target]:
    for clock in clocks_told(past):
        if clock.anchored_at is None or clock.due is None:
            continue
        yield Target(
            name=f"{clock.title}: {clock.stage}",
            asked_by=clock.place,
            since=clock.anchored_at,
            within=clock.due - clock.anchored_at,
            due=clock.due,
            reached=clock.filed_at,
            verdict=verdict(clock.due, clock.filed_at, past.now),
            note=clock.law,
        )


def _reviewed(past: Past) -> Iterator[Target]:
    review, peak = past.state.slice(REVIEW), past.state.slice(SEVERITIES).peak
    due = from_stored(review.due) if review.due else None
    held = from_stored(review.held) if review.held else None
    scheduled = next((one for one in reversed(past.entries) if one.header.kind == "review.scheduled"), None)
    since = past.written(scheduled) if scheduled else None
    days = plan_of(past.told(scheduled)).review_days[peak] if scheduled and peak else None
    place = (
        past.place("severity.yaml", "levels", peak.value, "review_within_days")
        if peak and past.pinned
        else "no plan"
    )
    yield Target(
        name="Review held",
        asked_by=place,
        since=since,
        within=due - since if due and since else timedelta(days=days) if days else None,
        due=due,
        reached=held,
        verdict=verdict(due, held, past.now),
        note="" if due else "it was never scheduled",
    )


def _ended(past: Past) -> datetime:
    """Until when something could still be done: the end of the incident, or now."""
    ends = [past.written(one) for one in past.of(IncidentClosed, IncidentStoodDown)]
    return ends[-1] if ends else past.now


def _all(kept: int, of: int) -> Verdict:
    return Verdict.KEPT if kept == of else Verdict.MISSED


def _minutes(took: timedelta) -> str:
    return f"{round(took / timedelta(minutes=1))} min"
