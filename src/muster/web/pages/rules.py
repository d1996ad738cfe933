"""Rules on pages: which are loaded, tested, fired and judged; coverage seen firing, and its layer for the Navigator."""

import json
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from muster.web.api import download
from muster.web.pages.frame import Frame
from muster.web.who import page_caller


@dataclass(frozen=True)
class _Rules:
    frame: Frame

    def show(self, request: Request) -> Response:
        me = page_caller(request)
        return self.frame.page("rules.html", me, title="Rules", book=self.frame.muster.rulebook.all(me))

    def coverage(self, request: Request) -> Response:
        me = page_caller(request)
        covered = self.frame.muster.rulebook.covered(me)
        tactics = {one.tactic: [other for other in covered if other.tactic == one.tactic] for one in covered}
        return self.frame.page("coverage.html", me, title="Coverage", tactics=tactics)

    def layer(self, request: Request) -> Response:
        me = page_caller(request)
        data = json.dumps(self.frame.muster.rulebook.layer(me), indent=1).encode()
        return download(data, "coverage-layer.json", "application/json")


def routes(frame: Frame) -> APIRouter:
    """/rules, /coverage and the layer below it."""
    pages = _Rules(frame)
    router = APIRouter(include_in_schema=False)
    router.get("/rules")(pages.show)
    router.get("/coverage")(pages.coverage)
    router.get("/coverage/layer.json")(pages.layer)
    return router
