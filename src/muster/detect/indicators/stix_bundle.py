"""Bundles of STIX 2.1: their indicators; what they are marked with, when they hold, whether they were revoked."""

from collections.abc import Iterator, Mapping

from muster.core.errors import BadInput
from muster.core.labels import Tlp
from muster.detect.indicators import entries, stix_pattern
from muster.detect.indicators.entries import About, Tree
from muster.detect.indicators.indicator import Entry, Why

# The fixed marking definitions of TLP 1.0 (STIX 2.1, section 7.2.1.4) and of TLP 2.0 (OASIS, tlp-2.0 extension).
_KNOWN = {
    "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": Tlp.CLEAR,
    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": Tlp.GREEN,
    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": Tlp.AMBER,
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": Tlp.RED,
    "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487": Tlp.CLEAR,
    "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb": Tlp.GREEN,
    "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421": Tlp.AMBER,
    "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003": Tlp.AMBER_STRICT,
    "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1": Tlp.RED,
}


def read(bundle: Tree) -> Iterator[Entry]:
    """The entries of a bundle, each named by its object's id. Raises `BadInput` when it has no objects."""
    listed = bundle.get("objects")
    if not isinstance(listed, list):
        raise BadInput("The bundle has no objects.", "objects", "Give a STIX 2.1 bundle.")
    marks = dict(_marks(bundle))
    # A later version of an object replaces the earlier one.
    newest: dict[str, Tree] = {}
    others = 0
    for one in entries.objects(bundle["objects"]):
        if one.get("type") != "indicator":
            others += 1
            continue
        identity = entries.said(one, "id") or f"object without id {len(newest) + others}"
        before = newest.get(identity)
        if before is None or entries.said(one, "modified") >= entries.said(before, "modified"):
            newest[identity] = one
    for identity, one in newest.items():
        yield from _indicator(one, entries.label(identity), marks)


def _marks(bundle: Tree) -> Iterator[tuple[str, Tlp]]:
    yield from _KNOWN.items()
    for one in entries.objects(bundle["objects"]):
        if one.get("type") != "marking-definition":
            continue
        extended = (
            entries.tlp(entries.said(extension, "tlp_2_0"))
            for extension in entries.objects(list(entries.child(one, "extensions").values()))
        )
        found = (
            entries.tlp(entries.said(entries.child(one, "definition"), "tlp"))
            or next((tlp for tlp in extended if tlp), None)
            or entries.tlp(entries.said(one, "name"))
        )
        if found is not None:
            yield entries.said(one, "id"), found


def _indicator(one: Tree, where: str, marks: Mapping[str, Tlp]) -> Iterator[Entry]:
    pattern = entries.said(one, "pattern")
    if one.get("pattern_type", "stix") != "stix":
        yield entries.left(where, Why.LANGUAGE, f"{entries.said(one, 'pattern_type')}: {pattern}")
        return
    compared = stix_pattern.read(pattern)
    if isinstance(compared, Why):
        yield entries.left(where, compared, pattern)
        return
    try:
        valid_from, valid_until = (
            entries.seconds(one.get("valid_from")),
            entries.seconds(one.get("valid_until")),
        )
    except entries.BadTime:
        yield entries.left(where, Why.TIME, pattern)
        return
    about = About(
        confidence=entries.confidence(one.get("confidence")),
        tlp=entries.strictest(marks.get(ref) for ref in entries.texts(one, "object_marking_refs")),
        valid_from=valid_from,
        valid_until=valid_until,
        revoked=one.get("revoked") is True,
        label=entries.label(one.get("name")),
    )
    for value in compared.values:
        yield entries.entry(compared.kind, value, where, about)
