"""What templates print is harmless, times say no more than is known, and typed text survives its way back."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from muster.web.pages.showing import TEMPLATES, block, counted, environment, lasted, left, pairs, time, typed

EVIL = "<b>&\"' \u202e\x1b[31m\r\n\x00end"


def test_all_output_is_shown_and_escaped() -> None:
    page = (
        environment()
        .from_string("{{ text }}|{{ nothing }}|{{ text | block }}")
        .render(text=EVIL, nothing=None)
    )
    first, nothing, lines = page.split("|")
    assert first == "&lt;b&gt;&amp;&#34;&#39; \\u202e\\x1b[31m\\r\\n\\x00end"
    assert nothing == ""
    assert "\n" in lines
    assert "\u202e" not in page
    assert "\x1b" not in page


def test_what_is_missing_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        environment().from_string("{{ missing }}").render()


def test_markup_is_left_alone() -> None:
    assert environment().from_string("{{ text }}").render(text=Markup("<i>x</i>")) == "<i>x</i>"
    assert block("a\n<b>") == "a\n&lt;b&gt;"


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "two\nlines\tand a tab",
        "\u202eturned\u202c",
        '</textarea><script>"',
        "\u2028",
        "\ufeff",
        "é 漢",
    ],
)
def test_typed_text_comes_back_the_same(text: str) -> None:
    given = str(typed(text))
    assert unescape(given) == text
    assert "<" not in given
    assert "\u202e" not in given


def test_controls_come_back_visible() -> None:
    assert typed("\x00\x1b\x9b\x7f") == "\\x00\\x1b\\x9b\\x7f"


@pytest.mark.parametrize(
    ("precision", "words"),
    [
        ("microsecond", "2026-11-24 02:10:33 UTC"),
        ("second", "2026-11-24 02:10:33 UTC"),
        ("minute", "2026-11-24 02:10 UTC"),
        ("day", "2026-11-24 UTC"),
    ],
)
def test_times(precision: str, words: str) -> None:
    stored = "2026-11-24T02:10:33.123456Z"
    assert time(stored, precision) == f'<time datetime="{stored}">{words}</time>'


def test_what_is_no_time_is_shown_as_it_is() -> None:
    assert time("<b>") == "&lt;b&gt;"
    assert time(None) == ""
    assert lasted("<b>", datetime(2026, 11, 24, tzinfo=UTC)) == "&lt;b&gt;"


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-11-24T02:10:59Z", "0 min"),
        ("2026-11-24T02:09:00Z", "0 min"),
        ("2026-11-24T04:15:00Z", "2 h 4 min"),
        ("2026-11-26T03:10:33Z", "2 d 1 h"),
    ],
)
def test_how_long_ago(now: str, words: str) -> None:
    found = lasted("2026-11-24T02:10:33.000000Z", datetime.fromisoformat(now))
    assert f">{words}</time>" in found


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-11-24T02:10:33Z", "in 0 min"),
        ("2026-11-23T23:00:00Z", "in 3 h 10 min"),
        ("2026-11-24T02:15:33Z", "5 min ago"),
        ("2026-11-26T03:10:33Z", "2 d 1 h ago"),
    ],
)
def test_how_long_until(now: str, words: str) -> None:
    found = left("2026-11-24T02:10:33.000000Z", datetime.fromisoformat(now))
    assert f">{words}</time>" in found
    assert left("<b>", datetime(2026, 11, 24, tzinfo=UTC)) == "&lt;b&gt;"


def test_numbers_with_nouns_and_choices() -> None:
    assert counted(1, "signal", "signals") == "1 signal"
    assert counted(0, "signal", "signals") == "0 signals"
    assert pairs(("a", "b")) == [("a", "a"), ("b", "b")]


def test_no_template_points_in_a_direction() -> None:
    for path in TEMPLATES.glob("*.html"):
        words = re.sub(r"<[^>]*>|\{[%#{].*?[%#}]\}", " ", path.read_text("utf-8"), flags=re.DOTALL).lower()
        found = re.findall(
            r"\b(?:above|below|beneath|(?:on|to) the (?:left|right)|at the (?:top|bottom)|click|tap)\b", words
        )
        assert found == [], path.name


def test_templates_name_no_script_and_no_style() -> None:
    for path in TEMPLATES.glob("*.html"):
        if path.name != "report.html":
            assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|\| *safe", path.read_text("utf-8")), (
                path.name
            )
