"""The verbs of obligations: declare scope, record or withdraw what starts a clock, file, and hold back."""

import re
from datetime import UTC, datetime

from muster.access.command import MaybeLine, MaybeText, Seq, Text, Version
from muster.access.verbs import Standing
from muster.core.errors import BadInput, Refused
from muster.core.time import Moment, Precision, TimeSource, parse_stated, stored
from muster.disclose.clock import Clock, ClockState
from muster.disclose.owed import (
    OWED,
    AnchorRecorded,
    AnchorWithdrawn,
    ObligationDelayed,
    ObligationFiled,
    ReceiptKept,
    ScopeDeclared,
    anchor_key,
    clocks_of,
)
from muster.disclose.period import zone_of
from muster.disclose.planned import plan_of
from muster.plan.obligations import Anchor as AnchorName
from muster.plan.obligations import Obligation
from muster.plan.part import Id
from muster.plan.severity import YesNo
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft, Ref
from muster.record.state import States, StreamState
from muster.respond.incident import stated, still_open
from muster.respond.work import InIncident, Work, as_seen, reasoned

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
# What these mean differs from obligation to obligation, so they are recorded for one of them.
OWN_ANCHORS = (AnchorName.DETERMINED, AnchorName.CLASSIFIED, AnchorName.AGREED)


class DeclareScope(InIncident):
    """Declare whether an obligation of the plan is for us in this incident. expected: the version that you saw."""

    obligation: Id
    ours: YesNo
    reason: Text
    expected: Version = 0


class RecordAnchor(InIncident):
    """Record what starts a clock, for instance when we became aware.

    since: the time with its zone, or a date and `zone`; left out for now. obligation: for this one only.
    reason: needed when it was recorded before; the old deadline stays in the history. expected: how often it was.
    """

    anchor: AnchorName
    obligation: Id | None = None
    since: MaybeLine = None
    zone: MaybeLine = None
    reason: MaybeText = None
    expected: Version = 0


class WithdrawAnchor(InIncident):
    """Take back what started a clock, by the number of its entry."""

    anchor: Seq
    reason: Text


class FileNotice(InIncident):
    """Record that a notice was filed. filed_at: left out for now. reason: why it is late, when it is."""

    obligation: Id
    stage: Id
    filed_at: MaybeLine = None
    receipt: MaybeText = None
    reason: MaybeText = None


class HoldBack(InIncident):
    """Hold a notice back until a time, because somebody who may ask for it asked, for instance the police."""

    obligation: Id
    stage: Id
    until: Text
    reason: Text


def declare_scope(states: States, command: DeclareScope, _context: Context, known: Known) -> Decision:
    """scope.declared and reason.given. Raises NotFound, Refused, Conflict."""
    state = still_open(states, command.incident)
    _obligation(known, command.obligation)
    before = state.slice(OWED).scope.get(command.obligation)
    version = 0 if before is None else before.version
    as_seen(
        version,
        command.expected,
        what="scope",
        theirs="" if before is None else before.ours,
        yours=command.ours,
    )
    body = ScopeDeclared(obligation=command.obligation, ours=command.ours)
    drafts = (Draft(command.incident, body), reasoned(command.incident, state.seq + 1, command.reason))
    answer = {"obligation": command.obligation, "ours": command.ours, "version": version + 1}
    return Decision(drafts, answer)


def record_anchor(states: States, command: RecordAnchor, context: Context, known: Known) -> Decision:
    """anchor.recorded, with reason.given when there is one. Raises NotFound, BadInput, Refused, Conflict."""
    state = still_open(states, command.incident)
    _fits(known, command)
    key = anchor_key(command.anchor, command.obligation)
    before = state.slice(OWED).anchors.get(key, ())
    since = _since(command, context)
    as_seen(
        len(before),
        command.expected,
        what="anchor",
        theirs=before[-1].at if before else "",
        yours=stored(since.at if since else context.instant),
    )
    if before and not before[-1].undone and command.reason is None:
        raise Refused(
            "It was recorded before, so another time needs its reason.",
            "reason",
            "Say why it is another time now; the old deadline stays in the history.",
        )
    body = AnchorRecorded(anchor=command.anchor, obligation=command.obligation)
    drafts = [Draft(command.incident, body, happened=since)]
    if command.reason is not None:
        drafts.append(reasoned(command.incident, state.seq + 1, command.reason))
    return Decision(tuple(drafts), {"seq": state.seq + 1, "anchor": key, "version": len(before) + 1})


def withdraw_anchor(states: States, command: WithdrawAnchor, _context: Context, _known: Known) -> Decision:
    """anchor.withdrawn and reason.given. Raises NotFound, Refused."""
    state = still_open(states, command.incident)
    rows = state.slice(OWED).anchors.values()
    if not any(row and row[-1].seq == command.anchor and not row[-1].undone for row in rows):
        raise Refused(
            "This number is no anchor that counts now.",
            "anchor",
            "Take the number that stands at the clock; an earlier one was replaced already.",
        )
    withdraws = Ref("withdraws", command.incident, command.anchor)
    drafts = (
        Draft(command.incident, AnchorWithdrawn(), (withdraws,)),
        reasoned(command.incident, state.seq + 1, command.reason),
    )
    return Decision(drafts, {"anchor": command.anchor})


