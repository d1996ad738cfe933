"""What the picture of an incident shows: what systems saw and facts showed, and what people did, decided and left silent."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from muster.app.looking_back.calls import calls
from muster.app.looking_back.known import TurningPoint
from muster.app.looking_back.past import Past
from muster.app.views import View
from muster.disclose.answers import FactAnswered
from muster.disclose.owed import AnchorRecorded, ObligationFiled
from muster.disclose.statement import StatementSent
from muster.learn.review import ReviewHeld
from muster.respond.actions import ActionDone, ActionStarted
from muster.respond.facts import AssumptionMade, Confirmed, FactStated
from muster.respond.incident import (
    IncidentActive,
    IncidentClosed,
    IncidentDeclared,
    IncidentInReview,
    IncidentRecovering,
    IncidentReopened,
    IncidentStoodDown,
    IncidentWatching,
)
from muster.respond.milestones import MilestoneClaimed, MilestoneRevoked, SeenAgain
from muster.respond.outages import ServiceLost, ServiceRestored
from muster.respond.roles import RoleAccepted


class Sort(StrEnum):
    """What a mark is; each has a shape of its own."""

    SIGNAL = "signal"
    FACT = "fact"
    STATE = "state or milestone"
    DECISION = "decision"
    DEED = "deed"
    SILENCE = "nobody answered"


class Point(View):
    """One mark: when, what it is, a head beside the time and words beneath. seq: its entry, where it has one."""

    at: datetime
    sort: Sort
    head: str
    text: str
    seq: int | None = None


_STATES = (
    IncidentDeclared,
    IncidentActive,
    IncidentRecovering,
    IncidentWatching,
    IncidentInReview,
    IncidentReopened,
    IncidentStoodDown,
    IncidentClosed,
)


def picture(past: Past, turns: tuple[TurningPoint, ...]) -> tuple[Point, ...]:
    """All marks of the incident itself, in the order of time; signals are added by who knows them."""
    found = (*_facts(past), *_states(past), *_deeds(past), *_turns(turns), *_silences(past))
    return tuple(sorted(found, key=lambda one: (one.at, one.seq or 0)))


def _facts(past: Past) -> Iterator[Point]:
    """What was found out about the attacker; answers to the plan's questions stand with the disclosure."""
    answers = {
        ref.seq for entry in past.of(FactAnswered) for ref in entry.header.refs if ref.rel == "answers"
    }
    for entry in past.of(FactStated, Confirmed, SeenAgain, AssumptionMade):
        seq = entry.header.seq
        if seq in answers:
            continue
        head = {
            FactStated.kind: "fact",
            AssumptionMade.kind: "assumption",
            Confirmed.kind: "assumption confirmed",
            SeenAgain.kind: "seen again",
        }[entry.header.kind]
        yield Point(at=entry.header.happened.at, sort=Sort.FACT, head=head, text=past.text(seq), seq=seq)


def _states(past: Past) -> Iterator[Point]:
    for entry in past.of(*_STATES):
        head = entry.header.kind.partition(".")[2].replace("-", " ")
        words = past.text(entry.header.seq, "reason") or past.text(entry.header.seq, "what")
        yield Point(at=past.written(entry), sort=Sort.STATE, head=head, text=words, seq=entry.header.seq)
    for entry in past.of(MilestoneClaimed, MilestoneRevoked):
        name = past.text(entry.header.seq, "milestone")
        head = name if entry.header.kind == MilestoneClaimed.kind else f"no longer {name}"
        words = past.reason(entry.header.seq)
        yield Point(at=entry.header.happened.at, sort=Sort.STATE, head=head, text=words, seq=entry.header.seq)
    for entry in past.of(RoleAccepted):
        if past.text(entry.header.seq, "role") == "commander":
            yield Point(
                at=past.written(entry),
                sort=Sort.STATE,
                head="commander",
                text=past.who(entry),
                seq=entry.header.seq,
            )
    for entry in past.of(ReviewHeld):
        yield Point(
            at=entry.header.happened.at, sort=Sort.STATE, head="review held", text="", seq=entry.header.seq
        )


def _deeds(past: Past) -> Iterator[Point]:
    for entry in past.of(ActionStarted, ActionDone):
        proposal = next((ref.seq for ref in entry.header.refs if ref.rel == "action"), None)
        what = f"{past.text(proposal, 'action')} {past.text(proposal, 'target')}"
        head = "action begun" if entry.header.kind == ActionStarted.kind else "action done"
        yield Point(at=past.written(entry), sort=Sort.DEED, head=head, text=what, seq=entry.header.seq)
    for entry in past.of(ServiceLost, ServiceRestored):
        head = "service lost" if entry.header.kind == ServiceLost.kind else "service restored"
        text = past.text(entry.header.seq, "service")
        yield Point(at=entry.header.happened.at, sort=Sort.DEED, head=head, text=text, seq=entry.header.seq)
    for entry in past.of(AnchorRecorded, ObligationFiled):
        filed = entry.header.kind == ObligationFiled.kind
        text = past.text(entry.header.seq, "obligation") or "for every obligation"
        head = "notice filed" if filed else f"clock begins: {past.text(entry.header.seq, 'anchor')}"
        yield Point(at=entry.header.happened.at, sort=Sort.DEED, head=head, text=text, seq=entry.header.seq)
    for entry in past.of(StatementSent):
        first = next((ref.seq for ref in entry.header.refs if ref.rel == "statement"), None)
        text = past.text(first, "subject")
        yield Point(
            at=past.written(entry), sort=Sort.DEED, head="statement sent", text=text, seq=entry.header.seq
        )


def _turns(turns: tuple[TurningPoint, ...]) -> Iterator[Point]:
    for turn in turns:
        yield Point(at=turn.at, sort=Sort.DECISION, head=turn.kind, text=turn.what, seq=turn.seq)


def _silences(past: Past) -> Iterator[Point]:
    """Each call of the incident itself to which somebody did not answer; those of its signals stand in a table."""
    for call in calls(past):
        silent = [one for one in call.people if one.silent]
        if silent and call.stream == past.state.stream:
            names = ", ".join(dict.fromkeys(one.person for one in silent))
            text = f"{call.occasion.replace('-', ' ')}: {names}"
            yield Point(at=silent[0].until, sort=Sort.SILENCE, head="no answer", text=text, seq=silent[0].seq)
