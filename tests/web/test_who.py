"""Who calls: a token before a cookie, never a guess; and what a session's cookie is like."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from muster.access.verbs import Verb
from tests.app.stage import FORM, PASSWORD, Stage, peopled


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = peopled(tmp_path)
    yield made
    made.close()


def who(answer: object) -> tuple[int, str]:
    body = answer.json()  # pyright: ignore[reportAttributeAccessIssue] - an answer of the client
    return answer.status_code, body.get("name", body.get("type", ""))  # pyright: ignore[reportAttributeAccessIssue] - a reply may be of any form


def test_a_token_a_session_or_nobody(stage: Stage) -> None:
    browser = stage.signed_in("ana")
    assert who(browser.get("/api/v1/me")) == (200, "Ana")
    assert who(stage.get("me", stage.people["ben"])) == (200, "Ben")
    assert who(stage.get("me")) == (401, "urn:muster:problem:not-signed-in")


def test_a_token_goes_before_the_cookie_and_a_bad_one_is_no_way_back_to_it(stage: Stage) -> None:
    browser = stage.signed_in("ana")
    assert who(browser.get("/api/v1/me", headers=stage.people["ben"].bearer)) == (200, "Ben")
    for header in ("Bearer mst_" + "0" * 64, "Bearer ", "Basic YW5hOng=", "mst_1", "Bearer\tx", "bearer é"):
        answer = browser.get("/api/v1/me", headers={"Authorization": header.encode()})
        assert who(answer) == (401, "urn:muster:problem:not-signed-in"), header
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_scheme_is_read_in_any_case(stage: Stage) -> None:
    token = stage.people["ana"].bearer["Authorization"].split()[1]
    assert who(stage.http.get("/api/v1/me", headers={"Authorization": f"bEARER  {token} "})) == (200, "Ana")


def test_a_cookie_is_for_this_host_alone_and_no_script_reads_it(stage: Stage) -> None:
    form = {"sign_in": "ana", "password": PASSWORD}
    cookie = stage.browser().post("/sign-in", data=form, headers=FORM).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert PASSWORD not in cookie
    secure = stage.browser()
    secure.base_url = "https://localhost:8420"
    assert "Secure" in secure.post("/sign-in", data=form, headers=FORM).headers["set-cookie"]


def test_a_session_that_was_there_before_is_never_taken_over(stage: Stage) -> None:
    browser = stage.browser()
    browser.cookies.set("muster_session", "chosen-by-somebody-else", domain="localhost.local")
    answer = browser.post(
        "/sign-in",
        data={"sign_in": "ana", "password": PASSWORD},
        headers=FORM | {"Cookie": "muster_session=chosen-by-somebody-else"},
    )
    assert "chosen-by-somebody-else" not in answer.headers["set-cookie"]
    old = stage.browser().get("/api/v1/me", headers={"Cookie": "muster_session=chosen-by-somebody-else"})
    assert old.status_code == 401


def test_two_hours_of_silence_end_a_session(stage: Stage) -> None:
    browser = stage.signed_in("ana")
    stage.clock.turn(hours=1, minutes=59)
    assert browser.get("/api/v1/me").status_code == 200
    stage.clock.turn(hours=1, minutes=59)
    assert browser.get("/api/v1/me").status_code == 200
    stage.clock.turn(hours=2, seconds=1)
    assert browser.get("/api/v1/me").status_code == 401
    assert browser.get("/api/v1/me").status_code == 401


def test_silence_counts_from_signing_in(stage: Stage) -> None:
    browser = stage.signed_in("ana")
    stage.clock.turn(hours=2, seconds=1)
    assert browser.get("/api/v1/me").status_code == 401


def test_after_twelve_hours_it_ends_however_busy(stage: Stage) -> None:
    browser = stage.signed_in("ana")
    for _ in range(11):
        stage.clock.now += timedelta(hours=1)
        assert browser.get("/api/v1/me").status_code == 200
    stage.clock.turn(hours=1)
    assert browser.get("/api/v1/me").status_code == 401


def test_signing_out_ends_it_on_the_server(stage: Stage) -> None:
    browser = stage.signed_in("ana")
    secret = next(iter(browser.cookies.jar)).value
    assert browser.post("/sign-out", headers=FORM).status_code == 303
    again = stage.browser().get("/api/v1/me", headers={"Cookie": f"muster_session={secret}"})
    assert again.status_code == 401


def test_a_disabled_account_loses_sessions_and_tokens_at_once_and_gets_none_back(stage: Stage) -> None:
    ben, ada = stage.people["ben"], stage.people["ada"]
    browser = stage.signed_in("ben")
    assert browser.get("/api/v1/me").status_code == 200
    stage.do(Verb.DISABLE, ada, account=ben.account, reason="left")
    assert browser.get("/api/v1/me").status_code == 401
    assert stage.get("me", ben).status_code == 401
    stage.do(Verb.ENABLE, ada, account=ben.account)
    assert browser.get("/api/v1/me").status_code == 401
    assert stage.get("me", ben).status_code == 401
    assert stage.signed_in("ben").get("/api/v1/me").status_code == 200


def test_a_revoked_token_stops_at_once(stage: Stage) -> None:
    ana = stage.people["ana"]
    made = stage.do(Verb.TOKEN, ana, name="laptop")
    bearer = {"Authorization": f"Bearer {made['secret']}"}
    assert stage.http.get("/api/v1/me", headers=bearer).status_code == 200
    stage.do(Verb.REVOKE, ana, token=made["token"])
    assert stage.http.get("/api/v1/me", headers=bearer).status_code == 401
