"""Tasks: one owner each, a time box, taken up by the owner, reported at each check-back, and ended once."""

from datetime import datetime
from typing import ClassVar

from pydantic import Field

from muster.access.command import OpaqueId, Seq, Text
from muster.access.verbs import Standing
from muster.core.errors import Refused
from muster.core.time import from_stored
from muster.record.body import Body, kinds_of
from muster.record.context import Context
from muster.record.decision import JSON, Decision, Known
from muster.record.entry import Draft, Entry, Ref
from muster.record.state import Fold, Slice, States, StreamState
from muster.respond.able import check_able, commander, commands, reads_accounts
from muster.respond.incident import still_open
from muster.respond.work import (
    InIncident,
    Minutes,
    Replacing,
    Work,
    WorkCorrected,
    after,
    as_seen,
    now,
    pointed,
)

TIME_BOX = 60


class TaskGiven(Body):
    """What is to be done. Who does it, and by when, is the next entry, which has no words."""

    kind: ClassVar[str] = "task.given"
    text: str


class TaskAssigned(Body):
    """The task (ref `task`) has this owner from now on; `due` ends its time box, `every` minutes it is reported.

    hands_on: whether it is work at the systems themselves; to_commander: it went to the commander all the same.
    """

    kind: ClassVar[str] = "task.assigned"
    owner: str
    due: str
    every: int
    former: str | None = None
    hands_on: bool = True
    to_commander: bool = False


class TaskAccepted(Body):
    """Its owner has taken up the task (ref `task`)."""

    kind: ClassVar[str] = "task.accepted"


class TaskReported(Body):
    """How the task (ref `task`) stands: done so far, being done, next, and what is needed."""

    kind: ClassVar[str] = "task.reported"
    text: str


class TaskDone(Body):
    """The task (ref `task`) is done, with this result."""

    kind: ClassVar[str] = "task.done"
    text: str


class TaskDropped(Body):
    """The task (ref `task`) will not be done, for this reason."""

    kind: ClassVar[str] = "task.dropped"
    text: str


class Task(Slice):
    """An open task. version: how often it was given, taken up or corrected; its words are in the entries.

    words: the entry that corrected them last. said: the entry of its last report.
    """

    owner: str = ""
    due: str = ""
    check: str = ""
    every: int = TIME_BOX
    accepted: bool = False
    words: int | None = None
    said: int | None = None
    version: int = 0


class Tasks(Slice):
    """The open tasks, by the number of the entry that gave them."""

    pending: dict[int, Task] = Field(default_factory=dict[int, Task])

    def of(self, account: str) -> tuple[int, ...]:
        """The open tasks of this owner, the first due first."""
        mine = [(task.due, seq) for seq, task in self.pending.items() if task.owner == account]
        return tuple(seq for _, seq in sorted(mine))


def evolve(tasks: Tasks, entry: Entry) -> Tasks:
    """The tasks after one more entry; their words may be erased."""
    head = entry.header
    if head.kind == TaskGiven.kind:
        return _with(tasks, head.seq, Task())
    seq = pointed(head, "corrects" if head.kind == WorkCorrected.kind else "task")
    task = None if seq is None else tasks.pending.get(seq)
    if seq is None or task is None:
        return tasks
    match head.kind:
        case TaskAssigned.kind:
            return _with(tasks, seq, _assigned(task, entry))
        case TaskAccepted.kind:
            return _with(tasks, seq, _next(task, accepted=True))
        case TaskReported.kind:
            check = after(head.happened.at, task.every)
            return _with(tasks, seq, task.model_copy(update={"check": check, "said": head.seq}))
        case WorkCorrected.kind:
            return _with(tasks, seq, _next(task, words=head.seq))
        case TaskDone.kind | TaskDropped.kind:
            return Tasks(pending={other: one for other, one in tasks.pending.items() if other != seq})
        case _:
            return tasks


