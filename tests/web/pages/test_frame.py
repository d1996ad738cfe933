"""What is around every page: the foot, warnings, fresh keys, headers."""

import pytest

from muster.access.verbs import Verb
from muster.app.health import Health
from muster.app.views import DetectionView, StatusView
from muster.core.errors import Unavailable
from muster.web.pages.forms import Form, Tried
from muster.web.pages.frame import go, health, keys
from tests.web.pages.conftest import House


def test_the_foot_says_that_no_plan_is_approved(house: House) -> None:
    browser = house.browser()
    browser.get("/sign-in")
    assert "Built-in plan: no plan is approved." in browser.text


@pytest.mark.parametrize("signed_in", [True, False])
def test_faults_of_the_server_are_told_on_every_page(
    house: House, monkeypatch: pytest.MonkeyPatch, signed_in: bool
) -> None:
    detection = DetectionView(
        running=True,
        said_at="2026-11-24T02:10:33.000000Z",
        rules_loaded=12,
        rules_not_loaded=(("a.yml", "t", "r"),),
        batches_waiting=1,
        events_matched=5,
        events_unreadable=0,
        fault="",
    )
    status = StatusView(
        reading_only="The record is older than its anchor.",
        sealing_fault="The disk <is> full.",
        plan="4f2a",
        detection=detection,
    )
    browser = house.signed_in("anna") if signed_in else house.browser()
    monkeypatch.setattr(Health, "status", lambda self: status)
    for path in ("/", "/report", "/nothing"):
        browser.get(path)
        assert "The record is older than its anchor." in browser.text
        assert "The disk &lt;is&gt; full." in browser.page
        assert "Plan in force: 4f2a" in browser.text
    browser.get("/")
    assert ("12 rules loaded, 1 not loaded, 1 batch waits" in browser.text) is signed_in


def test_a_fault_in_the_foot_never_fails_a_page(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = house.signed_in("anna")

    def broken(self: Health) -> StatusView:
        raise OSError("no disk")

    monkeypatch.setattr(Health, "status", broken)
    browser.get("/")
    assert browser.status == 200
    assert "How the server is cannot be told now." in browser.text
    assert health(None) is None


def test_keys_are_new_for_each_rendering_and_form() -> None:
    one, other = keys(Tried()), keys(Tried())
    assert len({one("log"), one("fact"), other("log")}) == 3
    assert 8 <= len(one("settle-123456")) <= 128


def test_a_key_is_used_again_when_nobody_knows_whether_it_was_written() -> None:
    tried = Tried("log", Form((("idempotency_key", "the-first-key"),)), Unavailable("Full."))
    assert keys(tried)("log") == "the-first-key"
    assert keys(tried)("fact") != "the-first-key"


def test_every_page_has_the_headers_and_no_script(house: House) -> None:
    house.incident()
    browser = house.signed_in("boss")
    for path in (
        "/",
        "/signals",
        "/incidents",
        "/accounts",
        "/api",
        "/declare",
        "/report",
        "/receipt",
        "/nothing",
    ):
        page = browser.get(path)
        assert "script" not in browser.headers["content-security-policy"]
        assert browser.headers["cache-control"] == "no-store"
        for forbidden in ("<script", "style=", "<style", " onclick", "http-equiv", "javascript:"):
            assert forbidden not in page, (path, forbidden)
        assert page.count("<h1") == 1, path
        assert 'href="#main"' in page
        assert '<main id="main"' in page
        assert len(page.encode()) < 100_000


def test_going_on_is_a_get() -> None:
    assert go("/signals").status_code == 303


def test_a_refused_form_that_is_no_longer_offered_is_told_with_its_words(house: House) -> None:
    code = house.incident()
    house.do(Verb.QUESTION, incident=code, text="Who else?")
    browser = house.signed_in("anna")
    browser.get(f"/incidents/{code}")
    page = browser.page
    house.do(Verb.SETTLE, "ben", incident=code, thing=3, ending="answered", text="nobody", expected=1)
    browser.send(f"/incidents/{code}/settle", ending="answered", text="Precious <words>")
    assert browser.status == 409
    assert "It may have been settled already" in browser.text
    assert "Precious &lt;words&gt;</blockquote>" in browser.page
    assert browser.page.count('id="problem"') == 1
    house.do(Verb.STAND_DOWN, incident=code, reason="nothing")
    browser.page = page
    browser.send(f"/incidents/{code}/log", text="Late words")
    assert "This incident was stood down." in browser.text
    assert "Late words</blockquote>" in browser.page


def test_who_takes_part_in_a_drill_is_told_of_a_grave_real_signal_and_finds_the_way_back(
    house: House,
) -> None:
    drill = str(house.do(Verb.START_DRILL, exercise="A night")["drill"])
    browser = house.signed_in("anna")
    browser.get(f"/drills/{drill}")
    browser.send(f"/drills/{drill}/join")
    assert "In reality" not in browser.get("/")
    house.signal("Harmless", severity="SEV5")
    real = house.signal("Ransom note", severity="SEV1")
    browser.get("/")
    assert "In reality 1 signal of SEV1 or SEV2 waits for somebody." in browser.text
    assert "Nothing waits for anybody." in browser.text, "the drill itself is quiet"
    browser.get(f"/drills/{drill}")
    browser.send(f"/drills/{drill}/leave")
    assert "In reality" not in browser.get("/")
    assert real in browser.page
    house.do(Verb.ACKNOWLEDGE, signal=real)
    browser.get(f"/drills/{drill}")
    browser.send(f"/drills/{drill}/join")
    assert "In reality" not in browser.get("/")
