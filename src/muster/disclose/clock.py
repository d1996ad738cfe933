"""The clock of an obligation: where each stage stands and by when, from what is recorded and nothing else.

Muster never decides whether something is material, likely or major: it takes the recorded answer of the
person who did. What nobody has answered is open, never a silent "no".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from muster.core.time import Moment, stored
from muster.disclose.period import Calendar, Period, bounds
from muster.plan.obligations import Anchor as AnchorName
from muster.plan.obligations import Condition, Obligation, Stage, Standing, Unit, Wanted
from muster.plan.severity import YesNo


class ClockState(StrEnum):
    """Where a stage stands."""

    SCOPE_NOT_DECLARED = "scope-not-declared"
    NOT_APPLICABLE = "not-applicable"
    NEEDS_FACTS = "needs-facts"
    NOT_STARTED = "not-started"
    RUNNING = "running"
    DELAYED = "delayed"
    SATISFIED = "satisfied"
    SATISFIED_LATE = "satisfied-late"
    OVERDUE = "overdue"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Anchor:
    """An event that starts clocks, by the entry that recorded it. withdrawn: it no longer starts any."""

    moment: Moment
    seq: int
    who: str
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Filing:
    """A stage was filed: when, and by which entry."""

    at: Moment
    seq: int
    who: str = ""
    explained: bool = False


@dataclass(frozen=True, slots=True)
class Delay:
    """Somebody outside asked to wait, e.g. law enforcement, until then."""

    until: datetime
    seq: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the record holds: scope by obligation, answers by fact, anchors by name (oldest first), filings, delays.

    An anchor of one obligation only has the name `obligation/anchor`; filings and delays `obligation/stage`.
    """

    scope: Mapping[str, YesNo] = field(default_factory=dict[str, YesNo])
    answers: Mapping[str, str] = field(default_factory=dict[str, str])
    anchors: Mapping[str, tuple[Anchor, ...]] = field(default_factory=dict[str, tuple[Anchor, ...]])
    filings: Mapping[str, Filing] = field(default_factory=dict[str, Filing])
    delays: Mapping[str, Delay] = field(default_factory=dict[str, Delay])
    holidays: frozenset[date] = frozenset()

    def answer(self, fact: str) -> str | None:
        """The answer to a question of the plan; None while nobody knows."""
        found = self.answers.get(fact)
        return None if found == UNKNOWN else found


@dataclass(frozen=True, slots=True)
class Deadline:
    """Both ends of a stage, how the legal one came about, and the entry that anchored it.

    state: superseded when the stage was anchored anew since.
    """

    operational: datetime
    legal: datetime
    steps: tuple[str, ...]
    anchored_by: int
    state: ClockState


@dataclass(frozen=True, slots=True)
class Clock:
    """One stage of one obligation now: its state and why, the facts it needs, its deadline and earlier ones.

    gaps: required content that no answered fact fills yet. warning: the row's text was not compared with its
    source lately, so whoever relies on it reads the source first.
    """

    name: str
    stage_name: str
    obligation: Obligation
    stage: Stage
    state: ClockState
    why: str
    needs: tuple[str, ...] = ()
    deadline: Deadline | None = None
    earlier: tuple[Deadline, ...] = ()
    filed: Filing | None = None
    gaps: tuple[str, ...] = ()
    warning: str | None = None

    @property
    def key(self) -> str:
        """Its name in one word: `gdpr-33/notification`."""
        return f"{self.name}/{self.stage_name}"

    @property
    def operational_due(self) -> datetime | None:
        """What alarms use; None while nothing started it."""
        return self.deadline.operational if self.deadline else None

    @property
    def legal_due(self) -> datetime | None:
        """The outer bound of the law or contract."""
        return self.deadline.legal if self.deadline else None

    @property
    def open(self) -> bool:
        """Whether something is still to be found out, begun or filed."""
        return self.state not in _DONE


UNKNOWN = "unknown"
_DONE = frozenset(
    {ClockState.NOT_APPLICABLE, ClockState.SATISFIED, ClockState.SATISFIED_LATE, ClockState.SUPERSEDED}
)


