"""Stories of STIX patterns: one comparison is compiled, every other says why it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.detect.indicators.indicator import Kind, Why
from muster.detect.indicators.stix_pattern import Compared, read


@pytest.mark.parametrize(
    ("pattern", "kind", "values"),
    [
        ("[ipv4-addr:value = '192.0.2.7']", Kind.IP, ("192.0.2.7",)),
        ("[ipv4-addr:value ISSUBSET '192.0.2.0/24']", Kind.IP, ("192.0.2.0/24",)),
        ("[ ipv6-addr:value='2001:db8::/32' ]", Kind.IP, ("2001:db8::/32",)),
        ("[domain-name:value == 'evil.example']", Kind.DOMAIN, ("evil.example",)),
        ("[domain-name:value IN ('a.example', 'b.example')]", Kind.DOMAIN, ("a.example", "b.example")),
        (
            r"[url:value = 'http://evil.example/it\'s AND [more]']",
            Kind.URL,
            ("http://evil.example/it's AND [more]",),
        ),
        ("[email-addr:value = 'm@evil.example']", Kind.MAIL, ("m@evil.example",)),
        ("[file:hashes.MD5 = 'aa']", Kind.MD5, ("aa",)),
        ("[file:hashes.'SHA-256' = 'aa']", Kind.SHA256, ("aa",)),
        ("[file:hashes.\"SHA-1\" = 'aa']", Kind.SHA1, ("aa",)),
        ("[network-traffic:dst_ref.value = '192.0.2.7']", Kind.IP, ("192.0.2.7",)),
    ],
)
def test_one_comparison_is_compiled(pattern: str, kind: Kind, values: tuple[str, ...]) -> None:
    assert read(pattern) == Compared(kind, values)


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("[domain-name:value = 'a' OR domain-name:value = 'b']", Why.SEVERAL),
        ("[domain-name:value = 'a'] AND [url:value = 'b']", Why.SEVERAL),
        ("[domain-name:value = 'a'] FOLLOWEDBY [url:value = 'b']", Why.SEVERAL),
        ("[domain-name:value = 'a'] WITHIN 5 SECONDS", Why.QUALIFIED),
        ("([domain-name:value = 'a'] AND [url:value = 'b']) WITHIN 5 SECONDS", Why.QUALIFIED),
        ("[domain-name:value NOT = 'a']", Why.NEGATED),
        ("[domain-name:value != 'a']", Why.NEGATED),
        ("[domain-name:value LIKE '%.evil.example']", Why.OPERATOR),
        ("[url:value MATCHES '^http']", Why.OPERATOR),
        ("[domain-name:value ISSUBSET 'a.example']", Why.OPERATOR),
        ("[file:name = 'a.exe']", Why.PATH),
        ("[file:hashes.'SSDEEP' = 'a']", Why.PATH),
        ("[windows-registry-key:key = 'a']", Why.PATH),
        ("[file:size = 25]", Why.PATH),
        ("[domain-name:value = 25]", Why.BROKEN),
        ("domain-name:value = 'a'", Why.BROKEN),
        ("[domain-name:value = 'a", Why.BROKEN),
        ("", Why.BROKEN),
        ("[" * 9_000, Why.BROKEN),
        ("'" * 20_000, Why.TOO_LONG),
    ],
)
def test_every_other_pattern_says_why_it_is_none(pattern: str, why: Why) -> None:
    assert read(pattern) is why


@given(st.text("[]'\\ ()=ANDORINvalue:-url.", max_size=60))
def test_no_pattern_raises(pattern: str) -> None:
    assert isinstance(read(pattern), Compared | Why)
