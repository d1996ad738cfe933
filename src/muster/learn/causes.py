"""Why it could happen: several causes, each of a kind and with its evidence, and never a person.

A person who erred is where the question begins (SP 800-61 r3 RS.AN-03; SAMM O-IM 3-B): what made the error easy,
and why did nothing catch it?
"""

import re
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from muster.access.command import Seq, Text
from muster.access.verbs import Standing
from muster.core.errors import BadInput, Refused
from muster.learn.agreed import plan_of
from muster.record.body import Body, kinds_of
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft, Entry, Ref
from muster.record.state import Fold, Slice, States
from muster.respond.incident import still_open
from muster.respond.work import InIncident, Work, reasoned


class CauseKind(StrEnum):
    """What sort of cause it is."""

    TECHNICAL = "technical"
    PROCESS = "process"
    DETECTION = "detection"
    DECISION = "decision"
    OUTSIDE = "outside"
    LUCK = "luck"


class CauseFound(Body):
    """One thing without which it would not have happened, or not so. Refs: `evidence`. opinion: without any."""

    kind: ClassVar[str] = "cause.found"
    text: str
    cause: CauseKind
    opinion: bool = False


class CauseWithdrawn(Body):
    """It was none (ref `withdraws`); why stands in the next entry."""

    kind: ClassVar[str] = "cause.withdrawn"


class CausesNotSought(Body):
    """Nobody looks for causes here, which needs a reason: it stands in the next entry."""

    kind: ClassVar[str] = "causes.not-sought"


class Causes(Slice):
    """The causes that stand, by number; None for a kind that is no longer readable. And whether none are sought."""

    found: dict[int, CauseKind | None] = Field(default_factory=dict[int, CauseKind | None])
    not_sought: bool = False

    @property
    def answered(self) -> bool:
        """Whether the question for the cause has an answer: one at least, or the reason why there is none."""
        return bool(self.found) or self.not_sought


def evolve(causes: Causes, entry: Entry) -> Causes:
    """The causes after one more entry; kinds and refs tell which stand."""
    head = entry.header
    match head.kind:
        case CauseFound.kind:
            cause = entry.body.cause if isinstance(entry.body, CauseFound) else None
            return causes.model_copy(update={"found": {**causes.found, head.seq: cause}})
        case CauseWithdrawn.kind:
            gone = {ref.seq for ref in head.refs if ref.rel == "withdraws"}
            left = {seq: cause for seq, cause in causes.found.items() if seq not in gone}
            return causes.model_copy(update={"found": left})
        case CausesNotSought.kind:
            return causes.model_copy(update={"not_sought": True})
        case _:
            return causes


CAUSES = Fold("causes", Causes(), evolve)
KINDS = kinds_of(CauseFound, CauseWithdrawn, CausesNotSought)
# Kinds with no words to hide: `redact` refuses them.
FIXED: tuple[type[Body], ...] = (CauseWithdrawn, CausesNotSought)

_PERSON = (
    r"(?:human|operator|user|employee|staff|admin(?:istrator)?|engineer|developer|personal|pilot|individual)"
)
_END_POINTS = (
    rf"\b{_PERSON}(?:'s|s'|s)?[ -]+(?:error|mistake|failure|failing|fault|negligence|oversight|carelessness)\b",
    rf"\b(?:error|mistake|failure|fault|oversight|carelessness) (?:by|of) (?:a |an |the |our |some )?{_PERSON}",
    r"\b(?:pebkac|layer 8|fat[- ]finger(?:ed)?|finger trouble)\b",
    r"\bsomebody (?:forgot|messed up|screwed up|was careless)\b",
)
_BLAME = (
    r"\b(?:careless(?:ly|ness)?|negligen(?:t|tly|ce)|incompeten(?:t|ce)|stupid(?:ly|ity)?|lazy|laziness|sloppy)\b",
    r"\b(?:reckless(?:ly|ness)?|idiot(?:ic)?|blame[sd]?|guilty|culprit|inattenti(?:ve|on)|complacen(?:t|cy))\b",
    r"\b(?:should|ought to) have (?:known|noticed|checked|seen|paid|thought|read)\b",
    r"\b(?:failed|neglected|forgot) to (?:notice|follow|check|pay|read|think)\b",
    r"\b(?:whose|his|her|their) (?:own )?(?:fault|mistake)\b",
)
_END_POINT = re.compile("|".join(_END_POINTS), re.IGNORECASE)
_BLAMES = re.compile("|".join(_BLAME), re.IGNORECASE)
NEXT_QUESTION = "Ask on: what made the error easy to make, and why did nothing catch it? Write that down."


