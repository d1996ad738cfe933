"""Evidence and its custody: hash on receipt, every hand-over and access, and the hash computed anew (INV-11)."""

from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field

from muster.access.command import Line, MaybeLine, MaybeText, OpaqueId, Seq, Sha256
from muster.access.verbs import Standing
from muster.core.errors import Refused
from muster.record.body import Body, kinds_of
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft, Entry, Ref
from muster.record.state import Fold, Slice, States, StreamState
from muster.respond.able import check_able, reads_accounts
from muster.respond.ground import recomputed
from muster.respond.incident import stated, still_open
from muster.respond.work import InIncident, Replacing, Work, as_seen, pointed

Targets: TypeAlias = Annotated[tuple[Line, ...], Field(max_length=10)]
Size: TypeAlias = Annotated[int, Field(ge=0, le=2**53 - 1)]


class EvidenceReceived(Body):
    """Bytes were taken in, with their hash on receipt. of: the hosts, services or accounts that they tell about."""

    kind: ClassVar[str] = "evidence.received"
    sha256: str
    size: int
    of: tuple[str, ...] = ()


class EvidenceDescribed(Body):
    """What the evidence (ref `evidence`) is called, who collected it and where."""

    kind: ClassVar[str] = "evidence.described"
    name: str
    place: str
    collector: str
    text: str | None = None


class EvidenceOffered(Body):
    """The evidence (ref `evidence`) is to go to this account; until it is accepted its holder keeps it."""

    kind: ClassVar[str] = "evidence.offered"
    to: str


class EvidenceAccepted(Body):
    """Whoever was offered the evidence (ref `evidence`) holds it from now on."""

    kind: ClassVar[str] = "evidence.accepted"
    former: str


class EvidenceVerified(Body):
    """The hash of the evidence (ref `evidence`) was computed anew. found: empty when the bytes are gone."""

    kind: ClassVar[str] = "evidence.verified"
    found: str
    equal: bool


class EvidenceAccessed(Body):
    """Somebody looked into the evidence (ref `evidence`), for this purpose."""

    kind: ClassVar[str] = "evidence.accessed"
    purpose: str


class Exhibit(Slice):
    """One piece of evidence. version: how often it was received, offered or accepted. damaged: it did not verify."""

    sha256: str
    holder: str
    of: tuple[str, ...] = ()
    offered: str | None = None
    damaged: bool = False
    version: int = 1


class Custody(Slice):
    """All evidence of the incident, by the number of the entry that received it."""

    exhibits: dict[int, Exhibit] = Field(default_factory=dict[int, Exhibit])

    def of(self, target: str) -> bool:
        """Whether there is sound evidence of this target, in any case of letters."""
        name = target.casefold()
        return any(
            name in (other.casefold() for other in one.of) and not one.damaged
            for one in self.exhibits.values()
        )


def evolve(custody: Custody, entry: Entry) -> Custody:
    """The custody after one more entry."""
    head, body = entry.header, entry.body
    if isinstance(body, EvidenceReceived):
        return _with(custody, head.seq, Exhibit(sha256=body.sha256, holder=head.who, of=body.of))
    seq = pointed(head, "evidence")
    exhibit = None if seq is None else custody.exhibits.get(seq)
    if seq is None or exhibit is None:
        return custody
    match body:
        case EvidenceOffered():
            changes = {"offered": body.to, "version": exhibit.version + 1}
        case EvidenceVerified():
            changes = {"damaged": not body.equal}
        case _ if head.kind == EvidenceAccepted.kind:
            changes = {"holder": head.who, "offered": None, "version": exhibit.version + 1}
        case _:
            return custody
    return _with(custody, seq, exhibit.model_copy(update=changes))


def _with(custody: Custody, seq: int, exhibit: Exhibit) -> Custody:
    return Custody(exhibits={**custody.exhibits, seq: exhibit})


CUSTODY = Fold("custody", Custody(), evolve)
KINDS = kinds_of(
    EvidenceReceived,
    EvidenceDescribed,
    EvidenceOffered,
    EvidenceAccepted,
    EvidenceVerified,
    EvidenceAccessed,
)
# Entries with no words to hide.
FIXED = (EvidenceReceived, EvidenceOffered, EvidenceAccepted, EvidenceVerified)


class ReceiveEvidence(InIncident):
    """Take in evidence by the hash of its bytes. of: the hosts, services or accounts that it tells about.

    collector: who took it, if not you. happened_at: when it was taken.
    """

    sha256: Sha256
    size: Size
    name: Line
    place: Line
    of: Targets = ()
    collector: MaybeLine = None
    text: MaybeText = None
    happened_at: MaybeLine = None


class OfferEvidence(Replacing):
    """Offer evidence that you hold to somebody else."""

    evidence: Seq
    to: OpaqueId


class AcceptEvidence(Replacing):
    """Accept evidence that was offered to you; you hold it from now on."""

    evidence: Seq


