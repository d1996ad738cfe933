"""Accounts, tokens and sessions."""

import re

import pytest

from muster.access.verbs import Verb
from tests.web.pages.conftest import PASSWORD, Browser, House


@pytest.fixture
def boss(house: House) -> Browser:
    browser = house.signed_in("boss")
    browser.get("/accounts")
    return browser


def _of(browser: Browser, action: str, name: str, value: str) -> int:
    """Which of the forms with this action has this value in a field."""
    forms = [form for form in browser.forms() if form[0].partition("#")[0] == action]
    return next(place for place, form in enumerate(forms) if form[1].get(name) == value)


def test_an_invitation_is_shown_once_and_used_once(house: House, boss: Browser) -> None:
    (form,) = [form for form in boss.forms() if "/invite" in form[0]]
    fields = form[1] | {"name": "Dora <b>", "sign_in": "dora", "duties": ["responder"]}
    boss.post("/accounts/invite", **fields)
    assert boss.status == 200
    assert boss.headers["cache-control"] == "no-store"
    assert "It is not shown again." in boss.text
    link = re.search(r"http://localhost:8420(/link/\w+)", boss.text)
    assert link
    boss.post("/accounts/invite", **fields)
    assert "is not shown again" in boss.text
    assert link[1] not in boss.page
    dora = house.browser()
    dora.get(link[1])
    dora.send(link[1], password=PASSWORD, password_again=PASSWORD)
    assert dora.path == "/", "she has shown who she is"
    assert "Dora &lt;b&gt;" in dora.page


def test_a_refused_invitation_is_kept(boss: Browser) -> None:
    boss.send("/accounts/invite", name="Second Anna", sign_in="anna", duties=["administrator"])
    assert boss.status == 409
    assert "This sign-in name is taken." in boss.text
    assert 'value="Second Anna"' in boss.page
    assert 'value="administrator" checked' in boss.page
    assert "<details open>" in boss.page


def test_disabling_enabling_and_duties(house: House, boss: Browser) -> None:
    anna = house.signed_in("anna")
    account = house.accounts["anna"]
    boss.send("/accounts/disable", nth=_of(boss, "/accounts/disable", "account", account), reason="left us")
    assert "anna : disabled" in boss.text.replace("anna:", "anna :")
    anna.get("/")
    assert anna.path == "/sign-in"
    boss.send("/accounts/enable")
    nth = _of(boss, "/accounts/duties", "account", account)
    boss.send("/accounts/duties", nth=nth, duties=[])
    assert "anna: active, no duties" in boss.text


def test_duties_changed_by_two_people(house: House, boss: Browser) -> None:
    account = house.accounts["ben"]
    nth = _of(boss, "/accounts/duties", "account", account)
    other = house.signed_in("boss")
    other.get("/accounts")
    other.send("/accounts/duties", nth=nth, duties=["administrator"])
    boss.send("/accounts/duties", nth=nth, duties=["administrator", "responder"])
    assert boss.status == 409
    boss.send("/accounts/duties")
    assert boss.status == 200
    assert "ben: active, administrator, responder" in boss.text


def test_the_last_administrator_stays(house: House, boss: Browser) -> None:
    nth = _of(boss, "/accounts/disable", "account", house.accounts["boss"])
    boss.send("/accounts/disable", nth=nth, reason="tired")
    assert "This is the last administrator." in boss.text
    assert 'value="tired"' in boss.page


def test_a_program_and_its_token(house: House, boss: Browser) -> None:
    boss.send("/accounts/program", name="Shop logs", sign_in="shop-logs")
    assert "Shop logs" in boss.text
    nth = next(
        place
        for place, form in enumerate(form for form in boss.forms() if "/accounts/token" in form[0])
        if form[1].get("account")
    )
    boss.send("/accounts/token", nth=nth, name=" ", scope="post-events")
    assert boss.status == 400
    boss.send("/accounts/token", nth=nth, name="collector", scope="post-events")
    assert re.search(r"mst_[0-9a-f]{64}", boss.text)
    boss.get("/accounts")
    assert "scope post-events" in boss.text
    assert "mst_" not in boss.page


