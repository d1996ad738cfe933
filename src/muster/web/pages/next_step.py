"""The one next action of an incident, for whoever looks at it."""

from dataclasses import dataclass

from muster.app.caller import Caller
from muster.app.views import IncidentView, RoleView
from muster.core.people import Role
from muster.respond.facts import Standing
from muster.respond.incident import IncidentState

_ENDED = (IncidentState.CLOSED.value, IncidentState.STOOD_DOWN.value)


@dataclass(frozen=True)
class NextStep:
    """What to do, why, and which part of the page does it. take: whether it is to take command, here and now."""

    text: str
    why: str
    part: str
    take: bool = False

    @property
    def label(self) -> str:
        """What the link to that part is called."""
        return _LABELS[self.part]


_LABELS = {
    "log-form": "Write into the log",
    "questions": "Go to the questions",
    "roles": "Go to the roles",
    "severity": "Go to the severity",
    "state": "Go to the state",
    "summary": "Go to the summary",
}


def next_step(view: IncidentView, me: Caller) -> NextStep:
    """The next action, from the state of the incident and the role of whoever looks."""
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
    if commander.holder_account == me.actor.account:
        return _for_commander(view)
    return NextStep(
        f"{commander.holder} commands. Write down what you find and do.",
        "What stands in the log need not be asked for.",
        "log-form",
    )


def _role(view: IncidentView, role: Role) -> RoleView:
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


def _for_commander(view: IncidentView) -> NextStep:
    if view.state == IncidentState.DECLARED.value:
        return NextStep(
            "You are commander. Move the incident on to active.",
            "Then everybody sees that it is being worked on.",
            "state",
        )
    if view.severity.version <= 1:
        return NextStep(
            "You are commander. Rate the severity.",
            "Until it is rated, it stands on doubt alone.",
            "severity",
        )
    if _role(view, Role.SCRIBE).holder is None and _role(view, Role.SCRIBE).offered is None:
        return NextStep(
            "You are commander. Name a scribe.", "Who commands cannot write everything down, too.", "roles"
        )
    if not view.summary:
        return NextStep(
            "You are commander. Write the summary.", "Whoever comes in now reads it first.", "summary"
        )
    asked = [fact for fact in view.facts if fact.version and fact.standing == Standing.QUESTION.value]
    if view.state == IncidentState.REVIEW.value:
        return NextStep(
            "You are commander. Close the incident when its review is done.",
            "Closing needs the summary and how we learned of it.",
            "state",
        )
    if asked:
        many = f"{len(asked)} questions are open" if len(asked) > 1 else "A question is open"
        return NextStep(f"You are commander. {many}: see to an answer.", asked[0].text[:200], "questions")
    return NextStep(
        "You are commander. Say what is to be done next, and write it down.",
        "When this part is over, move the incident on.",
        "log-form",
    )
