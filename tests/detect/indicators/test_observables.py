"""Stories of what stands in fields: each value is looked up as all that it may be."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.detect.indicators import observables
from muster.detect.indicators.observables import (
    FIELDS,
    of_address,
    of_answers,
    of_hashes,
    of_host,
    of_mail,
    of_url,
)


@pytest.mark.parametrize(
    ("read", "value", "keys"),
    [
        (of_address, "192.0.2.7", ["192.0.2.7"]),
        (of_address, "::FFFF:192.0.2.7", ["192.0.2.7"]),
        (of_address, " fe80::1%eth0 ", ["fe80::1"]),
        (of_address, "-", []),
        (of_host, "WWW.Evil.Example.", ["www.evil.example", "evil.example"]),
        (of_host, "notexample.com", ["notexample.com"]),
        (of_host, "evil.example:8080", ["evil.example"]),
        (of_host, "[2001:db8::1]:443", ["2001:db8::1"]),
        (of_host, "2001:db8::1", ["2001:db8::1"]),
        (of_host, "192.0.2.7:80", ["192.0.2.7"]),
        (of_host, "bücher.example", ["xn--bcher-kva.example"]),
        (of_host, "localhost", []),
        (of_host, "-", []),
        (of_url, "http://a.evil.example/x", ["http://a.evil.example/x", "a.evil.example", "evil.example"]),
        (of_url, "HTTP://192.0.2.7:80/", ["http://192.0.2.7/", "192.0.2.7"]),
        (of_url, "/index.html", []),
        (of_url, "evil.example:443", ["http://evil.example:443/", "evil.example"]),
        (of_hashes, f"SHA1={'A' * 40},MD5={'b' * 32},IMPHASH={'c' * 32}", ["a" * 40, "b" * 32, "c" * 32]),
        (of_hashes, "a" * 64, ["a" * 64]),
        (of_hashes, "-", []),
        (
            of_mail,
            "Mallory <M@Evil.example>; x@b.example",
            ["m@evil.example", "evil.example", "x@b.example", "b.example"],
        ),
        (
            of_answers,
            "type:  5 a.evil.example;::ffff:192.0.2.7;",
            ["a.evil.example", "evil.example", "192.0.2.7"],
        ),
        (of_answers, "[192.0.2.7, 192.0.2.8]", ["192.0.2.7", "192.0.2.8"]),
    ],
)
def test_a_value_is_looked_up_as_all_that_it_may_be(
    read: Callable[[str], list[str]], value: str, keys: list[str]
) -> None:
    assert read(value) == keys


@given(st.text(max_size=60))
def test_no_value_raises_and_none_is_looked_up_as_nothing(value: str) -> None:
    for read in set(FIELDS.values()):
        assert all(key for key in read(value))


def test_each_field_is_read_in_one_way() -> None:
    listed = [name for names in observables._FIELDS.values() for name in names]
    assert len(listed) == len(set(listed)) == len(FIELDS)
