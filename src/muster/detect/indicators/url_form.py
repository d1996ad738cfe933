"""URLs in one writing (RFC 3986, section 6): what two writings of one place differ in is taken away.

Scheme and host in lower case, host as address or name in its normal form, name and password left out, default port left
out, path `/` where there is none and without `.` and `..`, percent-encoding of unreserved characters undone and of all
others in capitals, characters that may not stand there encoded, an empty query and the fragment left out. The order of
a query and the case of path and query stay. A URL without a scheme is read as http.
"""

import re
from collections.abc import Callable

LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# A URL that is in its normal form already, which nearly all in logs are: names of more than one label, no port.
_PLAIN = re.compile(
    r"https?://((?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.){1,9}[a-z](?:[a-z0-9-]{0,61}[a-z0-9]))"
    r"/(?:[A-Za-z0-9_~!$&'()*+,;=:@-][A-Za-z0-9._~!$&'()*+,;=:@-]*"
    r"(?:/[A-Za-z0-9_~!$&'()*+,;=:@-][A-Za-z0-9._~!$&'()*+,;=:@-]*)*/?)?"
    r"(?:\?[A-Za-z0-9._~!$&'()*+,;=:@/?-]+)?"
)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,20})://")
_PORTS = {"http": "80", "https": "443", "ftp": "21", "ws": "80", "wss": "443"}
_ENCODED = re.compile(rb"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_STANDS = _UNRESERVED | frozenset(b"!$&'()*+,;=:@/?%")


def plain_host(text: str) -> str | None:
    """The host of a URL that is in its normal form as it stands; None when it has to be looked at closely."""
    found = _PLAIN.fullmatch(text)
    return found[1] if found and "xn--" not in text else None


def normal(text: str, host_of: Callable[[str], str | None]) -> str | None:
    """The URL in its normal form; None when it is none. host_of: a host in its normal form."""
    if plain_host(text) is not None:
        return text
    if "\\" in text:  # browsers take it for a slash
        start, mark, query = text.partition("?")
        text = f"{start.replace(chr(92), '/')}{mark}{query}"
    found = _SCHEME.match(text)
    scheme = found[1].lower() if found else "http"
    rest = text[found.end() :] if found else text.removeprefix("//")
    rest = rest.partition("#")[0]
    authority, path, query = _parts(rest)
    host, port = _host_and_port(authority.rpartition("@")[2])
    known = host_of(host)
    if known is None or (port and not (port.isascii() and port.isdigit() and int(port) < 65_536)):
        return None
    kept = f":{int(port)}" if port and str(int(port)) != _PORTS.get(scheme) else ""
    return f"{scheme}://{known}{kept}{_without_dots(_encoded(path))}{f'?{_encoded(query)}' if query else ''}"


def host_in(url: str) -> str:
    """The host of a URL in its normal form, an IPv6 address without its brackets."""
    authority = url.partition("://")[2].partition("/")[0]
    return authority[1:].partition("]")[0] if authority.startswith("[") else authority.partition(":")[0]


def _parts(rest: str) -> tuple[str, str, str]:
    before, _, query = rest.partition("?")
    authority, slash, path = before.partition("/")
    return authority, f"{slash}{path}" or "/", query


def _host_and_port(authority: str) -> tuple[str, str]:
    if authority.startswith("["):
        host, _, port = authority[1:].partition("]")
        return host, port.removeprefix(":")
    host, _, port = authority.partition(":")
    return host, port


def _encoded(text: str) -> str:
    data = _ENCODED.sub(_one, text.encode("utf-8", "surrogatepass"))
    return "".join(chr(byte) if byte in _STANDS else f"%{byte:02X}" for byte in data)


def _one(found: "re.Match[bytes]") -> bytes:
    byte = int(found[1], 16)
    return bytes((byte,)) if byte in _UNRESERVED else b"%" + found[1].upper()


def _without_dots(path: str) -> str:
    if "/." not in path:
        return path
    kept: list[str] = []
    parts = path.split("/")[1:]
    for part in parts:
        if part == "..":
            del kept[-1:]
        elif part != ".":
            kept.append(part)
    if parts[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)
