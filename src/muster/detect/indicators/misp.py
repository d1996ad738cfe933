"""MISP: one event, or a feed of files: `manifest.json`, an event a file, `hashes.csv` for events that are not there."""

from collections.abc import Iterator, Mapping
from typing import cast

from muster.core.errors import BadInput
from muster.core.labels import Tlp
from muster.detect.indicators import entries
from muster.detect.indicators.entries import About, Tree
from muster.detect.indicators.indicator import Entry, Kind, Left, Why

MANIFEST, HASHES = "manifest.json", "hashes.csv"
_TYPES: dict[str, tuple[Kind | None, ...]] = {
    "ip-src": (Kind.IP,), "ip-dst": (Kind.IP,), "ip-src|port": (Kind.IP, None), "ip-dst|port": (Kind.IP, None),
    "domain": (Kind.DOMAIN,), "hostname": (Kind.DOMAIN,), "domain|ip": (Kind.DOMAIN, Kind.IP),
    "hostname|port": (Kind.DOMAIN, None), "url": (Kind.URL,), "uri": (Kind.URL,), "link": (Kind.URL,),
    "email": (Kind.MAIL,), "email-src": (Kind.MAIL,), "email-dst": (Kind.MAIL,), "email-reply-to": (Kind.MAIL,),
    "md5": (Kind.MD5,), "sha1": (Kind.SHA1,), "sha256": (Kind.SHA256,), "sha512": (Kind.SHA512,),
    "filename|md5": (None, Kind.MD5), "filename|sha1": (None, Kind.SHA1), "filename|sha256": (None, Kind.SHA256),
    "filename|sha512": (None, Kind.SHA512), "malware-sample": (None, Kind.MD5),
}  # fmt: skip
"""Types of attributes, and the kind of each of their parts; None for a part that is no indicator."""


def event(document: Tree, where: str = "") -> Iterator[Entry]:
    """The entries of one event, those of its objects too, each named by its attribute's id."""
    of = entries.child(document, "Event") or document
    marked = _tlp(of)
    about = entries.label(of.get("info"))
    for one in entries.objects(of.get("Attribute")):
        yield from _attribute(one, where, marked, about)
    for thing in entries.objects(of.get("Object")):
        for one in entries.objects(thing.get("Attribute")):
            yield from _attribute(one, where, marked, about)


def feed(files: Mapping[str, bytes]) -> Iterator[Entry]:
    """The entries of a feed, its files by their names. Raises `BadInput` when there is no manifest."""
    named = {name.rpartition("/")[2]: data for name, data in files.items()}
    if MANIFEST not in named:
        raise BadInput("The feed has no manifest.json.", MANIFEST, "Give the whole folder of the feed.")
    manifest = entries.tree(named[MANIFEST], MANIFEST)
    if not isinstance(manifest, dict):
        raise BadInput("The manifest is no object.", MANIFEST, "Give the file as MISP wrote it.")
    missing: set[str] = set()
    for identity in cast("Tree", manifest):
        data = named.get(f"{identity}.json")
        if data is None:
            missing.add(identity)
            continue
        try:
            document = entries.tree(data, f"{identity}.json")
        except BadInput as fault:
            yield entries.left(entries.label(f"{identity}.json"), Why.BROKEN, fault.what)
            continue
        yield from event(
            cast("Tree", document) if isinstance(document, dict) else {}, entries.label(identity)
        )
    hashed = hashes(named.get(HASHES, b""), missing) if missing else iter(())
    found: set[str] = set()
    for one in hashed:
        if not isinstance(one, Left):
            found.add(one.label)
        yield one
    for identity in sorted(missing - found):
        yield entries.left(entries.label(f"{identity}.json"), Why.NOT_THERE)


def hashes(data: bytes, events: "set[str] | None" = None) -> Iterator[Entry]:
    """The entries of hashes.csv (MD5 of a value, event), of some events or of all."""
    for number, line in enumerate(data.splitlines(), 1):
        value, _, identity = line[:200].decode("utf-8", "replace").strip().partition(",")
        if not value or (events is not None and identity not in events):
            continue
        yield entries.entry(
            Kind.HASHED, value, f"{HASHES} line {number}", About(label=entries.label(identity))
        )


def _attribute(one: Tree, event: str, marked: Tlp | None, about: str) -> Iterator[Entry]:
    kind, value = entries.said(one, "type"), entries.said(one, "value")
    where = entries.label(f"{event} {entries.said(one, 'uuid')}".strip()) or kind
    kinds = _TYPES.get(kind)
    if kinds is None:
        yield entries.left(where, Why.PATH, f"{kind}: {value}")
        return
    if one.get("to_ids") is False or one.get("to_ids") == "0":
        yield entries.left(where, Why.NOT_FOR_DETECTION, f"{kind}: {value}")
        return
    parts = value.split("|") if len(kinds) > 1 else [value]
    if len(parts) < len(kinds):
        yield entries.left(where, Why.BROKEN, f"{kind}: {value}")
        return
    try:
        valid_from = entries.seconds(one.get("first_seen")) or entries.seconds(one.get("timestamp"))
    except entries.BadTime:
        yield entries.left(where, Why.TIME, value)
        return
    for part, text in zip(kinds, parts, strict=False):
        if part is None:
            continue
        yield entries.entry(
            part,
            text,
            where,
            About(
                tlp=_tlp(one) or marked,
                valid_from=valid_from,
                revoked=one.get("deleted") is True or one.get("deleted") == "1",
                label=entries.label(one.get("comment")) or about,
            ),
        )


def _tlp(node: Tree) -> Tlp | None:
    return entries.strictest(
        entries.tlp(entries.said(tag, "name")) for tag in entries.objects(node.get("Tag"))
    )
