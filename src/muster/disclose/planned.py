"""What disclosure asks of the plan: obligations, templates, asked facts and own domains, as pinned; one place."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from muster.access.known import plan_known
from muster.plan.facts import AskedFact
from muster.plan.obligations import Obligation
from muster.plan.plan import Pinned
from muster.plan.templates import Template
from muster.record.decision import Known


@dataclass(frozen=True, slots=True)
class DisclosurePlan:
    """The parts of a plan that disclosure works by; all empty under the built-in plan."""

    obligations: Mapping[str, Obligation] = field(default_factory=dict[str, Obligation])
    templates: Mapping[str, Template] = field(default_factory=dict[str, Template])
    facts: Mapping[str, AskedFact] = field(default_factory=dict[str, AskedFact])
    domains: tuple[str, ...] = ()
    company: str = ""


def parts_of(pinned: Pinned) -> DisclosurePlan:
    """The parts out of the pinned half of a plan."""
    return DisclosurePlan(
        obligations=pinned.obligations,
        templates=pinned.templates,
        facts=pinned.facts.facts,
        domains=pinned.policy.domains,
        company=pinned.policy.company,
    )


def plan_of(known: Known) -> DisclosurePlan:
    """The parts of the plan that the incident pinned; empty ones while no plan is handed in."""
    pinned = plan_known(known).pinned
    return parts_of(pinned) if pinned else DisclosurePlan()
