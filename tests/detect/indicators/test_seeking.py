"""Stories of indicators in events: found in the rows where they stand, judged, and what is silenced is counted."""

import hashlib

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.detect.columns import Batch
from muster.detect.events import read
from muster.detect.indicators import index, listing, seeking
from muster.detect.indicators.indicator import Indicator, Kind
from muster.detect.indicators.life import DAY, Life, Mark
from muster.detect.indicators.observables import FIELDS
from muster.detect.indicators.seeking import Feed, Sought, Watched, seek
from muster.detect.indicators.warning_list import plain
from muster.detect.ruleset import Needs

AT = 20_000 * DAY


def feed(*values: str, name: str = "f") -> Feed:
    listed = listing.of_bytes("\n".join(values).encode(), "x")
    return Feed(name, index.build(one for one in listed.entries if isinstance(one, Indicator)))


def batch(**columns: list[str | None]) -> Batch:
    return pa.record_batch(
        {name.replace("__", "-"): pa.array(column, pa.string()) for name, column in columns.items()}
    )


def rows(sought: Sought) -> dict[str, tuple[int, ...]]:
    return {one.indicator.value: one.rows for one in sought.found}


def test_a_name_stands_for_those_below_it_and_for_no_other() -> None:
    events = batch(
        QueryName=["www.example.com", "notexample.com", "EXAMPLE.com.", None, "com", "example.com.evil.org"]
    )
    assert rows(seek(Watched((feed("example.com"),)), events, AT)) == {"example.com": (0, 2)}


def test_every_kind_is_found_where_it_stands() -> None:
    sha = "ab" * 32
    events = batch(
        DestinationIp=["192.0.2.7", "198.51.100.9", "2001:db8::5", None],
        Hashes=[f"MD5={'0' * 32},SHA256={sha.upper()}", None, None, None],
        Url=[None, "HTTP://Evil.example:80/a#x", None, "http://198.51.100.77/"],
        mailfrom=[None, None, "M@Evil.example", None],
    )
    watched = Watched(
        (
            feed(
                sha,
                "192.0.2.7",
                "198.51.100.0/24",
                "2001:db8::/32",
                "http://evil.example/a",
                "m@evil.example",
            ),
        )
    )
    assert rows(seek(watched, events, AT)) == {
        sha: (0,),
        "192.0.2.7": (0,),
        "198.51.100.0/24": (1, 3),
        "2001:db8::/32": (2,),
        "http://evil.example/a": (1,),
        "m@evil.example": (2,),
    }


def test_what_is_found_says_where_it_stood_and_of_whom_it_is() -> None:
    (one,) = seek(Watched((feed("evil.example", name="own"),)), batch(cs__host=["A.Evil.example"]), AT).found
    assert (one.feed.name, one.fields, one.seen, one.standing.score) == (
        "own",
        ("cs-host",),
        "A.Evil.example",
        50,
    )


def test_two_feeds_are_two_findings_and_a_value_twice_in_one_is_one() -> None:
    twice = index.build(
        [Indicator(Kind.DOMAIN, "evil.example", 40), Indicator(Kind.DOMAIN, "evil.example", 90)]
    )
    sought = seek(
        Watched((Feed("a", twice), feed("evil.example", name="b"))), batch(query=["evil.example"]), AT
    )
    assert [(one.feed.name, one.standing.score) for one in sought.found] == [("a", 90), ("b", 50)]


def test_a_value_known_only_by_its_md5_is_found_and_a_files_md5_is_not_mistaken_for_it() -> None:
    hashed = hashlib.md5(b"evil.example", usedforsecurity=False).hexdigest()
    known = Feed("misp", index.build([Indicator(Kind.HASHED, hashed)]))
    assert rows(seek(Watched((known,)), batch(query=["www.evil.example"], md5=[None]), AT)) == {hashed: (0,)}
    assert seek(Watched((known,)), batch(md5=[hashed]), AT) == Sought()
    assert seek(Watched((feed(hashed),)), batch(query=["evil.example"]), AT) == Sought()


def test_what_is_silenced_is_not_found_but_counted() -> None:
    listed = index.build(
        [
            Indicator(Kind.DOMAIN, "old.example", valid_until=AT),
            Indicator(Kind.DOMAIN, "young.example", valid_from=AT + 1),
            Indicator(Kind.DOMAIN, "weak.example", confidence=10),
            Indicator(Kind.DOMAIN, "wrong.example"),
            Indicator(Kind.DOMAIN, "known.example"),
            Indicator(Kind.DOMAIN, "evil.example"),
        ]
    )
    names: list[str | None] = [f"{one}.example" for one in ("old", "young", "weak", "wrong", "known", "evil")]
    excluded = plain(listing.of_bytes(b"known.example", "x").entries, "x")
    watched = Watched((Feed("f", listed),), (excluded,), {"wrong.example": Mark(false_alarm=True)})
    sought = seek(watched, batch(query=names), AT)
    assert rows(sought) == {"evil.example": (5,)}
    assert sought.quiet == dict.fromkeys(
        (Life.EXPIRED, Life.NOT_YET, Life.FADED, Life.FALSE_ALARM, Life.LISTED), 1
    )


@given(
    st.lists(
        st.sampled_from(["evil.example", "a.evil.example", "good.example", "192.0.2.7", None]), max_size=12
    )
)
def test_lines_and_arrow_columns_plain_or_encoded_give_the_same(names: list[str | None]) -> None:
    watched = Watched((feed("evil.example", "192.0.2.0/24"),))
    lines = b"\n".join(b"{}" if one is None else b'{"QueryName": "%b"}' % one.encode() for one in names)
    plain_column = pa.record_batch({"QueryName": pa.array(names, pa.string())})
    encoded = pa.record_batch({"QueryName": pa.array(names, pa.string()).dictionary_encode()})
    expected: dict[str, tuple[int, ...]] = {}
    for value, held in (
        ("evil.example", ("evil.example", "a.evil.example")),
        ("192.0.2.0/24", ("192.0.2.7",)),
    ):
        found = tuple(row for row, one in enumerate(names) if one in held)
        if found:
            expected[value] = found
    for events in (read(lines, Needs(frozenset(FIELDS), text=False)).batch, plain_column, encoded):
        assert rows(seek(watched, events, AT)) == expected


def test_size_of_batches_changes_nothing() -> None:
    names = [f"{number % 7}.{'evil' if number % 5 == 0 else 'good'}.example" for number in range(100)]
    watched = Watched((feed("evil.example", "3.good.example"),))
    whole = rows(seek(watched, batch(query=list(names)), AT))
    for size in (1, 7, 30):
        parts: dict[str, tuple[int, ...]] = {}
        for first in range(0, 100, size):
            for value, found in rows(
                seek(watched, batch(query=list(names[first : first + size])), AT)
            ).items():
                parts[value] = parts.get(value, ()) + tuple(first + row for row in found)
        assert parts == whole


def test_no_feeds_is_nothing_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeking, "FIELDS", {"query": None})
    assert seek(Watched(), batch(query=["evil.example"]), AT) == Sought()
