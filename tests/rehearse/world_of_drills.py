"""A world with the registries of access, response and rehearsal, and Ana who runs a drill."""

from typing import Any

from muster.access import rules as access_rules
from muster.core.ids import StreamType, stream_type
from muster.rehearse import rules as rehearse_rules
from muster.rehearse.clock import CLOCK, Clock
from muster.rehearse.drill import StartDrill
from muster.respond import rules as respond_rules
from muster.respond.roles import ROLES
from muster.respond.secrecy import thing_of
from tests.access.world import ADA, ANA, BEN, CARO, World

PARTS = (access_rules, respond_rules, rehearse_rules)
RULES = {verb: rule for part in PARTS for verb, rule in part.RULES.items()}
FOLDS = {name: fold for part in PARTS for name, fold in part.FOLDS.items()}
KINDS = {name: kind for part in PARTS for name, kind in part.KINDS.items()}


class Drills(World):
    """Ana and Ben respond, Caro works, Ada administers."""

    def __init__(self) -> None:
        super().__init__(RULES, FOLDS, thing_of, lambda state, account: state.slice(ROLES).held_by(account))
        self.people(ANA, BEN, CARO, ADA)

    def started(self, **more: Any) -> str:
        """A new drill, started by Ana."""
        command = StartDrill.model_validate({"exercise": "The shop under attack", **more})
        return str(self.do(command, ANA).answer["drill"])

    def clock(self, drill: str) -> Clock:
        assert stream_type(drill) is StreamType.DRILL
        return self.state(drill).slice(CLOCK)
