"""Who calls: by a token in a header, or by a session in a cookie; or nobody."""

from fastapi import Request

from muster.app.caller import Caller, nobody
from muster.app.muster import Muster
from muster.core.errors import Unsigned

COOKIE = "muster_session"


def muster_of(request: Request) -> Muster:
    """The server's parts."""
    found: Muster = request.app.state.muster
    return found


def source_of(request: Request) -> str:
    """The address that a request came from."""
    return request.client.host if request.client else "unknown"


def maybe_caller(request: Request) -> Caller | None:
    """Who calls; None without a valid token or session. Raises Unsigned for a token that is not known."""
    muster = muster_of(request)
    header = request.headers.get("authorization")
    if header is not None:
        scheme, _, secret = header.partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            raise Unsigned("This authorization is not understood.", "Authorization", "Send: Bearer TOKEN.")
        return muster.sign_in.by_token(secret.strip(), source_of(request))
    cookie = request.cookies.get(COOKIE)
    return None if cookie is None else muster.sign_in.by_session(cookie, source_of(request))


def api_caller(request: Request) -> Caller:
    """Who calls the API. Raises Unsigned."""
    found = maybe_caller(request)
    if found is None:
        raise Unsigned("This needs an account.", "", "Send a token: Authorization: Bearer TOKEN.")
    return found


def page_caller(request: Request) -> Caller:
    """Who looks at a page. Raises Unsigned, which leads to the sign-in page."""
    found = maybe_caller(request)
    if found is None:
        raise Unsigned("Nobody is signed in here.", "", "Sign in.")
    return found


def intake_caller(request: Request) -> Caller:
    """Who reports: an account where there is one, else somebody without. Never refuses."""
    found = maybe_caller(request)
    return nobody(source_of(request)) if found is None else found
