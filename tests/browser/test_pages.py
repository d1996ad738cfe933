"""Pages in a real browser: no complaint, no sideways scrolling, by keyboard alone, without JavaScript."""

import pytest

from muster.access.verbs import Verb
from muster.app.room import Part
from tests.browser.conftest import Opens, Server, Window
from tests.web.pages.room_scene import ACTION, worked

pytestmark = pytest.mark.browser
LONG = "a very long word " + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" * 4
EVENT = b'{"CommandLine":"' + b"powershell -enc " + b"QQBB" * 400 + b'","User":"SHOP\\\\a"}'


@pytest.fixture(scope="module")
def paths(server: Server) -> list[str]:
    """Every page of a house in which something happened."""
    house = server.house
    signal = house.signal(f"Portal slow {LONG[:100]}", text=LONG, severity="SEV2")
    hit, sha256 = house.hits(EVENT)
    code = house.incident(f"Data leaves {LONG}", signal=hit)
    house.do(Verb.OFFER, incident=code, role="commander", to=house.accounts["anna"])
    house.do(Verb.OFFER, incident=code, role="scribe", to=house.accounts["boss"])
    for verb in (Verb.LOG, Verb.ASSUME, Verb.QUESTION):
        house.do(verb, incident=code, text=LONG)
    house.do(Verb.FACT, incident=code, text=LONG, source=LONG[:150])
    house.do(Verb.SUMMARY, incident=code, text=LONG, expected=0)
    house.do(Verb.STATE, incident=code, to="review", expected=1)
    worked(house, code, LONG)
    house.do(Verb.LOST, incident=code, service="customer-portal")
    house.do(Verb.PROPOSE, incident=code, **(ACTION | {"purpose": LONG, "target": LONG[:150]}))
    house.do(Verb.CAUSE, incident=code, text=LONG, cause="technical", opinion=True)
    house.do(Verb.LESSON, incident=code, text=LONG)
    sentences = [{"text": LONG}]
    draft = {"audience": "public", "subject": LONG[:150], "sentences": sentences}
    house.do(Verb.DRAFT_STATEMENT, incident=code, **draft)
    return [
        "/",
        "/signals",
        f"/signals/{signal}",
        f"/signals/{hit}",
        f"/signals/{hit}/evidence/{sha256}/lines",
        "/incidents",
        f"/incidents/{code}",
        *(f"/incidents/{code}/{part}" for part in Part),
        "/declare",
        f"/declare?signal={signal}",
        "/accounts",
        "/api",
        "/report",
        "/receipt",
    ]


def _wide(window: Window) -> int:
    return int(window.page.evaluate("document.documentElement.scrollWidth"))


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (1280, "dark"), (320, "light"), (320, "dark")]
)
def test_no_page_complains_or_scrolls_sideways(
    opens: Opens, paths: list[str], width: int, scheme: str
) -> None:
    window = opens(width, scheme)
    window.sign_in("boss")
    for path in paths:
        window.open(path)
        assert _wide(window) <= width, path
        window.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert _wide(window) <= width, f"{path} with all of its parts open"
    assert window.complaints == []


def test_targets_are_large_enough_and_fields_have_names(opens: Opens, paths: list[str]) -> None:
    window = opens(320)
    window.sign_in("boss")
    for path in paths:
        window.open(path)
        window.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        small = window.page.evaluate(
            """[...document.querySelectorAll('button, summary, select, textarea, input:not([type=hidden])')]
            .map(one => (one.type == 'checkbox' ? one.parentElement : one))
            .filter(one => one.getBoundingClientRect().height < 32)
            .map(one => one.outerHTML.slice(0, 100))"""
        )
        assert small == [], path
        nameless = window.page.evaluate(
            """[...document.querySelectorAll('select, textarea, input:not([type=hidden])')]
            .filter(one => one.labels.length == 0 || !one.labels[0].textContent.trim())
            .map(one => one.outerHTML.slice(0, 100))"""
        )
        assert nameless == [], path
        twice = window.page.evaluate(
            """[...document.querySelectorAll('[id]')].map(one => one.id)
            .filter((id, place, all) => all.indexOf(id) != place)"""
        )
        assert twice == [], path
        described = window.page.evaluate(
            """[...document.querySelectorAll('[aria-describedby]')]
            .flatMap(one => one.getAttribute('aria-describedby').split(' '))
            .filter(id => !document.getElementById(id))"""
        )
        assert described == [], path


