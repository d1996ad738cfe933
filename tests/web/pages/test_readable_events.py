"""Events as tables: what made the rule match stands first, lit and in words; whatever an event holds is text."""

import json

from hypothesis import given
from hypothesis import strategies as st

from muster.app.views import ReasonView
from muster.web.pages.readable_events import MOST_CHARACTERS, MOST_FIELDS, MOST_VALUE, shown_events
from tests.web.pages.conftest import House


def reason(field: str, words: str, start: int = 0, end: int = 0, *, held: bool = True) -> ReasonView:
    return ReasonView(event=4, field=field, words=words, held=held, start=start, end=end)


def test_fields_that_matched_come_first_and_are_lit() -> None:
    data = b'{"A":"x","Cmd":"ps -enc AA","User":"ann"}\n'
    why = [reason("Cmd", "contains '-enc'", 3, 7), reason("Gone", "is 'y'", held=False)]
    ((event,), cut) = shown_events(data, (4,), why)
    assert not cut
    assert (event.number, [field.name for field in event.fields]) == (4, ["Cmd", "Gone", "A", "User"])
    assert event.fields[0].pieces == (("ps ", False), ("-enc", True), (" AA", False))
    assert event.fields[0].reasons == ("contains '-enc'",)
    assert (event.fields[1].pieces, event.fields[1].ruled_out) == (None, ("is 'y'",))
    assert event.original == data.decode().strip()


def test_what_is_lit_is_seen_in_a_long_value() -> None:
    value = "x" * 9_000 + "evil" + "y" * 9_000
    ((event,), _) = shown_events(
        json.dumps({"V": value}).encode(), (4,), [reason("V", "contains", 9_000, 9_004)]
    )
    (field,) = event.fields
    assert field.pieces is not None
    assert ("evil", True) in field.pieces
    assert field.cut == len(value) - MOST_VALUE
    assert event.original_cut


def test_what_cannot_be_read_is_shown_as_it_came() -> None:
    ((event,), _) = shown_events(b"\xff nothing", (4,), [reason("any field", "contains 'n'")])
    assert (event.fields, event.original, event.anywhere) == ((), "\\xff nothing", ("contains 'n'",))


def test_a_page_stays_small() -> None:
    row = json.dumps({f"f{number}": "x" * 600 for number in range(200)}).encode()
    events, cut = shown_events(b"\n".join([row] * 10), range(10), [])
    assert cut
    assert sum(len(text) for event in events for field in event.fields for text, _ in field.pieces or ()) < 2 * MOST_CHARACTERS  # fmt: skip
    assert (len(events[0].fields), events[0].more) == (MOST_FIELDS, 200 - MOST_FIELDS)


@given(
    st.text("ab\n\u202e<", max_size=12),
    st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15)), max_size=4),
)
def test_the_pieces_are_the_value_whatever_the_places_are(value: str, spans: list[tuple[int, int]]) -> None:
    why = [reason("V", "contains", *span) for span in spans]
    ((event,), _) = shown_events(json.dumps({"V": value}).encode(), (4,), why)
    assert "".join(text for text, _ in event.fields[0].pieces or ()) == value


def test_the_page_says_why_and_nothing_of_it_is_markup(house: House) -> None:
    why = [
        {"event": 4, "field": "Cmd", "words": "contains '<b>'", "held": True, "start": 3, "end": 6},
        {"event": 4, "field": "User", "words": "is 'root'", "held": False},
    ]
    code, _ = house.hits('{"Cmd":"ps <b>\u202e","User":"ann"}'.encode(), why=why)
    browser = house.signed_in("anna")
    page = browser.get(f"/signals/{code}")
    assert browser.status == 200, browser.text
    assert "with why the rule matched" in page
    assert "ps <mark>&lt;b&gt;</mark>\\u202e" in page
    assert "Matched: contains &#39;&lt;b&gt;&#39;" in page
    assert "Would not have matched if it had been so: is &#39;root&#39;" in page


def test_a_hit_without_reasons_says_so(house: House) -> None:
    code, _ = house.hits(b'{"Cmd":"ps"}')
    page = house.signed_in("anna").get(f"/signals/{code}")
    assert "why the rule matched was not told with them" in page
    assert "<mark>" not in page
