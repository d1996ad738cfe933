"""Pages for what went wrong: what happened, what was kept, what to do. They come also when no database answers."""

from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from muster.app.caller import Caller
from muster.core.errors import Denied, MusterError, NotFound, TooMany, Unavailable, Unsigned
from muster.plan.builtin import COMMIT
from muster.web.pages.forms import KEY, NOTHING_TRIED, Form, is_text
from muster.web.pages.frame import anybody, health, keys
from muster.web.pages.showing import rendered

_READS = ("GET", "HEAD")
# The next step, where the error itself names none.
_STEPS: tuple[tuple[type[MusterError], str], ...] = (
    (Unsigned, "Sign in."),
    (Denied, "Ask an administrator, or go back to the start."),
    (NotFound, "Check the address, or look in the lists of signals and incidents."),
    (TooMany, "Wait a moment, then send it again."),
    (Unavailable, "Send it again in a moment. If this stays, tell whoever runs Muster."),
)


def error_page(request: Request, error: MusterError, kept: Form | None = None) -> Response:
    """The page of an error. kept: a form that was not taken; it can be sent again from here."""
    if isinstance(error, Unsigned) and kept is None and request.method in _READS:
        return RedirectResponse(f"/sign-in?{urlencode({'next': _here(request)})}", 303)
    state = request.app.state
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else None
    form = kept.without_secrets() if kept is not None else Form()
    text = rendered(
        "error.html",
        me=_me(request),
        tried=NOTHING_TRIED,
        stray=None,
        key=keys(NOTHING_TRIED),
        health=health(getattr(state, "muster", None)),
        built_in=COMMIT,
        title=error.title,
        error=error,
        step=error.mend or _step(error),
        changes=request.method not in _READS,
        unsigned=isinstance(error, Unsigned),
        path=request.url.path,
        texts=[pair for pair in form.pairs if is_text(pair[0])],
        hidden=[pair for pair in form.pairs if not is_text(pair[0])],
        key_field=KEY,
    )
    return HTMLResponse(text, error.status, headers)


def _me(request: Request) -> Caller | None:
    """Who is signed in, so that the page leads on; nobody when even that cannot be told."""
    try:
        return anybody(request)
    except Exception:  # noqa: BLE001 - this page tells of any fault, a broken database too; it only loses the name here
        return None


def _here(request: Request) -> str:
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def _step(error: MusterError) -> str:
    return next((step for kind, step in _STEPS if isinstance(error, kind)), "Go back and try it another way.")
