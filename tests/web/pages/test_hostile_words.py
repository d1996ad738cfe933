"""Hostile words in every field: they come back as text, never as markup, a line, a colour or a turned direction."""

import os
import re

import pytest

from muster.access.verbs import Verb
from tests.web.pages.conftest import Browser, House

CORPUS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><script>alert(1)</script>",
    "</title><svg onload=alert(1)>",
    "' onfocus='alert(1)' autofocus='",
    "javascript:alert(1)",
    "{{ 7777 * 191913 }}{% raw %}",
    "&lt;b&gt; &amp;amp;",
    "\u202egnp.exe\u202c \u2066x\u2069",
    "\x1b[2J\x1b[31mred\x07",
    "a\u2028b\u2029c\ufeffd\u200be",
    "one\ntwo\r\nthree",
    "=cmd|' /C calc'!A0",
    "\U000e0041\U000e0042 tags",
)
# All of them in every run, a few at a time; one by one in long runs.
TRIED = CORPUS if os.environ.get("MUSTER_SOAK") else tuple(" ".join(CORPUS[part::4]) for part in range(4))
MARKUP = re.compile(r"<(?:script|img|svg|iframe|object|style)\b|\son\w+=", re.IGNORECASE)
# Control characters, those that turn the direction or break a line, and those that nobody sees.
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u2028-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]")


def _harmless(browser: Browser) -> None:
    page = browser.page
    inside_tags = re.findall(r"<[a-z][^<>]*>", page)
    assert not [tag for tag in inside_tags if MARKUP.search(re.sub(r'"[^"]*"', '""', tag))], browser.path
    assert not re.search(r"<(?:script|img|svg|iframe|object|style)\b", page), browser.path
    assert 'href="javascript:' not in page
    assert "1492507401" not in page
    found = UNSEEN.search(page)
    assert found is None, (browser.path, repr(found))


@pytest.mark.parametrize("words", TRIED)
def test_in_every_field_of_an_incident_and_a_signal(house: House, words: str) -> None:
    line = words.replace("\n", " ").replace("\r", " ")
    signal = house.signal(line, text=words, key=line)
    code = house.incident(words, signal=signal)
    at = f"/incidents/{code}"
    browser = house.signed_in("anna")
    browser.get(at)
    browser.send(f"{at}/offer", nth=0)
    for verb, fields in (
        ("log", {"text": words}),
        ("fact", {"text": words, "source": line}),
        ("assume", {"text": words}),
        ("question", {"text": words}),
        ("summary", {"text": words}),
        ("severity", {"override": "SEV1", "reason": words}),
        ("state", {"to": "active", "reason": words}),
    ):
        browser.send(f"{at}/{verb}", **fields)
        assert browser.status == 200, (verb, browser.text)
        _harmless(browser)
    browser.send(f"{at}/settle", ending="refuted", text=words)
    browser.send(f"{at}/redact", reason=line)
    _harmless(browser)
    for verb, fields in (
        ("log", {"text": words, "happened_at": line}),
        ("fact", {"text": words, "source": line, "happened_at": "never"}),
        ("summary", {"text": words, "expected": "0"}),
        ("restrict", {"secrecy": line}),
        ("offer", {"to": line}),
        ("state", {"to": line}),
        ("redact", {"seq": line, "reason": line}),
    ):
        browser.get(at)
        browser.send(f"{at}/{verb}", **fields)
        assert browser.status in (400, 409), (verb, browser.status)
        _harmless(browser)
    for path in ("/", "/signals", "/incidents", f"/signals/{signal}", f"/declare?signal={signal}"):
        browser.get(path)
        assert browser.status == 200
        _harmless(browser)


@pytest.mark.parametrize("words", TRIED)
def test_in_names_reports_and_addresses(house: House, words: str) -> None:
    line = words.replace("\n", " ").replace("\r", " ")
    boss = house.signed_in("boss")
    boss.get("/accounts")
    boss.send("/accounts/invite", name=line, sign_in="hostile")
    _harmless(boss)
    boss.get("/accounts")
    boss.send("/accounts/token", nth=0, name=line)
    _harmless(boss)
    boss.get("/accounts")
    assert boss.status == 200
    _harmless(boss)
    boss.send("/accounts/invite", name=line, sign_in=line)
    assert boss.status == 400
    _harmless(boss)
    stranger = house.browser()
    stranger.get("/report")
    stranger.send("/report", what=words, contact=line)
    _harmless(stranger)
    stranger.get("/receipt")
    stranger.send("/receipt", receipt=line)
    _harmless(stranger)
    stranger.get("/sign-in")
    stranger.send("/sign-in", sign_in=line, password=words)
    _harmless(stranger)
    stranger.client.headers["user-agent"] = "Mozilla"
    for query in ("/sign-in", "/signals", "/declare", "/incidents"):
        answer = boss.client.get(query, params={"next": line, "state": line, "after": line, "signal": line})
        boss.page = answer.text
        assert answer.status_code == 200
        _harmless(boss)


@pytest.mark.parametrize("words", TRIED)
def test_what_was_typed_comes_back_the_same(house: House, words: str) -> None:
    code = house.incident()
    browser = house.signed_in("anna")
    browser.get(f"/incidents/{code}")
    browser.send(f"/incidents/{code}/log", text=words, happened_at="never")
    (log,) = [form for form in browser.forms() if "/log#" in form[0]]
    controls = {"\x1b": "\\x1b", "\x07": "\\x07"}
    assert log[1]["text"] == "".join(controls.get(one, one) for one in words.replace("\r\n", "\n"))


def test_a_conflict_of_hostile_texts(house: House) -> None:
    words = " ".join(CORPUS)
    code = house.incident()
    browser = house.signed_in("anna")
    browser.get(f"/incidents/{code}")
    house.do(Verb.SUMMARY, "ben", incident=code, text=words, expected=0)
    browser.send(f"/incidents/{code}/summary", text=words)
    assert browser.status == 409
    _harmless(browser)


def test_bytes_that_are_no_text_are_refused(house: House) -> None:
    browser = house.signed_in("anna")
    headers = {"content-type": "application/x-www-form-urlencoded"}
    for body in (b"what=%ff%fe", b"what=%ed%a0%80", b"what=%00x"):
        answer = browser.client.post("/declare", content=body, headers=headers)
        assert answer.status_code == 400
        assert "\x00" not in answer.text
