"""The allow-list of links: nothing foreign passes, in whatever dress, and what is ours always does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.disclose.links import links

OWN = ("shop.example", "equifaxsecurity2017.com")


def rules(text: str) -> set[str]:
    return {finding.rule for finding in links(text, OWN)}


def said(text: str) -> str:
    return " ".join(finding.what for finding in links(text, OWN))


@pytest.mark.parametrize(
    "text",
    [
        "Read https://shop.example/incident and https://status.shop.example:8443/?day=24.",
        "Write to help@shop.example or mailto:help@status.shop.example now.",
        "Our page is shop.example. We write again, e.g. by mail, at 2.30 p.m. on 24.11.2026.",
        "Version 1.2.3 of 24 November; see Article 33.1, or call +49 30 1234567.",
        "Your data: names. Our file: a list. Call tel: 112.",
        "[our page](https://shop.example/incident)",
        "https://shop.example/incident.html and https://shop.example/key.asc",
        "SHOP.EXAMPLE and https://WWW.Shop.Example",
    ],
)
def test_our_own_passes(text: str) -> None:
    assert links(text, OWN) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("https://evil.test/x", "not on the list"),
        ("go to evil.test now", "not on the list"),
        ("https://shop.example@evil.test/", "the link leads to evil.test"),
        ("https://shop.example:pass@shop.example.evil.test", "shop.example in it"),
        ("https://bit.ly/3xyz", "shortener"),
        ("https://securityequifax2017.com", "in another order"),
        ("shop.example.evil.test", "shop.example in it"),
        ("https://sh\u043ep.example", "only look like"),
        ("https://xn--shp-gmc.example", "not ours"),
        ("https://5hop.example", "only look like"),
        ("https://shop.exampIe", "only look like"),
        ("equifaxsecurity2017.net", "another ending"),
        ("equifax-security2017.com", "another ending or other dots"),
        ("equifaxsecurity2018.com", "by one or two letters"),
        ("my-equifaxsecurity2017.com", "something added|shop|in it"),
        ("http://192.0.2.7/login", "bare number"),
        ("see 192.0.2.7", "bare number"),
        ("http://3221225991/", "no name of a domain"),
        ("https://localhost/", "no name of a domain"),
        ("javascript:alert(1)", "may do anything"),
        ("data:text/html,x", "may do anything"),
        ("http://shop.example/", "not with https"),
        ("https://shop%2eexample/", "written in a code"),
        ("evil[.]test and evil(dot)test", "evil.test"),
        ("evil\u3002test", "evil.test"),
        ("evil\uff0etest", "evil.test"),
        ("https://shop.example/?next=https://evil.test/", "evil.test"),
        ("https://shop.example/?next=https%3A%2F%2Fevil.test", "not ours"),
        ("[https://shop.example](https://evil.test)", "evil.test"),
        (r"https:\\evil.test", "evil.test"),
        ("//evil.test/x", "evil.test"),
        ("ask help@evil.test", "mail domain"),
        ("mailto:help@evil.test", "mail domain"),
        ("shop.example\u200b.evil.test", "nobody sees"),
        ("shop.exa\u200bmple", "nobody sees"),
        ("\u202eelpmaxe.pohs", "nobody sees"),
    ],
)  # fmt: skip
def test_everything_else_is_named_with_what_it_tries(text: str, words: str) -> None:
    assert any(one in said(text) for one in words.split("|")), said(text)


def test_each_finding_has_its_line_and_no_hostile_character() -> None:
    found = links("fine\nevil.test\n\nalso bad.test evil.test evil.test", OWN, "letter.txt")
    assert [(one.file, one.line) for one in found] == [
        ("letter.txt", 2),
        ("letter.txt", 4),
        ("letter.txt", 4),
    ]
    assert all(one.mend and one.clause == "COM-04" for one in found)
    assert all(character.isprintable() for character in found[0].sentence())


def test_without_own_domains_no_link_passes() -> None:
    assert links("https://shop.example", ())


LABEL = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)
HOST = st.builds(
    lambda labels, ending: ".".join([*labels, ending]),
    st.lists(LABEL, min_size=1, max_size=3),
    st.sampled_from(["com", "net", "test", "org", "example", "zip"]),
)
DRESS = st.sampled_from(
    ["{}", "https://{}/", "see {}, please", "<{}>", "({})", "a@{}", "https://shop.example@{}/", "{}."]
)


@given(HOST, DRESS)
def test_no_foreign_host_ever_passes(host: str, dress: str) -> None:
    ours = any(host == one or host.endswith(f".{one}") for one in OWN)
    found = rules(dress.format(host))
    assert bool(found - {"name-before-host"}) != ours
