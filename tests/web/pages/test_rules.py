"""Rules and coverage on pages, and the layer as a file."""

import json

from tests.detect.rulebook.book import RULE
from tests.web.pages.conftest import House


def test_rules_coverage_and_the_layer(house: House) -> None:
    (house.muster.settings.data / "rules" / "a.yml").write_text(RULE)
    browser = house.signed_in("anna")
    page = browser.get("/rules")
    assert "the detector was not heard from" in page
    assert "Shell under the web server" in page
    assert "Never fired." in page
    assert "every hit becomes a signal" in page
    page = browser.get("/coverage")
    assert 'aria-label="Execution"' in page
    assert "T1059.003" in page
    assert "never" in page
    assert json.loads(browser.get("/coverage/layer.json"))["techniques"] == []


def test_without_rules_it_is_said_that_nothing_is_looked_for(house: House) -> None:
    browser = house.signed_in("anna")
    assert "nothing is looked for" in browser.get("/rules")
    assert "none has fired" in browser.get("/coverage")
