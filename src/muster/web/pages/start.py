"""The start page: what needs somebody now, and one next action."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from muster.app.caller import Caller
from muster.app.reading import Reading
from muster.app.views import IncidentRow, SignalRow
from muster.respond.incident import IncidentState
from muster.respond.signal import SignalState
from muster.web.pages.frame import GRAVE, Frame
from muster.web.who import page_caller

_PAGES = 20
_SHOWN = 20


@dataclass(frozen=True)
class NextAction:
    """The one thing to do next: a sentence, where to do it, and why."""

    text: str
    link: str
    label: str
    why: str = ""


def new_signals(reading: Reading, me: Caller) -> list[SignalRow]:
    """Signals that nobody acknowledged, the oldest first."""
    found: list[SignalRow] = []
    after: str | None = None
    for _ in range(_PAGES):
        page = reading.signals(me, state=SignalState.NEW.value, after=after, limit=500)
        found += page.signals
        after = page.next
        if after is None:
            break
    return found[::-1]


def open_incidents(reading: Reading, me: Caller) -> list[IncidentRow]:
    """Incidents that have not ended: the worst first, the oldest of them first."""
    states = [state.value for state in IncidentState if not state.ended]
    found = [row for state in states for row in reading.incidents(me, state=state, limit=500).incidents]
    return sorted(found, key=lambda row: (row.severity, row.declared_at))


def next_action(
    me: Caller, waiting: list[SignalRow], going: list[IncidentRow], *, unplanned: bool = False
) -> NextAction:
    """What to do now: a bad signal, then an incident without commander, then any signal. unplanned: a plan waits, none holds."""
    urgent = [row for row in waiting if row.severity in GRAVE]
    alone = [row for row in going if row.commander is None]
    if urgent:
        many = (
            f"{len(urgent)} signals of SEV1 or SEV2 wait"
            if len(urgent) > 1
            else "A signal of SEV1 or SEV2 waits"
        )
        return NextAction(
            f"{many} for somebody. Take the oldest.",
            f"/signals/{urgent[0].signal}",
            f"Open {urgent[0].signal}",
            "Until it is acknowledged, nobody knows whether somebody is looking at it.",
        )
    if alone:
        many = (
            f"{len(alone)} incidents have no commander."
            if len(alone) > 1
            else "An incident has no commander."
        )
        return NextAction(
            f"{many} Take command, or offer it.",
            f"/incidents/{alone[0].incident}#roles",
            f"Open {alone[0].incident}",
            "One person decides, so that the others can work.",
        )
    if waiting:
        many = f"{len(waiting)} signals wait" if len(waiting) > 1 else "A signal waits"
        return NextAction(
            f"{many} for somebody. Take the oldest.",
            f"/signals/{waiting[0].signal}",
            f"Open {waiting[0].signal}",
        )
    mine = [row for row in going if row.commander == me.name]
    if going:
        row = (mine or going)[0]
        return NextAction(
            f"You command {row.incident}."
            if mine
            else "No signal waits. Work goes on in the open incidents.",
            f"/incidents/{row.incident}",
            f"Open {row.incident}",
        )
    if unplanned:
        return NextAction(
            "No plan is approved, so nobody would be called.",
            "/plan",
            "Read the plan, and approve it",
            "Declaring works all the same, under the small built-in plan.",
        )
    return NextAction(
        "Nothing waits for anybody.",
        "/declare",
        "Declare an incident",
        "If something is odd, declare early: declared in error is a normal outcome, and nobody is blamed for it.",
    )


@dataclass(frozen=True)
class _Start:
    frame: Frame

    def show(self, request: Request) -> Response:
        me = page_caller(request)
        reading = self.frame.muster.reading
        waiting, going = new_signals(reading, me), open_incidents(reading, me)
        urgent = [row for row in waiting if row.severity in GRAVE]
        return self.frame.page(
            "start.html",
            me,
            title="Start",
            next_action=next_action(me, waiting, going, unplanned=self._unplanned()),
            urgent=urgent[:_SHOWN],
            urgent_more=len(urgent[_SHOWN:]),
            others=len(waiting) - len(urgent),
            going=going[:_SHOWN],
            going_more=len(going[_SHOWN:]),
        )

    def _unplanned(self) -> bool:
        """Whether this server has a plan repository of which no version was ever approved."""
        world = self.frame.muster.world
        return world.versions.repository is not None and not world.now().approvals


def routes(frame: Frame) -> APIRouter:
    """GET /."""
    router = APIRouter(include_in_schema=False)
    router.get("/")(_Start(frame).show)
    return router
