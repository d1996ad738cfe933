"""The plain web pages: rendered here, working without JavaScript, forms that post and come back."""

from fastapi import APIRouter

from muster.app.muster import Muster
from muster.web.pages import (
    accounts,
    api_page,
    assets,
    drills,
    evidence,
    incident,
    incidents,
    intake,
    plan,
    signals,
    signing_in,
    start,
)
from muster.web.pages.errors import error_page
from muster.web.pages.frame import Frame

_AREAS = (start, signing_in, intake, evidence, signals, incidents, incident, plan, drills, accounts, api_page)


def routes(muster: Muster) -> APIRouter:
    """All pages of one server."""
    frame = Frame(muster)
    router = APIRouter(include_in_schema=False)
    for area in _AREAS:
        router.include_router(area.routes(frame))
    router.include_router(assets.routes())
    return router


__all__ = ["error_page", "routes"]
