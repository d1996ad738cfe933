"""One incident: its page, and every form on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from muster.app.caller import Caller
from muster.app.room import Part, Room
from muster.app.views import FactView
from muster.core.errors import NotFound
from muster.core.labels import Secrecy, Severity
from muster.core.time import from_stored
from muster.plan.builtin import ROLES
from muster.respond.facts import Ending, Standing
from muster.respond.incident import HowLearned, IncidentState
from muster.web.pages.entries import told
from muster.web.pages.forms import NOTHING_TRIED, PostedForm, Tried
from muster.web.pages.frame import Frame, go
from muster.web.pages.impact import QUESTIONS
from muster.web.pages.next_step import next_step
from muster.web.pages.places import PLACES, fixed
from muster.web.pages.posting import send
from muster.web.who import page_caller

SIGNALS = 30
TITLES: Mapping[Part, str] = {
    Part.WORK: "Work",
    Part.RUNS: "Playbooks",
    Part.ACTIONS: "Actions",
    Part.DISCLOSURE: "Disclosure",
    Part.LEARNING: "Learning",
}
# The links of the room: address, words.
PARTS = (("", "Now"), *((part.value, title) for part, title in TITLES.items()))
ENDINGS = {
    Standing.FACT.value: (Ending.REFUTED, Ending.WITHDRAWN),
    Standing.ASSUMPTION.value: (Ending.CONFIRMED, Ending.REFUTED, Ending.WITHDRAWN),
    Standing.QUESTION.value: (Ending.ANSWERED, Ending.WITHDRAWN),
}
_ORDER = (
    IncidentState.DECLARED,
    IncidentState.ACTIVE,
    IncidentState.RECOVERING,
    IncidentState.WATCHING,
    IncidentState.REVIEW,
)


@dataclass(frozen=True)
class Ways:
    """Where an incident can go from its state; the rules decide, this only says what is worth offering."""

    onward: tuple[IncidentState, ...]
    stand_down: bool
    close: bool
    reopen: bool
    ended: bool


def ways(state: str) -> Ways:
    """The ways onward from a state."""
    at = IncidentState(state)
    return Ways(
        onward=() if at not in _ORDER else _ORDER[_ORDER.index(at) + 1 :],
        stand_down=at in (IncidentState.DECLARED, IncidentState.ACTIVE),
        close=at is IncidentState.REVIEW,
        reopen=at in (*_ORDER[2:], IncidentState.CLOSED),
        ended=at.ended,
    )


def standing(facts: tuple[FactView, ...], what: Standing) -> list[FactView]:
    """What stands of one sort."""
    return [fact for fact in facts if fact.version and fact.standing == what.value]


@dataclass(frozen=True)
class _Incident:
    frame: Frame

    @property
    def room(self) -> Room:
        """The room of this server."""
        return Room(self.frame.muster.reading, self.frame.muster.world)

    def show(self, request: Request, code: str) -> Response:
        before = request.query_params.get("before", "")
        earlier = int(before) if before.isdecimal() and len(before) < 10 and int(before) > 0 else None
        return self._page(code, page_caller(request), NOTHING_TRIED, earlier)

    def _page(self, code: str, me: Caller, tried: Tried, before: int | None = None) -> Response:
        view, head = self.room.incident(me, code, before)
        earlier = view.entries[0].seq if view.entries and view.entries[0].seq > 0 else None
        return self.frame.page(
            "incident.html",
            me,
            tried=tried,
            title=f"{view.incident}: {view.what[:80]}",
            view=view,
            head=head,
            at=from_stored(head.now),
            here="",
            parts=PARTS,
            path=f"/incidents/{view.incident}",
            next_step=next_step(head, me),
            entries=told(view.entries),
            earlier=earlier,
            before=before,
            standing={what.value: standing(view.facts, what) for what in Standing},
            settled=[fact for fact in view.facts if not fact.version],
            endings=ENDINGS,
            ways=ways(view.state),
            how_learned=tuple(HowLearned),
            severities=tuple(Severity),
            impact=QUESTIONS,
            roles=tuple(role.value for role in ROLES),
            secrecies=tuple(Secrecy),
            everybody=head.everybody,
            among=frozenset(person.account for person in view.people),
            signals=view.signals[:SIGNALS],
            signals_more=len(view.signals[SIGNALS:]),
        )

    def part(self, request: Request, code: str, part: Part) -> Response:
        """The page of one part of the room."""
        return self._part(code, page_caller(request), NOTHING_TRIED, part)

    def _part(self, code: str, me: Caller, tried: Tried, part: Part) -> Response:
        room = self.room.part(me, code, part)
        head = room.head
        return self.frame.page(
            f"{part}.html",
            me,
            tried=tried,
            title=f"{TITLES[part]}: {head.incident}",
            heading=TITLES[part],
            room=room,
            head=head,
            at=from_stored(head.now),
            here=part.value,
            parts=PARTS,
            path=f"/incidents/{head.incident}",
            next_step=next_step(head, me),
            ended=head.ended,
            everybody=head.everybody,
            people_choices=tuple((one.account, one.name) for one in head.everybody),
            among=frozenset[str](),
        )

    def back(self, code: str, verb: str) -> Response:
        """A refused form was at this address; opening it again shows the page that it stands on."""
        place = next((PLACES[one] for one in PLACES if one.value == verb), None)
        return go(_address(code, place.part if place else None))

    def do(self, request: Request, code: str, verb: str, form: PostedForm) -> Response:
        known = next((one for one in PLACES if one.value == verb), None)
        if known is None:
            raise NotFound("There is nothing at this address.", verb, "Open the incident and use its forms.")
        place = PLACES[known]
        part = place.part
        at = _address(code, part)

        def then(_me: Caller, _answer: Mapping[str, Any]) -> Response:
            return go(f"{at}#{place.anchor}")

        def again(me: Caller, tried: Tried) -> Response:
            return self._page(code, me, tried) if part is None else self._part(code, me, tried, part)

        return send(
            self.frame,
            request,
            known,
            form,
            name=place.name(known, form.one("form"), form.one(place.apart)),
            fixed=fixed(known, code),
            again=again,
            then=then,
            back=at,
        )


def _address(code: str, part: Part | None) -> str:
    return f"/incidents/{code}" if part is None else f"/incidents/{code}/{part}"


def routes(frame: Frame) -> APIRouter:
    """/incidents/CODE, the parts of its room, and what is done there."""
    pages = _Incident(frame)
    router = APIRouter(include_in_schema=False)
    router.get("/incidents/{code}")(pages.show)
    for part in Part:

        def shown(request: Request, code: str, part: Part = part) -> Response:
            return pages.part(request, code, part)

        router.get(f"/incidents/{{code}}/{part}")(shown)
    router.get("/incidents/{code}/{verb}")(pages.back)
    router.post("/incidents/{code}/{verb}")(pages.do)
    return router
