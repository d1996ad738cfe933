"""Headers of every answer; and the table of what is taken for a forged request, and of names of this server."""

import pytest

from muster.web.safety import DOWNLOAD_POLICY, HEADERS, POLICY, forged, known_host

OURS = "http://localhost:8420"
FOREIGN = ["http://evil.example", "null", "http://localhost:9999", "http://[", "localhost:8420", ""]
SITES = {
    "same-origin": False,
    "none": False,
    "same-site": True,
    "cross-site": True,
    "": True,
    "SAME-ORIGIN": True,
}


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("origin", FOREIGN)
def test_looking_is_never_forged(method: str, site: str, origin: str) -> None:
    assert not forged(method, {"host": "localhost:8420", "sec-fetch-site": site, "origin": origin})


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "QUERY", "post"])
@pytest.mark.parametrize(("site", "refused"), SITES.items())
@pytest.mark.parametrize("origin", [OURS, None, *FOREIGN])
def test_the_browser_s_word_about_the_site_decides(
    method: str, site: str, refused: bool, origin: str | None
) -> None:
    headers = {"host": "localhost:8420", "sec-fetch-site": site}
    assert forged(method, headers | ({"origin": origin} if origin is not None else {})) is refused


@pytest.mark.parametrize("origin", FOREIGN)
def test_without_it_the_origin_must_be_ours(origin: str) -> None:
    assert forged("POST", {"host": "localhost:8420", "origin": origin})


def test_our_origin_or_none_at_all_is_ours() -> None:
    assert not forged("POST", {"host": "localhost:8420", "origin": OURS})
    assert not forged("POST", {"host": "localhost:8420"})


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:8420", "[::1]", "[::1]:8420"])
def test_our_own_names(host: str) -> None:
    assert known_host(host, frozenset({"localhost", "127.0.0.1", "[::1]"}))


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "localhost.evil.example",
        "evil.example:8420",
        "127.0.0.1.nip.io",
        "localhost@x",
        ":",
    ],
)
def test_other_names(host: str) -> None:
    assert not known_host(host, frozenset({"localhost", "127.0.0.1", "[::1]"}))


def test_nothing_inline_nothing_foreign_no_frame() -> None:
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert part in POLICY
    assert "sandbox" in DOWNLOAD_POLICY
    assert HEADERS["X-Content-Type-Options"] == "nosniff"
    assert HEADERS["Cache-Control"] == "no-store"
