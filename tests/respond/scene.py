"""Scenes for the stories of response: a world with both registries, and the usual first steps."""

from muster.access import rules as access_rules
from muster.core.people import Actor, Role
from muster.record.body import Body
from muster.record.decision import NOTHING_KNOWN, Decision, Known
from muster.respond import rules as respond_rules
from muster.respond.declare import Declare
from muster.respond.incident import INCIDENT, IncidentState
from muster.respond.intake import Report
from muster.respond.progress import MoveOn
from muster.respond.roles import ROLES, AcceptRole, OfferRole
from muster.respond.secrecy import thing_of
from tests.access.world import ADA, ANA, BEN, CARO, World

RULES = {**access_rules.RULES, **respond_rules.RULES}
FOLDS = {**access_rules.FOLDS, **respond_rules.FOLDS}
KINDS = {**access_rules.KINDS, **respond_rules.KINDS}


class Scene(World):
    """A world where Ana and Ben respond, Caro works, and Ada administers."""

    def __init__(self) -> None:
        super().__init__(RULES, FOLDS, thing_of, lambda state, account: state.slice(ROLES).held_by(account))
        self.people(ANA, BEN, CARO, ADA)

    def declared(self, **more: object) -> str:
        """A new incident, declared by Ana."""
        return str(
            self.do(Declare.model_validate({"what": "The shop is down", **more}), ANA).answer["incident"]
        )

    def reported(self, what: str = "Strange mails", actor: Actor = CARO, known: Known = NOTHING_KNOWN) -> str:
        """A signal from a person's report."""
        return self.do(Report(what=what), actor, known).drafts[0].stream

    def commanded(self, incident: str, by: Actor) -> None:
        """This person takes the vacant command."""
        self.do(OfferRole(incident=incident, role=Role.COMMANDER, to=by.account), by)

    def handed_over(self, incident: str, role: Role, giver: Actor, taker: Actor) -> Decision:
        """A role is offered and accepted."""
        version = self.do(OfferRole(incident=incident, role=role, to=taker.account), giver).answer["version"]
        return self.do(
            AcceptRole.model_validate({"incident": incident, "role": role, "expected": version}), taker
        )

    def moved(self, incident: str, to: IncidentState, actor: Actor = ANA) -> None:
        version = self.state(incident).slice(INCIDENT).version
        self.do(MoveOn.model_validate({"incident": incident, "to": to, "expected": version}), actor)

    def body(self, stream: str, seq: int = -1) -> Body:
        """The body of an entry, the last one unless told otherwise."""
        body = self.entries[stream][seq].body
        assert body is not None
        return body
