"""The whole plan in its two halves: what we agreed to do is pinned, what the world is is in force.

An incident keeps the half it was declared under (criteria, severity table, playbooks, obligations, required fields,
templates), and always takes the other from the plan in force: a person who left must not be called.
"""

from enum import StrEnum

from pydantic import Field

from muster.plan.authority import AuthorityRegister
from muster.plan.calling import Calling
from muster.plan.contacts import Contacts
from muster.plan.definitions import Definitions
from muster.plan.drills import PlannedDrill
from muster.plan.facts import Facts
from muster.plan.ignores import Ignore
from muster.plan.obligations import Obligation
from muster.plan.part import Part
from muster.plan.people import Channel, People
from muster.plan.playbooks import Playbook
from muster.plan.policy import Policy
from muster.plan.required import Required
from muster.plan.roles import Roles
from muster.plan.services import Service
from muster.plan.severity_table import SeverityPart
from muster.plan.talking import Talking
from muster.plan.templates import Template


class Half(StrEnum):
    """To which half of the plan something belongs."""

    PINNED = "pinned"
    IN_FORCE = "in-force"


class Pinned(Part):
    """What we agreed to do."""

    policy: Policy
    definitions: Definitions
    severity: SeverityPart
    facts: Facts
    required: Required
    playbooks: dict[str, Playbook]
    obligations: dict[str, Obligation]
    templates: dict[str, Template]


class InForce(Part):
    """What the world is. rules: the paths of the Sigma rules in the plan; detection reads them."""

    people: People
    contacts: Contacts
    roles: Roles
    calling: Calling
    talking: Talking
    authority: AuthorityRegister
    services: dict[str, Service]
    drills: dict[str, PlannedDrill]
    ignores: dict[str, Ignore] = Field(default_factory=dict[str, Ignore])
    rules: tuple[str, ...] = ()

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Every channel of every person and contact."""
        everybody = (*self.people.people.values(), *self.contacts.contacts.values())
        return tuple(channel for one in everybody for channel in one.channels.values())

    @property
    def reaches_somebody(self) -> bool:
        """Whether any address is real; under the example plan nobody real can be called."""
        return any(not channel.is_example for channel in self.channels)


class Plan(Part):
    """Both halves of one version."""

    pinned: Pinned
    in_force: InForce
