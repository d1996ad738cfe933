"""What the plan said and what was done: each playbook step by step, with its line, who, when, and where it was left."""

from collections.abc import Iterator
from datetime import datetime

from muster.app.looking_back.past import Past
from muster.app.views import View
from muster.core.time import from_stored
from muster.plan.playbooks import Playbook
from muster.record.entry import Entry
from muster.respond.runs import (
    RunEnded,
    RunStarted,
    StepApproved,
    StepCompensated,
    StepDone,
    StepFailed,
    StepOffered,
    StepSkipped,
)

_MOVES = {
    StepDone.kind: "done",
    StepSkipped.kind: "left out",
    StepFailed.kind: "failed",
    StepCompensated.kind: "undone",
    StepApproved.kind: "agreed to",
}


class StepTaken(View):
    """One thing that happened at a step. says: the plan's words. late: after the time that the plan gives.

    itself: it needed nobody (a fork, a join, an end). deviation: the plan was left here.
    """

    seq: int
    step: str
    kind: str
    where: str
    says: str
    role: str
    offered_to: str
    offered_at: datetime | None
    limit: datetime | None
    at: datetime
    who: str
    outcome: str
    choice: str
    words: str
    late: bool
    itself: bool
    deviation: bool


class RunTold(View):
    """A playbook that was followed. unreached: steps of the plan that were not on the way, or not yet."""

    seq: int
    playbook: str
    title: str
    commit: str
    began: datetime
    who: str
    ended: datetime | None
    outcome: str
    reason: str
    deviations: int
    steps: tuple[StepTaken, ...]
    unreached: tuple[str, ...]


def runs_told(past: Past) -> tuple[RunTold, ...]:
    """Every playbook that was followed, in order."""
    return tuple(_run(past, entry) for entry in past.of(RunStarted))


def _run(past: Past, entry: Entry) -> RunTold:
    seq = entry.header.seq
    body = past.body(seq, RunStarted)
    name = body.playbook if body else "(erased)"
    commit = body.commit if body else ""
    pinned = past.pinned_at(commit)
    book = pinned.playbooks.get(name) if pinned else None
    moves = list(past.about(seq, "run"))
    end = next((one for one in moves if one.header.kind == RunEnded.kind), None)
    ending = past.body(end.header.seq, RunEnded) if end else None
    steps = tuple(_steps(past, name, commit, book, moves))
    reached = {one.step for one in steps}
    return RunTold(
        seq=seq,
        playbook=name,
        title=book.title if book else name,
        commit=commit,
        began=past.written(entry),
        who=past.who(entry),
        ended=past.written(end) if end else None,
        outcome=ending.outcome if ending else "goes on",
        reason=past.reason(end.header.seq) if end else "",
        deviations=sum(one.deviation for one in steps),
        steps=steps,
        unreached=tuple(step for step in (book.steps if book else ()) if step not in reached),
    )


def _steps(
    past: Past, name: str, commit: str, book: Playbook | None, moves: list[Entry]
) -> Iterator[StepTaken]:
    offers: dict[str, tuple[Entry, StepOffered]] = {}
    for entry in moves:
        offered = past.body(entry.header.seq, StepOffered)
        if offered is not None:
            offers[offered.step] = (entry, offered)
        if entry.header.kind in _MOVES:
            yield _taken(past, name, commit, book, entry, offers)


def _taken(
    past: Past,
    name: str,
    commit: str,
    book: Playbook | None,
    entry: Entry,
    offers: dict[str, tuple[Entry, StepOffered]],
) -> StepTaken:
    seq = entry.header.seq
    step = past.text(seq, "step")
    done = past.body(seq, StepDone)
    plan = book.steps.get(step) if book else None
    offer = offers.get(step)
    limit = from_stored(offer[1].until) if offer and offer[1].until else None
    at = past.written(entry)
    return StepTaken(
        seq=seq,
        step=step,
        kind=plan.kind if plan else "",
        where=past.place(f"playbooks/{name}.yaml", "steps", step, commit=commit),
        says=plan.do if plan else "",
        role=offer[1].role if offer else plan.role if plan else "",
        offered_to=past.name(offer[1].to) if offer else "",
        offered_at=past.written(offer[0]) if offer else None,
        limit=limit,
        at=at,
        who=past.who(entry),
        outcome=_MOVES[entry.header.kind],
        choice=(done.choice or "") if done else "",
        words=past.reason(seq),
        late=limit is not None and (at > limit or (done is not None and done.by_time)),
        itself=offer is None and done is not None,
        deviation=entry.header.kind == StepSkipped.kind,
    )
