"""The style sheet and the icon: served from the package, from a list, for ever under the address with the right hash."""

import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import Response

from muster.core.errors import NotFound

FOLDER = Path(__file__).parent.parent / "static"
TYPES = {"style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}


@cache
def content(name: str) -> bytes:
    """The bytes of one file of the list."""
    return (FOLDER / name).read_bytes()


@cache
def version(name: str) -> str:
    """The beginning of a file's hash: what its address ends with."""
    return hashlib.sha256(content(name)).hexdigest()[:16]


def address(name: str) -> str:
    """Where a page finds a file."""
    return f"/static/{name}?v={version(name)}"


def serve(request: Request, name: str) -> Response:
    """One file. Raises NotFound for all that is not on the list."""
    if name not in TYPES:
        raise NotFound("There is no such file.", "address", "Open the page again.")
    fresh = request.query_params.get("v") == version(name)
    caching = "public, max-age=31536000, immutable" if fresh else "no-cache"
    return Response(content(name), headers={"Content-Type": TYPES[name], "Cache-Control": caching})


def routes() -> APIRouter:
    """GET /static/NAME."""
    router = APIRouter(include_in_schema=False)
    router.get("/static/{name}")(serve)
    return router
