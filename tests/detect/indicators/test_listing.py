"""Stories of lists as they come: the format is seen in the bytes, an archive is bounded, a stranger is refused."""

import io
import json
import zipfile

import pytest

from muster.core.errors import BadInput
from muster.detect.indicators import listing
from muster.detect.indicators.indicator import Indicator
from muster.detect.indicators.listing import Format


def packed(**files: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("_", "."), text)
    return made.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "written_in", "count"),
    [
        (b"evil.example\n", "list.txt", Format.CSV, 1),
        (b'{"type": "bundle", "objects": []}', "x.json", Format.STIX, 0),
        (b'{"Event": {"Attribute": []}}', "x.json", Format.MISP_EVENT, 0),
        (b'{"type": "string", "list": ["a.example"]}', "x.json", Format.WARNING_LIST, 0),
        (b"a" * 32 + b",one\n", "hashes.csv", Format.MISP_HASHES, 1),
        (packed(manifest_json="{}"), "feed.zip", Format.MISP_FEED, 0),
        (packed(list_csv="evil.example"), "list.zip", Format.CSV, 1),
    ],
)
def test_the_format_is_seen_in_the_bytes(data: bytes, name: str, written_in: Format, count: int) -> None:
    listed = listing.of_bytes(data, name)
    assert listed.format is written_in
    assert sum(isinstance(one, Indicator) for one in listed.entries) == count
    assert (listed.excluded is not None) is (written_in is Format.WARNING_LIST)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"[1, 2]", "no list of indicators"),
        (b'{"some": "thing"}', "no list of indicators"),
        (b"PK\x03\x04garbage", "damaged"),
        (packed(a_csv="x", b_csv="y"), "manifest"),
        (packed(a_zip=json.dumps([])), "no list"),
    ],
)
def test_what_is_no_list_is_refused_in_one_line(data: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        listing.of_bytes(data, "x")


def test_an_archive_that_swells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MAX_BYTES", 100_000)
    with pytest.raises(BadInput, match="more than"):
        listing.of_bytes(packed(list_csv="a" * 1_000_000), "bomb.zip")


def test_any_list_can_exclude() -> None:
    listed = listing.of_bytes(b"good.example\n", "own.txt")
    assert listing.as_exclusion(listed, "own").holds("www.good.example")
    known = listing.of_bytes(
        json.dumps({"name": "Known", "type": "hostname", "list": ["a.example"]}).encode(), "w"
    )
    assert listing.as_exclusion(known, "w").name == "Known"
