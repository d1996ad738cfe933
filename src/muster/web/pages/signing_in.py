"""Signing in and out, and the one-time links that set a password."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from starlette.responses import Response

from muster.access.passing import LinkPurpose
from muster.app.caller import Caller, nobody
from muster.app.sign_in import SignedInNow
from muster.core.errors import BadInput, MusterError
from muster.core.people import Through
from muster.web.pages.forms import PostedForm, Tried
from muster.web.pages.frame import Frame, anybody, go
from muster.web.who import COOKIE, source_of


def local_path(text: str) -> str:
    """Where to go after signing in: a path of ours, `/` for everything else."""
    if not text.startswith("/") or text.startswith("//") or "\\" in text or not text.isprintable():
        return "/"
    try:
        parts = urlsplit(text)
    except ValueError:
        return "/"
    if parts.scheme or parts.netloc or parts.path in ("/sign-in", "/sign-out"):
        return "/"
    return text if text.isascii() else "/"


def secure(request: Request) -> bool:
    """Whether the page came over HTTPS."""
    return request.url.scheme == "https"


def keep_session(request: Request, response: Response, session: SignedInNow, now: datetime) -> Response:
    """The answer with the cookie of a new session, for as long as the session lives, whatever the browser's clock."""
    response.set_cookie(
        COOKIE,
        session.secret,
        max_age=max(0, int((session.expires - now).total_seconds())),
        path="/",
        secure=secure(request),
        httponly=True,
        samesite="lax",
    )
    return response


def drop_session(request: Request, response: Response) -> Response:
    """The answer that makes the browser forget the session."""
    response.delete_cookie(
        COOKIE,
        path="/",
        secure=secure(request),
        httponly=True,
        samesite="lax",
    )
    return response


def _caller(request: Request) -> Caller:
    return nobody(source_of(request), Through.WEB)


@dataclass(frozen=True)
class _SigningIn:
    frame: Frame

    def show(self, request: Request) -> Response:
        if anybody(request) is not None:
            return go(local_path(request.query_params.get("next", "/")))
        done = request.query_params.get("done", "") == "link"
        return self._page(request.query_params.get("next", "/"), Tried(), done=done)

    def _page(self, target: str, tried: Tried, *, done: bool = False) -> Response:
        return self.frame.page(
            "sign_in.html", None, tried=tried, title="Sign in", next=local_path(target), done=done
        )

    def enter(self, request: Request, form: PostedForm) -> Response:
        try:
            session = self._open(request, form.one("sign_in"), form.one("password"))
        except MusterError as error:
            return self._page(form.one("next"), Tried("sign-in", form.without_secrets(), error))
        return keep_session(request, go(local_path(form.one("next"))), session, self.frame.muster.clock())

    def _open(self, request: Request, name: str, password: str) -> SignedInNow:
        device = request.headers.get("user-agent", "")
        return self.frame.muster.sign_in.with_password(name, password, _caller(request), device)

    def leave(self, request: Request) -> Response:
        me = anybody(request)
        if me is not None:
            self.frame.muster.sign_in.out(me)
        return drop_session(request, go("/sign-in"))

    def link(self, secret: str) -> Response:
        return self._link(secret, Tried())

    def _link(self, secret: str, tried: Tried) -> Response:
        purpose, _account = self.frame.muster.sign_in.link(secret)
        first = purpose is LinkPurpose.FIRST
        return self.frame.page(
            "link.html",
            None,
            tried=tried,
            title="Become the first administrator" if first else "Set your password",
            first=first,
            invited=purpose is LinkPurpose.INVITE,
            path=f"/link/{secret}",
        )

    def use_link(self, request: Request, secret: str, form: PostedForm) -> Response:
        name, sign_in, password = form.one("name"), form.one("sign_in"), form.one("password")
        try:
            if password != form.one("password_again"):
                raise BadInput("The two passwords differ.", "password_again", "Type the same one twice.")
            purpose = self.frame.muster.sign_in.link(secret)[0]
            account = self.frame.muster.sign_in.use_link(
                secret, _caller(request), password=password, name=name, sign_in=sign_in
            )
        except MusterError as error:
            return self._link(secret, Tried("link", form.without_secrets(), error))
        if (
            purpose is LinkPurpose.RESET
        ):  # it may have come by a mailbox that others read: the sign-in name is asked too
            return drop_session(request, go("/sign-in?done=link"))
        device = request.headers.get("user-agent", "")
        session = self.frame.muster.sign_in.open_session(account, _caller(request), device)
        return keep_session(request, go("/"), session, self.frame.muster.clock())


def routes(frame: Frame) -> APIRouter:
    """/sign-in, /sign-out, /link/SECRET."""
    pages = _SigningIn(frame)
    router = APIRouter(include_in_schema=False)
    router.get("/sign-in")(pages.show)
    router.post("/sign-in")(pages.enter)
    router.post("/sign-out")(pages.leave)
    router.get("/link/{secret}")(pages.link)
    router.post("/link/{secret}")(pages.use_link)
    return router
