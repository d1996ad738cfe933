"""The register of log sources on a page: rate, lag, last seen, state in words, rules that read each, and every hole."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from muster.app.log_sources import HoleKind
from muster.web.pages.frame import Frame
from muster.web.who import page_caller

MOST_HOLES = 200
"""Of one kind on one page; the API has all."""


@dataclass(frozen=True)
class _LogSources:
    frame: Frame

    def show(self, request: Request) -> Response:
        me = page_caller(request)
        register = self.frame.muster.log_sources.register(me)
        kinds = {kind: [one for one in register.holes if one.kind is kind] for kind in HoleKind}
        return self.frame.page(
            "log_sources.html", me, title="Log sources", register=register, kinds=kinds, most=MOST_HOLES
        )


def routes(frame: Frame) -> APIRouter:
    """/log-sources."""
    router = APIRouter(include_in_schema=False)
    router.get("/log-sources")(_LogSources(frame).show)
    return router
