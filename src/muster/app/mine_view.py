"""What waits for one person in an incident: their step, decisions, tasks, evidence, approvals; and the next clock."""

from muster.app import action_view, disclosure_view, run_view, statement_view
from muster.app.decision_view import first_needed, put_to
from muster.app.disclosure_view import ClockView
from muster.app.look import Look
from muster.app.run_view import NextView
from muster.app.views import View
from muster.app.work_view import first_due
from muster.disclose.statement import STATEMENTS
from muster.record.state import StreamState
from muster.respond.actions import ACTIONS, Action, ActionProposed, ActionState
from muster.respond.custody import CUSTODY
from muster.respond.decisions import DECISIONS
from muster.respond.runs import RUNS
from muster.respond.tasks import TASKS, late

_FEW = 20
_MANY = 100


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


def needs(state: StreamState, account: str) -> set[int]:
    """The entries whose words the view shows, and those of proposals: who may approve depends on what they say."""
    tasks = first_due(state)
    mine = [(seq, task) for seq, task in tasks if task.owner == account]
    given = [(seq, task) for seq, task in mine if not task.accepted]
    shown = (*tasks[:_FEW], *mine[:_FEW], *given[:_FEW])
    asked = [seq for seq, _ in first_needed(state)]
    proposed = _proposed(state)
    return {
        *(seq if task.words is None else task.words for seq, task in shown),
        *asked[:_MANY],
        *(action_view.place(seq, one) for seq, one in proposed),
    }


def _proposed(state: StreamState) -> list[tuple[int, Action]]:
    """Open actions, the oldest first, as many as are looked at."""
    return list(state.slice(ACTIONS).pending.items())[:_MANY]


def view(look: Look) -> MineView:
    """What waits for whoever looks."""
    state, account = look.state, look.account
    tasks = first_due(state)
    mine = [(seq, task) for seq, task in tasks if task.owner == account]
    overdue = late(state, look.now)
    return MineView(
        step=run_view.next_of(look),
        asked=tuple(
            WaitingView(seq=seq, text=look.words.text(seq), at=one.by)
            for seq, one in first_needed(state)[:_MANY]
            if put_to(look, one)
        ),
        given=tuple(_task(look, seq) for seq, one in mine if not one.accepted)[:_FEW],
        late=tuple(_task(look, seq) for seq, _ in mine if seq in overdue)[:_FEW],
        late_tasks=tuple(_task(look, seq) for seq, _ in tasks if seq in overdue)[:_FEW],
        offered=tuple(seq for seq, one in state.slice(CUSTODY).exhibits.items() if one.offered == account),
        approve=tuple(_action(look, seq) for seq in action_view.waits_for_me(look)),
        lapsed=tuple(
            _action(look, seq)
            for seq, one in _proposed(state)
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
