"""Incidents: the list, and declaring one."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.app.views import SignalView
from muster.core.errors import MusterError
from muster.core.labels import Secrecy
from muster.respond.incident import IncidentState
from muster.web.pages.forms import NOTHING_TRIED, PostedForm, Tried
from muster.web.pages.frame import Frame, go
from muster.web.pages.posting import send
from muster.web.who import page_caller

STATES = tuple(state.value for state in IncidentState)


@dataclass(frozen=True)
class _Incidents:
    frame: Frame

    def all(self, request: Request) -> Response:
        me = page_caller(request)
        asked = request.query_params.get("state", "")
        state = asked if asked in STATES else ""
        page = self.frame.muster.reading.incidents(
            me, state=state or None, after=request.query_params.get("after")
        )
        return self.frame.page(
            "incidents.html",
            me,
            title="Incidents",
            incidents=page.incidents,
            following=page.next,
            state=state,
            states=STATES,
        )

    def ask(self, request: Request) -> Response:
        return self._page(page_caller(request), NOTHING_TRIED, request.query_params.get("signal", ""))

    def _page(self, me: Caller, tried: Tried, signal: str) -> Response:
        view = self._signal(me, signal)
        return self.frame.page(
            "declare.html",
            me,
            tried=tried,
            title="Declare an incident",
            signal=view.signal.signal if view else signal,
            what=view.signal.title if view else "",
            found=view,
            secrecies=tuple(Secrecy),
            everybody=self.frame.muster.reading.people(me),
        )

    def _signal(self, me: Caller, code: str) -> SignalView | None:
        if not code:
            return None
        try:
            return self.frame.muster.reading.signal(me, code)
        except MusterError:
            return None  # the form says so when it is sent

    def declare(self, request: Request, form: PostedForm) -> Response:
        return send(
            self.frame,
            request,
            Verb.DECLARE,
            form,
            name="declare",
            fixed={},
            again=lambda me, tried: self._page(me, tried, form.one("signal")),
            then=lambda _me, answer: go(f"/incidents/{answer['incident']}"),
        )


def routes(frame: Frame) -> APIRouter:
    """/incidents and /declare."""
    pages = _Incidents(frame)
    router = APIRouter(include_in_schema=False)
    router.get("/incidents")(pages.all)
    router.get("/declare")(pages.ask)
    router.post("/declare")(pages.declare)
    return router
