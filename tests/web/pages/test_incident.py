"""The page of one incident, and every form on it."""

import pytest

from muster.access.verbs import Verb
from muster.web.pages.incident import ways
from tests.web.pages.conftest import Browser, House


@pytest.fixture
def code(house: House) -> str:
    return house.incident("The portal sends data away")


@pytest.fixture
def anna(house: House, code: str) -> Browser:
    browser = house.signed_in("anna")
    browser.get(f"/incidents/{code}")
    assert browser.status == 200, browser.text
    return browser


def test_the_whole_life_of_an_incident_by_its_forms(house: House, code: str, anna: Browser) -> None:
    at = f"/incidents/{code}"
    anna.send(f"{at}/offer")
    assert "Anna commands" in anna.text
    anna.send(f"{at}/log", text="First line")
    anna.send(f"{at}/log", text="Second line", happened_at="2026-11-24T02:00Z", corrects="5")
    assert "2026-11-24 02:00 UTC" in anna.text
    assert "stated; recorded" in anna.text
    anna.send(f"{at}/fact", text="The key was used", source="cloud log")
    anna.send(f"{at}/assume", text="They came by mail")
    anna.send(f"{at}/question", text="Who else?")
    for word in ("The key was used", "Source: cloud log.", "They came by mail", "Who else?"):
        assert word in anna.text
    anna.send(f"{at}/settle", nth=1, ending="confirmed", text="Found it", source="mail server")
    anna.send(f"{at}/severity", functional="medium", information=["privacy-suspected"])
    assert "SEV1" in anna.text
    anna.send(f"{at}/summary", text="Data leaves.\nWe hold it.")
    assert "Data leaves.\nWe hold it." in anna.page
    for state in ("active", "recovering", "watching", "review"):
        anna.send(f"{at}/state", to=state)
        assert f"State: {state}" in anna.text
    anna.send(f"{at}/close", summary="A stolen key", how_learned="staff")
    assert "Missing: a review that was held" in anna.text
    anna.get(f"{at}/learning")
    anna.send(f"{at}/hold-review", people=[house.accounts["anna"], house.accounts["ben"]])
    assert "recorded by Anna" in anna.text
    anna.get(at)
    anna.send(f"{at}/close", summary="A stolen key", how_learned="staff")
    assert "State: closed" in anna.text
    assert anna.status == 200
    assert f"{at}/log" not in [form[0].partition("#")[0] for form in anna.forms()]
    anna.send(f"{at}/reopen", reason="It came back")
    assert "State: active" in anna.text
    anna.send(f"{at}/stand-down", reason="A test of the backup")
    assert "State: stood-down" in anna.text


def test_a_role_is_offered_accepted_and_declined(house: House, code: str, anna: Browser) -> None:
    at = f"/incidents/{code}"
    ben = house.signed_in("ben")
    anna.send(f"{at}/offer", nth=1, role="commander", to=house.accounts["ben"])
    assert "commander : nobody (offered to Ben)" in anna.text
    ben.get(at)
    assert "You were offered the role of commander." in ben.text
    ben.send(f"{at}/accept")
    assert "Ben commands" in ben.text
    ben.send(f"{at}/offer", role="scribe", to=house.accounts["anna"])
    anna.get(at)
    assert "You were offered the role of scribe." in anna.text
    anna.send(f"{at}/decline", reason="")
    assert anna.status == 400
    anna.send(f"{at}/decline", reason="I sleep now")
    assert "Nobody is deputy, scribe, operations" in anna.text


def test_a_refused_form_keeps_what_was_typed(code: str, anna: Browser) -> None:
    at = f"/incidents/{code}"
    anna.send(f"{at}/log", text="Precious words", happened_at="yesterday")
    assert anna.status == 400
    assert "This is no time with a zone." in anna.text
    assert "Precious words</textarea>" in anna.page
    assert 'aria-describedby="log-happened_at-hint problem" aria-invalid="true"' in anna.page
    assert "<title>Refused: " in anna.page
    anna.send(f"{at}/log", happened_at="2026-11-24T02:00Z")
    assert anna.status == 200
    assert "Precious words" in anna.text
    anna.send(f"{at}/severity", override="SEV5")
    assert "an override needs a reason" in anna.text


def test_a_conflict_shows_both_texts_and_takes_the_merged_one(house: House, code: str, anna: Browser) -> None:
    at = f"/incidents/{code}"
    house.do(Verb.SUMMARY, "ben", incident=code, text="What Ben knows", expected=0)
    anna.send(f"{at}/summary", text="What Anna knows")
    assert anna.status == 409
    assert "What Ben knows" in anna.text
    assert "What Anna knows" in anna.text
    anna.send(f"{at}/summary", text="What both know")
    assert anna.path == at
    assert "What both know" in anna.text


