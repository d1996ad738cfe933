"""Stories of lists as CSV: with a head, values only, and what somebody hostile puts in."""

from collections.abc import Iterable

from muster.core.labels import Tlp
from muster.detect.indicators import csv_list
from muster.detect.indicators.indicator import Entry, Indicator, Kind, Left, Why


def left_of(entries: Iterable[Entry]) -> dict[str, Why]:
    return {one.where: one.why for one in entries if isinstance(one, Left)}


def test_a_head_says_what_the_columns_are_in_any_order() -> None:
    data = (
        b"\xef\xbb\xbfkind,value,confidence,tlp,valid_from,valid_until,label\r\n"
        b'domain,evil[.]example,80,tlp:red,2026-11-01T00:00:00Z,1800000000,"Gate, first"\r\n'
        b"ip-dst,192.0.2.7,,,,,\r\n"
    )
    assert list(csv_list.read(data)) == [
        Indicator(
            Kind.DOMAIN, "evil.example", 80, Tlp.RED, 1_793_491_200, 1_800_000_000, label="Gate, first"
        ),
        Indicator(Kind.IP, "192.0.2.7"),
    ]


def test_values_only_are_taken_for_what_they_look_like() -> None:
    data = b'# a note\nevil.example\n\nhxxp://evil.example/a,b\n"192.0.2.0/24"\n' + b"a" * 32
    assert [(one.kind, one.value) for one in csv_list.read(data) if isinstance(one, Indicator)] == [
        (Kind.DOMAIN, "evil.example"),
        (Kind.URL, "http://evil.example/a,b"),
        (Kind.NETWORK, "192.0.2.0/24"),
        (Kind.MD5, "a" * 32),
    ]


def test_semicolons_and_tabs_part_too() -> None:
    assert list(csv_list.read(b"value;kind\nevil.example;domain")) == [Indicator(Kind.DOMAIN, "evil.example")]
    assert list(csv_list.read(b"label\tindicator\nx\tevil.example")) == [
        Indicator(Kind.DOMAIN, "evil.example", label="x")
    ]


def test_every_bad_row_is_named_with_its_line_and_the_rest_is_read() -> None:
    rows = [
        b"value,kind,valid_until",
        b"=cmd|' /C calc'!A0,,",
        b"evil.example,domain,yesterday",
        b"evil.example,colour,",
        b"evil.example,ip,",
        b",domain,",
        b"a\0b.example,domain,",
        b"\xff\xfe,domain,",
        b"a.example,domain,,,,",
        b'"a.example,domain,',
        b"x" * 20_000,
        b"http://a.example/" + b"x" * 4_000 + b",url,",
        b"0.0.0.0/0,network,",
        b"good.example,domain,",
        b"a.example,domain," + b"9" * 5_000,
    ]
    found = list(csv_list.read(b"\n".join(rows)))
    assert left_of(found) == {
        "line 2": Why.FORMULA,
        "line 3": Why.TIME,
        "line 4": Why.NO_KIND,
        "line 5": Why.NOT_OF_KIND,
        "line 6": Why.EMPTY,
        "line 7": Why.BROKEN,
        "line 8": Why.BROKEN,
        "line 9": Why.BROKEN,
        "line 10": Why.BROKEN,
        "line 11": Why.TOO_LONG,
        "line 12": Why.TOO_LONG,
        "line 13": Why.TOO_WIDE,
        "line 15": Why.TIME,
    }
    assert [one for one in found if isinstance(one, Indicator)] == [Indicator(Kind.DOMAIN, "good.example")]


def test_what_is_told_of_a_bad_row_is_short_and_harmless() -> None:
    (one,) = csv_list.read("value,kind\n\u202eevil\x1b[31m,domain".encode())
    assert isinstance(one, Left)
    assert "\x1b" not in one.text
    assert "\u202e" not in one.text
    (long,) = csv_list.read(b"y" * 3_000)
    assert isinstance(long, Left)
    assert len(long.text) <= 120
