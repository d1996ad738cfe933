"""The work of an incident as people see it: tasks, posture, milestones, and services that are lost or back."""

from muster.app.look import Look
from muster.app.views import View
from muster.core.errors import Refused
from muster.plan.services import Service
from muster.record.state import StreamState
from muster.respond.able import commands
from muster.respond.ground import services
from muster.respond.milestones import MILESTONES, Claimed
from muster.respond.outages import OUTAGES, next_back
from muster.respond.posture import POSTURE, Posture
from muster.respond.tasks import TASKS, Task, late

MOST_TASKS = 100
_EARLIER = 5


class TaskView(View):
    """An open task. late: why somebody must look at it now. mine: whether it is for whoever looks."""

    seq: int
    text: str
    corrected: str
    report: str
    owner: str
    mine: bool
    may_end: bool
    accepted: bool
    due: str
    check: str
    late: str
    version: int


class ClaimView(View):
    """One claim of a milestone: when it was reached, who says so, what shows it, and whether it was revoked."""

    seq: int
    at: str
    who: str
    reason: str
    shown_by: tuple[int, ...]
    revoked: bool


class MilestoneView(View):
    """A milestone that was claimed at least once, its newest claims first."""

    milestone: str
    stands: bool
    claims: tuple[ClaimView, ...]


class PostureView(View):
    """How we act towards the attacker. quiet: nothing that they would notice is done yet."""

    posture: str
    begun: bool
    quiet: bool
    version: int


class LostView(View):
    """A service that does not work: since when, what it waits for, and its place in the order of coming back."""

    service: str
    title: str
    since: str
    waits_for: tuple[str, ...]
    place: int | None


class WorkView(View):
    """All of it. trouble: why no order of coming back can be told. services: of the plan, to choose from."""

    tasks: tuple[TaskView, ...]
    tasks_more: int
    posture: PostureView
    postures: tuple[str, ...]
    milestones: tuple[MilestoneView, ...]
    unclaimed: tuple[str, ...]
    lost: tuple[LostView, ...]
    restored: tuple[tuple[str, str], ...]
    trouble: str
    services: tuple[tuple[str, str], ...]
    commands: bool


def needs(state: StreamState) -> set[int]:
    """The entries whose words the view shows."""
    tasks = first_due(state)[:MOST_TASKS]
    wanted = {seq for seq, _ in tasks}
    wanted |= {at for _, task in tasks for at in (task.words, task.said) if at is not None}
    for claims in state.slice(MILESTONES).claims.values():
        for seq in list(claims)[-_EARLIER:]:
            wanted |= {seq, seq + 1}
    return wanted


def first_due(state: StreamState) -> list[tuple[int, Task]]:
    """The open tasks in the order in which somebody must look at them."""
    return sorted(
        state.slice(TASKS).pending.items(), key=lambda item: (min(item[1].due, item[1].check), item[0])
    )


def view(look: Look) -> WorkView:
    """The work of an incident, for whoever looks."""
    state = look.state
    pending = first_due(state)
    shown = pending[:MOST_TASKS]
    overdue = late(state, look.now)
    stance = state.slice(POSTURE)
    known = services(look.told)
    order, trouble = _order(look)
    milestones = state.slice(MILESTONES)
    return WorkView(
        tasks=tuple(
            sorted((_task(look, seq, task, overdue.get(seq, "")) for seq, task in shown), key=_mine_first)
        ),
        tasks_more=len(pending) - len(shown),
        posture=PostureView(
            posture=stance.posture.value, begun=stance.begun, quiet=stance.quiet, version=stance.version
        ),
        postures=tuple(one.value for one in Posture),
        milestones=tuple(_milestone(look, one) for one in Claimed if milestones.claims.get(one)),
        unclaimed=tuple(one.value for one in Claimed if milestones.standing(one) is None),
        lost=tuple(_lost(look, name, since, known, order) for name, since in _by_place(look, order)),
        restored=tuple(sorted(state.slice(OUTAGES).restored.items(), key=lambda one: one[1], reverse=True)),
        trouble=trouble,
        services=tuple((name, one.name) for name, one in known.items()),
        commands=commands(state, look.account),
    )


def _task(look: Look, seq: int, task: Task, overdue: str) -> TaskView:
    mine = task.owner == look.account
    return TaskView(
        seq=seq,
        text=look.words.text(seq),
        corrected=look.words.text(task.words),
        report=look.words.text(task.said),
        owner=look.name(task.owner),
        mine=mine,
        may_end=mine or commands(look.state, look.account),
        accepted=task.accepted,
        due=task.due,
        check=task.check,
        late=overdue,
        version=task.version,
    )


def _mine_first(task: TaskView) -> bool:
    return not task.mine


def _milestone(look: Look, milestone: Claimed) -> MilestoneView:
    claims = list(look.state.slice(MILESTONES).claims[milestone].items())[-_EARLIER:]
    return MilestoneView(
        milestone=milestone.value,
        stands=look.state.slice(MILESTONES).standing(milestone) is not None,
        claims=tuple(
            ClaimView(
                seq=seq,
                at=claim.at,
                who=look.name(claim.who),
                reason=look.words.reason(seq),
                shown_by=_shown_by(look, seq),
                revoked=claim.revoked,
            )
            for seq, claim in reversed(claims)
        ),
    )


def _shown_by(look: Look, seq: int) -> tuple[int, ...]:
    entry = look.words.entries.get(seq)
    return tuple(ref.seq for ref in entry.header.refs if ref.rel == "shows") if entry else ()


def _order(look: Look) -> tuple[tuple[str, ...], str]:
    try:
        return next_back(look.state, look.told), ""
    except Refused as error:
        return (), error.line()


def _by_place(look: Look, order: tuple[str, ...]) -> list[tuple[str, str]]:
    lost = look.state.slice(OUTAGES).lost
    return sorted(lost.items(), key=lambda one: (order.index(one[0]) if one[0] in order else 999, one[1]))


def _lost(look: Look, name: str, since: str, known: dict[str, Service], order: tuple[str, ...]) -> LostView:
    found = known.get(name)
    lost = look.state.slice(OUTAGES).lost
    return LostView(
        service=name,
        title=found.name if found else name,
        since=since,
        waits_for=tuple(need for need in found.depends_on if need in lost) if found else (),
        place=order.index(name) + 1 if name in order else None,
    )
