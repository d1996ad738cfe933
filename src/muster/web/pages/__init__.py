"""The plain web pages: rendered here, working without JavaScript, forms that post and come back."""

from starlette.routing import BaseRoute

from muster.app.muster import Muster
from muster.web.pages import (
    accounts,
    api_page,
    assets,
    drills,
    evidence,
    hunts,
    incident,
    incidents,
    indicators,
    intake,
    log_sources,
    plan,
    rules,
    signals,
    signing_in,
    start,
)
from muster.web.pages.errors import error_page
from muster.web.pages.frame import Frame

_AREAS = (
    start,
    signing_in,
    intake,
    evidence,
    signals,
    incidents,
    incident,
    plan,
    hunts,
    indicators,
    rules,
    log_sources,
    drills,
    accounts,
    api_page,
)


def routes(muster: Muster) -> list[BaseRoute]:
    """All pages of one server."""
    frame = Frame(muster)
    routers = [*(area.routes(frame) for area in _AREAS), assets.routes()]
    return [route for router in routers for route in router.routes]


__all__ = ["error_page", "routes"]
