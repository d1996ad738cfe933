"""Accounts, tokens and sessions: one's own, and for administrators everybody's accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.core.errors import NotFound
from muster.core.people import Duty, Scope
from muster.web.pages.forms import NOTHING_TRIED, Form, PostedForm, Tried
from muster.web.pages.frame import Frame, go
from muster.web.pages.posting import send, work
from muster.web.who import page_caller

# What is posted to /accounts/VERB; the answers of the first three hold a secret that is shown once.
_VERBS = {
    "invite": Verb.INVITE,
    "reset-link": Verb.RESET_LINK,
    "token": Verb.TOKEN,
    "program": Verb.PROGRAM,
    "disable": Verb.DISABLE,
    "enable": Verb.ENABLE,
    "duties": Verb.DUTIES,
    "tie": Verb.TIE,
    "revoke": Verb.REVOKE,
}
_ONCE = ("invite", "reset-link", "token")
PROGRAM_SCOPES = tuple(scope.value for scope in Scope if scope is not Scope.PERSON)


@dataclass(frozen=True)
class _Accounts:
    frame: Frame

    def show(self, request: Request) -> Response:
        return self._page(page_caller(request), NOTHING_TRIED)

    def _page(self, me: Caller, tried: Tried) -> Response:
        reading = self.frame.muster.reading
        rows = reading.accounts(me) if me.administers else ()
        return self.frame.page(
            "accounts.html",
            me,
            tried=tried,
            title="Accounts" if me.administers else "Your account",
            people=[row for row in rows if row.kind == "person"],
            programs=[row for row in rows if row.kind != "person"],
            tokens=reading.tokens(me, all_of_them=True),
            sessions=reading.sessions(me),
            duties=tuple(duty.value for duty in Duty),
            scopes=PROGRAM_SCOPES,
            persons=self.frame.muster.plan.people(me) if me.administers else (),
        )

    def back(self) -> Response:
        """A refused form was at this address; opening it again shows the accounts."""
        return go("/accounts")

    def do(self, request: Request, verb: str, form: PostedForm) -> Response:
        if verb not in _VERBS:
            raise NotFound(
                "There is nothing at this address.", verb, "Open the accounts and use the forms there."
            )

        def then(me: Caller, answer: Mapping[str, Any]) -> Response:
            return self._once(verb, me, answer, form) if verb in _ONCE else go("/accounts#top")

        return send(
            self.frame,
            request,
            _VERBS[verb],
            form,
            name=_name(verb, form),
            fixed={},
            again=self._page,
            then=then,
        )

    def _once(self, verb: str, me: Caller, answer: Mapping[str, Any], form: Form) -> Response:
        """The page that shows a link or a token, this once."""
        account = str(answer.get("account", ""))
        rows = self.frame.muster.reading.accounts(me) if me.administers else ()
        whom = next((row for row in rows if row.account == account), None)
        secret = str(answer.get("secret", ""))
        link = str(answer.get("link", ""))
        return self.frame.page(
            "shown_once.html",
            me,
            title="Shown once",
            headers={"Cache-Control": "no-store"},
            what=verb,
            secret=secret or (f"{self._base()}{link}" if link else ""),
            whom=whom,
            token=form.one("name"),
        )

    def _base(self) -> str:
        settings = self.frame.muster.settings
        return f"http://localhost:{settings.port}"

    def end(self, request: Request, session: str, form: PostedForm) -> Response:
        return work(
            self.frame,
            request,
            form,
            name=f"end-{session}",
            do=lambda me: self._end(me, session),
            again=self._page,
            then=lambda me, _answer: go("/sign-in#top" if session == me.session else "/accounts#top"),
        )

    def _end(self, me: Caller, session: str) -> Mapping[str, Any]:
        self.frame.muster.sign_in.end_session(me, session)
        return {}


def _name(verb: str, form: Form) -> str:
    """The forms that stand beside each account or token are told apart by its id."""
    if verb in ("invite", "program"):
        return verb
    if verb == "token":
        return "program-token" if form.one("account") else "token"
    return f"{verb}-{form.one('token' if verb == 'revoke' else 'account')}"


def routes(frame: Frame) -> APIRouter:
    """/accounts and what is done there."""
    pages = _Accounts(frame)
    router = APIRouter(include_in_schema=False)
    router.get("/accounts")(pages.show)
    router.get("/accounts/{verb}")(pages.back)
    router.post("/accounts/{verb}")(pages.do)
    router.post("/sessions/{session}/end")(pages.end)
    return router
