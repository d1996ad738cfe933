"""What was known when: at each turning point the facts, assumptions and questions that stood in that minute (DOC-04)."""

from collections.abc import Iterator
from datetime import datetime

from muster.app.looking_back.past import Past
from muster.app.views import View
from muster.plan.playbooks import Decision, Gate
from muster.record.entry import Entry
from muster.respond.decisions import DecisionAsked, DecisionMade
from muster.respond.facts import Facts, evolve
from muster.respond.posture import PostureSet
from muster.respond.runs import RunStarted, StepDone
from muster.respond.severity import SeverityRated

_KNEW = {"knew-fact": "fact", "knew-assumption": "assumption", "knew-question": "question"}

_AGREED = {"yes": "agreed to", "no": "not agreed to"}


class Knew(View):
    """Something that stood then, by its entry, and what it was worth. new: it did not stand at the turning point before."""

    seq: int
    worth: str
    text: str
    new: bool


class TurningPoint(View):
    """Something that was decided, by whom, why, and with what in mind.

    written_then: what stood is a part of the entry itself; else it is folded from the entries before it. left_out:
    how many more stood than the entry holds. replaced: it no longer holds.
    """

    seq: int
    at: datetime
    kind: str
    who: str
    role: str
    what: str
    reason: str
    objections: str = ""
    authority: str = ""
    asked: str = ""
    options: tuple[str, ...] = ()
    knew: tuple[Knew, ...]
    written_then: bool
    left_out: int = 0
    replaced: bool = False

    def count(self, worth: str) -> int:
        """How many of these stood."""
        return sum(one.worth == worth for one in self.knew)


def turning_points(past: Past) -> tuple[TurningPoint, ...]:
    """Every rating, posture, choice of a playbook and decision, in order, each with what stood when it was written."""
    found: list[TurningPoint] = []
    facts, before = Facts(), frozenset[int]()
    for entry in past.entries:
        made = _made(past, entry)
        if made is not None:
            knew = _knew(past, entry, facts, before)
            found.append(made.model_copy(update={"knew": knew}))
            before = frozenset(one.seq for one in knew)
        facts = evolve(facts, entry)
    return tuple(found)


def _knew(past: Past, entry: Entry, facts: Facts, before: frozenset[int]) -> tuple[Knew, ...]:
    if entry.header.kind == DecisionMade.kind:
        stood = [(ref.seq, _KNEW[ref.rel]) for ref in entry.header.refs if ref.rel in _KNEW]
    else:
        stood = [(seq, thing.standing.value) for seq, thing in facts.things.items()]
    return tuple(
        Knew(seq=seq, worth=worth, text=past.text(seq), new=seq not in before) for seq, worth in sorted(stood)
    )


def _made(past: Past, entry: Entry) -> TurningPoint | None:
    match entry.header.kind:
        case DecisionMade.kind:
            return _decision(past, entry)
        case SeverityRated.kind:
            body = past.body(entry.header.seq, SeverityRated)
            why = past.reason(entry.header.seq) or (body.why if body else "")
            return _point(past, entry, "severity", body.severity.value if body else "(erased)", why)
        case PostureSet.kind:
            body = past.body(entry.header.seq, PostureSet)
            begun = ", the eviction begins" if body and body.begun else ""
            what = f"{body.posture}{begun}" if body else "(erased)"
            return _point(past, entry, "posture", what, past.reason(entry.header.seq))
        case StepDone.kind:
            return _choice(past, entry)
        case _:
            return None


def _point(past: Past, entry: Entry, kind: str, what: str, reason: str) -> TurningPoint:
    return TurningPoint(
        seq=entry.header.seq,
        at=past.written(entry),
        kind=kind,
        who=past.who(entry),
        role=entry.header.role or "",
        what=what,
        reason=reason,
        knew=(),
        written_then=False,
    )


def _choice(past: Past, entry: Entry) -> TurningPoint | None:
    body = past.body(entry.header.seq, StepDone)
    run = next((ref.seq for ref in entry.header.refs if ref.rel == "run"), None)
    started = past.body(run, RunStarted)
    if body is None or body.choice is None or started is None:
        return None
    pinned = past.pinned_at(started.commit)
    book = pinned.playbooks.get(started.playbook) if pinned else None
    step = book.steps.get(body.step) if book else None
    if isinstance(step, Decision):
        option = step.options.get(body.choice)
        what = f"{body.choice}: {option.means}" if option else body.choice
        by = " (by time: nobody chose)" if body.by_time else ""
        made = _point(past, entry, "choice", what + by, past.reason(entry.header.seq))
        return made.model_copy(update={"asked": step.do, "options": tuple(step.options)})
    if isinstance(step, Gate):
        made = _point(
            past, entry, "gate", _AGREED.get(body.choice, body.choice), past.reason(entry.header.seq)
        )
        return made.model_copy(update={"asked": step.do})
    return None


def _decision(past: Past, entry: Entry) -> TurningPoint:
    seq = entry.header.seq
    body = past.body(seq, DecisionMade)
    asked = next((ref.seq for ref in entry.header.refs if ref.rel == "decides"), None)
    question = past.body(asked, DecisionAsked)
    made = _point(past, entry, "decision", past.text(seq), body.reason if body else "")
    return made.model_copy(
        update={
            "objections": (body.objections or "") if body else "",
            "authority": (body.authority or "") if body else "",
            "asked": past.text(asked),
            "options": question.options if question else (),
            "written_then": True,
            "left_out": body.left_out if body else 0,
            "replaced": any(_replaces(past, seq)),
        }
    )


def _replaces(past: Past, seq: int) -> Iterator[Entry]:
    return past.about(seq, "replaces")
