"""Stories of values in one writing: what is the same becomes the same text, what is not stays apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.detect.indicators import normal_form
from muster.detect.indicators.indicator import VALUE, Kind
from muster.detect.indicators.normal_form import defanged, guessed, normal, refanged


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        (Kind.IP, "192.0.2.7", "192.0.2.7"),
        (Kind.IP, "::ffff:192.0.2.7", "192.0.2.7"),
        (Kind.IP, "2001:DB8:0:0::1", "2001:db8::1"),
        (Kind.IP, "fe80::1%eth0", "fe80::1"),
        (Kind.IP, "[2001:db8::1]", "2001:db8::1"),
        (Kind.DOMAIN, "Evil.EXAMPLE.", "evil.example"),
        (Kind.DOMAIN, "*.evil.example", "evil.example"),
        (Kind.DOMAIN, "BÜCHER.example", "xn--bcher-kva.example"),
        (Kind.DOMAIN, "bu\u0308cher。example", "xn--bcher-kva.example"),
        (Kind.DOMAIN, "_dmarc.evil.example", "_dmarc.evil.example"),
        (Kind.MAIL, "Mallory@Evil.Example", "mallory@evil.example"),
        (Kind.MAIL, "mailto:mallory@bücher.example", "mallory@xn--bcher-kva.example"),
        (Kind.MD5, "A" * 32, "a" * 32),
        (Kind.SHA256, "B" * 64, "b" * 64),
    ],
)
def test_a_value_has_one_writing(kind: Kind, written: str, value: str) -> None:
    assert normal(kind, written) == (kind, value)


def test_a_network_loses_its_host_bits_and_one_of_one_address_is_an_address() -> None:
    assert normal(Kind.IP, "192.0.2.77/24") == (Kind.NETWORK, "192.0.2.0/24")
    assert normal(Kind.NETWORK, "192.0.2.77/32") == (Kind.IP, "192.0.2.77")
    assert normal(Kind.NETWORK, "2001:DB8::/32") == (Kind.NETWORK, "2001:db8::/32")
    assert normal(Kind.NETWORK, "::ffff:192.0.2.0/120") == (Kind.NETWORK, "192.0.2.0/24")


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (Kind.IP, "192.0.2.256"),
        (Kind.IP, "192.0.2.07"),
        (Kind.IP, "evil.example"),
        (Kind.IP, "1" * 5000),
        (Kind.NETWORK, "192.0.2.0/33"),
        (Kind.DOMAIN, "example"),
        (Kind.DOMAIN, "192.0.2.7"),
        (Kind.DOMAIN, "a..example"),
        (Kind.DOMAIN, "-a.example"),
        (Kind.DOMAIN, f"{'a' * 64}.example"),
        (Kind.DOMAIN, "ü" * 300),
        (Kind.MAIL, "@evil.example"),
        (Kind.MAIL, "a b@evil.example"),
        (Kind.MD5, "a" * 40),
        (Kind.SHA1, "g" * 40),
        (Kind.URL, "http://"),
        (Kind.URL, "http://a.example:99999/"),
        (Kind.URL, f"http://a.example/{'x' * VALUE}"),
    ],
)
def test_what_is_none_of_its_kind_has_no_form(kind: Kind, written: str) -> None:
    assert normal(kind, written) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("hxxps://evil[.]example/a", "https://evil.example/a"),
        ("hXXp[://]evil(.)example", "http://evil.example"),
        ("evil[dot]example", "evil.example"),
        ("evil{.}example", "evil.example"),
        ("mallory[@]evil[.]example", "mallory@evil.example"),
        ("192.0.2[.]7", "192.0.2.7"),
        ("2001[:]db8::1", "2001:db8::1"),
        (" evil.example ", "evil.example"),
        ("http://[2001:db8::1]/", "http://[2001:db8::1]/"),
    ],
)
def test_what_was_made_harmless_is_understood(written: str, meant: str) -> None:
    assert refanged(written) == meant


@pytest.mark.parametrize(
    "value",
    ["http://evil.example/a.b", "https://evil.example/", "evil.example", "192.0.2.7", "mallory@evil.example"],
)
def test_what_is_shown_harmless_is_understood_again_and_is_no_link(value: str) -> None:
    shown = defanged(value)
    assert refanged(shown) == value
    assert "http" not in shown
    assert ".example" not in shown.partition("/a")[0].replace("[.]example", "")


def test_a_kind_is_guessed_from_what_it_looks_like() -> None:
    looks = {
        "a" * 64: Kind.SHA256,
        "http://evil.example/": Kind.URL,
        "evil.example/gate.php": Kind.URL,
        "m@evil.example": Kind.MAIL,
        "192.0.2.0/24": Kind.NETWORK,
        "192.0.2.1": Kind.IP,
        "evil.example": Kind.DOMAIN,
    }
    for text, kind in looks.items():
        found = guessed(text)
        assert found is not None
        assert found[0] is kind
    assert guessed("just words") is None
    assert guessed("") is None


@given(st.text(max_size=80))
def test_a_normal_form_is_its_own_normal_form(text: str) -> None:
    for kind in Kind:
        found = normal(kind, text)
        if found is not None:
            assert normal(*found) == found
    assert isinstance(normal_form.refanged(text), str)
