"""Reporting without an account, and asking with the receipt."""

import re

import pytest

from muster.access.verbs import Verb
from muster.app.quota import Quota
from muster.app.views import ReceiptView
from muster.web.pages.intake import words
from tests.web.pages.conftest import House


def _report(house: House, what: str = "A strange mail") -> str:
    browser = house.browser()
    browser.get("/report")
    browser.send("/report", what=what, contact="extension 12")
    found = re.search(r"RCP(-[0-9A-Z]{4}){4}", browser.text)
    assert found, browser.text
    assert "Keep this receipt" in browser.text
    return found[0]


def _ask(house: House, receipt: str) -> str:
    browser = house.browser()
    browser.get("/receipt")
    browser.send("/receipt", receipt=receipt)
    assert browser.status == 200
    return browser.text


def test_a_report_and_what_becomes_of_it(house: House) -> None:
    receipt = _report(house)
    assert "Nobody has looked at it yet." in _ask(house, receipt)
    signal = house.muster.reading.signals(house.caller("anna")).signals[0].signal
    house.do(Verb.ACKNOWLEDGE, signal=signal)
    assert "Somebody is looking at your report." in _ask(house, receipt.lower().replace("-", " "))
    house.do(Verb.DISMISS, signal=signal, outcome="false alarm", reason="it was the payroll")
    text = _ask(house, receipt)
    assert "It turned out to be a false alarm." in text
    assert "payroll" not in text


def test_a_wrong_receipt_is_kept_and_told(house: House) -> None:
    browser = house.browser()
    browser.get("/receipt")
    browser.send("/receipt", receipt="RCP-nonsense")
    assert browser.status == 400
    assert 'value="RCP-nonsense"' in browser.page
    browser.send("/receipt", receipt="RCP-0000-0000-0000-0000")
    assert browser.status == 404
    assert "There is no report with this receipt." in browser.text


def test_an_empty_report_is_refused(house: House) -> None:
    browser = house.browser()
    browser.get("/report")
    browser.send("/report", what=" ", contact="keep me")
    assert browser.status == 400
    assert 'value="keep me"' in browser.page


def test_a_quota_is_told_with_the_seconds_to_wait(house: House) -> None:
    object.__setattr__(house.muster, "reports", Quota(1, 1))
    _report(house)
    browser = house.browser()
    browser.get("/report")
    browser.send("/report", what="once more, please keep this")
    assert browser.status == 429
    assert "Try again in" in browser.text
    assert "once more, please keep this</textarea>" in browser.page


def test_the_same_form_twice_gives_the_same_receipt(house: House) -> None:
    browser = house.browser()
    browser.get("/report")
    fields = browser.forms()[0][1] | {"what": "A strange mail"}
    receipts = [re.findall(r"RCP[-0-9A-Z]+", browser.post("/report", **fields)) for _ in range(2)]
    assert len(receipts[0]) == 1
    assert receipts[0] == receipts[1]


def test_who_is_signed_in_reports_by_name(house: House) -> None:
    browser = house.signed_in("anna")
    browser.get("/report")
    assert "Sign out" in browser.text
    browser.send("/report", what="seen by Anna")
    entry = house.muster.reading.signal(
        house.caller("ben"), house.muster.reading.signals(house.caller("ben")).signals[0].signal
    ).entries[0]
    assert entry.who == "Anna"


@pytest.mark.parametrize("state", ["new", "acknowledged", "attached", "dismissed", "something-new"])
def test_words_for_every_state(state: str) -> None:
    view = ReceiptView(state=state, outcome=None, raised_at="", last_at="")
    assert len(words(view)) == 1
