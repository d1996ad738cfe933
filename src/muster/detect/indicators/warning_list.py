"""Warning lists: values that are well known and harmless; an indicator on one is not reported, but counted.

Read are the warning lists of MISP (`type` string, substring, hostname, cidr) and plain lists of values. Expressions
(`type` regex) are not used, since an expression could hang: that is told.
"""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from muster.core.errors import BadInput
from muster.detect.indicators import entries, normal_form
from muster.detect.indicators.entries import Tree
from muster.detect.indicators.indicator import Entry, Indicator, Kind, Left, Why
from muster.detect.indicators.url_form import host_in

_TYPES = frozenset({"string", "substring", "hostname", "cidr"})
MAX_SUBSTRINGS = 10_000
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class WarningList:
    """What a list excludes: exact values, names with all below them, networks by their bits, pieces of text."""

    name: str
    exact: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    networks: Mapping[tuple[int, int], frozenset[int]] = field(
        default_factory=dict[tuple[int, int], frozenset[int]]
    )
    pieces: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()

    @property
    def size(self) -> int:
        return (
            len(self.exact)
            + len(self.names)
            + len(self.pieces)
            + sum(len(one) for one in self.networks.values())
        )

    def holds(self, value: str) -> bool:
        """Whether a value in its normal form is on the list; of a URL or mail address its host is enough."""
        if value in self.exact or any(piece in value for piece in self.pieces):
            return True
        host = host_in(value) if "://" in value else value.rpartition("@")[2]
        return host in self.exact or self._below(host) or self._within(host)

    def _below(self, host: str) -> bool:
        while host and self.names:
            if host in self.names:
                return True
            host = host.partition(".")[2]
        return False

    def _within(self, value: str) -> bool:
        if not self.networks:
            return False
        head, _, length = value.partition("/")
        try:
            found = ipaddress.ip_address(head)
        except ValueError:
            return False
        bits = 32 if found.version == 4 else 128
        longest = int(length) if length else bits
        return any(
            version == found.version and prefix <= longest and int(found) >> (bits - prefix) in held
            for (version, prefix), held in self.networks.items()
        )


def read(document: Tree, name: str) -> WarningList:
    """A warning list of MISP. Raises `BadInput`."""
    kind = entries.said(document, "type")
    listed = document.get("list")
    called = entries.label(document.get("name")) or name
    values = list(entries.texts(document, "list"))
    if not isinstance(listed, list) or len(values) < len(cast("list[object]", listed)):
        raise BadInput(
            "The warning list has no list of texts.", name, "Give a warning list as MISP has them."
        )
    if kind not in _TYPES:
        return WarningList(
            called, left=(entries.left(called, Why.LANGUAGE, f"type {kind}: {len(values)} values"),)
        )
    if kind == "substring":
        return _pieces(called, values)
    made = [entries.entry(_kind(kind), value, f"value {number}") for number, value in enumerate(values, 1)]
    exact = (
        frozenset(value.strip().lower() for value in values if value.strip())
        if kind == "string"
        else frozenset[str]()
    )
    lost = (
        ()
        if kind == "string"
        else tuple(one for one in made if isinstance(one, Left) and one.why is not Why.TOO_WIDE)
    )
    return _gathered(called, made, values, exact, lost, suffixes=kind == "hostname")


def plain(listed: Iterable[Entry], name: str) -> WarningList:
    """A list of values as a warning list: a name excludes what is below it."""
    made = list(listed)
    lost = tuple(one for one in made if isinstance(one, Left) and one.why is not Why.TOO_WIDE)
    texts = [one.text if isinstance(one, Left) else one.value for one in made]
    return _gathered(name, made, texts, frozenset(), lost, suffixes=True)


def _kind(kind: str) -> Kind | None:
    if kind == "cidr":
        return Kind.IP
    return Kind.DOMAIN if kind == "hostname" else None


def _pieces(called: str, values: list[str]) -> WarningList:
    kept = tuple(value.strip().lower() for value in values if len(value.strip()) > 2)
    lost = len(values) - len(kept[:MAX_SUBSTRINGS])
    left = (
        (entries.left(called, Why.TOO_MANY, f"{lost} pieces too short or beyond the bound"),) if lost else ()
    )
    return WarningList(called, pieces=kept[:MAX_SUBSTRINGS], left=left)


def _gathered(
    called: str,
    made: list[Entry],
    texts: list[str],
    exact: frozenset[str],
    lost: tuple[Left, ...],
    *,
    suffixes: bool,
) -> WarningList:
    found = [one for one in made if isinstance(one, Indicator)]
    # What is too wide for an indicator may well be excluded as a whole.
    wide = [
        text
        for one, raw in zip(made, texts, strict=True)
        if isinstance(one, Left)
        and one.why is Why.TOO_WIDE
        and (text := normal_form.network(raw.strip())) is not None
    ]
    networks: dict[tuple[int, int], set[int]] = {}
    for text in (*wide, *(one.value for one in found if one.kind is Kind.NETWORK)):
        network: Network = ipaddress.ip_network(text)
        bits = int(network.network_address) >> (network.max_prefixlen - network.prefixlen)
        networks.setdefault((network.version, network.prefixlen), set()).add(bits)
    names = frozenset(one.value for one in found if suffixes and one.kind is Kind.DOMAIN)
    values = frozenset(one.value for one in found if one.kind is not Kind.NETWORK and one.value not in names)
    held = {key: frozenset(bits) for key, bits in networks.items()}
    return WarningList(called, exact | values, names, held, (), lost)
