"""Log sources on a page: every hole in words, what came of each source, and nothing of strangers run."""

from muster.web.pages import log_sources as module
from tests.web.pages.conftest import House

AT = "2026-11-24T02:10:00.000000Z"
OLD = "2026-11-20T02:10:00.000000Z"
SEEN = {
    "sources": [
        {
            "lane": "real", "shape": "unknown", "product": "<b>printer", "services": ["jobs"], "fields": ["a", "b"],
            "fields_count": 70, "events": 12, "last_hour": 4, "first": OLD, "last": AT, "last_event": AT, "lag_seconds": 30,
        },
        {"lane": "real", "shape": "unknown", "product": "lift", "events": 1, "first": OLD, "last": OLD, "lag_seconds": -5},
    ],
    "missing": [{"lane": "real", "rule": "odd.yml", "title": "Odd", "fields": ["user"], "is_all": True}],
    "faults": [{"lane": "real", "rule": "r.yml", "title": "Raiser", "what": "E: x", "batches": 2, "last": AT}],
    "unread": [{"lane": "real", "reason": "not JSON", "lines": 3}],
    "cut": True,
}  # fmt: skip


def test_every_hole_and_what_came_of_each_source(house: House) -> None:
    browser = house.signed_in("anna")
    assert "None is known." in browser.get("/log-sources")
    said = {"rules_loaded": 1, "rules_not_loaded": [["t.yml", "Torn", "no condition"]], "seen": SEEN}
    house.muster.health.detector_says(said, house.muster.clock())
    object.__setattr__(house.muster.health, "detector", True)
    browser.get("/log-sources")
    text = browser.text
    assert (
        "The rule Odd names fields that its log source never delivered (none of its fields ever came): user."
        in text
    )
    assert "The rule Raiser raised in 2 batches and was set aside in them" in text
    assert "The rule Torn is not loaded: no condition." in text
    assert "3 lines could not be read: not JSON." in text
    assert "&lt;b&gt;printer" in browser.page
    assert "4 events in the last hour, 12 since the detector began" in text
    assert "it came 30 s after it happened" in text
    assert "its clock is ahead" in text
    assert "70 fields delivered" in text
    assert "and 68 more" in text
    assert "silent since 2026-11-20 02:10:00 UTC" in text
    assert 'href="/log-sources"' in browser.get("/rules")


def test_many_holes_of_a_kind_are_shown_in_part(house: House) -> None:
    many = [[f"{number}.yml", "Torn", "x"] for number in range(module.MOST_HOLES + 3)]
    house.muster.health.detector_says({"rules_loaded": 0, "rules_not_loaded": many}, house.muster.clock())
    object.__setattr__(house.muster.health, "detector", True)
    browser = house.signed_in("anna")
    browser.get("/log-sources")
    assert "3 more are in the API" in browser.text