def applies(obligation: Obligation, recorded: Recorded) -> tuple[YesNo, tuple[str, ...]]:
    """Whether it applies, with the facts that decide: those that say no, else those nobody has answered."""
    every = [(one.fact, _holds(one, recorded)) for one in obligation.applies.every]
    some = [(one.fact, _holds(one, recorded)) for one in obligation.applies.any_of]
    against = [fact for fact, holds in every if holds is YesNo.NO]
    if some and all(holds is YesNo.NO for _, holds in some):
        against += [fact for fact, _ in some]
    if against:
        return YesNo.NO, tuple(dict.fromkeys(against))
    needs = [fact for fact, holds in every if holds is YesNo.UNKNOWN]
    if some and not any(holds is YesNo.YES for _, holds in some):
        needs += [fact for fact, holds in some if holds is YesNo.UNKNOWN]
    if needs:
        return YesNo.UNKNOWN, tuple(dict.fromkeys(needs))
    return YesNo.YES, obligation.applies.facts


def _holds(condition: Condition, recorded: Recorded) -> YesNo:
    answer = recorded.answer(condition.fact)
    if answer is None:
        return YesNo.UNKNOWN
    return YesNo.YES if answer in condition.one_of else YesNo.NO


def clocks(obligations: Mapping[str, Obligation], recorded: Recorded, now: datetime) -> tuple[Clock, ...]:
    """Every stage of every obligation, as it stands now; the earliest operational deadline first."""
    every = [
        _clock(name, stage, obligations[name], recorded, now)
        for name in obligations
        for stage in obligations[name].stages
    ]
    return tuple(sorted(every, key=_by_deadline))


def _by_deadline(clock: Clock) -> tuple[bool, bool, str, str]:
    due = clock.operational_due
    return not clock.open, due is None, "" if due is None else stored(due), clock.key


def next_due(every: Iterable[Clock]) -> Clock | None:
    """The open one with the earliest operational deadline, overdue ones included."""
    due = [one for one in every if one.open and one.deadline is not None]
    return min(due, key=_by_deadline, default=None)


def _clock(name: str, stage_name: str, obligation: Obligation, recorded: Recorded, now: datetime) -> Clock:
    stage, key = obligation.stages[stage_name], f"{name}/{stage_name}"
    anchor, former = _anchors(name, stage, recorded)
    current = None if anchor is None else _deadline(stage, anchor, recorded.holidays)
    earlier = [one for one in (_deadline(stage, one, recorded.holidays) for one in former) if one is not None]
    filed = recorded.filings.get(key)
    state, why, needs = _filed(filed, current) if filed else _state(name, key, obligation, recorded, now)
    if not filed and state is ClockState.RUNNING:
        state, why = _running(stage, anchor, current, recorded.delays.get(key), now)
    if state is ClockState.NOT_APPLICABLE and current is not None:
        earlier.append(current)
        current = None
    return Clock(
        name,
        stage_name,
        obligation,
        stage,
        state,
        why,
        needs,
        None if current is None else replace(current, state=state),
        tuple(replace(one, state=ClockState.SUPERSEDED) for one in earlier),
        filed,
        _gaps(stage, recorded),
        _warning(obligation, now),
    )


def _anchors(name: str, stage: Stage, recorded: Recorded) -> tuple[Anchor | None, tuple[Anchor, ...]]:
    """The anchor that counts, and the former ones. One of this obligation only goes before a general one."""
    if stage.anchor is AnchorName.SUBMITTED:
        before = recorded.filings.get(f"{name}/{stage.after}")
        return (None if before is None else Anchor(before.at, before.seq, before.who)), ()
    own = recorded.anchors.get(f"{name}/{stage.anchor}", ())
    general = recorded.anchors.get(stage.anchor, ())
    newest = (own or general)[-1] if own or general else None
    current = None if newest is None or newest.withdrawn else newest
    former = sorted((one for one in (*own, *general) if one is not current), key=lambda one: one.seq)
    return current, tuple(former)


