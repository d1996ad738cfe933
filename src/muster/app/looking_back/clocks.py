"""Legal clocks looked back on: what started each, when it was due, when it was filed and with which receipt."""

from datetime import datetime

from muster.app.looking_back.past import Past
from muster.app.views import View
from muster.disclose.clock import Clock
from muster.disclose.owed import ReceiptKept, clocks_of
from muster.disclose.planned import parts_of


class ClockTold(View):
    """One stage of an obligation. due: the operational deadline; legal_due: the outer bound of the law. late: filed after it.

    place: the file and line of the plan. steps: how the legal deadline comes about.
    """

    key: str
    title: str
    stage: str
    law: str
    place: str
    state: str
    why: str
    recipients: tuple[str, ...]
    starts_with: str
    anchored_at: datetime | None
    anchored_by: str
    due: datetime | None
    legal_due: datetime | None
    filed_at: datetime | None
    filed_by: str
    receipt: str
    reason: str
    earlier: int
    steps: tuple[str, ...]
    open: bool


def clocks_told(past: Past) -> tuple[ClockTold, ...]:
    """Every clock of the plan that the incident pinned, those that ran first, by their deadline."""
    if past.pinned is None:
        return ()
    every = clocks_of(past.state, parts_of(past.pinned).obligations, past.now)
    found = (_told(past, clock) for clock in every)
    return tuple(
        sorted(found, key=lambda one: (one.filed_at is None and one.anchored_at is None, one.due is None))
    )


def _told(past: Past, clock: Clock) -> ClockTold:
    deadline, filed = clock.deadline, clock.filed
    anchor = past.entry(deadline.anchored_by) if deadline else None
    receipts = past.about(filed.seq, "receipt-of") if filed else iter(())
    receipt = next((one.header.seq for one in receipts if one.header.kind == ReceiptKept.kind), None)
    in_force = past.in_force(past.entries[-1]) if past.entries else None
    contacts = in_force.contacts.contacts if in_force else {}
    return ClockTold(
        key=clock.key,
        title=clock.obligation.title,
        stage=clock.stage_name,
        law=f"{clock.obligation.instrument}, {clock.obligation.provision}",
        place=past.place(f"obligations/{clock.name}.yaml", "stages", clock.stage_name),
        state=clock.state.value,
        why=clock.why,
        recipients=tuple(
            contacts[name].name if name in contacts else name for name in clock.stage.recipients
        ),
        starts_with=clock.stage.anchor_means,
        anchored_at=anchor.header.happened.at if anchor else None,
        anchored_by=past.who(anchor) if anchor else "",
        due=clock.operational_due,
        legal_due=clock.legal_due,
        filed_at=filed.at.at if filed else None,
        filed_by=past.name(filed.who) if filed else "",
        receipt=past.text(receipt),
        reason=past.reason(filed.seq) if filed else "",
        earlier=len(clock.earlier),
        steps=deadline.steps if deadline else (),
        open=clock.open,
    )
