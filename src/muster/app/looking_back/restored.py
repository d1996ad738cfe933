"""Recovery looked back on: which services were lost and came back, in which order, and what had to come first."""

from datetime import datetime, timedelta

from muster.app.looking_back.past import Past
from muster.app.looking_back.targets import back_after
from muster.app.views import View
from muster.core.time import from_stored
from muster.record.entry import Entry
from muster.respond.outages import ServiceLost, ServiceRestored


class Outage(View):
    """One service that did not work. needs: what was lost too and had to come back first, each with whether it did.

    early: it came back before something that it needs, for this reason. place: when among those that came back.
    """

    service: str
    name: str
    lost_at: datetime
    lost_by: str
    restored_at: datetime | None
    restored_by: str
    place: int | None
    needs: tuple[str, ...]
    waited: bool
    early: bool
    reason: str
    backup_taken: datetime | None
    seqs: tuple[int, ...]

    @property
    def took(self) -> timedelta | None:
        """How long it did not work; None while it does not."""
        return None if self.restored_at is None else self.restored_at - self.lost_at


def outages(past: Past) -> tuple[Outage, ...]:
    """Every outage in the order in which the services came back, those that did not last."""
    back = {one.header.seq: place for place, one in enumerate(past.of(ServiceRestored), 1)}
    found = [told for entry in past.of(ServiceLost) if (told := _outage(past, entry, back)) is not None]
    return tuple(sorted(found, key=lambda one: (one.place is None, one.place or 0, one.lost_at)))


def _outage(past: Past, lost: Entry, order: dict[int, int]) -> Outage | None:
    body = past.body(lost.header.seq, ServiceLost)
    if body is None:
        return None
    back = back_after(past, lost.header.seq, body.service)
    ended = past.body(back.header.seq, ServiceRestored) if back else None
    in_force = past.in_force(back or lost)
    service = in_force.services.get(body.service) if in_force else None
    needs = tuple(need for need in (service.depends_on if service else ()) if _lost(past, need))
    return Outage(
        service=body.service,
        name=service.name if service else body.service,
        lost_at=lost.header.happened.at,
        lost_by=past.who(lost),
        restored_at=back.header.happened.at if back else None,
        restored_by=past.who(back) if back else "",
        place=order[back.header.seq] if back else None,
        needs=needs,
        waited=bool(needs) and ended is not None and not ended.early,
        early=ended.early if ended else False,
        reason=past.reason(back.header.seq) if back else "",
        backup_taken=from_stored(ended.backup_taken) if ended and ended.backup_taken else None,
        seqs=(lost.header.seq, *((back.header.seq,) if back else ())),
    )


def _lost(past: Past, service: str) -> bool:
    bodies = (past.body(one.header.seq, ServiceLost) for one in past.of(ServiceLost))
    return any(body is not None and body.service == service for body in bodies)
