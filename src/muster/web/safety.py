"""Headers of every answer, and the refusal of requests forged by other sites.

Forgery is told by headers, as browsers send them: Sec-Fetch-Site says where a request comes from; Origin, where
that is missing. Requests with a token carry no cookie and cannot be forged. No tokens in forms are needed, and none
can be forgotten (the reasoning of Go's net/http CrossOriginProtection and of Datasette).
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

# No inline script or style, nothing from elsewhere, never inside a frame; forms go home only.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
# What a download carries beside them: whatever it holds, a browser must not run it.
DOWNLOAD_POLICY = "default-src 'none'; sandbox"

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def forged(method: str, headers: Mapping[str, str]) -> bool:
    """Whether a request that changes something comes from another site. Header names are in lower case."""
    if method in _SAFE_METHODS:
        return False
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is None:
        return False  # no browser sends a cookie cross-site without one of the two
    try:
        return urlsplit(origin).netloc != headers.get("host", "")
    except ValueError:
        return True


def known_host(host: str, allowed: frozenset[str]) -> bool:
    """Whether the Host header names this server: against rebinding of names. Ports do not matter."""
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return name.lower() in allowed
