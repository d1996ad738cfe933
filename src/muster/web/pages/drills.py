"""Drills on pages: which there are, taking part and leaving, and the clock of each; what waits in one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.core.errors import NotFound
from muster.core.ids import parse_code
from muster.web.pages.forms import NOTHING_TRIED, PostedForm, Tried
from muster.web.pages.frame import Frame, go
from muster.web.pages.posting import send
from muster.web.who import page_caller

_VERBS = {
    "join": Verb.JOIN,
    "leave": Verb.LEAVE,
    "pause": Verb.PAUSE,
    "resume": Verb.RESUME,
    "speed": Verb.SPEED,
    "step": Verb.STEP,
    "end": Verb.END_DRILL,
}


@dataclass(frozen=True)
class _Drills:
    frame: Frame

    def show(self, request: Request) -> Response:
        return self._all(page_caller(request), NOTHING_TRIED)

    def _all(self, me: Caller, tried: Tried) -> Response:
        muster = self.frame.muster
        version = muster.world.now().version
        plan = version.plan if version else None
        return self.frame.page(
            "drills.html",
            me,
            tried=tried,
            title="Drills",
            drills=muster.drills.all(me),
            planned=plan.in_force.drills if plan else {},
            today=muster.clock().date(),
        )

    def start(self, request: Request, form: PostedForm) -> Response:
        return send(
            self.frame,
            request,
            Verb.START_DRILL,
            form,
            name="start-drill",
            fixed={"paused": bool(form.one("paused"))},
            again=self._all,
            then=lambda _me, answer: go(f"/drills/{answer['drill']}"),
            back="/drills",
        )

    def one(self, request: Request, code: str) -> Response:
        return self._one(page_caller(request), code, NOTHING_TRIED)

    def _one(self, me: Caller, code: str, tried: Tried) -> Response:
        drills = self.frame.muster.drills
        drill = drills.one(me, code)
        return self.frame.page(
            "drill.html",
            me,
            tried=tried,
            title=drill.exercise,
            drill=drill,
            taking_part=me.actor.lane == drill.lane,
        )

    def do(self, request: Request, code: str, verb: str, form: PostedForm) -> Response:
        if verb not in _VERBS:
            raise NotFound(
                "There is nothing at this address.", verb, "Open the drill and use the forms there."
            )

        def then(_me: Caller, _answer: Mapping[str, Any]) -> Response:
            return go("/incidents" if verb == "join" else f"/drills/{code}#top")

        return send(
            self.frame,
            request,
            _VERBS[verb],
            form,
            name=verb,
            fixed={"drill": parse_code(code)},
            again=lambda me, tried: self._one(me, code, tried),
            then=then,
            back=f"/drills/{code}",
        )

    def back(self, code: str) -> Response:
        """A refused form was at this address; opening it again shows the drill."""
        return go(f"/drills/{code}")


def routes(frame: Frame) -> APIRouter:
    """/drills and what is done there."""
    pages = _Drills(frame)
    router = APIRouter(include_in_schema=False)
    router.get("/drills")(pages.show)
    router.post("/drills")(pages.start)
    router.get("/drills/{code}")(pages.one)
    router.get("/drills/{code}/{verb}")(pages.back)
    router.post("/drills/{code}/{verb}")(pages.do)
    return router