def test_the_newest_entry_and_the_head_are_in_sight(opens: Opens, server: Server) -> None:
    house = server.house
    code = house.incident("Long log")
    for number in range(60):
        house.do(Verb.LOG, incident=code, text=f"line {number}")
    window = opens(320)
    window.sign_in("anna")
    window.open(f"/incidents/{code}#log")
    inside = window.page.evaluate(
        """(() => { const box = document.querySelector('.scroll').getBoundingClientRect();
        const last = document.querySelector('.newest').getBoundingClientRect();
        return last.bottom <= box.bottom + 1 && last.top >= box.top - 1; })()"""
    )
    assert inside
    assert window.page.evaluate("document.querySelector('.bar').getBoundingClientRect().top") == 0


def _tab_to(window: Window, wanted: str) -> None:
    for _ in range(120):
        window.page.keyboard.press("Tab")
        at = window.page.evaluate(
            "document.activeElement.id || (document.activeElement.textContent || '').trim()"
        )
        if at == wanted:
            shown = window.page.evaluate(
                """(() => { const at = document.activeElement, box = at.getBoundingClientRect();
                const over = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
                return over !== null && (at.contains(over) || over.contains(at) && over.matches('label')); })()"""
            )
            assert shown, f"{wanted} has the focus and is not seen"
            assert window.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            return
    raise AssertionError(f"{wanted} cannot be reached by keyboard")


@pytest.mark.parametrize("width", [1280, 320])
def test_the_whole_way_by_keyboard_alone(opens: Opens, width: int) -> None:
    window = opens(width)
    page, keyboard = window.page, window.page.keyboard
    window.open("/sign-in")
    _tab_to(window, "sign-in-sign_in")
    keyboard.type("anna")
    _tab_to(window, "sign-in-password")
    keyboard.type("correct horse battery staple")
    keyboard.press("Enter")
    page.wait_for_url(window.address + "/")
    _tab_to(window, "Declare")
    keyboard.press("Enter")
    page.wait_for_url("**/declare")
    _tab_to(window, "declare-what")
    keyboard.type("Mail is down")
    _tab_to(window, "Declare it")
    keyboard.press("Enter")
    page.wait_for_url("**/incidents/INC-*")
    _tab_to(window, "Take command")
    keyboard.press("Enter")
    page.wait_for_url("**#roles")
    page.goto(page.url.partition("#")[0])
    _tab_to(window, "Skip to the content")
    keyboard.press("Enter")
    _tab_to(window, "log-text")
    keyboard.type("The queue is full")
    _tab_to(window, "Write it down")
    keyboard.press("Enter")
    page.wait_for_url("**#log-form")
    assert "The queue is full" in page.locator(".newest").inner_text()
    assert page.locator(".bar").inner_text().count("Anna commands") == 1
    assert window.complaints == []


def test_without_javascript(opens: Opens) -> None:
    window = opens(320, script=False)
    window.sign_in("ben")
    page = window.page
    window.open("/declare")
    page.fill("#declare-what", "Without any script")
    page.click("text=Declare it")
    page.wait_for_url("**/incidents/INC-*")
    page.fill("#log-text", "A line")
    page.click("text=It happened before")
    page.fill("#log-happened_at", "yesterday")
    page.click("text=Write it down")
    assert "This is no time with a zone." in page.locator("#problem").inner_text()
    assert page.input_value("#log-text") == "A line"
    page.fill("#log-happened_at", "2026-11-24T01:00Z")
    page.click("text=Write it down")
    page.wait_for_url("**#log-form")
    assert "A line" in page.locator(".newest").inner_text()


def test_typed_text_survives_the_browser(opens: Opens) -> None:
    window = opens()
    window.sign_in("ben")
    words = '\n\u202egnp.exe\u202c </textarea><script>alert(1)</script> "quoted" & \u200b\ufeff end'
    window.open("/declare")
    window.page.click("text=More, if you want")
    window.page.fill("#declare-what", words)
    window.page.fill("#declare-happened_at", "never")
    window.page.click("text=Declare it")
    assert window.page.input_value("#declare-what") == words
