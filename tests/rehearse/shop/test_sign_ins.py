"""Sign-ins: customers at the portal, an administrator from the house; the fields that a rule for them asks for."""

from datetime import UTC, datetime, timedelta, timezone
from ipaddress import ip_address, ip_network

from muster.rehearse.shop.sign_ins import ADMINISTRATOR, CONSOLE, SHOP, SIGN_INS, sign_ins, signed_in

START, LENGTH = datetime(2026, 12, 8, 1, 0, tzinfo=UTC), timedelta(minutes=60)
CUSTOMERS, COMPANY = ip_network("198.51.100.0/24"), ip_network("192.0.2.0/24")


def test_customers_use_the_portal_and_an_administrator_the_console_from_within() -> None:
    events = list(sign_ins(1, START, LENGTH))
    assert len(events) == SIGN_INS + 1
    for event in events:
        assert event.step is None
        assert START <= event.at < START + LENGTH
        of, net = (ADMINISTRATOR, COMPANY) if event.fields["clientId"] == CONSOLE else (None, CUSTOMERS)
        assert of is None or event.fields["userId"] == of
        assert ip_address(str(event.fields["ipAddress"])) in net
    assert [event.fields["clientId"] for event in events].count(CONSOLE) == 1


def test_some_mistype_their_password() -> None:
    kinds = [event.fields["type"] for event in sign_ins(2, START, LENGTH)]
    assert 0 < kinds.count("LOGIN_ERROR") < kinds.count("LOGIN")


def test_an_event_names_its_log_and_its_time_in_utc() -> None:
    there = START.astimezone(timezone(timedelta(hours=-8)))
    event = signed_in(there, "c1", SHOP, "198.51.100.9")
    assert event["@timestamp"] == "2026-12-08T01:00:00.000Z"
    assert (event["logsource.product"], event["logsource.service"]) == ("keycloak", "events")


def test_same_seed_same_lines() -> None:
    assert list(sign_ins(3, START, LENGTH)) == list(sign_ins(3, START, LENGTH))
    assert list(sign_ins(3, START, LENGTH)) != list(sign_ins(4, START, LENGTH))
