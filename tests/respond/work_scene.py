"""A scene for the stories of work: tasks, decisions, evidence, runs and actions, with access asked as the app asks."""

from collections.abc import Mapping
from typing import Any

from muster.access.command import Command, Rule
from muster.access.may import Allow, Deny, may
from muster.access.verbs import Standing, Verb
from muster.core.people import SERVER, Actor, Through
from muster.record.decision import NOTHING_KNOWN, Decision, Known
from muster.respond.actions import ActionProposed
from muster.respond.custody import EvidenceReceived
from muster.respond.ground import Told
from muster.respond.roles import ROLES
from muster.respond.rules_of_work import FOLDS, WORK
from muster.respond.secrecy import thing_of
from muster.respond.work import InIncident, Work, pointed
from tests.access.world import ANA, BEN, CARO
from tests.plan.shop_plan import plan
from tests.respond.scene import FOLDS as EARLIER
from tests.respond.scene import Scene

# People of the example company who have accounts: commander, deputy, and counsel.
ACCOUNTS = {"noor-lindgren": ANA.account, "ines-caruso": BEN.account, "helene-marsh": CARO.account}
MUSTER = Actor(SERVER, through=Through.SERVER)
# A verb that access knows, for each standing, on an incident.
_LIKE: Mapping[Standing, Verb] = {
    Standing.SIGNED_IN: Verb.ACCEPT,
    Standing.RESPONDER: Verb.FACT,
    Standing.COMMAND: Verb.STATE,
}


class WorkScene(Scene):
    """A scene that also does the verbs of work."""

    def __init__(self, *, planned: bool = False) -> None:
        super().__init__()
        self.folds = {**EARLIER, **FOLDS}
        self.planned = planned
        self.blobs: dict[str, str] = {}

    def told(self, incident: str) -> Told:
        """What the app would look up for a command on this incident."""
        entries = self.entries.get(incident, [])
        proposals: dict[int, ActionProposed] = {}
        for one in entries:
            if isinstance(one.body, ActionProposed):
                at = pointed(one.header, "action")
                proposals[one.header.seq if at is None else at] = one.body
        received = [one.body for one in entries if isinstance(one.body, EvidenceReceived)]
        return Told(
            pinned=plan().pinned if self.planned else None,
            in_force=plan().in_force if self.planned else None,
            accounts=ACCOUNTS if self.planned else {},
            recomputed={body.sha256: self.blobs.get(body.sha256, body.sha256) for body in received},
            proposals=proposals,
        )

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

    def do(self, command: Command, actor: Actor, known: Known = NOTHING_KNOWN) -> Decision:
        told = self.told(command.incident) if isinstance(command, InIncident) else known
        return super().do(command, actor, told if known is NOTHING_KNOWN else known)

    def answer(self, command: Command, actor: Actor = ANA) -> dict[str, Any]:
        """Does a verb and gives its answer."""
        return dict(self.do(command, actor).answer)
