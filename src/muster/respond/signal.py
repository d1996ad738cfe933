"""A signal: something that may be an incident. Its states, outcomes, entries and fold."""

from enum import StrEnum
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from muster.core.labels import Pap, Severity, Tlp
from muster.detect.rule import Level
from muster.record.body import Body, Kind, Kinds, Tree, kinds_of
from muster.record.entry import Entry
from muster.record.state import Fold, Slice


class SignalState(StrEnum):
    """Where a signal stands (states, 1.2)."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    ATTACHED = "attached"
    DISMISSED = "dismissed"


class Outcome(StrEnum):
    """What a signal turned out to be; no other exit exists."""

    INCIDENT = "incident"
    FALSE_ALARM = "false alarm"
    DUPLICATE = "duplicate"
    POLICY_MATTER = "policy matter"
    VULNERABILITY = "vulnerability"
    NOT_OURS = "not ours"


class Source(StrEnum):
    """Where a signal comes from. Reports of researchers are reserved; nothing raises one yet."""

    PERSON = "person"
    WEBHOOK = "webhook"
    HITS = "hits"
    RESEARCHER = "researcher"


class Origin(StrEnum):
    """How a hit was found: as its events came, or by a hunt over stored ones."""

    LIVE = "live"
    RETRO = "retro"


class HitRule(BaseModel):
    """The rule behind a signal: its key in the ruleset, and what it says of itself, which goes with its hits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    id: str
    author: str
    level: Level
    tags: tuple[str, ...] = ()
    license: str = ""
    references: tuple[str, ...] = ()


class SignalRaised(Body):
    """First entry of a signal. Of a receipt only its SHA-256 is kept.

    group: the key under which a repeat finds this signal while it is open. severity: as the sender stated it;
    of a rule's hits, its hint with what the plan says of the hosts; none where the rule's level says it.
    """

    kind: ClassVar[str] = "signal.raised"
    v: ClassVar[int] = 2
    source: Source
    title: str
    text: str = ""
    contact: str | None = None
    severity: Severity | None = None
    tlp: Tlp = Tlp.AMBER
    pap: Pap = Pap.AMBER
    group: str
    receipt_sha256: str | None = None
    rule: HitRule | None = None


class SignalReportedAgain(Body):
    """The same was reported once more, with a receipt of its own."""

    kind: ClassVar[str] = "signal.reported-again"
    receipt_sha256: str
    contact: str | None = None


class SignalRepeated(Body):
    """The sender sent it again; `count` is how often it came by now."""

    kind: ClassVar[str] = "signal.repeated"
    count: int
    title: str
    text: str = ""


class HitEvidence(BaseModel):
    """The first matched events, kept as a blob: its hash, which events (0-based in the batch), how far it may go."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str
    events: tuple[int, ...]
    tlp: Tlp = Tlp.AMBER
    pap: Pap = Pap.AMBER


class HitReason(BaseModel):
    """A test of the rule that made it match an event of the evidence (its place in the batch), without the value.

    held: false for a test that had to fail. start, end: the characters of the value that it found; end 0: all of it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    event: int
    field: str
    words: str
    held: bool = True
    start: int = 0
    end: int = 0


class HitAsset(BaseModel):
    """A host that matched events name, and how many of them do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    count: int


class SignalHit(Body):
    """A rule matched rows of one batch of events: at most 200 rows are listed, `count` says how many there are.

    why: what made it match the events of its evidence, as far as whoever reported it says.
    assets: the hosts with the most of these events, at most 20; more_assets: how many others there are.
    """

    kind: ClassVar[str] = "signal.hit"
    v: ClassVar[int] = 5
    key: str
    batch: str
    events: int
    rule: HitRule
    title: str
    rows: tuple[int, ...]
    count: int
    origin: Origin = Origin.LIVE
    evidence: HitEvidence | None = None
    why: tuple[HitReason, ...] = ()
    assets: tuple[HitAsset, ...] = ()
    more_assets: int = 0


class SignalAcknowledged(Body):
    """Somebody is looking at it."""

    kind: ClassVar[str] = "signal.acknowledged"


class SignalDismissed(Body):
    """It ended with this outcome."""

    kind: ClassVar[str] = "signal.dismissed"
    outcome: Outcome
    reason: str
    duplicate_of: str | None = None


class SignalAttached(Body):
    """It belongs to this incident; its outcome is incident."""

    kind: ClassVar[str] = "signal.attached"
    incident: str


class Signal(Slice):
    """What rules ask of a signal. count: reports, repeats and matched events together. blobs: evidence kept so far."""

    state: SignalState | None = None
    source: Source | None = None
    group: str = ""
    count: int = 0
    blobs: int = 0
    outcome: Outcome | None = None
    incident: str | None = None

    @property
    def waiting(self) -> bool:
        """Whether somebody still has to decide what it is."""
        return self.state in (SignalState.NEW, SignalState.ACKNOWLEDGED)


def evolve(signal: Signal, entry: Entry) -> Signal:
    """The signal after one more entry; from an erased or withheld one the kind still tells where it stands."""
    body = entry.body
    match entry.header.kind:
        case SignalRaised.kind:
            known = body if isinstance(body, SignalRaised) else None
            return signal.model_copy(
                update={
                    "state": SignalState.NEW,
                    "source": known.source if known else None,
                    "group": known.group if known else "",
                    "count": 0 if known and known.source is Source.HITS else 1,
                }
            )
        case SignalReportedAgain.kind | SignalRepeated.kind:
            return signal.model_copy(update={"count": signal.count + 1})
        case SignalHit.kind:
            kept = 1 if isinstance(body, SignalHit) and body.evidence else 0
            matched = body.count if isinstance(body, SignalHit) else 1
            return signal.model_copy(update={"count": signal.count + matched, "blobs": signal.blobs + kept})
        case SignalAcknowledged.kind:
            return signal.model_copy(update={"state": SignalState.ACKNOWLEDGED})
        case SignalDismissed.kind:
            outcome = body.outcome if isinstance(body, SignalDismissed) else None
            return signal.model_copy(update={"state": SignalState.DISMISSED, "outcome": outcome})
        case SignalAttached.kind:
            incident = next((ref.stream for ref in entry.header.refs if ref.rel == "attached-to"), None)
            return signal.model_copy(
                update={"state": SignalState.ATTACHED, "outcome": Outcome.INCIDENT, "incident": incident}
            )
        case _:
            return signal


def _was_live(tree: Tree) -> Tree:
    """Before hunts there was only one way to a hit."""
    return {**tree, "origin": Origin.LIVE.value}


def _with_words_of_rule(tree: Tree) -> Tree:
    """The rule's tags, licence and references were not kept before."""
    rule = tree.get("rule")
    return {**tree, "rule": {**rule, "tags": [], "license": "", "references": []}} if rule else tree


def _without_reasons(tree: Tree) -> Tree:
    """Why a rule matched was not kept before."""
    return {**tree, "why": []}


def _without_assets(tree: Tree) -> Tree:
    """Hosts were not kept before."""
    return {**tree, "assets": [], "more_assets": 0}


SIGNAL = Fold("signal", Signal(), evolve)
KINDS: Kinds = {
    **kinds_of(SignalReportedAgain, SignalRepeated, SignalAcknowledged, SignalDismissed, SignalAttached),
    SignalRaised.kind: Kind(SignalRaised, {1: _with_words_of_rule}),
    SignalHit.kind: Kind(
        SignalHit, {1: _was_live, 2: _with_words_of_rule, 3: _without_reasons, 4: _without_assets}
    ),
}
