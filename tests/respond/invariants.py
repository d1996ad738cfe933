"""What must hold of an incident whatever anybody did, told from its entries and held against its state."""

from collections.abc import Iterable, Mapping

from muster.core.people import Role
from muster.record.entry import Entry
from muster.record.state import StreamState
from muster.respond.milestones import MILESTONES, Claim, Claimed
from muster.respond.roles import ROLES, RoleAccepted

Claims = Mapping[Claimed, Mapping[int, Claim]]


def command_passes_from_hand_to_hand(entries: Iterable[Entry], state: StreamState) -> None:
    """Never two commanders, and never none after one: who accepts names whom they follow, and that is who had it."""
    holder: str | None = None
    for entry in entries:
        if isinstance(entry.body, RoleAccepted) and entry.body.role is Role.COMMANDER:
            assert entry.body.former == holder
            holder = entry.header.who
    assert state.slice(ROLES).holders.get(Role.COMMANDER) == holder


def milestones_keep_their_times(before: Claims, state: StreamState) -> Claims:
    """A claim keeps its time, once revoked it stays so, and one at most stands; answers the claims as they are now."""
    now = state.slice(MILESTONES).claims
    for milestone, claims in before.items():
        for seq, claim in claims.items():
            assert now[milestone][seq].at == claim.at
            assert now[milestone][seq].revoked or not claim.revoked
    for claims in now.values():
        assert sum(not claim.revoked for claim in claims.values()) <= 1
    return now
