"""The XML of events: what Windows writes, and nothing that could hurt."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.detect.flaw import Flaw, Flawed
from muster.detect.shapes.event_xml import parse


def test_elements_attributes_and_texts() -> None:
    text = '<?xml version="1.0"?><!-- a - b --><w:E xmlns:w="u"><A n="1" m=\'2\'>x&amp;&#x41;&#66;</A><A/><B><![CDATA[<y>&]]></B></w:E>\n'
    assert parse(text) == {
        "E": {
            "#attributes": {"xmlns:w": "u"},
            "A": [{"#attributes": {"n": "1", "m": "2"}, "#text": "x&AB"}, ""],
            "B": "<y>&",
        }
    }


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', Flaw.NOT_XML),
        ("<a>&b;</a>", Flaw.NOT_XML), ("<a>&#0;</a>", Flaw.NOT_XML), ("<a>&#xD800;</a>", Flaw.NOT_XML),
        ("<a>", Flaw.NOT_XML), ("</a>", Flaw.NOT_XML), ("<a></b>", Flaw.NOT_XML), ("<a/><b/>", Flaw.NOT_XML),
        ("<a/>words", Flaw.NOT_XML), ("words", Flaw.NOT_XML), ("<a b=c/>", Flaw.NOT_XML), ("<a><!-- b</a>", Flaw.NOT_XML),
        ("<a><![CDATA[b</a>", Flaw.NOT_XML), ("<?php x?><a/>", Flaw.NOT_XML), ("<a", Flaw.NOT_XML),
        ('<a n="1" n="2"/>', Flaw.DUPLICATE), ("<a>" * 100, Flaw.DEEP), ("<a>" + "<b/>" * 20_000 + "</a>", Flaw.FIELDS),
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str, flaw: Flaw) -> None:
    with pytest.raises(Flawed) as refused:
        parse(text)
    assert refused.value.flaw is flaw


def test_a_cut_text_gives_what_is_there() -> None:
    assert parse("<a><b>x</b><c>y &amp; z</", cut=True) == {"a": {"b": "x", "c": "y & z"}}
    assert parse("<a><b>x & y", cut=True) == {"a": {"b": "x & y"}}


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "text", ["<a " + " " * 200_000, "<a" + ' b="c"' * 30_000, "<" * 200_000, "&" * 200_000, "<!--" + "-" * 200_000, "<a:" * 50_000]
)  # fmt: skip
def test_it_takes_time_in_proportion(text: str) -> None:
    with pytest.raises(Flawed):
        parse(text)


@given(st.text(alphabet="<>/ab=\"' &;!-[]#x1", max_size=40), st.booleans())
def test_any_text_is_read_or_refused(text: str, cut: bool) -> None:
    with suppress(Flawed):
        assert len(parse(text, cut=cut)) == 1