def test_a_token_of_ones_own(house: House) -> None:
    anna = house.signed_in("anna")
    anna.get("/accounts")
    assert "Invite somebody" not in anna.text
    anna.send("/accounts/token", name="my laptop")
    secret = re.search(r"mst_[0-9a-f]{64}", anna.text)
    assert secret
    client = house.browser().client
    headers = {"Authorization": f"Bearer {secret[0]}"}
    assert client.get("/api/v1/me", headers=headers).json()["name"] == "Anna"
    anna.get("/accounts")
    assert "lane real" in anna.text
    anna.send("/accounts/revoke")
    assert client.get("/api/v1/me", headers=headers).status_code == 401


def test_a_token_for_a_drill_has_its_lane(house: House) -> None:
    drill = house.do(Verb.START_DRILL, exercise="Stolen password")["drill"]
    anna = house.signed_in("anna")
    anna.get("/accounts")
    anna.send("/accounts/token", name="its reports", lane="nowhere")
    assert anna.status == 400
    anna.send("/accounts/token", name="its reports", lane=f"drill:{drill}")
    assert "mst_" in anna.text
    anna.get("/accounts")
    assert f"lane drill:{drill}" in anna.text


def test_another_session_is_ended(house: House) -> None:
    one, other = house.signed_in("anna"), house.signed_in("anna")
    one.get("/accounts")
    actions = [form[0].partition("#")[0] for form in one.forms() if "/sessions/" in form[0]]
    mine = one.page.partition("; this one")[2].partition("/sessions/")[2].partition("/end")[0]
    theirs = next(action for action in actions if mine not in action)
    one.send(theirs)
    assert one.path == "/accounts"
    other.get("/")
    assert other.path == "/sign-in"
    one.post(theirs, nothing="")
    assert one.status == 404
    assert "There is no such session." in one.text
    one.get("/accounts")
    one.send(f"/sessions/{mine}/end")
    assert one.path == "/sign-in"


def test_others_see_and_change_nothing_of_it(house: House) -> None:
    anna = house.signed_in("anna")
    anna.get("/accounts")
    assert "The Boss" not in anna.text
    for verb, fields in (
        ("invite", {"name": "X", "sign_in": "x"}),
        ("disable", {"account": house.accounts["boss"], "reason": "x"}),
        ("reset-link", {"account": house.accounts["boss"]}),
        ("program", {"name": "X", "sign_in": "x"}),
    ):
        anna.post(f"/accounts/{verb}", **fields)
        assert anna.status == 403, verb
        assert "/link/" not in anna.page
    assert house.muster.doing.do(Verb.TOKEN, {"name": "still works"}, house.caller("boss"))


def test_addresses_that_do_not_exist(boss: Browser) -> None:
    boss.get("/accounts/invite")
    assert boss.path == "/accounts"
    boss.post("/accounts/destroy", nothing="")
    assert boss.status == 404


def test_an_account_is_tied_to_a_person_of_the_plan_and_one_without_is_marked(planned: House) -> None:
    boss = planned.signed_in("boss")
    page = boss.get("/accounts")
    assert "in the plan" in page
    account = planned.accounts["boss"]
    assert "no call reaches this account" in page
    boss.send("/accounts/tie", nth=_of(boss, "/accounts/tie", "account", account), person="mika-sandoval")
    assert "in the plan Mika Sandoval" in boss.text
    boss.send("/accounts/tie", nth=_of(boss, "/accounts/tie", "account", account), person="noor-lindgren")
    assert "Another account is tied to this person." in boss.text


def test_somebody_is_invited_as_a_person_of_the_plan(planned: House) -> None:
    boss = planned.signed_in("boss")
    boss.get("/accounts")
    boss.send("/accounts/invite", name="Mika", sign_in="mika", duties=["responder"], person="mika-sandoval")
    assert "The link for Mika" in boss.text
    assert "in the plan Mika Sandoval" in boss.get("/accounts")