def _deadline(stage: Stage, anchor: Anchor, holidays: frozenset[date]) -> Deadline | None:
    if stage.unit is Unit.AT_ONCE or stage.quantity is None:
        return None
    period = Period(stage.quantity, stage.unit, stage.counting, stage.roll)
    ends = bounds(anchor.moment, period, Calendar(stage.zone, holidays))
    return Deadline(ends.operational, ends.legal, ends.steps, anchor.seq, ClockState.RUNNING)


_Answer = tuple[ClockState, str, tuple[str, ...]]


def _state(name: str, key: str, obligation: Obligation, recorded: Recorded, now: datetime) -> _Answer:
    """Why no clock runs for this stage, if none does."""
    scope = recorded.scope.get(name, YesNo.UNKNOWN)
    if scope is YesNo.UNKNOWN:
        return ClockState.SCOPE_NOT_DECLARED, f"Nobody has declared whether {name} is for us.", ()
    if scope is YesNo.NO:
        return ClockState.NOT_APPLICABLE, f"{name} was declared to be not for us.", ()
    held = _held(obligation, now.date())
    if held is not None:
        return ClockState.NOT_APPLICABLE, held, ()
    answer, facts = applies(obligation, recorded)
    if answer is YesNo.NO:
        said = ", ".join(f"{fact} is {recorded.answer(fact)}" for fact in facts)
        return ClockState.NOT_APPLICABLE, f"It does not apply: {said}.", ()
    if answer is YesNo.UNKNOWN:
        return ClockState.NEEDS_FACTS, f"To be found out: {', '.join(facts)}.", facts
    return ClockState.RUNNING, key, ()


def _held(obligation: Obligation, today: date) -> str | None:
    """Why the law or contract does not hold today; None when it does."""
    if obligation.standing in (Standing.PROPOSED, Standing.REPEALED):
        return f"It is {obligation.standing}, so it does not hold."
    if today < obligation.effective_from:
        return f"It holds from {obligation.effective_from}."
    if obligation.effective_to is not None and today > obligation.effective_to:
        return f"It held until {obligation.effective_to}."
    return None


def _running(
    stage: Stage, anchor: Anchor | None, deadline: Deadline | None, delay: Delay | None, now: datetime
) -> tuple[ClockState, str]:
    if anchor is None and stage.anchor is AnchorName.SUBMITTED:
        return ClockState.NOT_STARTED, f"It starts when {stage.after} is filed."
    if anchor is None:
        return ClockState.NOT_STARTED, f"Not recorded yet: {stage.anchor_means.rstrip('.')}."
    if delay is not None and now < delay.until:
        return ClockState.DELAYED, f"Held back until {stored(delay.until)}, as asked for."
    if deadline is None:
        return ClockState.RUNNING, "Without undue delay: there is no number of hours, so file it now."
    if now > deadline.operational:
        bound = "has not passed" if now <= deadline.legal else "has passed too"
        said = f"It should have been filed by {stored(deadline.operational)}. The legal outer bound {bound}."
        return ClockState.OVERDUE, said
    return ClockState.RUNNING, f"To be filed by {stored(deadline.operational)}."


def _filed(filed: Filing, deadline: Deadline | None) -> _Answer:
    if deadline is None or filed.at.at <= deadline.operational:
        return ClockState.SATISFIED, f"Filed {stored(filed.at.at)}.", ()
    bound = "within" if filed.at.at <= deadline.legal else "after"
    reason = "with its reason" if filed.explained else "without a reason"
    said = f"Filed {stored(filed.at.at)}: after the operational deadline, {bound} the legal outer bound, {reason}."
    return ClockState.SATISFIED_LATE, said, ()


def _gaps(stage: Stage, recorded: Recorded) -> tuple[str, ...]:
    return tuple(
        name
        for name, content in stage.content.items()
        if content.wanted is Wanted.REQUIRED and any(recorded.answer(fact) is None for fact in content.facts)
    )


def _warning(obligation: Obligation, now: datetime) -> str | None:
    if now.date() <= obligation.source.next_review:
        return None
    return (
        f"This row was last compared with its source on {obligation.source.verified_on}, and should have been "
        f"again by {obligation.source.next_review}: read {obligation.source.locator} before you rely on it."
    )
