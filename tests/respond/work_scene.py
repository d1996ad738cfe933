"""A scene for the stories of work: tasks, decisions, evidence, runs and actions, with access asked as the app asks."""

from collections.abc import Mapping
from typing import Any

from muster.access.command import Command, Rule
from muster.access.may import Allow, Deny, may
from muster.access.verbs import Standing, Verb
from muster.core.people import SERVER, Actor, Through
from muster.record.decision import NOTHING_KNOWN, Decision, Known
from muster.respond.roles import ROLES
from muster.respond.rules_of_work import FOLDS, WORK
from muster.respond.secrecy import thing_of
from muster.respond.work import InIncident, Work
from tests.access.world import ANA
from tests.respond.scene import FOLDS as EARLIER
from tests.respond.scene import Scene

MUSTER = Actor(SERVER, through=Through.SERVER)
# A verb that access knows, for each standing, on an incident.
_LIKE: Mapping[Standing, Verb] = {
    Standing.SIGNED_IN: Verb.ACCEPT,
    Standing.RESPONDER: Verb.FACT,
    Standing.COMMAND: Verb.STATE,
}


class WorkScene(Scene):
    """A scene that also does the verbs of work."""

    def __init__(self, known: Known = NOTHING_KNOWN) -> None:
        super().__init__()
        self.folds = {**EARLIER, **FOLDS}
        self.known = known

    def work_of(self, command: Command) -> Work | None:
        return next((one for one in WORK.values() if one.command is type(command)), None)

    def rule_of(self, command: Command) -> Rule:
        work = self.work_of(command)
        if work is None:
            return super().rule_of(command)
        return Rule(_LIKE[work.standing], work.command, work.decide, lambda one: (one.incident,), work.reads)

    def allowed(self, command: Command, actor: Actor) -> Allow | Deny:
        work = self.work_of(command)
        if work is None or not isinstance(command, InIncident):
            return super().allowed(command, actor)
        if actor.account == SERVER:
            return Allow() if work.server else Deny("Muster does not do this by itself.", visible=True)
        state = self.state(command.incident)
        held = state.slice(ROLES).held_by(actor.account)
        return may(actor, held, _LIKE[work.standing], thing_of(state))

    def do(self, command: Command, actor: Actor, known: Known | None = None) -> Decision:
        return super().do(command, actor, self.known if known is None else known)

    def answer(self, command: Command, actor: Actor = ANA) -> dict[str, Any]:
        """Does a verb and gives its answer."""
        return dict(self.do(command, actor).answer)
