"""What waits for one person in an incident: their step, decisions, tasks, evidence, approvals; and the next clock."""

from muster.app import action_view, disclosure_view, run_view, statement_view
from muster.app.decision_view import put_to
from muster.app.disclosure_view import ClockView
from muster.app.look import Look
from muster.app.run_view import NextView
from muster.app.views import View
from muster.disclose.statement import STATEMENTS
from muster.record.state import StreamState
from muster.respond.actions import ACTIONS, ActionProposed, ActionState
from muster.respond.custody import CUSTODY
from muster.respond.decisions import DECISIONS
from muster.respond.runs import RUNS
from muster.respond.tasks import TASKS, late

_FEW = 20


class WaitingView(View):
    """Something that waits: its number and words, and since or until when."""

    seq: int
    text: str
    at: str = ""


class MineView(View):
    """What waits for whoever looks, in the order of what to do first within each kind.

    given: tasks not taken up yet; late: tasks of theirs that are late; late_tasks: all that are.
    """

    step: NextView | None
    asked: tuple[WaitingView, ...]
    given: tuple[WaitingView, ...]
    late: tuple[WaitingView, ...]
    late_tasks: tuple[WaitingView, ...]
    offered: tuple[int, ...]
    approve: tuple[WaitingView, ...]
    lapsed: tuple[WaitingView, ...]
    shaken: tuple[int, ...]
    statements: tuple[int, ...]
    clock: ClockView | None


class CountsView(View):
    """How much is open in each part of the room."""

    work: int
    runs: int
    actions: int
    disclosure: int


def needs(state: StreamState) -> set[int]:
    """The entries whose words the view shows, and those of proposals: who may approve depends on what they say."""
    tasks = state.slice(TASKS).pending
    actions = list(state.slice(ACTIONS).pending.items())
    wanted = {*list(tasks)[-_FEW:], *list(state.slice(DECISIONS).pending)[-_FEW:]}
    wanted |= {one.words for one in list(tasks.values())[-_FEW:] if one.words is not None}
    return wanted | {action_view.place(seq, one) for seq, one in actions[-_FEW:]}


def view(look: Look) -> MineView:
    """What waits for whoever looks."""
    state, account = look.state, look.account
    tasks = state.slice(TASKS).pending
    overdue = late(state, look.now)
    actions = state.slice(ACTIONS).pending
    return MineView(
        step=run_view.next_of(look),
        asked=tuple(
            WaitingView(seq=seq, text=look.words.text(seq), at=one.by)
            for seq, one in sorted(state.slice(DECISIONS).pending.items(), key=lambda item: item[1].by)
            if put_to(look, one)
        ),
        given=tuple(
            _task(look, seq) for seq, one in tasks.items() if one.owner == account and not one.accepted
        ),
        late=tuple(_task(look, seq) for seq in overdue if tasks[seq].owner == account),
        late_tasks=tuple(_task(look, seq) for seq in overdue),
        offered=tuple(seq for seq, one in state.slice(CUSTODY).exhibits.items() if one.offered == account),
        approve=tuple(_action(look, seq) for seq in action_view.waits_for_me(look)),
        lapsed=tuple(
            _action(look, seq)
            for seq, one in actions.items()
            if one.state in (ActionState.DONE, ActionState.VERIFIED) and look.late(one.until)
        ),
        shaken=statement_view.shaken(look),
        statements=statement_view.to_approve(look),
        clock=disclosure_view.next_clock(look),
    )


def counts(look: Look) -> CountsView:
    """How much is open in each part of the room, for its links."""
    state = look.state
    unsent = sum(not one.sent for one in state.slice(STATEMENTS).statements.values())
    return CountsView(
        work=len(state.slice(TASKS).pending) + len(state.slice(DECISIONS).pending),
        runs=len(state.slice(RUNS).running),
        actions=len(state.slice(ACTIONS).pending),
        disclosure=unsent,
    )


def _task(look: Look, seq: int) -> WaitingView:
    task = look.state.slice(TASKS).pending[seq]
    return WaitingView(seq=seq, text=look.words.text(seq if task.words is None else task.words), at=task.due)


def _action(look: Look, seq: int) -> WaitingView:
    action = look.state.slice(ACTIONS).pending[seq]
    at = action_view.place(seq, action)
    body = look.words.body(at)
    title = f"{body.action} {body.target}" if isinstance(body, ActionProposed) else look.words.text(at)
    return WaitingView(seq=seq, text=title, at=action.until or "")
