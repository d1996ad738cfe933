"""Entries: a header's bytes come back as the header; nothing else is taken for one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core.errors import BadInput
from muster.core.people import Actor, Through
from muster.core.time import Moment, Precision, TimeSource
from muster.record.body import Body, kinds_of
from muster.record.canonical import canonical, parse
from muster.record.context import Context, PlanCommits
from muster.record.entry import Draft, Entry, Header, Ref, header_of, read

NOW = datetime(2026, 11, 24, 2, 10, 33, 5, tzinfo=UTC)


class Said(Body):
    kind: ClassVar[str] = "test.said"
    v: ClassVar[int] = 2
    text: str


KINDS = kinds_of(Said)
CONTEXT = Context(Actor("a" * 32, through=Through.WEB), NOW, PlanCommits("force", "elsewhere"), b"s" * 32)
DRAFT = Draft("INC-7Q4KM2", Said(text="odd"), (Ref("corrects", "INC-7Q4KM2", 3),))


def header() -> Header:
    made = header_of(DRAFT, CONTEXT, seq=4, number=1, lane="real", pinned="pinned", role="scribe")
    return replace(made, body_hash="ab" * 32, prev="cd" * 32)


def test_a_header_says_who_when_where_and_under_which_plans() -> None:
    assert header().tree() == {
        "body_hash": "ab" * 32,
        "happened": {
            "at": "2026-11-24T02:10:33.000005Z",
            "precision": "microsecond",
            "source": "clock",
            "zone": "UTC",
        },
        "id": CONTEXT.id("entry", 1),
        "kind": "test.said",
        "lane": "real",
        "plan": {"in_force": "force", "pinned": "pinned"},
        "prev": "cd" * 32,
        "recorded_at": "2026-11-24T02:10:33.000005Z",
        "refs": [{"rel": "corrects", "seq": 3, "stream": "INC-7Q4KM2"}],
        "role": "scribe",
        "seq": 4,
        "stream": "INC-7Q4KM2",
        "through": "web",
        "v": 2,
        "who": "a" * 32,
    }


def test_before_the_store_it_has_no_hashes() -> None:
    made = header_of(DRAFT, CONTEXT, seq=0, number=0, lane="real", pinned="p", role=None)

    assert (made.prev, made.body_hash, made.role) == (None, "", None)
    assert made.id == CONTEXT.id("entry", 0)


def test_a_stated_time_stays_as_it_was_stated() -> None:
    stated = Moment(NOW - timedelta(hours=2), Precision.MINUTE, "+01:00", TimeSource.STATED)

    made = header_of(
        replace(DRAFT, happened=stated), CONTEXT, seq=0, number=0, lane="real", pinned="p", role=None
    )

    assert made.happened == stated
    assert made.recorded_at == NOW
    assert Header.from_bytes(made.to_bytes()).happened == stated


MOMENTS = st.builds(
    Moment,
    st.datetimes(datetime(1970, 1, 1), datetime(2999, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the zone follows
    st.sampled_from(Precision),
    st.sampled_from(["UTC", "+01:00", "-03:30"]),
    st.sampled_from(TimeSource),
)
HEADERS = st.builds(
    Header,
    stream=st.just("INC-7Q4KM2"),
    seq=st.integers(0, 2**53 - 1),
    id=st.just("b" * 32),
    kind=st.sampled_from(["test.said", "x"]),
    v=st.integers(1, 9),
    lane=st.sampled_from(["real", "drill:DRL-1"]),
    who=st.just("c" * 32),
    role=st.sampled_from([None, "commander"]),
    through=st.sampled_from(["web", "api"]),
    happened=MOMENTS,
    recorded_at=st.datetimes(datetime(1970, 1, 1), datetime(2999, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the zone follows
    plan=st.builds(PlanCommits, st.text("ab", max_size=3), st.text("ab", max_size=3)),
    refs=st.lists(st.builds(Ref, st.just("hides"), st.just("SIG-1"), st.integers(0, 9)), max_size=3).map(
        tuple
    ),
    body_hash=st.just("ab" * 32),
    prev=st.sampled_from([None, "cd" * 32]),
)


@given(HEADERS)
def test_a_header_comes_back_from_its_bytes(made: Header) -> None:
    assert Header.from_bytes(made.to_bytes()) == made


@pytest.mark.parametrize("missing", sorted(header().tree()))
def test_a_header_without_one_of_its_fields_is_none(missing: str) -> None:
    tree: dict[str, Any] = parse(header().to_bytes())
    del tree[missing]

    with pytest.raises((KeyError, ValueError)):
        Header.from_bytes(canonical(tree))


def test_bytes_that_are_not_canonical_are_no_header() -> None:
    with pytest.raises(BadInput):
        Header.from_bytes(header().to_bytes().replace(b'"seq":4', b'"seq": 4'))


def test_an_entry_is_read_with_its_body_or_without() -> None:
    data = header().to_bytes()

    assert read(data, canonical({"text": "odd"}), KINDS) == Entry(header(), Said(text="odd"))
    assert read(data, None, KINDS) == Entry(header(), None)


def test_a_kind_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(KeyError):
        read(replace(header(), kind="test.unknown").to_bytes(), canonical({}), KINDS)