def _with(tasks: Tasks, seq: int, task: Task) -> Tasks:
    return Tasks(pending={**tasks.pending, seq: task})


def _next(task: Task, **changes: object) -> Task:
    return task.model_copy(update={**changes, "version": task.version + 1})


def _assigned(task: Task, entry: Entry) -> Task:
    body = entry.body
    if not isinstance(body, TaskAssigned):
        return _next(task, owner="", accepted=False)
    return Task(
        owner=body.owner,
        due=body.due,
        check=after(entry.header.happened.at, body.every),
        every=body.every,
        accepted=body.owner == entry.header.who,
        words=task.words,
        said=task.said,
        version=task.version + 1,
    )


TASKS = Fold("tasks", Tasks(), evolve)
KINDS = kinds_of(TaskGiven, TaskAssigned, TaskAccepted, TaskReported, TaskDone, TaskDropped)
# Entries with no words to hide.
FIXED = (TaskAssigned, TaskAccepted)


class GiveTask(InIncident):
    """Give a task to one owner. minutes: its time box; check_back: it is reported at least this often.

    hands_on: work at the systems themselves, which is not for the commander.
    """

    text: Text
    owner: OpaqueId
    minutes: Minutes = TIME_BOX
    check_back: Minutes | None = None
    hands_on: bool = True


class AcceptTask(Replacing):
    """Take up a task that was given to you."""

    task: Seq


class HandOverTask(Replacing):
    """Hand a task over to another owner, with a new time box."""

    task: Seq
    to: OpaqueId
    minutes: Minutes = TIME_BOX
    check_back: Minutes | None = None
    hands_on: bool = True


class ReportTask(InIncident):
    """Say how a task stands: what is done, what you do, what is next, what you need."""

    task: Seq
    text: Text


class FinishTask(Replacing):
    """End a task as done, with its result."""

    task: Seq
    text: Text


class DropTask(Replacing):
    """End a task that will not be done, with the reason."""

    task: Seq
    reason: Text


def give(states: States, command: GiveTask, context: Context, _known: Known) -> Decision:
    """task.given, task.assigned; warns when it is hands-on and goes to the commander (INV-01). Raises Refused."""
    state = still_open(states, command.incident)
    check_able(states, state, command.owner, "owner")
    seq = state.seq + 1
    assigned = _assignment(state, command, command.owner, None, context)
    drafts = (
        Draft(command.incident, TaskGiven(text=command.text)),
        Draft(command.incident, assigned, (Ref("task", command.incident, seq),)),
    )
    return Decision(drafts, {"task": seq, "version": 1, "due": assigned.due, "warnings": _warnings(assigned)})


def accept(states: States, command: AcceptTask, context: Context, _known: Known) -> Decision:
    """task.accepted, by its owner only. Raises NotFound, Refused, Conflict."""
    state, task = _open(states, command, command.task)
    _seen(task, command.expected, "take it up")
    if task.owner != context.actor.account:
        raise Refused("This task is somebody else's.", "task", "Ask its owner to hand it over to you.")
    if task.accepted:
        raise Refused("You have taken it up already.", "task", "Nothing is to be done.")
    return _moved(state, command.task, TaskAccepted(), task.version + 1)


def hand_over(states: States, command: HandOverTask, context: Context, _known: Known) -> Decision:
    """task.assigned to the new owner, who has not taken it up yet. Raises NotFound, Refused, Conflict."""
    state, task = _open(states, command, command.task)
    _seen(task, command.expected, f"hand it over to {command.to}")
    _mine_or_command(state, task, context)
    if task.owner == command.to:
        raise Refused("They own this task already.", "to", "Nothing is to be done.")
    check_able(states, state, command.to, "to")
    assigned = _assignment(state, command, command.to, task.owner, context)
    moved = _moved(state, command.task, assigned, task.version + 1)
    return Decision(moved.drafts, {**moved.answer, "due": assigned.due, "warnings": _warnings(assigned)})