def file_notice(states: States, command: FileNotice, context: Context, known: Known) -> Decision:
    """obligation.filed, receipt.kept, reason.given. Raises NotFound, BadInput, Refused."""
    state = still_open(states, command.incident)
    clock = _clock(state, known, command.obligation, command.stage, context)
    if clock.filed is not None:
        raise Refused(
            "This stage is filed already.", "stage", "What follows it is a stage of its own, or a log line."
        )
    if clock.state is ClockState.NOT_STARTED and clock.stage.anchor is AnchorName.SUBMITTED:
        raise Refused(
            f"It follows {clock.stage.after}, which is not filed yet.", "stage", "File that one first."
        )
    when = stated(command.filed_at, context)
    at = when.at if when is not None else context.instant
    due = clock.operational_due
    late = due is not None and at > due
    if late and command.reason is None:
        raise Refused(
            f"It is late: it was due by {stored(due or at)}.",
            "reason",
            "Say why it is late; the law asks for the reasons (for instance GDPR, Article 33(1)).",
        )
    seq = state.seq + 1
    body = ObligationFiled(obligation=command.obligation, stage=command.stage)
    drafts = [Draft(command.incident, body, happened=when)]
    if command.receipt is not None:
        of = Ref("receipt-of", command.incident, seq)
        drafts.append(Draft(command.incident, ReceiptKept(text=command.receipt), (of,)))
    if command.reason is not None:
        drafts.append(reasoned(command.incident, seq, command.reason))
    told = ClockState.SATISFIED_LATE if late else ClockState.SATISFIED
    return Decision(tuple(drafts), {"seq": seq, "state": told})


def hold_back(states: States, command: HoldBack, context: Context, known: Known) -> Decision:
    """obligation.delayed and reason.given. Raises NotFound, BadInput, Refused."""
    state = still_open(states, command.incident)
    clock = _clock(state, known, command.obligation, command.stage, context)
    if clock.filed is not None:
        raise Refused("This stage is filed already.", "stage", "There is nothing to hold back.")
    until = parse_stated(command.until, "until").at
    if until <= context.instant:
        raise BadInput("This time has passed.", "until", "Say until when it is held back.")
    body = ObligationDelayed(obligation=command.obligation, stage=command.stage, until=stored(until))
    drafts = (Draft(command.incident, body), reasoned(command.incident, state.seq + 1, command.reason))
    return Decision(drafts, {"seq": state.seq + 1, "until": stored(until)})


def _obligation(known: Known, name: str) -> Obligation:
    found = plan_of(known).obligations.get(name)
    if found is None:
        raise Refused(
            "The plan of this incident has no such obligation.",
            "obligation",
            "Take one from the list of clocks.",
        )
    return found


def _clock(state: StreamState, known: Known, name: str, stage: str, context: Context) -> Clock:
    obligation = _obligation(known, name)
    if stage not in obligation.stages:
        raise Refused(
            "This obligation has no such stage.", "stage", f"Take one of: {', '.join(obligation.stages)}."
        )
    every = clocks_of(state, plan_of(known).obligations, context.instant)
    return next(one for one in every if one.key == f"{name}/{stage}")


def _fits(known: Known, command: RecordAnchor) -> None:
    """Refuses an anchor that starts no clock of the plan, or whose meaning depends on the obligation."""
    if command.anchor is AnchorName.SUBMITTED:
        raise Refused(
            "A filing starts this clock by itself.", "anchor", "Record the filing of the stage before it."
        )
    plan = plan_of(known).obligations
    rows = [_obligation(known, command.obligation)] if command.obligation else list(plan.values())
    if not any(stage.anchor is command.anchor for row in rows for stage in row.stages.values()):
        raise Refused(
            "No clock of the plan begins with this.",
            "anchor",
            "Look at the clocks: each says what starts it.",
        )
    if command.obligation is None and command.anchor in OWN_ANCHORS:
        raise Refused(
            "What this means differs from obligation to obligation.",
            "obligation",
            "Name the obligation for which you record it.",
        )


def _since(command: RecordAnchor, context: Context) -> Moment | None:
    """The time, or a whole day in the zone that was given with it; a zone is demanded, never guessed."""
    if command.since is None or not _DATE.fullmatch(command.since):
        return stated(command.since, context)
    if command.zone is None:
        raise BadInput("A date needs its zone.", "zone", "Write it like Europe/Berlin, +01:00 or UTC.")
    zone = zone_of(command.zone)
    try:
        at = datetime.fromisoformat(command.since).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadInput("This date does not exist.", "since", "Write it like 2026-11-24.") from None
    if at > context.instant:
        raise BadInput("This day has not come yet.", "since", "State a day up to today.")
    return Moment(at, Precision.DAY, command.zone, TimeSource.STATED)


WORK = (
    Work(
        "scope",
        "Declare whether an obligation is for us in this incident.",
        Standing.COMMAND,
        DeclareScope,
        declare_scope,
    ),
    Work(
        "anchor",
        "Record what starts a legal clock, and since when.",
        Standing.RESPONDER,
        RecordAnchor,
        record_anchor,
    ),
    Work(
        "withdraw-anchor",
        "Take back what started a legal clock.",
        Standing.COMMAND,
        WithdrawAnchor,
        withdraw_anchor,
    ),
    Work(
        "file-notice",
        "Record that a notice was filed, with its receipt.",
        Standing.RESPONDER,
        FileNotice,
        file_notice,
    ),
    Work(
        "hold-back", "Hold a notice back until a time, as asked for.", Standing.COMMAND, HoldBack, hold_back
    ),
)
