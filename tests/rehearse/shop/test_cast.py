"""The cast: documentation addresses only, a different night for every seed."""

from ipaddress import ip_address, ip_network

from muster.rehearse.shop.cast import ADMIN, BUILD, FILES, ORDERS, PORTALS, RESOLVER, cast_of, defanged

COMPANY, ATTACKER = ip_network("192.0.2.0/24"), ip_network("203.0.113.0/24")


def test_addresses_are_kept_for_documentation() -> None:
    for seed in range(200):
        one = cast_of(seed)
        assert ip_address(one.attacker) in ATTACKER
        assert ip_address(one.drop) in ATTACKER
        assert one.attacker != one.drop
    for address in (RESOLVER, *(machine.address for machine in (*PORTALS, ORDERS, BUILD, ADMIN, FILES))):
        assert ip_address(address) in COMPANY


def test_seeds_differ() -> None:
    assert len({cast_of(seed) for seed in range(50)}) == 50
    assert cast_of(4) == cast_of(4)


def test_defanged() -> None:
    assert defanged("203.0.113.7") == "203.0.113[.]7"
    assert defanged("2001:db8::7") == "2001[:]db8::7"
