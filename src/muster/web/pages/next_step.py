"""The one next action of an incident, for whoever looks at it."""

from collections.abc import Collection
from dataclasses import dataclass

from muster.app.caller import Caller
from muster.app.mine_view import MineView, WaitingView
from muster.app.room import HeadView
from muster.app.run_view import NextView
from muster.app.views import RoleView
from muster.core.people import Role
from muster.respond.incident import IncidentState

_ENDED = (IncidentState.CLOSED.value, IncidentState.STOOD_DOWN.value)


@dataclass(frozen=True)
class NextStep:
    """What to do, why, and which place does it. take: whether it is to take command, here and now.

    page: the page of the room, empty for the incident's own; part: the place on it. where: the line of the plan.
    """

    text: str
    why: str
    part: str
    take: bool = False
    page: str = ""
    where: str = ""

    @property
    def label(self) -> str:
        """What the link to that place is called."""
        return _LABELS[self.page or self.part]

    @property
    def link(self) -> str:
        """The place, seen from the incident's address."""
        return f"{'/' if self.page else ''}{self.page}#{self.part}"


_LABELS = {
    "log-form": "Write into the log",
    "questions": "Go to the questions",
    "roles": "Go to the roles",
    "severity": "Go to the severity",
    "state": "Go to the state",
    "summary": "Go to the summary",
    "door": "Say what became of it",
    "work": "Go to the work",
    "runs": "Go to the playbooks",
    "actions": "Go to the actions",
    "disclosure": "Go to the disclosure",
    "learning": "Go to the learning",
}
# Who sees to legal clocks, besides command.
_TELLING = (Role.COMMANDER, Role.DEPUTY, Role.COMMUNICATIONS, Role.LEGAL)


def next_step(view: HeadView, me: Caller) -> NextStep:
    """The next action, from the state of the incident, the role of whoever looks, and what waits for them."""
    if view.state in _ENDED:
        return NextStep(f"This incident is {view.state}. Nothing is to be done.", "", "state")
    offered = next((role for role in view.roles if role.offered_account == me.actor.account), None)
    if offered is not None:
        return NextStep(
            f"You were offered the role of {offered.role}. Accept or decline it.",
            "Until you answer, nobody knows whether you took it.",
            "roles",
        )
    commander = _role(view, Role.COMMANDER)
    if commander.holder is None:
        return _without_command(me)
    unsure = next((one for one in view.door.effects if one.unsure), None)
    if unsure is not None and me.responds:
        return NextStep(
            f"Nobody knows whether this happened: {unsure.sort} by {unsure.channel}. Find out, and say so.",
            "It is not done again by itself: twice may be worse than not at all.",
            "door",
        )
    held = {Role(role.role) for role in view.roles if role.holder_account == me.actor.account}
    if commander.holder_account == me.actor.account:
        first = _overdue(view.mine, held) or _first_of_commander(view)
        return first or waiting_step(view.mine, held) or _for_commander(view)
    return waiting_step(view.mine, held) or NextStep(
        f"{commander.holder} commands. Write down what you find and do.",
        "What stands in the log need not be asked for.",
        "log-form",
    )


def waiting_step(mine: MineView, held: Collection[Role]) -> NextStep | None:
    """What waits for whoever looks and holds these roles, the most pressing first; None when nothing does."""
    late = _overdue(mine, held)
    if late is not None:
        return late
    if mine.step is not None:
        return _plan_step(mine.step)
    if mine.asked:
        return NextStep(
            f"You are asked to decide: {_short(mine.asked[0].text)}",
            _by(mine.asked[0]),
            "decisions",
            page="work",
        )
    if mine.given:
        return NextStep(
            f"A task was given to you: {_short(mine.given[0].text)}",
            "Take it up, or hand it over: until then nobody knows whether it is done.",
            "tasks",
            page="work",
        )
    if mine.offered:
        return NextStep(
            "Evidence is offered to you. Accept it, or say that you do not.",
            "Until it is accepted, its holder keeps it.",
            "evidence",
            page="work",
        )
    if mine.approve:
        return NextStep(
            f"An action waits for your approval: {_short(mine.approve[0].text)}",
            "Read what the guard says. You approve exactly what you read.",
            "actions",
            page="actions",
        )
    if mine.late:
        return NextStep(
            f"Say how your task stands: {_short(mine.late[0].text)}",
            "Its time is over.",
            "tasks",
            page="work",
        )
    return None


