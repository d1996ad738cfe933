"""The clock of an obligation: where each stage stands and by when, from what is recorded and nothing else.

Muster never decides whether something is material, likely or major: it takes the recorded answer of the
person who did. What nobody has answered is open, never a silent "no".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from muster.core.time import Moment, stored
from muster.disclose.obligation import Obligation, Stage
from muster.disclose.period import bounds
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
    """What the record holds: scope by entity, answers by fact, anchors by name (oldest first), filings, delays.

    An anchor of one obligation only has the name `obligation/anchor`; filings and delays `obligation/stage`.
    """

    scope: Mapping[str, YesNo] = field(default_factory=dict[str, YesNo])
    answers: Mapping[str, YesNo] = field(default_factory=dict[str, YesNo])
    anchors: Mapping[str, tuple[Anchor, ...]] = field(default_factory=dict[str, tuple[Anchor, ...]])
    filings: Mapping[str, Filing] = field(default_factory=dict[str, Filing])
    delays: Mapping[str, Delay] = field(default_factory=dict[str, Delay])


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
    """One stage of one obligation now: its state and why, the facts it needs, its deadline and earlier ones."""

    obligation: Obligation
    stage: Stage
    state: ClockState
    why: str
    needs: tuple[str, ...] = ()
    deadline: Deadline | None = None
    earlier: tuple[Deadline, ...] = ()
    filed: Filing | None = None

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
        """Whether something is still to be filed or found out by a known time."""
        return self.deadline is not None and self.state in _OPEN


_OPEN = frozenset(
    {
        ClockState.NEEDS_FACTS,
        ClockState.SCOPE_NOT_DECLARED,
        ClockState.RUNNING,
        ClockState.DELAYED,
        ClockState.OVERDUE,
    }
)


def applies(obligation: Obligation, answers: Mapping[str, YesNo]) -> tuple[YesNo, tuple[str, ...]]:
    """Whether it applies, with the facts that decide: those that say no, else those nobody has answered."""
    known = {one.fact: answers.get(one.fact, YesNo.UNKNOWN) for one in obligation.applies}
    against = tuple(
        one.fact for one in obligation.applies if known[one.fact] not in (one.answer, YesNo.UNKNOWN)
    )
    if against:
        return YesNo.NO, against
    open_facts = tuple(dict.fromkeys(fact for fact, answer in known.items() if answer is YesNo.UNKNOWN))
    if open_facts:
        return YesNo.UNKNOWN, open_facts
    return YesNo.YES, tuple(known)


def clocks(obligations: Iterable[Obligation], recorded: Recorded, now: datetime) -> tuple[Clock, ...]:
    """Every stage of every obligation, as it stands now."""
    return tuple(
        _clock(obligation, stage, recorded, now) for obligation in obligations for stage in obligation.stages
    )


def next_due(all_clocks: Iterable[Clock]) -> Clock | None:
    """The open one with the earliest operational deadline, overdue ones included."""
    due = [one for one in all_clocks if one.open]
    return min(due, key=lambda one: (one.operational_due, one.obligation.id, one.stage.id), default=None)


def _clock(obligation: Obligation, stage: Stage, recorded: Recorded, now: datetime) -> Clock:
    anchor, former = _anchors(obligation, stage, recorded)
    current = None if anchor is None else _deadline(obligation, stage, anchor)
    earlier = [_deadline(obligation, stage, one) for one in former]
    filed = recorded.filings.get(f"{obligation.id}/{stage.id}")
    state, why, needs = _state(obligation, stage, recorded, now, current, filed)
    if state is ClockState.NOT_APPLICABLE and current is not None:
        earlier.append(current)
        current = None
    return Clock(
        obligation,
        stage,
        state,
        why,
        needs,
        None if current is None else replace(current, state=state),
        tuple(replace(one, state=ClockState.SUPERSEDED) for one in earlier),
        filed,
    )


def _anchors(
    obligation: Obligation, stage: Stage, recorded: Recorded
) -> tuple[Anchor | None, tuple[Anchor, ...]]:
    """The anchor that counts, and the former ones. One of this obligation only goes before a general one."""
    if stage.follows is not None:
        before = recorded.filings.get(f"{obligation.id}/{stage.follows}")
        return (None if before is None else Anchor(before.at, before.seq, before.who)), ()
    own = recorded.anchors.get(f"{obligation.id}/{stage.anchor}", ())
    general = recorded.anchors.get(stage.anchor, ())
    newest = (own or general)[-1] if own or general else None
    current = None if newest is None or newest.withdrawn else newest
    former = sorted((one for one in (*own, *general) if one is not current), key=lambda one: one.seq)
    return current, tuple(former)


def _deadline(obligation: Obligation, stage: Stage, anchor: Anchor) -> Deadline:
    ends = bounds(anchor.moment, stage.period, obligation.calendar)
    return Deadline(ends.operational, ends.legal, ends.steps, anchor.seq, ClockState.RUNNING)


def _state(
    obligation: Obligation,
    stage: Stage,
    recorded: Recorded,
    now: datetime,
    deadline: Deadline | None,
    filed: Filing | None,
) -> tuple[ClockState, str, tuple[str, ...]]:
    if filed is not None:
        return (*_filed(filed, deadline), ())
    scope = recorded.scope.get(obligation.entity, YesNo.UNKNOWN)
    if scope is YesNo.UNKNOWN:
        return (
            ClockState.SCOPE_NOT_DECLARED,
            f"Nobody has declared whether {obligation.entity} is in scope.",
            (),
        )
    if scope is YesNo.NO:
        return ClockState.NOT_APPLICABLE, f"{obligation.entity} was declared out of scope.", ()
    answer, facts = applies(obligation, recorded.answers)
    if answer is YesNo.NO:
        return ClockState.NOT_APPLICABLE, f"It does not apply: {_as_answered(facts, recorded)}.", ()
    if answer is YesNo.UNKNOWN:
        return ClockState.NEEDS_FACTS, f"To be found out: {', '.join(facts)}.", facts
    if deadline is None:
        return ClockState.NOT_STARTED, _not_started(stage), ()
    delay = recorded.delays.get(f"{obligation.id}/{stage.id}")
    if delay is not None and now < delay.until:
        return ClockState.DELAYED, f"Held back until {stored(delay.until)}, as asked for.", ()
    if now > deadline.operational:
        within = (
            "The legal outer bound has not passed."
            if now <= deadline.legal
            else "The legal outer bound has passed too."
        )
        return (
            ClockState.OVERDUE,
            f"It should have been filed by {stored(deadline.operational)}. {within}",
            (),
        )
    return ClockState.RUNNING, f"To be filed by {stored(deadline.operational)}.", ()


def _filed(filed: Filing, deadline: Deadline | None) -> tuple[ClockState, str]:
    if deadline is None or filed.at.at <= deadline.operational:
        return ClockState.SATISFIED, f"Filed {stored(filed.at.at)}."
    bound = "within" if filed.at.at <= deadline.legal else "after"
    reason = "with its reason" if filed.explained else "without a reason"
    return (
        ClockState.SATISFIED_LATE,
        f"Filed {stored(filed.at.at)}, too late for the operational deadline, {bound} the legal outer bound, {reason}.",
    )


def _not_started(stage: Stage) -> str:
    if stage.follows is not None:
        return f"It starts when {stage.follows} is filed."
    return f"It starts with the anchor {stage.anchor}, which is not recorded."


def _as_answered(facts: tuple[str, ...], recorded: Recorded) -> str:
    return ", ".join(f"{fact} is {recorded.answers[fact]}" for fact in facts)
