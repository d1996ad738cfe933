"""Command and other roles: offered, then accepted by the offered person; never two holders of one role."""

from typing import ClassVar

from pydantic import Field

from muster.access.accounts import ACCOUNTS, AccountState
from muster.access.command import Command, IncidentCode, OpaqueId, Rule, Text, Version
from muster.access.verbs import Verb
from muster.core.errors import Conflict, Refused
from muster.core.ids import ACCOUNTS_STREAM
from muster.core.people import Role
from muster.record.body import Body, kinds_of
from muster.record.context import Context
from muster.record.decision import Decision, Known
from muster.record.entry import Draft, Entry, Ref
from muster.record.state import Fold, Slice, States, StreamState
from muster.respond.incident import still_open


class RoleOffered(Body):
    """A role was offered; an earlier offer of it is void."""

    kind: ClassVar[str] = "role.offered"
    role: Role
    to: str


class RoleAccepted(Body):
    """The offered person holds the role from now on; `former` no longer does."""

    kind: ClassVar[str] = "role.accepted"
    role: Role
    former: str | None = None


class RoleDeclined(Body):
    """The offered person does not take the role (ref `declines`: the offer)."""

    kind: ClassVar[str] = "role.declined"
    role: Role
    reason: str


class Offer(Slice):
    """An open offer: to whom, and by which entry."""

    to: str
    seq: int


class Roles(Slice):
    """Who holds which role, open offers, and how often each role was offered, accepted or declined."""

    holders: dict[Role, str] = Field(default_factory=dict[Role, str])
    offers: dict[Role, Offer] = Field(default_factory=dict[Role, Offer])
    versions: dict[Role, int] = Field(default_factory=dict[Role, int])

    def held_by(self, account: str) -> tuple[Role, ...]:
        """The roles that an account holds, the highest first."""
        return tuple(role for role in Role if self.holders.get(role) == account)

    def version(self, role: Role) -> int:
        """How often this role changed; what `accept` expects."""
        return self.versions.get(role, 0)

    @property
    def people(self) -> frozenset[str]:
        """Everybody who holds a role or was offered one."""
        return frozenset(self.holders.values()) | {offer.to for offer in self.offers.values()}


def evolve(roles: Roles, entry: Entry) -> Roles:
    """The roles after one more entry. A declined offer is found by its ref, so its words may be erased."""
    match entry.body:
        case RoleOffered() as body:
            offer = Offer(to=body.to, seq=entry.header.seq)
            return _counted(roles, body.role, offers={**roles.offers, body.role: offer})
        case RoleAccepted() as body:
            return _counted(
                roles,
                body.role,
                offers=_without(roles.offers, body.role),
                holders={**roles.holders, body.role: entry.header.who},
            )
        case _:
            pass
    if entry.header.kind == RoleDeclined.kind:
        declined = {ref.seq for ref in entry.header.refs if ref.rel == "declines"}
        for role, offer in roles.offers.items():
            if offer.seq in declined:
                return _counted(roles, role, offers=_without(roles.offers, role))
    return roles


def _without(offers: dict[Role, Offer], role: Role) -> dict[Role, Offer]:
    return {other: offer for other, offer in offers.items() if other is not role}


def _counted(roles: Roles, role: Role, **changes: object) -> Roles:
    versions = {**roles.versions, role: roles.version(role) + 1}
    return roles.model_copy(update={**changes, "versions": versions})


ROLES = Fold("roles", Roles(), evolve)
KINDS = kinds_of(RoleOffered, RoleAccepted, RoleDeclined)


class OfferRole(Command):
    """Offer somebody a role. Offering a vacant role to yourself takes it at once."""

    incident: IncidentCode
    role: Role
    to: OpaqueId


class AcceptRole(Command):
    """Accept a role that was offered to you. expected: the version of the role that you saw."""

    incident: IncidentCode
    role: Role
    expected: Version


class DeclineRole(Command):
    """Decline a role that was offered to you."""

    incident: IncidentCode
    role: Role
    reason: Text


def offer(states: States, command: OfferRole, context: Context, _known: Known) -> Decision:
    """role.offered, and role.accepted too when somebody takes a vacant role. Raises NotFound, Refused."""
    state = still_open(states, command.incident)
    roles = state.slice(ROLES)
    me = context.actor.account
    accounts = states[ACCOUNTS_STREAM].slice(ACCOUNTS).accounts if ACCOUNTS_STREAM in states else {}
    account = accounts.get(command.to)
    if account is None or account.program or account.state is not AccountState.ACTIVE:
        raise Refused(
            "Nobody with this account can take a role now.", "to", "Choose somebody with an active account."
        )
    if roles.holders.get(command.role) == command.to:
        raise Refused(f"They are {command.role} already.", "to", "Nothing is to be done.")
    offered = Draft(command.incident, RoleOffered(role=command.role, to=command.to))
    version = roles.version(command.role) + 1
    if command.to == me and command.role not in roles.holders:
        accepted = Draft(
            command.incident,
            RoleAccepted(role=command.role),
            (Ref("accepts", command.incident, state.seq + 1),),
        )
        return Decision((offered, accepted), {"role": command.role, "holder": me, "version": version + 1})
    return Decision((offered,), {"role": command.role, "offered": command.to, "version": version})


def accept(states: States, command: AcceptRole, context: Context, _known: Known) -> Decision:
    """role.accepted; the former holder loses the role. Raises NotFound, Refused, Conflict."""
    state = still_open(states, command.incident)
    roles, role = state.slice(ROLES), command.role
    found = _offered_to(context.actor.account, state, role)
    if roles.version(role) != command.expected:
        raise Conflict(
            "The offer changed since you saw it.",
            "expected",
            "Look at the offer again, then accept it.",
            theirs=f"{role} offered to {found.to}",
            yours=f"accept {role}",
            version=roles.version(role),
        )
    body = RoleAccepted(role=role, former=roles.holders.get(role))
    draft = Draft(command.incident, body, (Ref("accepts", command.incident, found.seq),))
    return Decision(
        (draft,), {"role": role, "holder": context.actor.account, "version": command.expected + 1}
    )


def decline(states: States, command: DeclineRole, context: Context, _known: Known) -> Decision:
    """role.declined; who held the role keeps it. Raises NotFound, Refused."""
    state = still_open(states, command.incident)
    found = _offered_to(context.actor.account, state, command.role)
    draft = Draft(
        command.incident,
        RoleDeclined(role=command.role, reason=command.reason),
        (Ref("declines", command.incident, found.seq),),
    )
    return Decision((draft,), {"role": command.role, "version": state.slice(ROLES).version(command.role) + 1})


def _offered_to(account: str, state: StreamState, role: Role) -> Offer:
    found = state.slice(ROLES).offers.get(role)
    if found is None:
        raise Refused(f"The role of {role} is not on offer.", "role", "Ask the commander to offer it to you.")
    if found.to != account:
        raise Refused(
            f"The role of {role} is offered to somebody else.",
            "role",
            "Ask the commander to offer it to you.",
        )
    return found


def _one(command: OfferRole | AcceptRole | DeclineRole) -> tuple[str, ...]:
    return (command.incident,)


def _accounts(_command: OfferRole) -> tuple[str, ...]:
    return (ACCOUNTS_STREAM,)


RULES = (
    Rule(Verb.OFFER, OfferRole, offer, _one, _accounts),
    Rule(Verb.ACCEPT, AcceptRole, accept, _one),
    Rule(Verb.DECLINE, DeclineRole, decline, _one),
)
