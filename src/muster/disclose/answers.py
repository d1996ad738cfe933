"""Answers to the questions that the plan asks in every incident; what is answered is a fact with its source."""

import re
from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from muster.access.command import Line, MaybeLine
from muster.access.verbs import Standing
from muster.core.errors import BadInput, Refused
from muster.core.time import parse_stated
from muster.disclose.planned import plan_of
from muster.plan.facts import AskedFact, FactKind
from muster.plan.part import Id
from muster.record.body import Body, kinds_of
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft, Entry, Ref
from muster.record.state import Fold, Slice, States, StreamState
from muster.respond.facts import FACTS, FactStated, Withdrawn
from muster.respond.facts import Standing as Worth
from muster.respond.incident import still_open
from muster.respond.work import Replacing, Work, as_seen

UNKNOWN = "unknown"
_NUMBER = re.compile(r"\d{1,12}", re.ASCII)
_GONE = frozenset({"hides", "erases"})


class FactAnswered(Body):
    """A question of the plan has this answer. Refs: `answers` the fact that says so, `replaces` the one before."""

    kind: ClassVar[str] = "fact.answered"
    fact: str
    answer: str


class Answer(Slice):
    """An answer as it stands: the fact behind it (None: somebody said that it is not known), and by which entry."""

    answer: str
    by: int
    thing: int | None = None
    version: int = 1


class Answers(Slice):
    """The answers by the question's id in the plan."""

    facts: dict[str, Answer] = Field(default_factory=dict[str, Answer])


def evolve(answers: Answers, entry: Entry) -> Answers:
    """The answers after one more entry. What is hidden or erased is no answer any more: nobody knows it again."""
    head = entry.header
    if head.kind == FactAnswered.kind:
        replaced = {ref.seq for ref in head.refs if ref.rel == "replaces"}
        left = {name: one for name, one in answers.facts.items() if one.thing not in replaced}
        if not isinstance(entry.body, FactAnswered):
            return Answers(facts=left)
        before = answers.facts.get(entry.body.fact)
        thing = next((ref.seq for ref in head.refs if ref.rel == "answers"), None)
        version = 1 if before is None else before.version + 1
        now = Answer(answer=entry.body.answer, by=head.seq, thing=thing, version=version)
        return Answers(facts={**left, entry.body.fact: now})
    gone = {ref.seq for ref in head.refs if ref.rel in _GONE}
    if not gone:
        return answers
    return Answers(facts={name: one for name, one in answers.facts.items() if not gone & {one.by, one.thing}})


ANSWERS = Fold("answers", Answers(), evolve)
KINDS = kinds_of(FactAnswered)


def standing_answers(state: StreamState) -> Mapping[str, Answer]:
    """The answers whose fact still stands: a refuted or withdrawn one leaves its question open again."""
    facts = state.slice(FACTS).things
    return {
        name: one
        for name, one in state.slice(ANSWERS).facts.items()
        if one.thing is not None and one.thing in facts and facts[one.thing].standing is Worth.FACT
    }


class AnswerFact(Replacing):
    """Answer a question of the plan. answer: `unknown` says that nobody knows, and needs no source.

    expected: the version of the answer that you saw, 0 when there was none.
    """

    fact: Id
    answer: Line
    source: MaybeLine = None


def answer_fact(states: States, command: AnswerFact, _context: Context, known: Known) -> Decision:
    """fact.stated and fact.answered; the fact of an earlier answer is withdrawn. Raises NotFound, Refused, Conflict."""
    state = still_open(states, command.incident)
    asked = plan_of(known).facts.get(command.fact)
    if asked is None:
        raise Refused(
            "The plan of this incident asks no such question.",
            "fact",
            "Take the id of a question from its list, or state a fact.",
        )
    before = state.slice(ANSWERS).facts.get(command.fact)
    version = 0 if before is None else before.version
    as_seen(
        version,
        command.expected,
        what="answer",
        theirs="" if before is None else before.answer,
        yours=command.answer,
    )
    drafts: list[Draft] = []
    refs: list[Ref] = []
    if before is not None and before.thing is not None:
        refs.append(Ref("replaces", command.incident, before.thing))
        if before.thing in state.slice(FACTS).things:
            settles = Ref("settles", command.incident, before.thing)
            drafts.append(Draft(command.incident, Withdrawn(text="It is answered anew."), (settles,)))
    answer = fitting(asked, command.answer)
    if answer != UNKNOWN:
        if command.source is None:
            raise Refused("An answer needs its source.", "source", "Say how we know, in a few words.")
        refs.append(Ref("answers", command.incident, state.seq + 1 + len(drafts)))
        text = f"{asked.question} {answer}"
        drafts.append(Draft(command.incident, FactStated(text=text, source=command.source)))
    drafts.append(Draft(command.incident, FactAnswered(fact=command.fact, answer=answer), tuple(refs)))
    return Decision(tuple(drafts), {"fact": command.fact, "answer": answer, "version": version + 1})


def fitting(asked: AskedFact, answer: str) -> str:
    """The answer as its kind wants it. Raises BadInput."""
    plain = answer.casefold()
    if plain == UNKNOWN:
        return UNKNOWN
    match asked.kind:
        case FactKind.YES_NO if plain in ("yes", "no"):
            return plain
        case FactKind.YES_NO:
            raise BadInput("This question wants yes, no or unknown.", "answer", "Give one of the three.")
        case FactKind.CHOICE if answer in asked.choices:
            return answer
        case FactKind.CHOICE:
            raise BadInput(
                "This is none of the choices of the plan.",
                "answer",
                f"Give one of: {', '.join((*asked.choices, UNKNOWN))}.",
            )
        case FactKind.NUMBER if _NUMBER.fullmatch(answer):
            return answer
        case FactKind.NUMBER:
            raise BadInput("This question wants a whole number.", "answer", "Write it in digits, or unknown.")
        case FactKind.TIME:
            parse_stated(answer, "answer")
            return answer
        case FactKind.TEXT:
            return answer


WORK = (
    Work(
        "answer-fact",
        "Answer a question of the plan, with its source.",
        Standing.RESPONDER,
        AnswerFact,
        answer_fact,
    ),
)
