"""A form on its way: what is shown when it is refused, by whatever refuses it."""

import pytest

from muster.access.verbs import Verb
from muster.app.doing import Doing
from muster.app.room import Room
from muster.core.errors import Unavailable
from tests.web.pages.conftest import House


def test_nothing_written_keeps_the_text_and_the_key(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    code = house.incident()
    browser = house.signed_in("anna")
    browser.get(f"/incidents/{code}")
    (form,) = [form for form in browser.forms() if "/log#" in form[0]]
    right = Doing.do

    def full(*_args: object, **_more: object) -> None:
        raise Unavailable("The disk is full.", "", "Make room.")

    monkeypatch.setattr(Doing, "do", full)
    browser.send(f"/incidents/{code}/log", text="Precious words")
    assert browser.status == 503
    assert "The disk is full." in browser.text
    assert "Precious words</textarea>" in browser.page
    (again,) = [one for one in browser.forms() if "/log#" in one[0]]
    assert again[1]["idempotency_key"] == form[1]["idempotency_key"]
    monkeypatch.setattr(Doing, "do", right)
    browser.send(f"/incidents/{code}/log")
    assert "Precious words" in browser.text


def test_when_not_even_the_page_can_be_read_the_text_is_kept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = house.incident()
    browser = house.signed_in("anna")
    browser.get(f"/incidents/{code}")

    def broken(*_args: object, **_more: object) -> None:
        raise Unavailable("The database does not answer.", "", "")

    monkeypatch.setattr(Doing, "do", broken)
    monkeypatch.setattr(Room, "incident", broken)
    browser.send(f"/incidents/{code}/fact", text="Precious <words>\nin two lines", source="the log")
    assert browser.status == 503
    assert browser.forms()[-1][1]["text"] == "Precious <words>\nin two lines"
    assert "Send it again in a moment." in browser.text
    monkeypatch.undo()
    browser.send(f"/incidents/{code}/fact")
    assert browser.status == 200
    assert "Precious <words> in two lines" in browser.text


def test_conflicts_name_people_not_ids(house: House) -> None:
    code = house.incident()
    browser = house.signed_in("anna")
    browser.get(f"/incidents/{code}")
    house.do(Verb.RESTRICT, stream=code, secrecy="team", people=[house.accounts["boss"]], expected=1)
    browser.send(
        f"/incidents/{code}/restrict", secrecy="named", people=[house.accounts["ben"], house.accounts["carl"]]
    )
    assert browser.status == 409
    for name in ("The Boss", "Ben", "Carl"):
        assert name in browser.text
    for account in house.accounts.values():
        assert account not in browser.text
    assert "Leave it as it stands" in browser.text
    browser.send(f"/incidents/{code}/restrict")
    assert browser.status == 200
    assert "Named people only. Its people:" in browser.text
    assert "Carl" in browser.text


def test_a_repeat_with_other_words_is_refused_and_kept(house: House) -> None:
    code = house.incident()
    browser = house.signed_in("anna")
    browser.get(f"/incidents/{code}")
    (form,) = [form for form in browser.forms() if "/log#" in form[0]]
    browser.post(f"/incidents/{code}/log", **(form[1] | {"text": "first"}))
    browser.post(f"/incidents/{code}/log", **(form[1] | {"text": "second"}))
    assert browser.status == 409
    assert "second</textarea>" in browser.page
    browser.send(f"/incidents/{code}/log")
    assert browser.status == 200
    assert "second" in browser.text
