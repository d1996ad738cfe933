"""One incident: its page, and every form on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.app.views import FactView, IncidentView
from muster.core.errors import NotFound
from muster.core.labels import Secrecy, Severity
from muster.plan.builtin import CLOSING_FIELDS, ROLES
from muster.respond.facts import Ending, Standing
from muster.respond.incident import HowLearned, IncidentState
from muster.web.pages.entries import told
from muster.web.pages.forms import NOTHING_TRIED, PostedForm, Tried
from muster.web.pages.frame import Frame, go
from muster.web.pages.impact import QUESTIONS
from muster.web.pages.next_step import next_step
from muster.web.pages.posting import send
from muster.web.who import page_caller

ENTRIES = 60
SIGNALS = 30
ENDINGS = {
    Standing.FACT.value: (Ending.REFUTED, Ending.WITHDRAWN),
    Standing.ASSUMPTION.value: (Ending.CONFIRMED, Ending.REFUTED, Ending.WITHDRAWN),
    Standing.QUESTION.value: (Ending.ANSWERED, Ending.WITHDRAWN),
}
# What is posted to /incidents/CODE/VERB, and the part of the page where it shows.
_PARTS = {
    Verb.LOG: "log-form",
    Verb.FACT: "facts",
    Verb.ASSUME: "assumptions",
    Verb.QUESTION: "questions",
    Verb.SETTLE: "facts",
    Verb.OFFER: "roles",
    Verb.ACCEPT: "roles",
    Verb.DECLINE: "roles",
    Verb.SEVERITY: "severity",
    Verb.SUMMARY: "summary",
    Verb.STATE: "state",
    Verb.STAND_DOWN: "state",
    Verb.CLOSE: "state",
    Verb.REOPEN: "state",
    Verb.REDACT: "log",
    Verb.ERASE: "log",
    Verb.RESTRICT: "secrecy",
}
# Forms that stand on the page several times are told apart by one of their fields.
_TOLD_APART = {
    Verb.SETTLE: "thing",
    Verb.ACCEPT: "role",
    Verb.DECLINE: "role",
    Verb.STATE: "to",
    Verb.REDACT: "seq",
    Verb.ERASE: "seq",
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

    def show(self, request: Request, code: str) -> Response:
        before = request.query_params.get("before", "")
        earlier = int(before) if before.isdecimal() and len(before) < 10 and int(before) > 0 else None
        return self._page(code, page_caller(request), NOTHING_TRIED, earlier)

    def _page(self, code: str, me: Caller, tried: Tried, before: int | None = None) -> Response:
        view = self.frame.muster.reading.incident(me, code, before=before)
        shown = view.entries[-ENTRIES:]
        earlier = shown[0].seq if shown and shown[0].seq > 0 else None
        return self.frame.page(
            "incident.html",
            me,
            tried=tried,
            title=f"{view.incident}: {view.what[:80]}",
            view=view,
            path=f"/incidents/{view.incident}",
            commander=_commander(view),
            next_step=next_step(view, me),
            entries=told(shown),
            earlier=earlier,
            before=before,
            standing={what.value: standing(view.facts, what) for what in Standing},
            settled=[fact for fact in view.facts if not fact.version],
            endings=ENDINGS,
            ways=ways(view.state),
            closing=CLOSING_FIELDS,
            how_learned=tuple(HowLearned),
            severities=tuple(Severity),
            impact=QUESTIONS,
            roles=tuple(role.value for role in ROLES),
            secrecies=tuple(Secrecy),
            everybody=self.frame.muster.reading.people(me),
            among=frozenset(person.account for person in view.people),
            signals=view.signals[:SIGNALS],
            signals_more=len(view.signals[SIGNALS:]),
        )

    def back(self, code: str) -> Response:
        """A refused form was at this address; opening it again shows the incident."""
        return go(f"/incidents/{code}")

    def do(self, request: Request, code: str, verb: str, form: PostedForm) -> Response:
        known = next((one for one in _PARTS if one.value == verb), None)
        if known is None:
            raise NotFound("There is nothing at this address.", verb, "Open the incident and use its forms.")
        field = "stream" if known in (Verb.REDACT, Verb.ERASE, Verb.RESTRICT) else "incident"
        name = f"{verb}-{form.one(_TOLD_APART[known])}" if known in _TOLD_APART else form.one("form", verb)

        def then(_me: Caller, _answer: Mapping[str, Any]) -> Response:
            return go(f"/incidents/{code}#{_PARTS[known]}")

        return send(
            self.frame,
            request,
            known,
            form,
            name=name,
            fixed={field: code},
            again=lambda me, tried: self._page(code, me, tried),
            then=then,
        )


def _commander(view: IncidentView) -> str | None:
    return next((role.holder for role in view.roles if role.role == "commander"), None)


def routes(frame: Frame) -> APIRouter:
    """/incidents/CODE and what is done there."""
    pages = _Incident(frame)
    router = APIRouter(include_in_schema=False)
    router.get("/incidents/{code}")(pages.show)
    router.get("/incidents/{code}/{verb}")(pages.back)
    router.post("/incidents/{code}/{verb}")(pages.do)
    return router
