"""A log as CSV: hostile words stay words, whatever program opens the file."""

import csv
import io
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from muster.app.views import EntryView
from muster.web.csv_log import COLUMNS, csv_log


def entry(text: str, **changes: object) -> EntryView:
    fields: dict[str, object] = {
        "seq": 3,
        "kind": "log.written",
        "happened_at": "2026-11-24T02:10:00.000000Z",
        "precision": "minute",
        "stated": True,
        "recorded_at": "2026-11-24T02:11:00.000000Z",
        "who": "Ada",
        "role": None,
        "through": "web",
        "title": "Log",
        "text": text,
    }
    return EntryView.model_validate(fields | changes)


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_a_line_for_each_entry_under_the_headings() -> None:
    read = rows(csv_log([entry("pulled the plug", role="commander")]))

    assert read[0] == list(COLUMNS)
    assert read[1] == [
        "3",
        "2026-11-24T02:10:00.000000Z",
        "stated",
        "2026-11-24T02:11:00.000000Z",
        "Ada",
        "commander",
        "Log",
        "pulled the plug",
    ]


def test_hidden_and_erased_words_are_not_in_it() -> None:
    text = csv_log([entry("password1", standing="hidden"), entry("", standing="erased")])

    assert "password1" not in text
    assert [row[7] for row in rows(text)[1:]] == ["(hidden)", "(erased)"]


def test_a_formula_is_led_by_an_apostrophe() -> None:
    read = rows(csv_log([entry("=cmd|' /C calc'!A0"), entry("  @SUM(1)"), entry("\t+1")]))

    assert [row[7][0] for row in read[1:]] == ["'", "'", "\\"]


@given(st.text(max_size=60), st.text(max_size=20))
def test_no_words_make_another_line_or_cell(text: str, who: str) -> None:
    made = csv_log([entry(text, who=who), entry("last")])

    assert len(made.split("\r\n")) == 4
    assert not [
        one for one in made if unicodedata.category(one) in ("Cc", "Cf") and one not in "\r\n\u200c\u200d"
    ]
    assert [len(row) for row in rows(made)] == [8, 8, 8]
