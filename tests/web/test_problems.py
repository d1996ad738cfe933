"""Errors become problem documents: whole, escaped, and with the headers that belong to them."""

import pytest

from muster.core.errors import BadInput, Conflict, Denied, TooMany, Unsigned
from muster.web.problems import MEDIA_TYPE, document, extra_headers

HOSTILE = "<b>\x1b[31m\n\u202e"


def test_a_problem_says_what_where_and_the_next_step() -> None:
    assert document(Denied("Not for you.", "INC-1", "Ask Ana.")) == {
        "type": "urn:muster:problem:not-allowed",
        "title": "Not allowed",
        "status": 403,
        "detail": "Not for you.",
        "where": "INC-1",
        "next_step": "Ask Ana.",
    }
    assert MEDIA_TYPE == "application/problem+json"


def test_control_characters_are_shown_as_what_they_are() -> None:
    found = document(BadInput(HOSTILE, HOSTILE, HOSTILE))
    for name in ("detail", "where", "next_step"):
        assert found[name] == "<b>\\x1b[31m\\n\\u202e"


def test_a_conflict_shows_both_texts() -> None:
    found = document(Conflict("Changed.", "expected", "Look.", theirs="A", yours="B", version=2))
    assert (found["theirs"], found["yours"], found["version"]) == ("A", "B", 2)
    assert found["type"].endswith("replaced-meanwhile")


@pytest.mark.parametrize(
    ("error", "headers"),
    [
        (TooMany("Slow down.", retry_after=9), {"Retry-After": "9"}),
        (Unsigned("Who?"), {"WWW-Authenticate": "Bearer"}),
        (BadInput("No."), {}),
    ],
)
def test_headers_that_belong_to_an_error(error: BadInput, headers: dict[str, str]) -> None:
    assert extra_headers(error) == headers
