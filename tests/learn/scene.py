"""Scenes for the stories of learning: an incident that moves on by learn's own rules."""

from typing import Any

from muster.access.command import Command
from muster.core.people import Actor
from muster.learn.rules import FOLDS, PLAN_WORK, RULES, WORK
from muster.plan.plan import InForce
from muster.plan.required import Required
from muster.plan.severity_table import LevelDuties, SeverityPart
from muster.prepare.approving import FOLDS as APPROVED
from muster.record.decision import Decision
from muster.respond.incident import INCIDENT, HowLearned, IncidentState
from muster.respond.progress import Close, MoveOn
from muster.respond.work import InIncident
from tests.access.world import ANA
from tests.disclose import scene
from tests.disclose.scene import KnownPlan, pinned


def plan(
    required: dict[str, dict[str, str]] | None = None, in_force: InForce | None = None, **more: Any
) -> KnownPlan:
    """A plan with no obligations, and these required fields."""
    duties = {"SEV1": LevelDuties(commander_within_minutes=15, review_within_days=3)}
    parts = pinned(
        more.get("obligations", {}),
        required=Required.model_validate({"required": required or {}}),
        severity=SeverityPart.model_validate({"rules": {}, "levels": duties}),
    )
    return KnownPlan(pinned=parts, in_force=in_force)


class Scene(scene.Scene):
    """A scene of disclosure with learning; `act` takes every command of the three packages."""

    def __init__(self, known: KnownPlan | None = None) -> None:
        super().__init__(plan() if known is None else known)
        self.folds = {**self.folds, **FOLDS, **APPROVED}
        self.work = {**self.work, **WORK}
        self.plan_work = {one.command: one.decide for one in PLAN_WORK.values()}
        self.own = {rule.command: rule.decide for rule in RULES.values()}

    def act(self, command: Command, actor: Actor = ANA) -> Decision:
        decide = {**self.plan_work, **self.own}.get(type(command))
        if decide is None:
            assert isinstance(command, InIncident)
            return super().act(command, actor)
        decision = decide(self.states, command, self.context(actor), self.known)
        self.write(actor, *decision.drafts)
        return decision

    def onward(self, incident: str, to: IncidentState, actor: Actor = ANA) -> Decision:
        """Moves it on by learn's rule."""
        version = self.state(incident).slice(INCIDENT).version
        return self.act(MoveOn.model_validate({"incident": incident, "to": to, "expected": version}), actor)

    def closed(self, incident: str) -> Decision:
        """Closes it by learn's rule."""
        version = self.state(incident).slice(INCIDENT).version
        return self.act(
            Close(incident=incident, summary="A full disk", how_learned=HowLearned.STAFF, expected=version)
        )
