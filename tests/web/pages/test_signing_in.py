"""Signing in and out, links, the cookie, and where one goes afterwards."""

import pytest

from muster.access.verbs import Verb
from muster.core.people import Duty
from muster.web.pages.signing_in import local_path
from tests.web.pages.conftest import PASSWORD, House, first_link


@pytest.mark.parametrize("path", ["/", "/signals?state=new&after=2", "/incidents/INC-7Q4KM2"])
def test_local_paths_are_kept(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        "/sign-in",
        "/sign-out",
        "/sign-in?next=/",
        "//[",
        "/\u202e",
        "signals",
    ],
)
def test_other_addresses_become_the_start_page(path: str) -> None:
    assert local_path(path) == "/"


def test_a_stranger_is_led_to_the_sign_in_page_and_back(house: House) -> None:
    browser = house.browser()
    browser.get("/signals?state=new")
    assert browser.path == "/sign-in"
    browser.send("/sign-in", sign_in="Anna", password=PASSWORD)
    assert browser.path == "/signals"
    browser.get("/sign-in?next=/incidents")
    assert browser.path == "/incidents"


def test_next_never_leads_elsewhere(house: House) -> None:
    browser = house.browser()
    browser.get("/sign-in?next=https://evil.example/")
    answer = browser.client.post(
        "/sign-in",
        data={"sign_in": "anna", "password": PASSWORD, "next": "//evil.example/x"},
        follow_redirects=False,
    )
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"


def test_the_cookie_is_for_the_server_alone(house: House) -> None:
    browser = house.browser()
    data = {"sign_in": "anna", "password": PASSWORD, "next": "/"}
    answer = browser.client.post("/sign-in", data=data, follow_redirects=False)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("muster_session=")
    flags = [part.strip().lower() for part in cookie.split(";")]
    assert {"httponly", "samesite=lax", "path=/"} <= set(flags)
    assert not any(flag.startswith("domain") for flag in flags)


def test_a_session_given_beforehand_is_never_taken(house: House) -> None:
    browser = house.browser()
    browser.client.cookies.set("muster_session", "chosen-by-somebody-else", domain="localhost.local")
    browser.get("/sign-in")
    browser.send("/sign-in", sign_in="anna", password=PASSWORD)
    mine = {cookie.value for cookie in browser.client.cookies.jar}
    other = house.browser()
    other.client.cookies.set("muster_session", "chosen-by-somebody-else")
    other.get("/signals")
    assert other.path == "/sign-in"
    assert len(mine - {"chosen-by-somebody-else"}) == 1


def test_a_wrong_password_keeps_the_name_and_never_the_password(house: House) -> None:
    browser = house.browser()
    browser.get("/sign-in")
    browser.send("/sign-in", sign_in="anna", password="not the right words at all")
    assert browser.status == 403
    assert "do not fit" in browser.text
    assert 'value="anna"' in browser.page
    assert "not the right words" not in browser.page


def test_signing_out_ends_the_session(house: House) -> None:
    browser = house.signed_in("anna")
    cookie = next(cookie.value for cookie in browser.client.cookies.jar)
    browser.send("/sign-out")
    assert browser.path == "/sign-in"
    assert "muster_session" not in browser.client.cookies
    other = house.browser()
    other.client.cookies.set("muster_session", cookie or "")
    other.get("/")
    assert other.path == "/sign-in"


def test_signing_out_twice_does_no_harm(house: House) -> None:
    browser = house.browser()
    browser.post("/sign-out")
    assert browser.path == "/sign-in"


def test_the_first_link_makes_the_administrator_and_signs_in(empty_house: House) -> None:
    browser = empty_house.browser()
    link = f"/link/{first_link(empty_house.muster)}"
    browser.get(link)
    browser.get(link)  # opening it does not use it up
    browser.send(link, name="Ada", sign_in="ada", password=PASSWORD, password_again=PASSWORD)
    assert browser.path == "/"
    assert "Nothing waits for anybody." in browser.text
    browser.get(link)
    assert browser.status == 404
    assert "This link was used or has ended." in browser.text


def test_a_refused_link_form_keeps_the_names_but_no_password(empty_house: House) -> None:
    browser = empty_house.browser()
    link = f"/link/{first_link(empty_house.muster)}"
    browser.get(link)
    browser.send(link, name="Ada", sign_in="ada", password=PASSWORD, password_again="something else here")
    assert browser.status == 400
    assert "The two passwords differ." in browser.text
    assert 'value="Ada"' in browser.page
    assert PASSWORD not in browser.page
    browser.send(link, name="Ada", sign_in="a b", password=PASSWORD, password_again=PASSWORD)
    assert browser.status == 400
    browser.send(link, name="Ada", sign_in="ada", password="short", password_again="short")
    assert "at least 12 characters" in browser.text
    browser.send(link, name="Ada", sign_in="ada", password=PASSWORD, password_again=PASSWORD)
    assert browser.path == "/"


def test_an_invited_person_sets_a_password_and_is_signed_in(house: House) -> None:
    boss = house.signed_in("boss")
    made = house.muster.doing.do(
        Verb.INVITE,
        {"name": "Nils", "sign_in": "nils", "duties": []},
        house.caller("boss", Duty.ADMINISTRATOR),
    )
    browser = house.browser()
    browser.get(made["link"])
    browser.send(made["link"], password=PASSWORD, password_again=PASSWORD)
    assert browser.path == "/"
    browser.get(made["link"])
    assert browser.status == 404
    assert boss.status == 200


def test_a_reset_link_sets_the_password_and_ends_sessions(house: House) -> None:
    anna = house.signed_in("anna")
    boss = house.signed_in("boss")
    boss.get("/accounts")
    boss.send("/accounts/reset-link", nth=1, account=house.accounts["anna"])
    link = boss.page.partition("http://localhost:8420")[2].partition("<")[0]
    browser = house.browser()
    browser.get(link)
    words = "another four random words"
    browser.send(link, password=words, password_again=words)
    assert browser.path == "/sign-in"
    assert "The password is set." in browser.text
    browser.send("/sign-in", sign_in="anna", password=words)
    assert browser.path == "/"
    anna.get("/")
    assert anna.path == "/sign-in"


def test_a_form_from_another_site_is_refused(house: House) -> None:
    browser = house.signed_in("anna")
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        answer = browser.client.post("/sign-out", headers=headers)
        assert answer.status_code == 403
    browser.get("/")
    assert browser.path == "/"
