"""Drills that the plan in force wants held: when each was held last, by the plan or on this server, and when it is due."""

from datetime import date, timedelta

from muster.app.caller import Caller
from muster.app.drills import Drills
from muster.app.views import View
from muster.app.world import World
from muster.core.time import from_stored
from muster.plan.drills import PlannedDrill


class PlannedDrillView(View):
    """A drill of the plan. last_held: what the plan says, or a drill of this title that ended here later; None: never.

    scenario: the name for `muster drill run`. next_due: the day until which it is to be held again.
    """

    id: str
    title: str
    scenario: str
    purpose: str
    every_days: int
    last_held: str | None
    next_due: str
    overdue: bool


def planned_drills(drills: Drills, world: World, caller: Caller, today: date) -> tuple[PlannedDrillView, ...]:
    """Those of the plan in force, the next due first; none while no plan is in force. Raises Unsigned."""
    held: dict[str, date] = {}
    for drill in drills.all(caller):
        if drill.ended_at is not None:
            ended = from_stored(drill.ended_at).date()
            held[drill.exercise] = max(ended, held.get(drill.exercise, ended))
    version = world.now().version
    plan = version.plan if version else None
    found = plan.in_force.drills.items() if plan else ()
    views = [_view(name, one, held.get(one.title), today) for name, one in found]
    return tuple(sorted(views, key=lambda view: (view.next_due, view.id)))


def _view(name: str, one: PlannedDrill, here: date | None, today: date) -> PlannedDrillView:
    last = max((day for day in (one.last_held, here) if day is not None), default=None)
    due = one.next_on if last is None else max(one.next_on, last + timedelta(days=one.every_days))
    return PlannedDrillView(
        id=name,
        title=one.title,
        scenario=one.scenario,
        purpose=one.purpose,
        every_days=one.every_days,
        last_held=last.isoformat() if last else None,
        next_due=due.isoformat(),
        overdue=today > due,
    )
