"""The list of incidents, and declaring."""

from muster.access.verbs import Verb
from tests.web.pages.conftest import House


def test_the_list_teaches_and_filters(house: House) -> None:
    browser = house.signed_in("anna")
    browser.get("/incidents")
    assert "No incident was declared yet." in browser.text
    code = house.incident("Portal slow")
    over = house.incident("A test")
    house.do(Verb.STAND_DOWN, incident=over, reason="a test")
    browser.get("/incidents?state=stood-down")
    assert over in browser.text
    assert code not in browser.text
    browser.get("/incidents?state=nonsense&after=nonsense")
    assert browser.status == 200


def test_the_list_comes_in_parts(house: House) -> None:
    for number in range(51):
        house.incident(f"Number {number}.")
        house.clock.turn(seconds=1)
    browser = house.signed_in("anna")
    browser.get("/incidents")
    assert "Number 0." not in browser.text
    older = browser.page.rpartition('class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
    browser.get(older)
    assert "Number 0." in browser.text


def test_one_field_is_enough(house: House) -> None:
    carl = house.signed_in("carl")  # anybody with an account declares
    carl.get("/declare")
    carl.send("/declare", what="Mail is down")
    assert carl.path.startswith("/incidents/INC-")
    assert "Mail is down" in carl.text
    assert "Nobody commands yet. Tell a responder." in carl.text


def test_all_fields_and_what_is_kept_when_refused(house: House) -> None:
    browser = house.signed_in("anna")
    browser.get("/declare")
    fields = {
        "what": "Somebody reads our mail",
        "secrecy": "named",
        "people": [house.accounts["ben"]],
        "happened_at": "soon",
    }
    browser.send("/declare", **fields)
    assert browser.status == 400
    assert "Somebody reads our mail</textarea>" in browser.page
    assert f'value="{house.accounts["ben"]}" checked' in browser.page
    assert '<option value="named" selected>' in browser.page
    assert "<details open>" in browser.page
    browser.send("/declare", happened_at="2026-11-24T01:00Z")
    assert browser.status == 200
    assert "Its people: " in browser.text
    assert "Ben" in browser.text


def test_a_wrong_signal_is_told(house: House) -> None:
    browser = house.signed_in("anna")
    browser.get("/declare?signal=SIG-000000")
    assert browser.status == 200
    browser.send("/declare", what="Kept")
    assert browser.status == 404
    assert "Kept</textarea>" in browser.page
