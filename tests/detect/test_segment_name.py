"""A segment's path says all of it, and nothing hostile can reach out of the archive's folder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.detect import segment_name
from muster.detect.segment_name import OTHERS, of_batch, of_merged, parse, source_of

SHA = "ab" * 32


def test_a_path_is_read_back() -> None:
    name = of_batch("drill:DRL-7", "security", "20261124T021000.000000Z", SHA, 17)
    assert name.hour == "20261124T02"
    assert parse(name.path) == name
    assert parse(f"some/prefix/{name.path}") == name


@pytest.mark.parametrize(
    "path", ["", "x.parquet", "zz/a/20261124T02/merged_ab_1.parquet", "../../etc/passwd"]
)
def test_what_is_no_segment_is_none(path: str) -> None:
    assert parse(path) is None


def test_a_merged_segment_is_called_alike_whatever_the_order_of_its_parts() -> None:
    one = of_batch("real", "dns", "20261124T021000.000000Z", SHA, 2)
    two = of_batch("real", "dns", "20261124T021500.000000Z", "cd" * 32, 3)
    merged = of_merged([two, one])
    assert merged == of_merged([one, two])
    assert (merged.rows, merged.merged, merged.folder) == (5, True, one.folder)
    assert parse(merged.path) == merged


def test_the_source_is_the_channel_or_what_the_event_says_of_itself() -> None:
    assert (
        source_of({"Channel": "Microsoft-Windows-Sysmon/Operational"})
        == "microsoft-windows-sysmon-operational"
    )
    assert source_of({"logsource.product": "Zeek", "logsource.service": "dns"}) == "zeek-dns"
    assert source_of({}) == OTHERS


@given(st.text(), st.text(), st.integers(0, 10**12))
def test_whatever_an_event_says_its_path_is_a_segment(lane: str, channel: str, rows: int) -> None:
    if not lane or "\ud800" <= max(lane) <= "\udfff":
        return
    try:
        lane.encode()
    except UnicodeEncodeError:
        return
    source = source_of({"Channel": channel})
    name = of_batch(lane, source, "20261124T021000.000000Z", SHA, rows)
    assert segment_name.parse(name.path) == name