def test_a_conflict_without_text_can_be_sent_nevertheless(house: House, code: str, anna: Browser) -> None:
    at = f"/incidents/{code}"
    house.do(Verb.SEVERITY, "ben", incident=code, expected=1, ratings={"safety": "yes"})
    anna.send(f"{at}/severity", safety="yes", information=["privacy", "key-customer"])
    assert anna.status == 409
    anna.send(f"{at}/severity")
    assert anna.path == at
    assert 'value="privacy" checked' in anna.page
    assert 'value="key-customer" checked' in anna.page


def test_hiding_and_erasing_need_two_people(house: House, code: str, anna: Browser) -> None:
    at = f"/incidents/{code}"
    anna.send(f"{at}/log", text="the password is hunter2")
    seq = house.muster.reading.incident(house.caller("anna"), code).entries[-1].seq
    nth = next(
        n for n, form in enumerate(f for f in anna.forms() if "/redact" in f[0]) if form[1]["seq"] == str(seq)
    )
    anna.send(f"{at}/redact", nth=nth, reason="a password")
    assert "hunter2" not in anna.page
    assert "Hidden: a password" in anna.text
    anna.send(f"{at}/erase")
    assert "You hid this entry yourself." in anna.text
    ben = house.signed_in("ben")
    ben.get(at)
    ben.send(f"{at}/erase")
    assert ben.status == 200
    assert "Entry erased" in ben.text


def test_who_may_see_it_is_changed(house: House, code: str, anna: Browser) -> None:
    at = f"/incidents/{code}"
    anna.send(f"{at}/restrict", secrecy="named", people=[house.accounts["boss"]])
    assert "Named people only" in anna.text
    ben = house.signed_in("ben")
    ben.get(at)
    assert ben.status == 404
    assert "The portal sends data away" not in ben.page


def test_the_log_comes_in_parts(house: House, code: str, anna: Browser) -> None:
    for number in range(70):
        house.do(Verb.LOG, incident=code, text=f"line {number} of seventy")
    anna.get(f"/incidents/{code}")
    assert "line 69 of seventy" in anna.text
    assert "line 1 of seventy" not in anna.text
    assert len(anna.page.encode()) < 100_000
    earlier = anna.page.partition("?before=")[2].partition("#")[0]
    anna.get(f"/incidents/{code}?before={earlier}")
    assert "line 1 of seventy" in anna.text
    assert "back to the newest" in anna.text
    for wrong in ("0", "-1", "x", "9" * 30):
        anna.get(f"/incidents/{code}?before={wrong}")
        assert anna.status == 200


def test_a_clock_that_was_set_back_is_told(house: House, code: str, anna: Browser) -> None:
    house.clock.turn(hours=-1)
    anna.send(f"/incidents/{code}/log", text="before the rest?")
    assert "A clock was set back" in anna.text


def test_a_repeated_form_is_done_once(code: str, anna: Browser) -> None:
    (log,) = [form for form in anna.forms() if "/log#" in form[0]]
    fields = log[1] | {"text": "only once"}
    anna.post(f"/incidents/{code}/log", **fields)
    anna.post(f"/incidents/{code}/log", **fields)
    assert anna.status == 200
    assert anna.text.count("only once") == 1


def test_a_lost_session_keeps_the_text(house: House, code: str, anna: Browser) -> None:
    anna.client.cookies.clear()
    anna.send(f"/incidents/{code}/log", text="Precious words")
    assert anna.status == 401
    assert "Precious words</textarea>" in anna.page
    other = house.signed_in("anna")
    other.page = anna.page
    other.send(f"/incidents/{code}/log")
    assert other.status == 200
    assert "Precious words" in other.text


def test_addresses_that_do_not_exist(code: str, anna: Browser) -> None:
    anna.get(f"/incidents/{code}/log")
    assert anna.path == f"/incidents/{code}"
    anna.post(f"/incidents/{code}/destroy", text="x")
    assert anna.status == 404
    anna.get("/incidents/INC-000000")
    assert anna.status == 404


def test_a_person_without_duties_sees_but_is_refused(house: House, code: str) -> None:
    carl = house.signed_in("carl")
    carl.get(f"/incidents/{code}")
    assert carl.status == 200
    carl.send(f"/incidents/{code}/log", text="May I?")
    assert carl.status == 403
    assert "May I?</textarea>" in carl.page
    assert "This needs the duty of a responder." in carl.text


@pytest.mark.parametrize(
    ("state", "onward", "close", "reopen"),
    [
        ("declared", ("active", "recovering", "watching", "review"), False, False),
        ("review", (), True, True),
        ("closed", (), False, True),
        ("stood-down", (), False, False),
    ],
)
def test_ways_onward(state: str, onward: tuple[str, ...], close: bool, reopen: bool) -> None:
    found = ways(state)
    assert tuple(to.value for to in found.onward) == onward
    assert found.close is close
    assert found.reopen is reopen
