"""Drills on pages: started, joined, stepped, left and ended; every page says that it is a drill."""

from tests.web.pages.conftest import House


def test_a_drill_from_its_start_to_its_end(house: House) -> None:
    browser = house.signed_in("anna")
    assert "None yet." in browser.get("/drills")
    browser.send("/drills", exercise="A fire in the cellar", speed="60", paused="yes")
    code = browser.path.rpartition("/")[2]
    assert code.startswith("DRL-")
    assert "its clock stands" in browser.page
    browser.send(f"/drills/{code}/step", seconds="600")
    browser.send(f"/drills/{code}/join")
    assert browser.path == "/incidents"
    assert f'<a href="/drills/{code}">' in browser.page
    assert "nothing leaves the house" in browser.page
    browser.get(f"/drills/{code}")
    browser.send(f"/drills/{code}/resume")
    assert "runs at 60/1" in browser.page
    browser.send(f"/drills/{code}/leave")
    assert "nothing leaves the house" not in browser.get("/incidents")
    browser.get(f"/drills/{code}")
    browser.send(f"/drills/{code}/end")
    assert "ended" in browser.page
    assert "A fire in the cellar" in browser.get("/drills")


def test_what_is_wrong_is_said_at_its_form(house: House) -> None:
    browser = house.signed_in("anna")
    browser.get("/drills")
    page = browser.send("/drills", exercise="x", speed="fast")
    assert browser.status in {400, 422}
    assert 'id="problem"' in page
    browser.get("/drills")
    browser.send("/drills", exercise="x")
    code = browser.path.rpartition("/")[2]
    assert 'id="problem"' in browser.send(f"/drills/{code}/step", seconds="-5")
    assert browser.get(f"/drills/{code}/nothing")
    assert browser.path == f"/drills/{code}"


def test_planned_drills_of_the_plan_are_listed(planned: House) -> None:
    page = planned.signed_in("anna").get("/drills")
    assert "A night in which the portal is broken into" in page
