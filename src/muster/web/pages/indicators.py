"""Indicators on a page: the lists in force, what was left out of them, what fired, and where one value stands."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from muster.detect.indicators.normal_form import defanged
from muster.web.pages.frame import Frame
from muster.web.who import page_caller

MOST_ASKED = 2_048


@dataclass(frozen=True)
class _Indicators:
    frame: Frame

    def show(self, request: Request) -> Response:
        me = page_caller(request)
        value = request.query_params.get("value", "")[:MOST_ASKED]
        book = self.frame.muster.indicators.all(me, value)
        return self.frame.page(
            "indicators.html", me, title="Indicators", book=book, value=value, defanged=defanged
        )


def routes(frame: Frame) -> APIRouter:
    """/indicators."""
    pages = _Indicators(frame)
    router = APIRouter(include_in_schema=False)
    router.get("/indicators")(pages.show)
    return router
