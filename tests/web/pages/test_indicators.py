"""Indicators on a page: hostile words of a list are shown, never run; values are defanged."""

from tests.web.pages.conftest import House


def test_lists_and_a_value_looked_up(house: House) -> None:
    browser = house.signed_in("anna")
    assert "None. Put lists into" in browser.get("/indicators")
    assert 'href="/indicators"' in browser.get("/rules")
    folder = house.muster.settings.data / "rules" / "indicators"
    folder.mkdir(parents=True)
    (folder / "feed.csv").write_text("value,confidence,label\nevil.example.com,80,<script>x\n=<b>,,\n")
    page = browser.get("/indicators?value=www.evil.example.com")
    assert "1 indicator in 1 list in force" in page
    assert "Active, score 80" in page
    assert "evil[.]example[.]com: &lt;script&gt;x" in page
    assert "line 3: a formula <code>=&lt;b&gt;</code>" in page
    assert "In no list in force" in browser.get("/indicators?value=192.0.2.1")
    assert "nothing that could be an indicator" in browser.get("/indicators?value=x")
