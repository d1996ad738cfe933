"""The web application: safety around every request, errors as answers, API and pages."""

import logging
from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from muster.access.passing import DenialReason
from muster.app.caller import nobody
from muster.app.muster import Muster
from muster.core.errors import BadInput, Denied, MusterError, NotFound, Unavailable
from muster.core.text import shown
from muster.web import api, pages
from muster.web.openapi import describe
from muster.web.problems import MEDIA_TYPE, document, extra_headers
from muster.web.safety import HEADERS, forged, known_host
from muster.web.who import source_of

_LOG = logging.getLogger("muster.web")
MOST_BODY = 32 * 1024 * 1024
_DIGITS = 12
HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})


def create(muster: Muster) -> FastAPI:
    """The application of a server's parts."""
    app = FastAPI(
        title="Muster",
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.muster = muster
    app.add_exception_handler(MusterError, _muster_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)
    # As they are: FastAPI compiles the routes of an included router once more at the first request.
    app.router.routes.extend(api.routes().routes)
    app.router.routes.extend(pages.routes(muster))
    app.middleware("http")(_guard)
    app.openapi = lambda: describe(app)
    return app


async def _guard(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
    refused = await _refusal(request)
    answer = error_answer(request, refused) if refused is not None else await go_on(request)
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    return answer


async def _refusal(request: Request) -> MusterError | None:
    muster: Muster = request.app.state.muster
    if not known_host(request.headers.get("host", ""), HOSTS | {muster.settings.host}):
        return BadInput("This server is not called by that name.", "Host", "Use the address that it printed.")
    if "authorization" not in request.headers and forged(request.method, request.headers):
        caller = nobody(source_of(request))
        await run_in_threadpool(muster.journal.denied, caller, muster.clock(), DenialReason.FOREIGN_ORIGIN)
        return Denied(
            "This request comes from another site.", "Origin", "Open the page itself and do it there."
        )
    if "transfer-encoding" in request.headers:
        return BadInput(
            "The length of the request is not known.", "Content-Length", "Send it with its length."
        )
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or len(length) > _DIGITS or int(length) > MOST_BODY:
        return BadInput("The request is too large.", "Content-Length", f"Send at most {MOST_BODY} bytes.")
    return None


def error_answer(request: Request, error: MusterError) -> Response:
    """An error as a problem document for the API, as a page for people."""
    if request.url.path.startswith("/api/"):
        return JSONResponse(
            document(error), status_code=error.status, media_type=MEDIA_TYPE, headers=extra_headers(error)
        )
    return pages.error_page(request, error)


def _muster_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, MusterError):
        raise error
    return error_answer(request, error)


def _validation_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    fault = error.errors()[0]
    where = ".".join(str(part) for part in fault["loc"][1:])
    return error_answer(request, BadInput(f"{fault['msg']}.", where, "Mend this and send it again."))


def _http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == 404:
        return error_answer(request, NotFound("There is no such page.", "", "Begin at the start page."))
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        answer = error_answer(
            request, MethodRefused("This cannot be done here.", request.method, "See /api.")
        )
        if allowed:
            answer.headers["Allow"] = allowed
        return answer
    return error_answer(request, BadInput(f"{error.detail}.", "", "Mend the request."))


class MethodRefused(MusterError):
    """A method that a path does not know."""

    status = 405
    slug = "method"
    title = "Not that way"


def _unexpected(request: Request, error: Exception) -> Response:
    """A fault of Muster itself: written to the server's log without the input, told plainly."""
    _LOG.error("%s %s failed", request.method, shown(request.url.path)[:200], exc_info=error)
    fault = Unexpected(
        "Muster made a mistake; nothing was written.",
        "",
        "Try again. If it stays, the server's log says more.",
    )
    answer = error_answer(request, fault)
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    return answer


class Unexpected(Unavailable):
    """A fault of Muster itself."""

    status = 500
    slug = "fault"
    title = "A fault of Muster"