def _overdue(mine: MineView, held: Collection[Role]) -> NextStep | None:
    """The legal clock that ran out, for those who see to it."""
    if mine.clock and mine.clock.overdue and any(role in held for role in _TELLING):
        return NextStep(
            f"A legal clock ran out: {mine.clock.key}. File the notice now, and say why it is late.",
            mine.clock.law,
            "clocks",
            page="disclosure",
        )
    return None


def _plan_step(step: NextView) -> NextStep:
    doing = {"failed": "It failed; try again, or leave it out", "started": "You are at it"}
    said = f"{doing[step.state]}. " if step.state in doing else ""
    return NextStep(
        f"{said}{_short(step.do)}",
        f"Step {step.step} of the playbook: {step.title}.",
        f"run-{step.run}",
        page="runs",
        where=step.where,
    )


def _short(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:200]} …"


def _by(waiting: WaitingView) -> str:
    return f"By {waiting.at[11:16]} UTC." if waiting.at else ""


def _role(view: HeadView, role: Role) -> RoleView:
    found = next((held for held in view.roles if held.role == role.value), None)
    return found or RoleView(
        role=role.value, holder=None, holder_account=None, offered=None, offered_account=None, version=0
    )


def _without_command(me: Caller) -> NextStep:
    if me.responds:
        return NextStep(
            "Nobody commands. Take command, or offer it to somebody.",
            "One person decides, so that the others can work.",
            "roles",
            take=True,
        )
    return NextStep(
        "Nobody commands yet. Tell a responder.", "One person decides, so that the others can work.", "roles"
    )


def _first_of_commander(view: HeadView) -> NextStep | None:
    if view.rated <= 1:
        return NextStep(
            "You are commander. Rate the severity.",
            "Until it is rated, it stands on doubt alone.",
            "severity",
        )
    if view.state == IncidentState.DECLARED.value:
        return NextStep(
            "You are commander. Move the incident on to active.",
            "Then everybody sees that it is being worked on.",
            "state",
        )
    return None


def _for_commander(view: HeadView) -> NextStep:
    if _role(view, Role.SCRIBE).holder is None and _role(view, Role.SCRIBE).offered is None:
        return NextStep(
            "You are commander. Name a scribe.", "Who commands cannot write everything down, too.", "roles"
        )
    if not view.summarized:
        return NextStep(
            "You are commander. Write the summary.", "Whoever comes in now reads it first.", "summary"
        )
    late = _late_for_commander(view.mine)
    if late is not None:
        return late
    asked = view.questions
    if view.state == IncidentState.REVIEW.value:
        return NextStep(
            "You are commander. Close the incident when its review is done.",
            "Closing needs the review, the summary and how we learned of it.",
            "review",
            page="learning",
        )
    if asked:
        first = asked[0]
        many = f"{len(asked)} questions are open" if len(asked) > 1 else "A question is open"
        return NextStep(f"You are commander. {many}: see to an answer.", first[:200], "questions")
    return NextStep(
        "You are commander. Say what is to be done next, and write it down.",
        "When this part is over, move the incident on.",
        "log-form",
    )


def _late_for_commander(mine: MineView) -> NextStep | None:
    """What others are late with, or what must be looked at again."""
    if mine.lapsed:
        return NextStep(
            f"You are commander. The time of an action is over: {_short(mine.lapsed[0].text)}",
            "Have it undone, or make it permanent.",
            "actions",
            page="actions",
        )
    if mine.shaken:
        return NextStep(
            "You are commander. A fact behind a statement changed.",
            "Its approval is void until the sentence is looked at.",
            "statements",
            page="disclosure",
        )
    if mine.late_tasks:
        return NextStep(
            f"You are commander. A task is late: {_short(mine.late_tasks[0].text)}",
            "Ask its owner what is needed, or hand it over.",
            "tasks",
            page="work",
        )
    return None
