"""Lists as CSV: with the head `value,kind,confidence,tlp,valid_from,valid_until,label` in any order, or values only.

A line is a row; lines that begin with `#` are notes. Only `value` must be there; what is not said is empty.
"""

import csv
from collections.abc import Iterator

from muster.detect.indicators import entries
from muster.detect.indicators.entries import About
from muster.detect.indicators.indicator import Entry, Kind, Why

COLUMNS = ("value", "kind", "confidence", "tlp", "valid_from", "valid_until", "label")
MAX_LINE = 16_384
_HEADS = frozenset({"value", "indicator"})
_AS_CALLED = {
    "ipv4": Kind.IP, "ipv6": Kind.IP, "ip": Kind.IP, "ip-src": Kind.IP, "ip-dst": Kind.IP, "ipv4-addr": Kind.IP,
    "ipv6-addr": Kind.IP, "address": Kind.IP, "cidr": Kind.NETWORK, "network": Kind.NETWORK, "hostname": Kind.DOMAIN,
    "domain": Kind.DOMAIN, "domain-name": Kind.DOMAIN, "url": Kind.URL, "uri": Kind.URL, "email": Kind.MAIL,
    "mail": Kind.MAIL, "email-addr": Kind.MAIL, "md5": Kind.MD5, "sha1": Kind.SHA1, "sha-1": Kind.SHA1,
    "sha256": Kind.SHA256, "sha-256": Kind.SHA256, "sha512": Kind.SHA512, "sha-512": Kind.SHA512, "hashed": Kind.HASHED,
}  # fmt: skip


def read(data: bytes) -> Iterator[Entry]:
    """The entries of a list, each named by its line."""
    head: tuple[str, ...] | None = None
    mark = ","
    first = True
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        line = raw.strip()
        if not line or line.startswith(b"#"):
            continue
        where = f"line {number}"
        if len(line) > MAX_LINE:
            yield entries.left(where, Why.TOO_LONG, line[:100].decode("utf-8", "replace"))
            continue
        try:
            text = line.decode()
        except UnicodeDecodeError:
            yield entries.left(where, Why.BROKEN, line[:100].decode("utf-8", "replace"))
            continue
        if first:
            first = False
            head, mark = _head(text)
            if head is not None:
                continue
        if "\0" in text:
            yield entries.left(where, Why.BROKEN, text)
            continue
        yield _row(text, head, mark, where)


def _head(text: str) -> tuple[tuple[str, ...] | None, str]:
    for mark in (",", ";", "\t"):
        names = tuple(cell.strip().strip('"').lower().replace(" ", "_") for cell in text.split(mark))
        if _HEADS & set(names):
            return names, mark
    return None, ","


def _row(text: str, head: tuple[str, ...] | None, mark: str, where: str) -> Entry:
    if head is None:
        # Values only; a quoted value may hold the mark, a URL too.
        value = text[1:-1].replace('""', '"') if len(text) > 1 and text[0] == text[-1] == '"' else text
        return entries.entry(None, value, where)
    if '"' in text:
        try:
            cells = next(csv.reader([text], delimiter=mark, strict=True))
        except (csv.Error, StopIteration):
            return entries.left(where, Why.BROKEN, text)
    else:
        cells = text.split(mark)
    if len(cells) > len(head):
        return entries.left(where, Why.BROKEN, text)
    return _said(dict(zip(head, cells, strict=False)), where)


def _said(row: dict[str, str], where: str) -> Entry:
    value = row.get("value") or row.get("indicator") or ""
    called = (row.get("kind") or row.get("type") or "").strip().lower()
    if called and called not in _AS_CALLED:
        return entries.left(where, Why.NO_KIND, f"{called}: {value}")
    try:
        return entries.entry(
            _AS_CALLED[called] if called else None,
            value,
            where,
            About(
                confidence=entries.confidence(row.get("confidence")),
                tlp=entries.tlp(row.get("tlp")),
                valid_from=entries.seconds(row.get("valid_from", "").strip()),
                valid_until=entries.seconds(row.get("valid_until", "").strip()),
                label=entries.label(row.get("label") or row.get("comment") or row.get("description")),
            ),
        )
    except entries.BadTime:
        return entries.left(where, Why.TIME, value)
