"""Words of a report: durations with their unknown, times for people and machines, hostile text made visible."""

from datetime import UTC, datetime, timedelta

import pytest
from markupsafe import Markup

from muster.web.report_words import block, clock, harmless, lasting, plural, short, spaced

AT = datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "unknown"),
        (timedelta(), "0 s"),
        (timedelta(seconds=189), "3 min 9 s"),
        (timedelta(days=1, hours=4, minutes=3), "1 d 4 h"),
        (timedelta(seconds=-61), "-1 min 1 s"),
    ],
)
def test_lasting(value: timedelta | None, words: str) -> None:
    assert lasting(value) == words


def test_a_time_that_is_not_known_is_the_word_and_never_a_number() -> None:
    assert clock(None) == short(None) == "unknown"


def test_times_are_for_people_and_machines() -> None:
    assert clock(AT) == '<time datetime="2026-11-24T01:02:03Z">24 Nov 2026, 01:02:03 UTC</time>'
    assert short(AT) == '<time datetime="2026-11-24T01:02:03Z">24 Nov, 01:02:03</time>'


def test_hostile_text_is_made_visible_and_markup_of_ours_is_left() -> None:
    assert harmless("a\u202eb") == "a\\u202eb"
    assert harmless(Markup("<b>")) == Markup("<b>")
    assert harmless(7) == 7
    assert block("a\n<b>\x1b") == "a\n&lt;b&gt;\\x1b"


def test_counts_and_names() -> None:
    assert (plural(1, "time"), plural(0, "time"), plural(2, "time")) == ("1 time", "0 times", "2 times")
    assert spaced("held-late") == "held late"
