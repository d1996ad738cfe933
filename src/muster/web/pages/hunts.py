"""Hunts over stored events: how far each is, and a picture of when the events came that it found."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from muster.web.drawings.over_time import over_time
from muster.web.drawings.picture import picture
from muster.web.pages.frame import Frame
from muster.web.who import page_caller


@dataclass(frozen=True)
class _Hunts:
    frame: Frame

    def show(self, request: Request) -> Response:
        me = page_caller(request)
        hunts = [(one, picture(over_time(one.by_hour, "hits"))) for one in self.frame.muster.hunts.all(me)]
        return self.frame.page("hunts.html", me, title="Hunts", hunts=hunts)


def routes(frame: Frame) -> APIRouter:
    """/hunts."""
    pages = _Hunts(frame)
    router = APIRouter(include_in_schema=False)
    router.get("/hunts")(pages.show)
    return router
