"""Stories of networks: the addresses within are found, held against `ipaddress`."""

import ipaddress

from hypothesis import given
from hypothesis import strategies as st

from muster.detect.indicators import networks

NETWORKS = st.one_of(
    st.tuples(st.ip_addresses(v=4), st.integers(8, 31)), st.tuples(st.ip_addresses(v=6), st.integers(16, 127))
).map(lambda pair: ipaddress.ip_network(f"{pair[0]}/{pair[1]}", strict=False))


@given(st.lists(NETWORKS, max_size=8), st.ip_addresses(), st.integers(0, 7))
def test_an_address_is_in_the_networks_that_hold_it(held: list, address, pick: int) -> None:
    made = networks.build((str(network), row) for row, network in enumerate(held))
    asked = [address]
    if held:
        near = held[pick % len(held)]
        asked += [near.network_address, near.broadcast_address]
    for one in asked:
        expected = {row for row, network in enumerate(held) if one in network}
        assert set(made.rows(str(one))) == expected


def test_what_is_no_address_is_in_no_network() -> None:
    made = networks.build([("192.0.2.0/24", 0), ("2001:db8::/32", 1)])
    for text in ("192.0.2", "192.0.2.256", "192.0.2.x", "192.0.2.1.example", "2001:db8", "::zz", ""):
        assert made.rows(text) == []
