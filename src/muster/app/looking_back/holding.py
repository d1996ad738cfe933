"""Who held which role, from when until when, and what the plan asked for at the worst severity and nobody held."""

from datetime import datetime
from itertools import zip_longest

from muster.app.looking_back.past import Past
from muster.app.views import View
from muster.core.people import Role
from muster.record.entry import Entry
from muster.respond.incident import IncidentClosed, IncidentStoodDown
from muster.respond.roles import RoleAccepted, RoleOffered
from muster.respond.severity import SEVERITIES

_TAKEN = frozenset(role.value for role in Role)


class Holding(View):
    """One person in one role. until: None while they hold it. offered_at: None when it was taken without an offer."""

    role: str
    who: str
    offered_at: datetime | None
    since: datetime
    until: datetime | None
    seq: int


class ByPlan(View):
    """A role that is not taken in an incident: the plan in force says who holds it."""

    role: str
    people: tuple[str, ...]


class Holdings(View):
    """All of them by role and time. missing: roles that the plan asks for and nobody took. others: who else wrote."""

    holdings: tuple[Holding, ...]
    by_plan: tuple[ByPlan, ...]
    missing: tuple[str, ...]
    others: tuple[str, ...]


def holdings(past: Past) -> Holdings:
    """Everybody's roles, as the entries have them."""
    found = _held(past)
    peak, pinned = past.state.slice(SEVERITIES).peak, past.pinned
    duties = pinned.severity.duties(peak) if peak and pinned else None
    wanted = dict.fromkeys(("commander", *(duties.staff if duties else ())))
    held = {one.role for one in found}
    named = {one.who for one in found}
    wrote = sorted({past.who(one) for one in past.entries if one.header.who in past.names} - named)
    return Holdings(
        holdings=found,
        by_plan=tuple(_by_plan(past, role) for role in wanted if role not in _TAKEN),
        missing=tuple(role for role in wanted if role in _TAKEN and role not in held),
        others=tuple(wrote),
    )


def _by_plan(past: Past, role: str) -> ByPlan:
    in_force = past.in_force(past.entries[-1]) if past.entries else None
    people = in_force.people.people if in_force else {}
    holders = in_force.roles.holders(role) if in_force else ()
    return ByPlan(role=role, people=tuple(people[one].name if one in people else one for one in holders))


def _held(past: Past) -> tuple[Holding, ...]:
    ends = [past.written(one) for one in past.of(IncidentClosed, IncidentStoodDown)]
    taken: dict[Role, list[Entry]] = {}
    for entry in past.of(RoleAccepted):
        body = past.body(entry.header.seq, RoleAccepted)
        if body is not None:
            taken.setdefault(body.role, []).append(entry)
    found: list[Holding] = []
    for role in Role:
        entries = taken.get(role, [])
        for entry, after in zip_longest(entries, entries[1:]):
            until = past.written(after) if after else ends[-1] if ends else None
            found.append(_holding(past, role, entry, until))
    return tuple(found)


def _holding(past: Past, role: Role, entry: Entry, until: datetime | None) -> Holding:
    offer = next((past.entry(ref.seq) for ref in entry.header.refs if ref.rel == "accepts"), None)
    offered = offer is not None and offer.header.kind == RoleOffered.kind
    return Holding(
        role=role.value,
        who=past.who(entry),
        offered_at=past.written(offer) if offer is not None and offered else None,
        since=past.written(entry),
        until=until,
        seq=entry.header.seq,
    )
