"""The list of signals, and what is done with one."""

import pytest

from muster.access.verbs import Verb
from tests.web.pages.conftest import House


def test_the_list_by_state_and_in_parts(house: House) -> None:
    for number in range(53):
        house.signal(f"Signal number {number}.")
        house.clock.turn(seconds=1)
    browser = house.signed_in("anna")
    browser.get("/signals")
    assert "Signal number 52." in browser.text
    assert "Signal number 2." not in browser.text
    assert len(browser.page.encode()) < 100_000
    older = browser.page.partition('class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
    browser.get(older)
    assert "Signal number 2." in browser.text
    browser.get("/signals?state=dismissed")
    assert "No signal is dismissed." in browser.text
    browser.get("/signals?state=nonsense")
    assert browser.status == 200
    for odd in ("nonsense", "%00", "x_y"):
        browser.get(f"/signals?after={odd}")
        assert browser.status in (200, 400)


def test_acknowledge_then_dismiss(house: House) -> None:
    code = house.signal("Portal slow", text="p99 is <4s>", severity="SEV2")
    browser = house.signed_in("anna")
    browser.get(f"/signals/{code}")
    assert "Nobody has taken this signal." in browser.text
    assert "p99 is &lt;4s&gt;" in browser.page
    browser.send(f"/signals/{code}/acknowledge")
    assert "Decide what it is." in browser.text
    browser.post(f"/signals/{code}/acknowledge", nothing="")
    assert browser.status == 409
    assert "Somebody acknowledged this signal already." in browser.text
    browser.send(f"/signals/{code}/dismiss", outcome="duplicate", reason="the same as yesterday")
    assert browser.status == 400
    assert "the same as yesterday</textarea>" in browser.page
    browser.send(f"/signals/{code}/dismiss", reason="known", outcome="")
    assert browser.status == 400
    browser.send(f"/signals/{code}/dismiss", outcome="false alarm", reason="a load test")
    assert "It was dismissed: false alarm." in browser.text
    assert f"/signals/{code}/dismiss" not in browser.page


def test_a_duplicate_names_the_other(house: House) -> None:
    one, other = house.signal("One"), house.signal("Other")
    browser = house.signed_in("anna")
    browser.get(f"/signals/{one}")
    browser.send(f"/signals/{one}/dismiss", outcome="duplicate", reason="same", duplicate_of="SIG-000000")
    assert browser.status == 404
    assert "There is nothing with this code." in browser.text
    browser.send(f"/signals/{one}/dismiss", duplicate_of=other)
    assert browser.status == 200
    assert f"duplicate of {other}" in browser.text


def test_attach_to_an_open_incident(house: House) -> None:
    code, incident = house.signal("One"), house.incident("Open one")
    browser = house.signed_in("anna")
    browser.get(f"/signals/{code}")
    assert f"{incident}: Open one" in browser.text
    browser.send(f"/signals/{code}/attach")
    assert browser.path == f"/incidents/{incident}"
    assert code in browser.text
    browser.get(f"/signals/{code}")
    assert f"It belongs to {incident}" in browser.text


def test_declare_from_a_signal(house: House) -> None:
    code = house.signal("Portal slow")
    browser = house.signed_in("anna")
    browser.get(f"/signals/{code}")
    browser.get(f"/declare?signal={code}")
    assert "Portal slow</textarea>" in browser.page
    browser.send("/declare")
    assert browser.path.startswith("/incidents/INC-")
    assert code in browser.text


def test_hiding_and_restricting(house: House) -> None:
    code = house.signal("Portal slow", text="password hunter2")
    anna, ben = house.signed_in("anna"), house.signed_in("ben")
    anna.get(f"/signals/{code}")
    anna.send(f"/signals/{code}/redact", reason="a password")
    assert "hunter2" not in anna.page
    ben.get(f"/signals/{code}")
    ben.send(f"/signals/{code}/erase")
    assert "Erased" in ben.text
    anna.get(f"/signals/{code}")
    anna.send(f"/signals/{code}/restrict", secrecy="named")
    assert "named people only" in anna.text
    ben.get(f"/signals/{code}")
    assert ben.status == 404


def test_an_incident_that_one_may_not_see_is_not_named(house: House) -> None:
    code = house.signal("Portal slow")
    incident = house.incident("Secret matter", signal=code, secrecy="named")
    ben = house.signed_in("ben")
    ben.get(f"/signals/{code}")
    assert "an incident that you may not see" in ben.text
    assert incident not in ben.page
    ben.get("/signals")
    assert incident not in ben.page


def test_addresses_that_do_not_exist(house: House) -> None:
    code = house.signal("One")
    browser = house.signed_in("anna")
    browser.get(f"/signals/{code}/dismiss")
    assert browser.path == f"/signals/{code}"
    browser.post(f"/signals/{code}/destroy", nothing="")
    assert browser.status == 404
    for wrong in ("SIG-000000", "INC-000000", "x", "%2e%2e"):
        browser.get(f"/signals/{wrong}")
        assert browser.status == 404


@pytest.mark.parametrize("verb", ["acknowledge", "dismiss", "attach"])
def test_a_person_without_duties_is_refused(house: House, verb: str) -> None:
    code = house.signal("One")
    carl = house.signed_in("carl")
    carl.post(f"/signals/{code}/{verb}", outcome="false alarm", reason="x", incident=house.incident())
    assert carl.status == 404
    assert house.muster.reading.signal(house.caller("anna"), code).signal.state == "new"
    house.do(Verb.ACKNOWLEDGE, signal=code)


def test_the_hosts_of_hits_are_joined_with_the_plan(planned: House) -> None:
    services = planned.muster.world.services()
    critical = next(one for one in services.values() if one.is_critical and one.hosts)
    code, _ = planned.hits(b"{}\n", "Odd", f"{critical.hosts[0]}.x", "<b>stranger")
    browser = planned.signed_in("anna")
    browser.get(f"/signals/{code}")
    owner = f"owner {critical.owner}" if critical.owner else "no owner in the plan"
    assert f"{critical.hosts[0]}.x</strong>, 1 event: {critical.name} (critical), {owner}" in browser.page
    assert "&lt;b&gt;stranger</strong>, 1 event: unknown to the plan" in browser.page
