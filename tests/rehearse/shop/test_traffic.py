"""Ordinary traffic: customers from documentation ranges, within the hour."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network

from muster.rehearse.shop.traffic import traffic

START, LENGTH = datetime(2026, 11, 24, 1, 0, tzinfo=UTC), timedelta(minutes=60)
RANGES = [ip_network(text) for text in ("192.0.2.0/24", "198.51.100.0/24", "2001:db8::/32")]


def test_nobody_but_customers_and_the_house() -> None:
    events = list(traffic(1, START, LENGTH))
    assert 1500 < len(events) < 5000
    for event in events:
        assert event.step is None
        address = ip_address(str(event.fields["c-ip"]))
        assert any(address in network for network in RANGES if network.version == address.version)
        assert START <= event.at < START + LENGTH + timedelta(seconds=10)


def test_customers_pay() -> None:
    stems = [str(event.fields["cs-uri-stem"]) for event in traffic(1, START, LENGTH)]
    assert stems.count("/portal/pay.action") > 20
