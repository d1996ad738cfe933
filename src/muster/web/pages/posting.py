"""A form on its way: done, refused and shown again with all that was typed, or against somebody else's change."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import Request
from starlette.responses import Response

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.core.errors import Conflict, MusterError, Unsigned
from muster.web.pages.errors import error_page
from muster.web.pages.forms import KEY, Form, Tried, fields_of
from muster.web.pages.frame import Frame
from muster.web.who import page_caller

Again = Callable[[Caller, Tried], Response]
Then = Callable[[Caller, Mapping[str, Any]], Response]
_ID = re.compile(r"\b[0-9a-f]{32}\b")


def send(
    frame: Frame,
    request: Request,
    verb: Verb,
    form: Form,
    *,
    name: str,
    fixed: Mapping[str, Any],
    again: Again,
    then: Then,
    back: str = "",
) -> Response:
    """Does a verb with a form. again: shows the page with the refused form; then: what follows when it is done.

    back: the page of the form, where it is another than the address shows.
    """
    return work(
        frame,
        request,
        form,
        name=name,
        do=lambda me: frame.muster.doing.do(verb, fields_of(verb, form, fixed), me, form.key),
        again=again,
        then=then,
        back=back,
    )


def work(
    frame: Frame,
    request: Request,
    form: Form,
    *,
    name: str,
    do: Callable[[Caller], Mapping[str, Any]],
    again: Again,
    then: Then,
    back: str = "",
) -> Response:
    """Does something with a form. Whatever refuses it, the typed text is shown again."""
    try:
        me = page_caller(request)
    except MusterError as error:
        return error_page(request, error, kept=form)
    try:
        return then(me, do(me))
    except Conflict as error:
        return _conflict(frame, request, me, form, error, back)
    except Unsigned as error:
        return error_page(request, error, kept=form)
    except MusterError as error:
        return _shown_again(request, me, again, Tried(name, form, error), error)


def _shown_again(request: Request, me: Caller, again: Again, tried: Tried, error: MusterError) -> Response:
    try:
        return again(me, tried)
    except MusterError:
        return error_page(request, error, kept=tried.form)


def _conflict(frame: Frame, request: Request, me: Caller, form: Form, error: Conflict, back: str) -> Response:
    names = {person.account: person.name for person in frame.muster.reading.people(me)}
    path = request.url.path
    return frame.page(
        "conflict.html",
        me,
        status=error.status,
        title=error.title,
        error=error,
        theirs=_named(error.theirs, names),
        yours=_named(error.yours, names),
        path=path,
        back=back or path.rpartition("/")[0],
        again=error.where != "sha256",
        kept=[pair for pair in form.pairs if pair[0] not in (KEY, "expected")],
        text_field="text" if path.endswith("/summary") else "",
    )


def _named(text: str, names: Mapping[str, str]) -> str:
    return _ID.sub(lambda found: names.get(found[0], "somebody"), text)
