"""Signals: the list, and one signal with its evidence and what can be done with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.core.errors import NotFound
from muster.core.labels import Secrecy
from muster.respond.signal import Outcome, SignalState
from muster.web.pages.entries import told
from muster.web.pages.evidence import first_events
from muster.web.pages.forms import NOTHING_TRIED, PostedForm, Tried
from muster.web.pages.frame import Frame, go
from muster.web.pages.posting import send
from muster.web.pages.start import open_incidents
from muster.web.who import page_caller

STATES = tuple(state.value for state in SignalState)
OUTCOMES = tuple(outcome.value for outcome in Outcome if outcome is not Outcome.INCIDENT)
_VERBS = {
    "acknowledge": Verb.ACKNOWLEDGE,
    "attach": Verb.ATTACH,
    "dismiss": Verb.DISMISS,
    "restrict": Verb.RESTRICT,
    "redact": Verb.REDACT,
    "erase": Verb.ERASE,
}


@dataclass(frozen=True)
class _Signals:
    frame: Frame

    def all(self, request: Request) -> Response:
        me = page_caller(request)
        state = request.query_params.get("state", "")
        page = self.frame.muster.reading.signals(
            me, state=state if state in STATES else None, after=request.query_params.get("after")
        )
        return self.frame.page(
            "signals.html",
            me,
            title="Signals",
            signals=page.signals,
            following=page.next,
            state=state if state in STATES else "",
            states=STATES,
            after=request.query_params.get("after", ""),
        )

    def show(self, request: Request, code: str) -> Response:
        return self._page(code, page_caller(request), NOTHING_TRIED)

    def _page(self, code: str, me: Caller, tried: Tried) -> Response:
        view = self.frame.muster.reading.signal(me, code)
        waiting = view.signal.state in (SignalState.NEW.value, SignalState.ACKNOWLEDGED.value)
        return self.frame.page(
            "signal.html",
            me,
            tried=tried,
            title=f"{view.signal.signal}: {view.signal.title[:80]}",
            view=view,
            signal=view.signal,
            path=f"/signals/{view.signal.signal}",
            waiting=waiting,
            first=first_events(self.frame, me, view),
            entries=told(view.entries),
            entries_left_out=0,
            going=open_incidents(self.frame.muster.reading, me) if waiting else [],
            outcomes=OUTCOMES,
            secrecies=tuple(Secrecy),
            everybody=self.frame.muster.reading.people(me),
            among=frozenset[str](),
        )

    def back(self, code: str) -> Response:
        """A refused form was at this address; opening it again shows the signal."""
        return go(f"/signals/{code}")

    def do(self, request: Request, code: str, verb: str, form: PostedForm) -> Response:
        if verb not in _VERBS:
            raise NotFound("There is nothing at this address.", verb, "Open the signal and use its forms.")
        field = "stream" if verb in ("restrict", "redact", "erase") else "signal"
        name = f"{verb}-{form.one('seq')}" if verb in ("redact", "erase") else verb

        def then(_me: Caller, answer: Mapping[str, Any]) -> Response:
            if verb == "attach":
                return go(f"/incidents/{answer['incident']}#top")
            return go(f"/signals/{code}#top")

        return send(
            self.frame,
            request,
            _VERBS[verb],
            form,
            name=name,
            fixed={field: code},
            again=lambda me, tried: self._page(code, me, tried),
            then=then,
        )


def routes(frame: Frame) -> APIRouter:
    """/signals, /signals/CODE and what is done there."""
    pages = _Signals(frame)
    router = APIRouter(include_in_schema=False)
    router.get("/signals")(pages.all)
    router.get("/signals/{code}")(pages.show)
    router.get("/signals/{code}/{verb}")(pages.back)
    router.post("/signals/{code}/{verb}")(pages.do)
    return router
