"""Scenes for the stories of disclosure: an incident under a plan with obligations, questions and a template."""

from dataclasses import dataclass, field
from typing import Any

from muster.access.known import PlanKnown
from muster.core.people import Actor
from muster.disclose.answers import AnswerFact
from muster.disclose.rules import FOLDS, WORK
from muster.plan.facts import AskedFact, FactKind, Facts
from muster.plan.obligations import Obligation
from muster.plan.plan import Pinned
from muster.plan.policy import Policy
from muster.plan.templates import Audience, MessageStage, Template
from muster.record.decision import Decision, Known
from muster.respond.work import InIncident
from tests.access.world import ANA
from tests.disclose.duties import EVERY
from tests.respond import scene

YES_NO = {"kind": FactKind.YES_NO}
ASKED = {
    name: AskedFact.model_validate({"question": f"What about {name}?", "answered_by": "commander", **more})
    for name, more in {
        "what-happened": {},
        "since-when": {},
        "data-kinds": {},
        "contact-point": {},
        "people-affected": {"kind": FactKind.NUMBER},
        "noticed-when": {"kind": FactKind.TIME},
        "risk": {"kind": FactKind.CHOICE, "choices": ("unlikely", "risk", "high")},
        "confirmed": YES_NO,
        "personal-data-affected": YES_NO,
        "risk-unlikely": YES_NO,
        "significant": YES_NO,
        "customer-data-affected": YES_NO,
    }.items()
}
LETTER = """Dear customer,

{{ what-happened }} It began on {{ since-when }}.

It concerns {{ data-kinds }}.

We are sorry. Ask us: {{ contact-point }}
"""


def template(audience: Audience = Audience.CUSTOMER) -> Template:
    return Template.model_validate(
        {
            "title": "First notice", "audience": audience, "stage": MessageStage.FIRST, "owner": "communications",
            "reviewed_on": "2026-09-14", "subject": "What happened to your data", "approved_by": ("legal",),
            "facts": ("confirmed",), "text": LETTER,
        }
    )  # fmt: skip


def pinned(obligations: dict[str, Obligation] | None = None, **more: Any) -> Pinned:
    """The pinned half of a plan, as far as disclosure and learning ask for it."""
    return Pinned.model_construct(
        policy=Policy.model_construct(domains=("shop.example",), company="Harbour Goods"),
        facts=Facts(facts=ASKED),
        obligations=EVERY if obligations is None else obligations,
        templates={"letter": template(), "authority": template(Audience.REGULATOR)},
        **more,
    )


@dataclass(frozen=True)
class KnownPlan(PlanKnown):
    """What is known beside the states, with the plan."""

    pinned: Pinned | None = field(default_factory=pinned)


class Scene(scene.Scene):
    """A scene of respond with disclosure: `act` decides by the rule and appends."""

    def __init__(self, known: Known | None = None) -> None:
        super().__init__()
        self.folds = {**self.folds, **FOLDS}
        self.known = KnownPlan() if known is None else known
        self.work = dict(WORK)

    def act(self, command: InIncident, actor: Actor = ANA) -> Decision:
        """Does a verb that access does not know yet: the rule is called directly."""
        work = next(one for one in self.work.values() if one.command is type(command))
        decision = work.decide(self.states, command, self.context(actor), self.known)
        self.write(actor, *decision.drafts)
        return decision

    def answered(self, incident: str, fact: str, answer: str, expected: int = 0, actor: Actor = ANA) -> int:
        """A question answered; gives the number of the fact."""
        source = None if answer == "unknown" else "the log of the portal"
        command = AnswerFact(incident=incident, fact=fact, answer=answer, source=source, expected=expected)
        self.act(command, actor)
        return len(self.entries[incident]) - 2
