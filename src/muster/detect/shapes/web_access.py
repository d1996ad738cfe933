"""Web access logs: the common and combined format of Apache and nginx, W3C columns of IIS, and JSON of either.

Fields are those of Sigma's `webserver` and `proxy`: c-ip, cs-username, cs-method, c-uri, cs-uri-stem, cs-uri-query,
cs-version, sc-status, sc-bytes, cs-referer, cs-user-agent and c-useragent, cs-host, time. That it is an access log
is told by them: `routing` keeps rules for other sources away.

Where a log has the request as a whole (all but W3C), cs-uri-query is the whole of path and query: the public rules
look for paths there, and with the query alone they would be blind.
"""

import re
from collections.abc import Sequence

from muster.detect.json_line import Event
from muster.detect.shapes.shape import LineShape, Shape, ShapeName
from muster.detect.shapes.values import Pairs, flatten

_QUOTED = r'"([^"\\]*(?:\\.[^"\\]*)*)"'
_LINE = re.compile(
    r"(?:([^\s\[\]]+) )?([^\s\[\]]+) ([^\s\[\]]+) ([^\s\[\]]+) \[([^\[\]]{1,64})\] "
    + _QUOTED
    + r" ([0-9]{3}) ([0-9]+|-)(?: "
    + _QUOTED
    + " "
    + _QUOTED
    + ")?"
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|([\"\\]))")
_NAMES = {
    "cs(user-agent)": "cs-user-agent",
    "cs(referer)": "cs-referer",
    "cs(cookie)": "cs-cookie",
    "cs(host)": "cs-host",
    "sc(content-type)": "cs-content-type",
}
_JSON_NAMES = {
    "remote_addr": "c-ip", "remote_user": "cs-username", "request_method": "cs-method", "request_uri": "c-uri",
    "status": "sc-status", "body_bytes_sent": "sc-bytes", "bytes_sent": "sc-bytes", "http_referer": "cs-referer",
    "http_referrer": "cs-referer", "http_user_agent": "cs-user-agent", "http_host": "cs-host", "host": "cs-host",
    "server_protocol": "cs-version", "time_local": "time", "time_iso8601": "time", "http_cookie": "cs-cookie",
}  # fmt: skip


def claims(event: Event) -> bool:
    return "cs-method" in event or ("remote_addr" in event and ("request" in event or "request_uri" in event))


def normalise(event: Event) -> Pairs:
    """W3C names stay as they are; nginx's variables get them."""
    pairs = flatten(event)
    if "cs-method" in event:
        return completed(pairs)
    fields = [(_JSON_NAMES.get(name, name), value) for name, value in pairs]
    request = event.get("request")
    if isinstance(request, str):
        return completed(fields + _of_request(request))
    return completed(fields)


def read(line: str) -> Pairs | None:
    """A line of the common or combined format, with or without the virtual host before it."""
    found = _LINE.match(line)
    if found is None:
        return None
    host, client, _, user, time, request, status, size, referer, agent = found.groups()
    pairs = [("c-ip", client), ("time", time), *_of_request(_plain(request)), ("sc-status", status)]
    for name, value in (
        ("cs-host", host), ("cs-username", user), ("sc-bytes", size), ("cs-referer", referer), ("cs-user-agent", agent),
    ):  # fmt: skip
        if value is not None and value != "-":
            pairs.append((name, _plain(value)))
    return completed(pairs)


def of_columns(names: Sequence[str], values: Sequence[str]) -> Pairs:
    """The fields of a W3C line; IIS writes `+` for a blank in the fields of the client."""
    pairs: Pairs = []
    for name, value in zip(names, values, strict=True):
        if value != "-":
            known = _NAMES.get(name.lower(), name)
            pairs.append((known, value.replace("+", " ") if name.startswith("cs(") else value))
    return completed(pairs)


def _of_request(request: str) -> Pairs:
    """`GET /a?b HTTP/1.1` in its parts; what is no request line (a probe by TLS) is all uri."""
    method, _, rest = request.partition(" ")
    uri, _, version = rest.rpartition(" ")
    if not uri or not version.startswith("HTTP/"):
        return [("c-uri", rest)] if rest and method.isalpha() else [("c-uri", request)]
    return [("cs-method", method), ("c-uri", uri), ("cs-version", version)]


def completed(pairs: Pairs) -> Pairs:
    """Fields that follow from others: stem and query from the uri, the uri from both, the agent by both names."""
    fields = dict(pairs)
    more: Pairs = []
    uri = fields.get("c-uri") or fields.get("cs-uri")
    if uri is not None:
        more += [("cs-uri-stem", uri.partition("?")[0]), ("cs-uri-query", uri), ("cs-uri", uri)]
    elif "cs-uri-stem" in fields:
        query = fields.get("cs-uri-query")
        uri = fields["cs-uri-stem"] + (f"?{query}" if query else "")
        more += [("c-uri", uri), ("cs-uri", uri)]
    agent = fields.get("cs-user-agent") or fields.get("c-useragent")
    if agent is not None:
        more += [("cs-user-agent", agent), ("c-useragent", agent)]
    return pairs + [(name, value) for name, value in more if name not in fields]


def _plain(value: str) -> str:
    """Without the escapes that Apache and nginx write (`\\x22`, `\\"`)."""
    return _ESCAPE.sub(lambda found: found[2] or chr(int(found[1], 16)), value) if "\\" in value else value


SHAPE = Shape(ShapeName.WEB_ACCESS, claims, normalise)
LINE = LineShape(ShapeName.WEB_ACCESS, read)
