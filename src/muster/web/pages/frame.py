"""What every page has around it: who is signed in, the state of the server, fresh keys for its forms."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from muster.app.caller import Caller
from muster.app.muster import Muster
from muster.app.views import StatusView
from muster.core.errors import MusterError, Unsigned
from muster.plan.builtin import COMMIT
from muster.record.lane import REAL
from muster.respond.signal import SignalState
from muster.web.pages.forms import NOTHING_TRIED, Tried
from muster.web.pages.showing import rendered
from muster.web.who import maybe_caller

GRAVE = ("SEV1", "SEV2")
_PROBLEM = 'id="problem"'


@dataclass(frozen=True)
class Frame:
    """Makes pages for one server."""

    muster: Muster

    def page(
        self,
        template: str,
        me: Caller | None,
        *,
        status: int = 200,
        tried: Tried = NOTHING_TRIED,
        headers: Mapping[str, str] | None = None,
        **context: Any,
    ) -> Response:
        """A whole page; a refused form on it has the status of its error."""
        common = {
            "me": me,
            "tried": tried,
            "key": keys(tried),
            "now": self.muster.clock(),
            "health": health(self.muster),
            "built_in": COMMIT,
            "reality": lambda: reality(self.muster, me) if me else 0,
        }
        text = rendered(template, **common, **context, stray=None)
        if tried.error and _PROBLEM not in text:  # the form that was refused is no longer on this page
            text = rendered(template, **common, **context, stray=tried.form.texts())
        return HTMLResponse(text, tried.error.status if tried.error else status, headers)


def keys(tried: Tried) -> Any:
    """A function from a form's name to its idempotency key, new for each rendering."""
    drawn = secrets.token_hex(12)

    def key(form: str) -> str:
        return (tried.key if tried.at(form) else None) or f"{drawn}-{form}"

    return key


def reality(muster: Muster, me: Caller) -> int:
    """How many grave real signals nobody took, for somebody who takes part in a drill. It never fails a page."""
    awake = replace(me, actor=replace(me.actor, lane=REAL))
    try:
        waiting = muster.reading.signals(awake, state=SignalState.NEW.value, limit=500).signals
    except MusterError:
        return 0
    return sum(row.severity in GRAVE for row in waiting)


def health(muster: Muster | None) -> StatusView | None:
    """How the server is; None when even that cannot be told. It never fails a page."""
    if muster is None:
        return None
    try:
        status = muster.health.status()
        in_force = muster.world.now().commits.in_force
        return status.model_copy(update={"plan": in_force}) if status.plan == COMMIT else status
    except Exception:  # noqa: BLE001 - the foot of a page must never be the reason that nobody sees the page
        return None


def anybody(request: Request) -> Caller | None:
    """Who is signed in, or None."""
    try:
        return maybe_caller(request)
    except Unsigned:
        return None


def go(path: str) -> Response:
    """On to another page of ours, after a form was taken."""
    return RedirectResponse(path, 303)
