"""Stories of MISP: an event, a feed as files, and hashes.csv where the event's file is not there."""

import hashlib
import json
from typing import Any

import pytest

from muster.core.errors import BadInput
from muster.core.labels import Tlp
from muster.detect.indicators import misp
from muster.detect.indicators.indicator import Indicator, Kind, Left, Why

UUID = "00000000-0000-4000-8000-00000000000"


def attribute(kind: str, value: str, number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "value": value,
        "uuid": f"{UUID}{number}",
        "to_ids": True,
        "timestamp": "1790000000",
        **more,
    }


def event(*attributes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"Event": {"info": "Gates", "Attribute": list(attributes), **more}}


def test_attributes_become_indicators_and_those_of_objects_too() -> None:
    document = event(
        attribute("ip-dst|port", "192.0.2.7|443"),
        attribute("domain|ip", "evil.example|192.0.2.8", comment="first"),
        attribute("filename|sha256", f"a.exe|{'A' * 64}", Tag=[{"name": "tlp:red"}]),
        Object=[
            {"Attribute": [attribute("url", "http://evil.example/x", first_seen="2026-11-01T00:00:00+00:00")]}
        ],
        Tag=[{"name": "tlp:green"}],
    )
    at = 1_790_000_000
    assert list(misp.event(document)) == [
        Indicator(Kind.IP, "192.0.2.7", None, Tlp.GREEN, at, label="Gates"),
        Indicator(Kind.DOMAIN, "evil.example", None, Tlp.GREEN, at, label="first"),
        Indicator(Kind.IP, "192.0.2.8", None, Tlp.GREEN, at, label="first"),
        Indicator(Kind.SHA256, "a" * 64, None, Tlp.RED, at, label="Gates"),
        Indicator(Kind.URL, "http://evil.example/x", None, Tlp.GREEN, 1_793_491_200, label="Gates"),
    ]


def test_what_is_not_for_detection_deleted_or_of_another_type_is_told() -> None:
    document = event(
        attribute("domain", "a.example", 1, to_ids=False),
        attribute("regkey", "HKLM\\x", 2),
        attribute("domain|ip", "a.example", 3),
        attribute("domain", "a.example", 4, timestamp="soon"),
        attribute("domain", "gone.example", 5, deleted=True),
    )
    found = list(misp.event(document))
    assert [one.why for one in found if isinstance(one, Left)] == [
        Why.NOT_FOR_DETECTION,
        Why.PATH,
        Why.BROKEN,
        Why.TIME,
    ]
    assert [one.revoked for one in found if isinstance(one, Indicator)] == [True]


def test_a_feed_is_its_manifest_its_events_and_hashes_for_what_is_missing() -> None:
    hashed = hashlib.md5(b"evil.example", usedforsecurity=False).hexdigest()
    files = {
        "feed/manifest.json": json.dumps({"one": {}, "two": {}, "three": {}, "four": {}}).encode(),
        "feed/one.json": json.dumps(event(attribute("domain", "a.example"))).encode(),
        "feed/four.json": b"{",
        "feed/hashes.csv": f"{hashed},two\n{hashed},one\nnothing,two\n".encode(),
    }
    found = list(misp.feed(files))
    assert [(one.kind, one.value) for one in found if isinstance(one, Indicator)] == [
        (Kind.DOMAIN, "a.example"),
        (Kind.HASHED, hashed),
    ]
    assert {one.where: one.why for one in found if isinstance(one, Left)} == {
        "four.json": Why.BROKEN,
        "hashes.csv line 3": Why.NOT_OF_KIND,
        "three.json": Why.NOT_THERE,
    }


def test_a_feed_without_a_manifest_is_refused() -> None:
    with pytest.raises(BadInput, match="no manifest"):
        list(misp.feed({"one.json": b"{}"}))
    with pytest.raises(BadInput, match="no object"):
        list(misp.feed({"manifest.json": b"[]"}))


def test_odd_events_do_no_harm() -> None:
    for odd in (
        {"Event": 7},
        {"Event": {"Attribute": [7, {"type": 1}], "Object": {}, "Tag": [{"name": []}]}},
    ):
        assert all(isinstance(one, Left) for one in misp.event(odd))
