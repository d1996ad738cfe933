"""What must not stay readable: hidden at once by one person, erased when a second one confirms it."""

from typing import ClassVar

from pydantic import Field

from muster.access.command import Command, Rule, Seq, Text, WorkCode
from muster.access.verbs import Verb
from muster.core.errors import BadInput, Refused
from muster.record.body import Body, kinds_of
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft, Entry, Ref
from muster.record.state import Fold, Slice, States, StreamState
from muster.respond import rules_of_due
from muster.respond.incident import IncidentSignalAttached, existing
from muster.respond.roles import RoleAccepted, RoleOffered
from muster.respond.secrecy import SecrecySet
from muster.respond.severity import SeverityRated
from muster.respond.signal import SignalAcknowledged, SignalAttached


class EntryRedacted(Body):
    """The entry with this number (ref `hides`) is hidden from everybody from now on."""

    kind: ClassVar[str] = "entry.redacted"
    seq: int
    reason: str


class EntryErased(Body):
    """Body and salt of the entry with this number (ref `erases`) are removed in this transaction."""

    kind: ClassVar[str] = "entry.erased"
    seq: int


class Redactions(Slice):
    """Hidden entries with who hid them, erased ones, and fixed ones: those with no words to hide."""

    hidden: dict[int, str] = Field(default_factory=dict[int, str])
    erased: tuple[int, ...] = ()
    fixed: tuple[int, ...] = ()


_FIXED = frozenset(
    body.kind
    for body in (
        EntryRedacted,
        EntryErased,
        RoleOffered,
        RoleAccepted,
        SecrecySet,
        SeverityRated,
        IncidentSignalAttached,
        SignalAcknowledged,
        SignalAttached,
        *rules_of_due.FIXED,
    )
)


def evolve(redactions: Redactions, entry: Entry, fixed: frozenset[str] = _FIXED) -> Redactions:
    """The redactions after one more entry; kinds and refs tell all of it. fixed: kinds with no words to hide."""
    head = entry.header
    if head.kind in fixed:
        redactions = redactions.model_copy(update={"fixed": (*redactions.fixed, head.seq)})
    if head.kind == EntryRedacted.kind:
        hidden = {ref.seq: head.who for ref in head.refs if ref.rel == "hides"}
        return redactions.model_copy(update={"hidden": {**redactions.hidden, **hidden}})
    if head.kind == EntryErased.kind:
        erased = {ref.seq for ref in head.refs if ref.rel == "erases"}
        left = {seq: who for seq, who in redactions.hidden.items() if seq not in erased}
        return redactions.model_copy(
            update={"hidden": left, "erased": tuple(sorted({*redactions.erased, *erased}))}
        )
    return redactions


REDACTIONS = Fold("redactions", Redactions(), evolve)


def redactions_with(*more: type[Body]) -> Fold[Redactions]:
    """The same fold, where these kinds too have no words to hide: those of packages that respond does not know."""
    fixed = _FIXED | {body.kind for body in more}
    return Fold(REDACTIONS.name, REDACTIONS.empty, lambda redactions, entry: evolve(redactions, entry, fixed))


KINDS = kinds_of(EntryRedacted, EntryErased)


class Redact(Command):
    """Hide an entry at once, for instance because a password was pasted into it."""

    stream: WorkCode
    seq: Seq
    reason: Text


class Erase(Command):
    """Confirm somebody else's redaction: the words are removed for good, the entry stays."""

    stream: WorkCode
    seq: Seq


def redact(states: States, command: Redact, _context: Context, _known: Known) -> Decision:
    """entry.redacted, in any state. Raises NotFound, BadInput, Refused."""
    state = existing(states, command.stream)
    redactions = _readable(state, command.seq)
    if command.seq in redactions.hidden:
        raise Refused("This entry is hidden already.", "seq", "A second person may erase it.")
    if command.seq in redactions.fixed:
        raise Refused(
            "This entry holds no words that could be hidden.", "seq", "Check the number of the entry."
        )
    body = EntryRedacted(seq=command.seq, reason=command.reason)
    draft = Draft(command.stream, body, (Ref("hides", command.stream, command.seq),))
    return Decision((draft,), {"seq": state.seq + 1, "hidden": command.seq})


def erase(states: States, command: Erase, context: Context, _known: Known) -> Decision:
    """entry.erased, in any state, by another person than who hid it. Raises NotFound, BadInput, Refused."""
    state = existing(states, command.stream)
    redactor = _readable(state, command.seq).hidden.get(command.seq)
    if redactor is None:
        raise Refused(
            "This entry is not hidden yet.", "seq", "Redact it first; then somebody else erases it."
        )
    if redactor == context.actor.account:
        raise Refused(
            "You hid this entry yourself.", "seq", "It is hidden already. Ask a second person to erase it."
        )
    draft = Draft(command.stream, EntryErased(seq=command.seq), (Ref("erases", command.stream, command.seq),))
    return Decision((draft,), {"seq": state.seq + 1, "erased": command.seq})


def _readable(state: StreamState, seq: int) -> Redactions:
    redactions = state.slice(REDACTIONS)
    if seq > state.seq:
        raise BadInput(
            "There is no entry with this number.", "seq", "Take the number that stands at the entry."
        )
    if seq in redactions.erased:
        raise Refused("This entry is erased already.", "seq", "Nothing is to be done.")
    return redactions


def _acts_on(command: Redact | Erase) -> tuple[str, ...]:
    return (command.stream,)


RULES = (Rule(Verb.REDACT, Redact, redact, _acts_on), Rule(Verb.ERASE, Erase, erase, _acts_on))