def report(states: States, command: ReportTask, context: Context, _known: Known) -> Decision:
    """task.reported; the next check-back counts from now. Raises NotFound, Refused."""
    state, task = _open(states, command, command.task)
    _mine_or_command(state, task, context)
    return _moved(state, command.task, TaskReported(text=command.text), task.version)


def finish(states: States, command: FinishTask, context: Context, _known: Known) -> Decision:
    """task.done, by its owner or command. Raises NotFound, Refused, Conflict."""
    state, task = _open(states, command, command.task)
    _seen(task, command.expected, f"done: {command.text}")
    _mine_or_command(state, task, context)
    return _moved(state, command.task, TaskDone(text=command.text), task.version + 1)


def drop(states: States, command: DropTask, context: Context, _known: Known) -> Decision:
    """task.dropped, by its owner or command. Raises NotFound, Refused, Conflict."""
    state, task = _open(states, command, command.task)
    _seen(task, command.expected, f"dropped: {command.reason}")
    _mine_or_command(state, task, context)
    return _moved(state, command.task, TaskDropped(text=command.reason), task.version + 1)


def late(state: StreamState, instant: datetime) -> dict[int, str]:
    """The open tasks that somebody must look at now, each with why (INV-05)."""
    found: dict[int, str] = {}
    for seq, task in state.slice(TASKS).pending.items():
        if not task.due:
            continue
        if instant >= from_stored(task.due):
            found[seq] = "its time box is over"
        elif instant >= from_stored(task.check):
            found[seq] = "its check-back is due" if task.accepted else "nobody has taken it up"
    return found


def _open(states: States, command: InIncident, seq: int) -> tuple[StreamState, Task]:
    state = still_open(states, command.incident)
    task = state.slice(TASKS).pending.get(seq)
    if task is None:
        raise Refused("This number is no open task.", "task", "Look at the list of open tasks.")
    return state, task


def _seen(task: Task, expected: int, yours: str) -> None:
    owner = task.owner or "nobody who is known"
    as_seen(task.version, expected, what="task", theirs=f"it is {owner}'s", yours=yours)


def _mine_or_command(state: StreamState, task: Task, context: Context) -> None:
    if (
        context.actor.account != task.owner
        and commander(state)
        and not commands(state, context.actor.account)
    ):
        raise Refused("This task is somebody else's.", "task", "Ask its owner, or the commander.")


def _assignment(
    state: StreamState, command: GiveTask | HandOverTask, owner: str, former: str | None, context: Context
) -> TaskAssigned:
    return TaskAssigned(
        owner=owner,
        due=after(now(context), command.minutes),
        every=command.check_back or command.minutes,
        former=former,
        hands_on=command.hands_on,
        to_commander=command.hands_on and owner == commander(state),
    )


def _warnings(assigned: TaskAssigned) -> tuple[JSON, ...]:
    if not assigned.to_commander:
        return ()
    return ("The commander gets hands-on work: nobody leads meanwhile. Give it to somebody else.",)


def _moved(state: StreamState, task: int, body: Body, version: int) -> Decision:
    draft = Draft(state.stream, body, (Ref("task", state.stream, task),))
    return Decision((draft,), {"task": task, "version": version})


WORK = (
    Work("task", "Give a task to one owner.", Standing.RESPONDER, GiveTask, give, reads_accounts),
    Work("take", "Take up a task that was given to you.", Standing.SIGNED_IN, AcceptTask, accept),
    Work("hand-over", "Hand a task over.", Standing.SIGNED_IN, HandOverTask, hand_over, reads_accounts),
    Work("check-back", "Say how a task stands.", Standing.SIGNED_IN, ReportTask, report),
    Work("done", "End a task as done.", Standing.SIGNED_IN, FinishTask, finish),
    Work("drop", "End a task that will not be done.", Standing.SIGNED_IN, DropTask, drop),
)
