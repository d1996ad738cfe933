"""Forms: read with limits, turned into fields, and kept when refused."""

import asyncio
from typing import Any

import pytest
from starlette.requests import Request

from muster.access.verbs import Verb
from muster.core.errors import BadInput, Refused, Unavailable
from muster.web.pages.forms import MOST_BYTES, MOST_FIELDS, Form, Tried, fields_of, posted, read


def _request(body: bytes, content: str = "application/x-www-form-urlencoded") -> Request:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", content.encode())]}
    return Request(scope, receive)


def test_a_form_is_read_with_its_lines() -> None:
    form = read(b"text=one%0D%0Atwo%0Dthree&people=a&people=+&people=b&empty=")
    assert form.one("text") == "one\ntwo\nthree"
    assert form.all("people") == ("a", "b")
    assert form.one("empty", "x") == ""
    assert form.one("missing", "x") == "x"


@pytest.mark.parametrize(
    "data", [b"text=%ff", b"text=\xff", b"text=%ed%a0%80", b"&".join([b"a=b"] * (MOST_FIELDS + 1))]
)
def test_bytes_that_are_no_form_are_refused(data: bytes) -> None:
    with pytest.raises(BadInput):
        read(data)


def test_a_request_is_read_and_bounded() -> None:
    assert asyncio.run(posted(_request(b"a=b"))) == Form((("a", "b"),))
    with pytest.raises(BadInput, match="too long"):
        asyncio.run(posted(_request(b"a=" + b"b" * MOST_BYTES)))
    for content in ("multipart/form-data; boundary=x", "application/json", ""):
        with pytest.raises(BadInput, match="no form"):
            asyncio.run(posted(_request(b"a=b", content)))


def test_fields_are_those_of_the_verb_and_blank_ones_are_left_out() -> None:
    form = read(b"text=hello&happened_at=+&role=admin&incident=INC-OTHER0&idempotency_key=k")
    assert fields_of(Verb.LOG, form, {"incident": "INC-MINE00"}) == {
        "text": "hello",
        "incident": "INC-MINE00",
    }


def test_several_values_and_ratings() -> None:
    form = read(b"functional=low&information=privacy&information=integrity&safety=&expected=2")
    assert fields_of(Verb.SEVERITY, form, {}) == {
        "ratings": {"functional": "low", "information": ["privacy", "integrity"]},
        "expected": "2",
    }
    assert fields_of(Verb.DUTIES, read(b"expected=1"), {}) == {"duties": [], "expected": "1"}


def test_what_was_refused_knows_its_form_and_field() -> None:
    form = Form((("text", "x"), ("duties", "responder"), ("idempotency_key", "kept-key")))
    tried = Tried("log", form, BadInput("No.", "ratings.information", ""))
    assert tried.at("log")
    assert not tried.at("fact")
    assert tried.faulty("log", "information")
    assert not tried.faulty("log", "text")
    assert tried.chosen("log", "duties", "responder")
    assert not tried.chosen("log", "duties", "administrator", before=True)
    assert tried.chosen("fact", "duties", "administrator", before=True)
    assert tried.key is None
    assert Tried("log", form, Unavailable("Disk full.")).key == "kept-key"
    assert not Tried().at("")
    assert Tried("log", form, Refused("no")).key is None


def test_passwords_are_left_out() -> None:
    form = Form((("name", "Ada"), ("password", "x"), ("password_again", "y")))
    assert form.without_secrets() == Form((("name", "Ada"),))


def test_lists_are_one_a_line_and_numbers_have_blanks_or_commas_between() -> None:
    asked = Form((("text", "Cut it?"), ("options", "yes\n\n no \nlater"), ("minutes", "20")))
    assert fields_of(Verb.ASK_DECISION, asked, {})["options"] == ["yes", "no", "later"]
    shown = Form((("milestone", "contained"), ("shown_by", "4, 5 #6"), ("shown_by", "7")))
    assert fields_of(Verb.MILESTONE, shown, {})["shown_by"] == ["4", "5", "6", "7"]
    assert fields_of(Verb.CAUSE, Form((("evidence", "x"),)), {})["evidence"] == ["x"]
    assert fields_of(Verb.PASS_ON, Form((("evidence", "4"),)), {})["evidence"] == "4"


def test_named_values_are_lines_with_a_colon() -> None:
    payload = Form((("payload", "rule: block: all\n\n port : 22"),))
    assert fields_of(Verb.PROPOSE, payload, {})["payload"] == {"rule": "block: all", "port": "22"}
    with pytest.raises(BadInput, match="no colon"):
        fields_of(Verb.PROPOSE, Form((("payload", "rule"),)), {})


def test_rows_are_numbered_fields_and_blank_ones_are_left_out() -> None:
    rows = Form(
        (
            ("sentence-1", "One."),
            ("rests-1", "4 5"),
            ("sentence-2", " "),
            ("rests-2", "9"),
            ("sentence-3", "Two."),
        )
    )
    assert fields_of(Verb.DRAFT_STATEMENT, rows, {})["sentences"] == [
        {"text": "One.", "facts": ["4", "5"]},
        {"text": "Two.", "facts": []},
    ]
    lines = Form((("line-1", "roles.yaml#/roles"), ("says-1", "x")))
    assert fields_of(Verb.WRITE_CHANGE, lines, {})["lines"] == [{"id": "roles.yaml#/roles", "text": "x"}]
    assert rows.texts() == (("sentence-1", "One."), ("sentence-3", "Two."))
