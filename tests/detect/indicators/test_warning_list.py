"""Stories of warning lists: what is well known and harmless is excluded, with what lies below and within it."""

from typing import Any

import pytest

from muster.core.errors import BadInput
from muster.detect.indicators import csv_list, warning_list
from muster.detect.indicators.indicator import Why


def misp_list(kind: str, *values: str, **more: Any) -> dict[str, Any]:
    return {"name": "Known", "type": kind, "list": list(values), **more}


def test_names_exclude_what_is_below_them_and_nothing_beside() -> None:
    held = warning_list.read(misp_list("hostname", "Good.example."), "x")
    for value in ("good.example", "www.good.example", "http://a.good.example/x", "m@good.example"):
        assert held.holds(value)
    for value in ("notgood.example", "example", "good.example.evil.example"):
        assert not held.holds(value)
    assert held.size == 1


def test_networks_exclude_addresses_and_networks_within_them() -> None:
    held = warning_list.read(misp_list("cidr", "10.0.0.0/8", "192.0.2.1", "2001:db8::/32", "0.0.0.0/5"), "x")
    for value in ("10.1.2.3", "192.0.2.1", "2001:db8::7", "10.2.0.0/16", "http://10.0.0.1/x", "1.2.3.4"):
        assert held.holds(value), value
    for value in ("11.0.0.1", "192.0.2.2", "2001:db9::7", "2001:db8::/16"):
        assert not held.holds(value), value


def test_texts_exclude_themselves_and_pieces_what_holds_them() -> None:
    exact = warning_list.read(misp_list("string", "evil.example", "D41D8CD98F00B204E9800998ECF8427E"), "x")
    assert exact.holds("evil.example")
    assert exact.holds("d41d8cd98f00b204e9800998ecf8427e")
    assert not exact.holds("www.evil.example")
    pieces = warning_list.read(misp_list("substring", "CDN.example", "x"), "x")
    assert pieces.holds("http://my.cdn.example/")
    assert [one.why for one in pieces.left] == [Why.TOO_MANY]


def test_an_expression_is_not_used_and_that_is_told() -> None:
    held = warning_list.read(misp_list("regex", "/(a+)+$/"), "x")
    assert held.size == 0
    assert [(one.why, one.where) for one in held.left] == [(Why.LANGUAGE, "Known")]


def test_a_plain_list_of_values_excludes_too() -> None:
    held = warning_list.plain(csv_list.read(b"good.example\n127.0.0.0/8\nnonsense\n0.0.0.0/4"), "own")
    assert held.holds("a.good.example")
    assert held.holds("127.1.1.1")
    assert held.holds("1.1.1.1")
    assert [one.where for one in held.left] == ["line 3"]


def test_a_list_without_texts_is_refused() -> None:
    with pytest.raises(BadInput):
        warning_list.read({"type": "string", "list": [7]}, "x")
