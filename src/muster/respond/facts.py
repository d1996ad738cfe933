"""What is confirmed, believed and open: facts with their source, assumptions, questions, and how they end."""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from muster.access.command import Command, IncidentCode, Line, MaybeLine, Rule, Seq, Text, Version
from muster.access.verbs import Verb
from muster.core.errors import Conflict, Refused
from muster.record.body import Body, kinds_of
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft, Entry, Ref
from muster.record.state import Fold, Slice, States
from muster.respond.incident import stated, still_open


class Standing(StrEnum):
    """What a statement is worth."""

    FACT = "fact"
    ASSUMPTION = "assumption"
    QUESTION = "question"


class Ending(StrEnum):
    """How a statement is settled."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class FactStated(Body):
    """It is confirmed, and this is how we know."""

    kind: ClassVar[str] = "fact.stated"
    text: str
    source: str


class AssumptionMade(Body):
    """It is believed, not confirmed."""

    kind: ClassVar[str] = "assumption.made"
    text: str


class QuestionAsked(Body):
    """It is not known, and somebody wants to."""

    kind: ClassVar[str] = "question.asked"
    text: str


class Confirmed(Body):
    """An assumption (ref `settles`) is a fact from now on."""

    kind: ClassVar[str] = "thing.confirmed"
    text: str
    source: str


class Refuted(Body):
    """An assumption or fact (ref `settles`) is wrong."""

    kind: ClassVar[str] = "thing.refuted"
    text: str


class Answered(Body):
    """A question (ref `settles`) has its answer."""

    kind: ClassVar[str] = "thing.answered"
    text: str


class Withdrawn(Body):
    """Whoever said or asked it (ref `settles`) takes it back, or it no longer matters."""

    kind: ClassVar[str] = "thing.withdrawn"
    text: str


class OpenThing(Slice):
    """A statement that stands. version: how often it was set; its words are in the entries."""

    standing: Standing
    version: int = 1


class Facts(Slice):
    """What stands now, by the number of the entry that made it."""

    things: dict[int, OpenThing] = Field(default_factory=dict[int, OpenThing])

    def count(self, standing: Standing) -> int:
        """How many of these stand."""
        return sum(thing.standing is standing for thing in self.things.values())


_MADE = {
    FactStated.kind: Standing.FACT,
    AssumptionMade.kind: Standing.ASSUMPTION,
    QuestionAsked.kind: Standing.QUESTION,
}
_ENDED = frozenset({Refuted.kind, Answered.kind, Withdrawn.kind})


def evolve(facts: Facts, entry: Entry) -> Facts:
    """The statements after one more entry; kinds and refs tell enough, so words may be erased."""
    kind = entry.header.kind
    made = _MADE.get(kind)
    if made is not None:
        return Facts(things={**facts.things, entry.header.seq: OpenThing(standing=made)})
    settled = {ref.seq for ref in entry.header.refs if ref.rel == "settles"} & facts.things.keys()
    if kind == Confirmed.kind and settled:
        now = {
            seq: OpenThing(standing=Standing.FACT, version=facts.things[seq].version + 1) for seq in settled
        }
        return Facts(things={**facts.things, **now})
    if kind in _ENDED and settled:
        return Facts(things={seq: thing for seq, thing in facts.things.items() if seq not in settled})
    return facts


FACTS = Fold("facts", Facts(), evolve)
KINDS = kinds_of(FactStated, AssumptionMade, QuestionAsked, Confirmed, Refuted, Answered, Withdrawn)


class StateFact(Command):
    """State a confirmed fact; it needs its source."""

    incident: IncidentCode
    text: Text
    source: Line
    happened_at: MaybeLine = None


class MakeAssumption(Command):
    """Note what is believed but not confirmed."""

    incident: IncidentCode
    text: Text
    happened_at: MaybeLine = None


class AskQuestion(Command):
    """Ask an open question."""

    incident: IncidentCode
    text: Text


class Settle(Command):
    """Settle a fact, assumption or question by the number of the entry that made it.

    text: the answer, or the reason. source: how we know, needed when confirming.
    """

    incident: IncidentCode
    thing: Seq
    expected: Version
    ending: Ending
    text: Text
    source: MaybeLine = None


def state_fact(states: States, command: StateFact, context: Context, _known: Known) -> Decision:
    """fact.stated. Raises NotFound, Refused, BadInput."""
    state = still_open(states, command.incident)
    body = FactStated(text=command.text, source=command.source)
    draft = Draft(command.incident, body, happened=stated(command.happened_at, context))
    return Decision((draft,), {"seq": state.seq + 1, "version": 1})


def make_assumption(states: States, command: MakeAssumption, context: Context, _known: Known) -> Decision:
    """assumption.made. Raises NotFound, Refused, BadInput."""
    state = still_open(states, command.incident)
    body = AssumptionMade(text=command.text)
    draft = Draft(command.incident, body, happened=stated(command.happened_at, context))
    return Decision((draft,), {"seq": state.seq + 1, "version": 1})


def ask_question(states: States, command: AskQuestion, _context: Context, _known: Known) -> Decision:
    """question.asked. Raises NotFound, Refused."""
    state = still_open(states, command.incident)
    draft = Draft(command.incident, QuestionAsked(text=command.text))
    return Decision((draft,), {"seq": state.seq + 1, "version": 1})


_ENDINGS = {
    Standing.FACT: (Ending.REFUTED, Ending.WITHDRAWN),
    Standing.ASSUMPTION: (Ending.CONFIRMED, Ending.REFUTED, Ending.WITHDRAWN),
    Standing.QUESTION: (Ending.ANSWERED, Ending.WITHDRAWN),
}


def settle(states: States, command: Settle, _context: Context, _known: Known) -> Decision:
    """thing.confirmed, .refuted, .answered or .withdrawn. Raises NotFound, Refused, Conflict."""
    thing = still_open(states, command.incident).slice(FACTS).things.get(command.thing)
    if thing is None:
        raise Refused(
            "This number is no fact, assumption or question that stands.",
            "thing",
            "It may have been settled already: look at the list of what stands.",
        )
    if thing.version != command.expected:
        raise Conflict(
            "Somebody else settled this first.",
            "expected",
            "Look at it again, then decide.",
            theirs=f"it stands as a {thing.standing}",
            yours=f"{command.ending}: {command.text}",
            version=thing.version,
        )
    if command.ending not in _ENDINGS[thing.standing]:
        fitting = " or ".join(_ENDINGS[thing.standing])
        raise Refused(f"A {thing.standing} cannot be {command.ending}.", "ending", f"Settle it as {fitting}.")
    draft = Draft(command.incident, _ended(command), (Ref("settles", command.incident, command.thing),))
    return Decision(
        (draft,), {"thing": command.thing, "ending": command.ending, "version": thing.version + 1}
    )


def _ended(command: Settle) -> Body:
    match command.ending:
        case Ending.CONFIRMED:
            if command.source is None:
                raise Refused("A fact needs its source.", "source", "Say how we know, in a few words.")
            return Confirmed(text=command.text, source=command.source)
        case Ending.REFUTED:
            return Refuted(text=command.text)
        case Ending.ANSWERED:
            return Answered(text=command.text)
        case Ending.WITHDRAWN:
            return Withdrawn(text=command.text)


def _one(command: StateFact | MakeAssumption | AskQuestion | Settle) -> tuple[str, ...]:
    return (command.incident,)


RULES = (
    Rule(Verb.FACT, StateFact, state_fact, _one),
    Rule(Verb.ASSUME, MakeAssumption, make_assumption, _one),
    Rule(Verb.QUESTION, AskQuestion, ask_question, _one),
    Rule(Verb.SETTLE, Settle, settle, _one),
)
