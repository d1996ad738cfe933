"""Events are stored by log source with only the columns that it has, and every one with what identifies it."""

import io
import json

from hypothesis import given
from hypothesis import strategies as st

from muster.detect import events
from muster.detect.events import read_lines
from muster.detect.packing import BATCH, OWN, POSITION, Arrived, Packed, pack
from muster.detect.ruleset import EVERYTHING
from muster.detect.segment import Segment
from muster.detect.segment_name import MAX_SOURCES, OTHERS, PARTIAL

BATCH_OF = Arrived("real", "20261124T021000.000000Z", "ab" * 32, 9)


def packed(*objects: dict[str, object]) -> list[Packed]:
    reading = read_lines([json.dumps(one).encode() for one in objects], EVERYTHING)
    assert isinstance(reading.batch, events.columns.Events)
    return pack(reading.batch, reading.positions, BATCH_OF)


def rows(one: Packed) -> list[dict[str, object]]:
    """What a segment holds, row by row, fields that are missing left out."""
    segment = Segment(io.BytesIO(one.data))
    found: list[dict[str, object]] = []
    for group in segment.each():
        names = [*group.schema.names, POSITION, BATCH]
        found += [
            {name: value for name, value in row.items() if value is not None}
            for row in group.table(names).to_pylist()
        ]
    return found


def test_each_source_has_a_segment_with_its_own_columns() -> None:
    security, dns = packed(
        {"Channel": "Security", "EventID": 4688, "CommandLine": "whoami"},
        {"Channel": "DNS Server", "EventID": 1, "QueryName": "a.example"},
        {"Channel": "Security", "EventID": 4624},
    )
    assert (security.name.source, security.name.rows) == ("security", 2)
    assert (dns.name.source, dns.name.rows) == ("dns-server", 1)
    assert Segment(io.BytesIO(security.data)).names == ("Channel", "EventID", "CommandLine")
    assert Segment(io.BytesIO(dns.data)).names == ("Channel", "EventID", "QueryName")
    assert rows(dns) == [
        {"Channel": "DNS Server", "EventID": "1", "QueryName": "a.example", POSITION: 1, BATCH: "ab" * 32}
    ]
    assert Segment(io.BytesIO(dns.data)).batches == {"ab" * 32: 9}


def test_names_that_differ_in_letter_case_only_are_two_columns() -> None:
    (one,) = packed({"Image": "a", "image": "b", "a.b": "c", "a": {"b2": "d"}})
    assert {"Image": "a", "image": "b", "a.b": "c", "a.b2": "d"}.items() <= rows(one)[0].items()


def test_packing_again_gives_the_same_bytes() -> None:
    some = [{"Channel": f"C{at % 3}", "EventID": at % 5, "x": "y" * at} for at in range(50)]
    assert packed(*some) == packed(*some)


def test_many_sources_become_one() -> None:
    made = packed(*({"Channel": f"C{at}"} for at in range(MAX_SOURCES + 20)))
    assert len(made) == MAX_SOURCES + 1
    assert {one.name.source: one.name.rows for one in made}[OTHERS] == 20


def test_what_does_not_fit_into_columns_is_kept_as_it_came() -> None:
    wide: list[dict[str, object]] = [{f"f{at}.{n}": "x" for n in range(2_000)} for at in range(3)]
    first, last = packed(*wide)
    assert (first.name.source, first.name.rows) == (OTHERS, 2)
    assert (last.name.source, last.name.rows) == (PARTIAL, 1)
    segment = Segment(io.BytesIO(last.data))
    assert segment.names == ()
    assert [json.loads(data) for data in segment.group(0).raw([0])] == [wide[2]]


@given(
    st.lists(
        st.dictionaries(st.sampled_from(["Channel", "EventID", "a", "b", "c"]), st.text(max_size=5), min_size=1),
        min_size=1, max_size=12,
    )
)  # fmt: skip
def test_nothing_is_lost_nor_moved(objects: list[dict[str, object]]) -> None:
    found: dict[object, dict[str, object]] = {}
    for one in packed(*objects):
        for row in rows(one):
            found[row[POSITION]] = {name: value for name, value in row.items() if name not in OWN}
    assert found == dict(enumerate(objects))
