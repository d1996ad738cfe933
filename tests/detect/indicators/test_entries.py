"""Stories of what all lists share: documents that are bounded, times and labels that are read or refused."""

import pytest

from muster.core.errors import BadInput
from muster.core.labels import Tlp
from muster.detect.indicators import entries


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"a": 1, "a": 2}', "twice"),
        (b"[" * 100_000, "nested|JSON"),
        (b'{"a":' * 100 + b"1" + b"}" * 100, "nested"),
        (b'{"a": NaN}', "JSON"),
        (b'{"a": 1e999}', "JSON"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "JSON"),
        (b'{"a": "\xff"}', "JSON"),
        (b"{", "JSON"),
    ],
)
def test_a_hostile_document_is_refused_in_one_line(data: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        entries.tree(data, "x")


def test_times_are_iso_or_seconds_and_all_else_is_told() -> None:
    assert entries.seconds("2026-11-01T00:00:00Z") == entries.seconds("1793491200") == 1_793_491_200
    assert entries.seconds("2026-11-01") == 1_793_491_200
    assert entries.seconds("") == entries.seconds(None) == 0
    for bad in ("soon", "9999-01-01", "1900-01-01", True, -1, [], "9" * 30, float("1e30")):
        with pytest.raises(entries.BadTime):
            entries.seconds(bad)


def test_labels_of_the_traffic_light_protocol_are_read_by_name() -> None:
    assert entries.tlp("tlp:white") is entries.tlp("CLEAR") is Tlp.CLEAR
    assert entries.tlp("TLP:AMBER+STRICT") is Tlp.AMBER_STRICT
    assert entries.tlp('tlp:"red"') is None
    assert entries.tlp("purple") is None


def test_confidence_is_a_whole_number_up_to_a_hundred() -> None:
    assert [entries.confidence(one) for one in (0, 100, "55", 101, -1, True, "9" * 10_000, None)] == [
        0, 100, 55, None, None, None, None, None,
    ]  # fmt: skip
