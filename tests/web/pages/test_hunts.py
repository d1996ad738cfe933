"""Hunts on a page: progress, and a picture over time; what a rule calls itself is shown, never run."""

from muster.app.caller import Caller
from muster.core.people import SERVER, Actor, Through
from tests.app.test_hunts import SAID
from tests.web.pages.conftest import House


def test_a_hunt_is_shown_with_its_progress_and_picture(house: House) -> None:
    browser = house.signed_in("anna")
    assert "None was heard of yet" in browser.get("/hunts")
    assert 'href="/hunts"' in browser.get("/rules")
    muster, me = house.muster, Caller(Actor(SERVER, through=Through.SERVER))
    muster.hunts.says(me, SAID | {"title": "<script>Root"}, muster.clock())
    page = browser.get("/hunts")
    assert "&lt;script&gt;Root" in page
    assert "and 1 more rule" in page
    assert '<progress max="10" value="5">' in page
    assert "1 hits, from 2026-11-24 02:00 UTC" in page
    muster.hunts.says(me, SAID | {"done": True}, muster.clock())
    assert "<progress" not in browser.get("/hunts")