def check_words(text: str, people: frozenset[str], where: str = "text") -> None:
    """Refuses a person as a cause, by a general word, a word of blame or a name. Raises Refused."""
    if _END_POINT.search(text):
        raise Refused("An error of a person is where the question begins, no cause.", where, NEXT_QUESTION)
    if _BLAMES.search(text):
        raise Refused("This blames somebody, which explains nothing.", where, NEXT_QUESTION)
    folded = text.casefold()
    if any(re.search(rf"\b{re.escape(name)}\b", folded) for name in people):
        raise Refused("It names a person.", where, "Write what the role saw and could do. " + NEXT_QUESTION)


class FindCause(InIncident):
    """Add a cause, with the numbers of the entries that show it. opinion: there is no evidence for it yet."""

    text: Text
    cause: CauseKind
    evidence: Annotated[tuple[Seq, ...], Field(max_length=50)] = ()
    opinion: bool = False


class WithdrawCause(InIncident):
    """Take a cause back by the number of its entry."""

    cause: Seq
    reason: Text


class SeekNoCauses(InIncident):
    """Say why nobody looks for the causes of this incident."""

    reason: Text


def find_cause(states: States, command: FindCause, _context: Context, known: Known) -> Decision:
    """cause.found. Raises NotFound, BadInput, Refused."""
    state = still_open(states, command.incident)
    check_words(command.text, plan_of(known).people)
    if any(seq > state.seq for seq in command.evidence):
        raise BadInput("There is no entry with this number.", "evidence", "Take the numbers from the log.")
    if not command.evidence and not command.opinion:
        raise Refused(
            "A cause needs its evidence.",
            "evidence",
            "Give the numbers of the entries that show it, or mark it as an opinion.",
        )
    body = CauseFound(text=command.text, cause=command.cause, opinion=not command.evidence)
    refs = tuple(Ref("evidence", command.incident, seq) for seq in sorted(set(command.evidence)))
    return Decision((Draft(command.incident, body, refs),), {"seq": state.seq + 1, "cause": command.cause})


def withdraw_cause(states: States, command: WithdrawCause, _context: Context, _known: Known) -> Decision:
    """cause.withdrawn and reason.given. Raises NotFound, Refused."""
    state = still_open(states, command.incident)
    if command.cause not in state.slice(CAUSES).found:
        raise Refused("This number is no cause that stands.", "cause", "Take one from the list of causes.")
    withdraws = Ref("withdraws", command.incident, command.cause)
    drafts = (
        Draft(command.incident, CauseWithdrawn(), (withdraws,)),
        reasoned(command.incident, state.seq + 1, command.reason),
    )
    return Decision(drafts, {"cause": command.cause})


def seek_no_causes(states: States, command: SeekNoCauses, _context: Context, _known: Known) -> Decision:
    """causes.not-sought and reason.given. Raises NotFound, Refused."""
    state = still_open(states, command.incident)
    drafts = (
        Draft(command.incident, CausesNotSought()),
        reasoned(command.incident, state.seq + 1, command.reason),
    )
    return Decision(drafts, {"seq": state.seq + 1})


WORK = (
    Work(
        "cause", "Add a cause with its evidence; a person is none.", Standing.RESPONDER, FindCause, find_cause
    ),
    Work("withdraw-cause", "Take a cause back.", Standing.RESPONDER, WithdrawCause, withdraw_cause),
    Work("no-causes", "Say why nobody looks for the causes.", Standing.COMMAND, SeekNoCauses, seek_no_causes),
)