class VerifyEvidence(InIncident):
    """Compute the hash of evidence anew and compare it with the hash on receipt."""

    evidence: Seq


class NoteAccess(InIncident):
    """Note that you looked into evidence outside Muster, and for what."""

    evidence: Seq
    purpose: Line


def receive(states: States, command: ReceiveEvidence, context: Context, _known: Known) -> Decision:
    """evidence.received, evidence.described; who receives it holds it. Raises NotFound, Refused, BadInput."""
    state = still_open(states, command.incident)
    seq = state.seq + 1
    received = EvidenceReceived(sha256=command.sha256, size=command.size, of=command.of)
    described = EvidenceDescribed(
        name=command.name,
        place=command.place,
        collector=command.collector or context.actor.account,
        text=command.text,
    )
    drafts = (
        Draft(command.incident, received, happened=stated(command.happened_at, context)),
        Draft(command.incident, described, (Ref("evidence", command.incident, seq),)),
    )
    return Decision(drafts, {"evidence": seq, "version": 1, "sha256": command.sha256})


def offer(states: States, command: OfferEvidence, context: Context, _known: Known) -> Decision:
    """evidence.offered, by its holder. Raises NotFound, Refused, Conflict."""
    state, exhibit = _exhibit(states, command, command.evidence)
    _seen(exhibit, command.expected, f"hand it over to {command.to}")
    if exhibit.holder != context.actor.account:
        raise Refused("Somebody else holds this evidence.", "evidence", "Ask its holder to hand it over.")
    if command.to == exhibit.holder:
        raise Refused("You hold it already.", "to", "Nothing is to be done.")
    check_able(states, state, command.to, "to")
    return _moved(state, command.evidence, EvidenceOffered(to=command.to), exhibit.version + 1)


def accept(states: States, command: AcceptEvidence, context: Context, _known: Known) -> Decision:
    """evidence.accepted: custody changes now, not when it was offered. Raises NotFound, Refused, Conflict."""
    state, exhibit = _exhibit(states, command, command.evidence)
    _seen(exhibit, command.expected, "accept it")
    if exhibit.offered != context.actor.account:
        raise Refused("This evidence is not offered to you.", "evidence", "Ask its holder to hand it over.")
    return _moved(state, command.evidence, EvidenceAccepted(former=exhibit.holder), exhibit.version + 1)


def verify(states: States, command: VerifyEvidence, _context: Context, known: Known) -> Decision:
    """evidence.verified: equal or not, both are recorded. Raises NotFound, Refused."""
    state, exhibit = _exhibit(states, command, command.evidence)
    found = recomputed(known, exhibit.sha256)
    if found is None:
        raise Refused("Its bytes were not looked at.", "evidence", "Try again in a moment.")
    body = EvidenceVerified(found=found, equal=found == exhibit.sha256)
    moved = _moved(state, command.evidence, body, exhibit.version)
    return Decision(moved.drafts, {**moved.answer, "equal": body.equal, "found": found})


def access(states: States, command: NoteAccess, _context: Context, _known: Known) -> Decision:
    """evidence.accessed. Raises NotFound, Refused."""
    state, exhibit = _exhibit(states, command, command.evidence)
    return _moved(state, command.evidence, EvidenceAccessed(purpose=command.purpose), exhibit.version)


def _exhibit(states: States, command: InIncident, seq: int) -> tuple[StreamState, Exhibit]:
    state = still_open(states, command.incident)
    exhibit = state.slice(CUSTODY).exhibits.get(seq)
    if exhibit is None:
        raise Refused("This number is no evidence.", "evidence", "Look at the list of evidence.")
    return state, exhibit


def _seen(exhibit: Exhibit, expected: int, yours: str) -> None:
    offered = f", offered to {exhibit.offered}" if exhibit.offered else ""
    theirs = f"held by {exhibit.holder}{offered}"
    as_seen(exhibit.version, expected, what="evidence", theirs=theirs, yours=yours)


def _moved(state: StreamState, evidence: int, body: Body, version: int) -> Decision:
    draft = Draft(state.stream, body, (Ref("evidence", state.stream, evidence),))
    return Decision((draft,), {"evidence": evidence, "version": version})


WORK = (
    Work("evidence", "Take in evidence by its hash.", Standing.RESPONDER, ReceiveEvidence, receive),
    Work(
        "pass-on",
        "Offer evidence to somebody else.",
        Standing.SIGNED_IN,
        OfferEvidence,
        offer,
        reads_accounts,
    ),
    Work("receive", "Accept evidence that was offered to you.", Standing.SIGNED_IN, AcceptEvidence, accept),
    Work(
        "verify-evidence",
        "Compute the hash of evidence anew.",
        Standing.RESPONDER,
        VerifyEvidence,
        verify,
        server=True,
    ),
    Work("access", "Note that you looked into evidence.", Standing.RESPONDER, NoteAccess, access),
)
