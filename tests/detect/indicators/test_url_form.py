"""Stories of URLs in one writing."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.detect.indicators import normal_form
from muster.detect.indicators.url_form import host_in, plain_host


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("HTTP://Evil.Example", "http://evil.example/"),
        ("http://evil.example:80/", "http://evil.example/"),
        ("https://evil.example:443/a?b=C#part", "https://evil.example/a?b=C"),
        ("https://evil.example:8443/A", "https://evil.example:8443/A"),
        ("http://evil.example./a", "http://evil.example/a"),
        ("http://user:pw@evil.example/a", "http://evil.example/a"),
        ("http://evil.example/%7euser/%2f%c3%bc", "http://evil.example/~user/%2F%C3%BC"),
        ("http://evil.example/a b/ü", "http://evil.example/a%20b/%C3%BC"),
        ("http://evil.example/a/./b/../c", "http://evil.example/a/c"),
        ("http://evil.example/../..", "http://evil.example/"),
        ("http://evil.example?", "http://evil.example/"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://192.0.2.7/x", "http://192.0.2.7/x"),
        ("http://[2001:DB8::1]:80/", "http://[2001:db8::1]/"),
        ("http:\\\\evil.example/", "http://evil.example/"),
        ("http://evil.example\\a", "http://evil.example/a"),
        ("evil.example/gate.php", "http://evil.example/gate.php"),
        ("evil.example:443", "http://evil.example:443/"),
        ("http://localhost/", "http://localhost/"),
        ("/index.html", None),
        ("http://a b/", None),
        ("http://evil.example:x/", None),
    ],
)
def test_a_url_has_one_writing(written: str, value: str | None) -> None:
    assert normal_form.url(written) == value


def test_what_is_in_its_form_already_is_told_at_a_glance_and_is_the_same() -> None:
    for plain in (
        "https://evil.example/",
        "http://a.evil.example/x/y.html?q=1&r=2",
        "http://evil.example/a/",
    ):
        assert plain_host(plain) == host_in(plain)
        assert normal_form.url(plain) == plain
    for other in (
        "http://Evil.example/",
        "http://evil.example/a/../b",
        "http://evil.example/%41",
        "ftp://a.b/",
    ):
        assert plain_host(other) is None


def test_the_host_of_a_url_is_without_port_and_brackets() -> None:
    assert host_in("http://[2001:db8::1]:8080/a") == "2001:db8::1"
    assert host_in("http://evil.example:8080/a") == "evil.example"


@given(st.from_regex(r"https?://[a-z.]{1,12}/[a-zA-Z0-9./%?#&=]{0,20}", fullmatch=True))
def test_the_quick_look_agrees_with_the_close_one(text: str) -> None:
    found = normal_form.url(text)
    if found is not None:
        assert normal_form.url(found) == found
        if plain_host(text) is not None:
            assert found == text
            assert plain_host(text) == host_in(text)


def test_no_url_is_slow_to_refuse() -> None:
    started = time.process_time()
    plain_host("http://" + "a." * 20_000 + "/")
    plain_host("http://evil.example/" + "a" * 20_000 + "^")
    plain_host("http://evil.example/" + "a/" * 20_000 + "^")
    normal_form.url("http://evil.example/" + "../" * 20_000)
    assert time.process_time() - started < 1
