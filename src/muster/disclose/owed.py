"""What an incident owes to whom: scope, anchors, filings and delays as entries, and the clocks that follow."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import ClassVar

from pydantic import Field

from muster.core.time import Moment, Precision, TimeSource, from_stored, stored
from muster.disclose.answers import standing_answers
from muster.disclose.clock import Anchor, Clock, Delay, Filing, Recorded, clocks
from muster.plan.obligations import Anchor as AnchorName
from muster.plan.obligations import Obligation
from muster.plan.severity import YesNo
from muster.record.body import Body, kinds_of
from muster.record.entry import Entry, Header
from muster.record.state import Fold, Slice, StreamState
from muster.respond.incident import ReasonGiven


class ScopeDeclared(Body):
    """Whether an obligation is for us at all; why stands in the next entry."""

    kind: ClassVar[str] = "scope.declared"
    obligation: str
    ours: YesNo


class AnchorRecorded(Body):
    """What starts a clock happened: when is the entry's time. obligation: None for all that begin with it."""

    kind: ClassVar[str] = "anchor.recorded"
    anchor: AnchorName
    obligation: str | None = None


class AnchorWithdrawn(Body):
    """It did not happen (ref `withdraws`), or is judged otherwise now; why stands in the next entry."""

    kind: ClassVar[str] = "anchor.withdrawn"


class ObligationFiled(Body):
    """The recipients were told: when is the entry's time. A reason for lateness and a receipt are entries of their own."""

    kind: ClassVar[str] = "obligation.filed"
    obligation: str
    stage: str


class ReceiptKept(Body):
    """What the recipient gave as proof (ref `receipt-of`)."""

    kind: ClassVar[str] = "receipt.kept"
    text: str


class ObligationDelayed(Body):
    """Somebody who may ask for it asked us to wait until then; who and why stands in the next entry."""

    kind: ClassVar[str] = "obligation.delayed"
    obligation: str
    stage: str
    until: str


class When(Slice):
    """An entry's own time, who wrote it and its number. undone: the anchor was withdrawn. explained: it has a reason."""

    at: str
    precision: Precision
    zone: str
    who: str
    seq: int
    undone: bool = False
    explained: bool = False

    @property
    def moment(self) -> Moment:
        """The time with its precision and zone."""
        return Moment(from_stored(self.at), self.precision, self.zone, TimeSource.STATED)


class Scope(Slice):
    """Whether an obligation is for us, and how often that was declared."""

    ours: YesNo
    version: int


class Until(Slice):
    """Held back until then, by which entry."""

    until: str
    seq: int


class Owed(Slice):
    """All that clocks are made of. Anchors by name or `obligation/name`; filings and delays by `obligation/stage`."""

    scope: dict[str, Scope] = Field(default_factory=dict[str, Scope])
    anchors: dict[str, tuple[When, ...]] = Field(default_factory=dict[str, tuple[When, ...]])
    filings: dict[str, When] = Field(default_factory=dict[str, When])
    delays: dict[str, Until] = Field(default_factory=dict[str, Until])


def anchor_key(anchor: AnchorName, obligation: str | None) -> str:
    """Under which name an anchor is kept."""
    return anchor.value if obligation is None else f"{obligation}/{anchor}"


def evolve(owed: Owed, entry: Entry) -> Owed:
    """What is owed after one more entry. These bodies hold no words, so nobody needs to erase them."""
    head = entry.header
    match entry.body:
        case ScopeDeclared() as body:
            before = owed.scope.get(body.obligation)
            now = Scope(ours=body.ours, version=1 if before is None else before.version + 1)
            return owed.model_copy(update={"scope": {**owed.scope, body.obligation: now}})
        case AnchorRecorded() as body:
            key = anchor_key(body.anchor, body.obligation)
            anchors = {**owed.anchors, key: (*owed.anchors.get(key, ()), _when(head))}
            return owed.model_copy(update={"anchors": anchors})
        case ObligationFiled() as body:
            filings = {**owed.filings, f"{body.obligation}/{body.stage}": _when(head)}
            return owed.model_copy(update={"filings": filings})
        case ObligationDelayed() as body:
            until = Until(until=body.until, seq=head.seq)
            return owed.model_copy(
                update={"delays": {**owed.delays, f"{body.obligation}/{body.stage}": until}}
            )
        case _:
            return _pointed(owed, head)


def _pointed(owed: Owed, head: Header) -> Owed:
    """Kinds that need no body: a withdrawn anchor, and the reason of a filing."""
    if head.kind == AnchorWithdrawn.kind:
        undone = {ref.seq for ref in head.refs if ref.rel == "withdraws"}
        anchors = {
            key: tuple(one.model_copy(update={"undone": True}) if one.seq in undone else one for one in row)
            for key, row in owed.anchors.items()
        }
        return owed.model_copy(update={"anchors": anchors})
    if head.kind == ReasonGiven.kind:
        explained = {ref.seq for ref in head.refs if ref.rel == "explains"}
        if not explained & {one.seq for one in owed.filings.values()}:
            return owed
        filings = {
            key: one.model_copy(update={"explained": True}) if one.seq in explained else one
            for key, one in owed.filings.items()
        }
        return owed.model_copy(update={"filings": filings})
    return owed


def _when(head: Header) -> When:
    at = head.happened
    return When(at=stored(at.at), precision=at.precision, zone=at.zone, who=head.who, seq=head.seq)


OWED = Fold("owed", Owed(), evolve)
KINDS = kinds_of(
    ScopeDeclared, AnchorRecorded, AnchorWithdrawn, ObligationFiled, ReceiptKept, ObligationDelayed
)
# Kinds with no words to hide: `redact` refuses them.
FIXED: tuple[type[Body], ...] = (
    ScopeDeclared,
    AnchorRecorded,
    AnchorWithdrawn,
    ObligationFiled,
    ObligationDelayed,
)


def recorded(state: StreamState, obligations: Mapping[str, Obligation]) -> Recorded:
    """What the record of an incident holds for its clocks.

    An obligation that stands in an approved plan is for us: whoever approved it declared that. The incident
    may declare otherwise.
    """
    owed = state.slice(OWED)
    return Recorded(
        scope={
            **dict.fromkeys(obligations, YesNo.YES),
            **{name: one.ours for name, one in owed.scope.items()},
        },
        answers={name: one.answer for name, one in standing_answers(state).items()},
        anchors={
            key: tuple(Anchor(one.moment, one.seq, one.who, one.undone) for one in row)
            for key, row in owed.anchors.items()
        },
        filings={
            key: Filing(one.moment, one.seq, one.who, one.explained) for key, one in owed.filings.items()
        },
        delays={key: Delay(from_stored(one.until), one.seq) for key, one in owed.delays.items()},
    )


def clocks_of(state: StreamState, obligations: Mapping[str, Obligation], now: datetime) -> tuple[Clock, ...]:
    """Every clock of an incident as it stands now, the earliest operational deadline first."""
    return clocks(obligations, recorded(state, obligations), now.astimezone(UTC))
