"""The plan on pages: what is in force, a version that is read and approved, and the paper for the wall."""

from muster.access.verbs import Verb
from tests.web.pages.conftest import House


def test_without_a_plan_the_page_says_what_holds_and_how_to_get_one(house: House) -> None:
    page = house.signed_in("anna").get("/plan")
    assert "the small built-in plan holds" in page
    assert "muster serve --plan DIR" in page
    assert "nothing to print" in house.signed_in("anna").get("/plan/paper")


def test_what_is_in_force_who_approved_it_and_what_nobody_watches(planned: House) -> None:
    page = planned.signed_in("anna").get("/plan")
    assert "the plan of Harbour Goods" in page
    assert "nobody real can be called" in page.lower()
    assert "No rule reads sign-ins of identity-provider" in page
    assert "Nothing waits to be approved." in page


def test_a_draft_is_read_with_what_it_changes_and_approved_by_whom_the_plan_names(planned: House) -> None:
    house = planned
    incident = house.incident()
    lesson = house.do(Verb.LESSON, incident=incident, text="Call again sooner")["lesson"]
    line = {"id": "calling.yaml#/unacknowledged_after_minutes", "text": "15"}
    commit = house.do(Verb.WRITE_CHANGE, lesson=lesson, expected=1, lines=[line])["commit"]
    browser = house.signed_in("anna")
    assert f"/plan/versions/{commit}" in browser.get("/plan")
    page = browser.get(f"/plan/versions/{commit}")
    assert "before: 20" in page
    assert "after: 15" in page
    refused = browser.send(f"/plan/versions/{commit}")
    assert 'id="problem"' in refused, "the commander is not whom the plan names"
    signs = house.signed_in("ben")
    signs.get(f"/plan/versions/{commit}")
    page = signs.send(f"/plan/versions/{commit}")
    assert f"<code>{commit[:12]}</code>, approved by Ben" in page
    page = signs.get(f"/plan/versions/{commit}")
    assert "It was approved: nothing is to be done." in page
    assert "in force from now on" not in page


def test_the_paper_has_a_card_for_each_role_and_ways_to_everybody(planned: House) -> None:
    page = planned.signed_in("anna").get("/plan/paper")
    for words in ("Duty engineer", "Noor Lindgren", "sip:robin.vale@phones.example.invalid", "You decide"):
        assert words in page
    assert page.count('class="sheet"') == 11
