"""Pages of errors: what happened, what was kept, what to do; and no database is needed for them."""

from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import Request

from muster.core.errors import (
    BadInput,
    Damaged,
    Denied,
    MusterError,
    NotFound,
    Refused,
    TooMany,
    Unavailable,
    Unsigned,
)
from muster.web.pages.errors import error_page
from muster.web.pages.forms import Form
from tests.web.pages.conftest import House


def _request(method: str = "GET", path: str = "/signals", query: bytes = b"") -> Request:
    app: Any = SimpleNamespace(state=SimpleNamespace())
    return Request(
        {"type": "http", "method": method, "path": path, "query_string": query, "headers": [], "app": app}
    )


@pytest.mark.parametrize(
    "error",
    [
        BadInput("No <b>time</b>.", "happened_at", "Write it with its zone."),
        Denied("Not for you.", "", ""),
        NotFound("Nothing here.", "INC-0", ""),
        Refused("A rule.", "", ""),
        TooMany("Too often.", retry_after=7),
        Damaged("The record does not verify.", "leaf 7", ""),
        Unavailable("The disk is full.", "", ""),
        MusterError("Something.", "", ""),
    ],
)
def test_every_error_has_a_page(error: MusterError) -> None:
    answer = error_page(_request(), error)
    page = bytes(answer.body).decode()
    assert answer.status_code == error.status
    for part in ("What happened", "What was kept", "What to do", "Nothing was changed."):
        assert part in page
    assert "<b>" not in page
    assert "<dd></dd>" not in page
    assert answer.headers.get("retry-after") == ("7" if isinstance(error, TooMany) else None)


def test_a_stranger_who_reads_is_led_to_sign_in() -> None:
    answer = error_page(_request(path="/signals", query=b"state=new&after=x"), Unsigned("Nobody."))
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Fsignals%3Fstate%3Dnew%26after%3Dx"


def test_a_form_that_was_not_taken_can_be_sent_again() -> None:
    form = Form(
        (("text", "kept </textarea> text"), ("seq", "4"), ("idempotency_key", "k"), ("password", "secret"))
    )
    answer = error_page(_request("POST", "/incidents/INC-0/log"), Unsigned("Nobody."), kept=form)
    page = bytes(answer.body).decode()
    assert answer.status_code == 401
    assert "kept &lt;/textarea&gt; text</textarea>" in page
    assert '<input type="hidden" name="seq" value="4">' in page
    assert '<input type="hidden" name="idempotency_key" value="k">' in page
    assert "secret" not in page
    assert "in another tab" in page


def test_without_a_form_it_says_where_the_text_is() -> None:
    page = bytes(error_page(_request("POST"), Unsigned("Nobody.")).body).decode()
    assert "go back to the form" in page


def test_errors_of_the_server_come_as_pages(house: House) -> None:
    browser = house.browser()
    for path, status in (("/nothing", 404), ("/static/x", 404), ("/link/none", 404)):
        browser.get(path)
        assert browser.status == status
        assert "What to do" in browser.text
    browser.post("/signals")
    assert browser.status == 405
    answer = browser.client.post("/sign-in", content=b"x", headers={"content-type": "text/plain"})
    assert answer.status_code == 400
    assert "This is no form." in answer.text
    answer = browser.client.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
