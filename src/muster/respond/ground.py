"""What rules of work are told of the world and the plan: services, people, authority, playbooks, hashes of blobs.

Rules ask these functions and nothing else, so there is one place where the app hands the plan in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from muster.access.known import PlanKnown
from muster.plan.part import Part
from muster.plan.plan import Pinned
from muster.plan.playbooks import Playbook
from muster.plan.services import Service, service_of_host
from muster.record.decision import Known
from muster.record.state import StreamState
from muster.respond.actions import ActionProposed
from muster.respond.roles import ROLES


@dataclass(frozen=True, slots=True)
class Told(PlanKnown):
    """What the app looked up for a command. Both halves of the plan are None while none is approved.

    versions: other commits that runs are pinned to -> what was
    agreed then. lines: file of the pinned plan and place in it -> line. recomputed: blob -> SHA-256 of its bytes
    as they are now, empty when they are gone. proposals: open action -> its proposal that stands.
    """

    versions: Mapping[str, Pinned] = field(default_factory=dict[str, Pinned])
    lines: Mapping[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    recomputed: Mapping[str, str] = field(default_factory=dict[str, str])
    proposals: Mapping[int, ActionProposed] = field(default_factory=dict[int, ActionProposed])


_NOTHING = Told()


def _told(known: Known) -> Told:
    return known if isinstance(known, Told) else _NOTHING


def services(known: Known) -> dict[str, Service]:
    """The services, as the plan in force has them; none while there is no plan."""
    in_force = _told(known).in_force
    return in_force.services if in_force else {}


def playbook(known: Known, name: str, commit: str) -> Playbook | None:
    """A playbook, as the plan of this commit has it; of the pinned plan unless the commit is another."""
    told = _told(known)
    pinned = told.versions.get(commit, told.pinned)
    return pinned.playbooks.get(name) if pinned else None


def playbooks(known: Known, commit: str) -> tuple[str, ...]:
    """The names of the playbooks that the plan of this commit has."""
    told = _told(known)
    pinned = told.versions.get(commit, told.pinned)
    return tuple(pinned.playbooks) if pinned else ()


def line_of(known: Known, file: str, place: str) -> int | None:
    """The line of a file of the pinned plan at which this place of it stands."""
    return _told(known).lines.get((file, place))


def recomputed(known: Known, sha256: str) -> str | None:
    """The hash of this blob's bytes as they are now; empty when they are gone, None when nobody looked."""
    return _told(known).recomputed.get(sha256)


def proposal(known: Known, action: int) -> ActionProposed | None:
    """The proposal of an action that stands; None when its words are hidden or nobody looked."""
    return _told(known).proposals.get(action)


def where_we_talk(known: Known) -> frozenset[str]:
    """The services by which the responders themselves talk, as far as the plan knows their hosts."""
    in_force = _told(known).in_force
    if in_force is None:
        return frozenset()
    places = (in_force.talking.call, in_force.talking.room)
    found = (service_of_host(in_force.services, place.host) for place in places)
    return frozenset(service for service in found if service is not None)


def account_of(known: Known, person: str) -> str | None:
    """The account that is tied to a person of the plan."""
    return _told(known).accounts.get(person)


def holders(known: Known, role: str) -> tuple[str, ...]:
    """The people who may hold a role of the plan, the primary first."""
    in_force = _told(known).in_force
    return in_force.roles.holders(role) if in_force else ()


class Entitlement(Part):
    """Who may take one decision: the roles of the plan's authority register. known: whether it has such a line."""

    decision: str
    roles: tuple[str, ...] = ()
    known: bool = False


def entitlement(known: Known, decision: str) -> Entitlement:
    """The line of the authority register for a decision."""
    in_force = _told(known).in_force
    found = in_force.authority.decisions.get(decision) if in_force else None
    return Entitlement(decision=decision, roles=found.roles if found else (), known=found is not None)


def entitled(state: StreamState, known: Known, line: Entitlement, account: str) -> str | None:
    """The role by which this account may decide: held in the incident, or by the plan. None when it may not."""
    held = {role.value for role in state.slice(ROLES).held_by(account)}
    for role in line.roles:
        if role in held or account in {account_of(known, person) for person in holders(known, role)}:
            return role
    return None


def who_could(state: StreamState, known: Known, line: Entitlement, *, without: str = "") -> str:
    """Who could decide, as one phrase for people: by name with the role, or the role alone. without: not this account."""
    in_force = _told(known).in_force
    people = in_force.people.people if in_force else {}
    in_roles = {role.value: account for role, account in state.slice(ROLES).holders.items()}
    found: dict[str, None] = {}
    for role in line.roles:
        if in_roles.get(role) not in (None, without):
            found[f"the {role} of this incident"] = None
        for person in holders(known, role):
            if person in people and (account_of(known, person) or "nobody") != without:
                found[f"{people[person].name} ({role})"] = None
    return " or ".join(found) or "nobody: the plan in force names nobody else"
