"""Networks by prefix: which of the indicators that are networks hold an address."""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Networks:
    """For each IP version and length of prefix: leading bits of a network -> its rows in the index."""

    held: Mapping[tuple[int, int], Mapping[int, tuple[int, ...]]] = field(
        default_factory=dict[tuple[int, int], Mapping[int, tuple[int, ...]]]
    )

    def rows(self, address: str) -> list[int]:
        """Rows of the networks that hold an address in its normal form, the widest first."""
        version = 6 if ":" in address else 4
        lengths = [length for held, length in self.held if held == version]
        if not lengths:
            return []
        number = _number(address, version)
        if number is None:
            return []
        bits = 32 if version == 4 else 128
        return [
            row for length in lengths for row in self.held[version, length].get(number >> (bits - length), ())
        ]


def build(networks: Iterable[tuple[str, int]]) -> Networks:
    """Networks in their normal form, each with its row."""
    held: dict[tuple[int, int], dict[int, tuple[int, ...]]] = {}
    for text, row in networks:
        network = ipaddress.ip_network(text)
        bits = int(network.network_address) >> (network.max_prefixlen - network.prefixlen)
        rows = held.setdefault((network.version, network.prefixlen), {})
        rows[bits] = (*rows.get(bits, ()), row)
    return Networks({key: held[key] for key in sorted(held)})


def _number(address: str, version: int) -> int | None:
    if version == 4:
        parts = address.split(".")
        if len(parts) != 4 or not all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts):
            return None
        first, second, third, fourth = (int(part) for part in parts)
        if max(first, second, third, fourth) > 255:
            return None
        return first << 24 | second << 16 | third << 8 | fourth
    try:
        return int(ipaddress.IPv6Address(address))
    except ValueError:
        return None
