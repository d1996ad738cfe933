"""The plan on pages: what is in force, a version to read and approve, holes, untested lines; and the paper for the wall."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.web.pages.forms import NOTHING_TRIED, PostedForm, Tried
from muster.web.pages.frame import Frame, go
from muster.web.pages.posting import send
from muster.web.who import page_caller


@dataclass(frozen=True)
class _Plan:
    frame: Frame

    def show(self, request: Request) -> Response:
        me = page_caller(request)
        muster = self.frame.muster
        return self.frame.page(
            "plan.html",
            me,
            title="The plan",
            plan=muster.plan.now(me),
            holes=muster.holes.now(me),
            lessons=muster.plan.lessons(me),
        )

    def version(self, request: Request, commit: str) -> Response:
        return self._version(page_caller(request), commit, NOTHING_TRIED)

    def _version(self, me: Caller, commit: str, tried: Tried) -> Response:
        muster = self.frame.muster
        return self.frame.page(
            "plan_version.html",
            me,
            tried=tried,
            title="A version of the plan",
            version=muster.plan.version(me, commit),
            plan=muster.plan.now(me),
        )

    def approve(self, request: Request, commit: str, form: PostedForm) -> Response:
        def then(_me: Caller, _answer: Mapping[str, Any]) -> Response:
            return go("/plan#top")

        return send(
            self.frame,
            request,
            Verb.APPROVE_PLAN,
            form,
            name="approve-plan",
            fixed={"commit": commit},
            again=lambda me, tried: self._version(me, commit, tried),
            then=then,
            back=f"/plan/versions/{commit}",
        )

    def paper(self, request: Request) -> Response:
        me = page_caller(request)
        self.frame.muster.plan.now(me)
        version = self.frame.muster.world.now().version
        plan = version.plan if version else None
        return self.frame.page(
            "paper.html",
            me,
            title="For the wall",
            commit=version.commit if version else "",
            plan=plan,
            today=self.frame.muster.clock().date(),
        )


def routes(frame: Frame) -> APIRouter:
    """/plan and what is below it."""
    pages = _Plan(frame)
    router = APIRouter(include_in_schema=False)
    router.get("/plan")(pages.show)
    router.get("/plan/paper")(pages.paper)
    router.get("/plan/versions/{commit}")(pages.version)
    router.post("/plan/versions/{commit}")(pages.approve)
    return router
