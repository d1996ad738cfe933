"""Bad days of the plan, on its page and in the API: whatever the repository holds, what is in force stays, and one line says why."""

import shutil
from pathlib import Path

import pytest

from muster.access.verbs import Verb
from muster.app.caller import Caller
from muster.core.people import Actor, Duty, Through
from tests.store.test_plan_repository import git
from tests.web.pages.conftest import House

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
CIRCLE = "depends_on:\n  customer-portal: Asks it for names\ncomponents:"
SIGN_IN = "services/identity-provider.yaml"


def place_of(house: House) -> Path:
    place = house.muster.settings.plan
    assert place is not None
    return place


def committed(house: House) -> str:
    """What lies in the folder, as the newest commit."""
    place = place_of(house)
    git(place, "add", "-A")
    git(place, "commit", "-q", "-m", "Another version")
    return git(place, "rev-parse", "HEAD").strip()


def in_force(house: House) -> str:
    house.muster.world.changed()
    return house.muster.world.now().commits.in_force


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("roles.yaml", "roles: [", "roles.yaml:1"),
        ("calling.yaml", BOMB, "calling.yaml:1"),
        (SIGN_IN, CIRCLE, "These services need each other in a circle"),
    ],
)
def test_a_broken_newest_commit_shows_its_lines_and_the_one_in_force_stays(
    planned: House, file: str, text: str, words: str
) -> None:
    before = in_force(planned)
    path = place_of(planned) / file
    path.write_text(path.read_text().replace("components:", text, 1) if file == SIGN_IN else text)
    commit = committed(planned)
    browser = planned.signed_in("ben")
    page = browser.get("/plan")
    assert f"/plan/versions/{commit}" in page
    assert before[:12] in page
    page = browser.get(f"/plan/versions/{commit}")
    assert words in browser.text
    assert "It cannot be approved" in page
    assert "the version in force stays in force" in page
    assert not [form for form in browser.forms() if "/plan/" in form[0]], "there is nothing to press"
    refused = planned.muster.plan.version(planned.caller("ben"), commit)
    assert refused.problems
    assert in_force(planned) == before
    assert planned.incident()


def _link(place: Path) -> None:
    (place / "people.yaml").unlink()
    (place / "people.yaml").symlink_to("/etc/passwd")


def _huge(place: Path) -> None:
    (place / "docs").mkdir(exist_ok=True)
    (place / "docs/huge.md").write_bytes(b"x" * 300_000)


@pytest.mark.parametrize(
    ("harm", "words"), [(_link, "This is a symbolic link."), (_huge, "docs/huge.md")], ids=["link", "huge"]
)
def test_a_hostile_commit_is_one_line_and_nothing_of_it_is_followed(
    planned: House, harm: object, words: str, tmp_path: Path
) -> None:
    before, place = in_force(planned), place_of(planned)
    trap = tmp_path / "trap"
    hook = place / ".git/hooks/reference-transaction"
    hook.parent.mkdir(exist_ok=True)
    git(place, "config", "user.name", "Mallory")
    assert callable(harm)
    harm(place)
    (place / ".gitattributes").write_text("* filter=evil\n")
    commit = committed(planned)
    hook.write_text(f"#!/bin/sh\ntouch {trap}\n")
    hook.chmod(0o755)
    git(place, "config", "filter.evil.smudge", f"touch {trap}")
    trap.unlink(missing_ok=True)
    browser = planned.signed_in("ben")
    assert f"/plan/versions/{commit}" in browser.get("/plan")
    browser.get(f"/plan/versions/{commit}")
    assert 400 <= browser.status < 500
    assert words in browser.text
    assert "root:" not in browser.page
    assert "Traceback" not in browser.page
    assert not trap.exists()
    assert in_force(planned) == before


def test_the_folder_is_removed_while_the_server_runs(planned: House) -> None:
    before, browser = in_force(planned), planned.signed_in("ben")
    shutil.rmtree(place_of(planned))
    page = browser.get("/plan")
    assert "The plan repository cannot be read now:" in page
    assert "What is in force is kept, and holds." in page
    assert "the plan of Harbour Goods" in page
    assert "Nothing waits to be approved." not in page
    page = browser.get(f"/plan/versions/{before}")
    assert browser.status == 200, "what was approved is read from what was kept"
    assert "An approved version" in page
    assert "Duty engineer" in browser.get("/plan/paper")
    code = planned.incident()
    assert before[:12] in browser.get(f"/incidents/{code}")
    browser.get(f"/plan/versions/{'1' * 40}")
    assert 400 <= browser.status < 500


def test_a_plan_that_nobody_may_approve_says_whom_it_waits_for(planned: House) -> None:
    place = place_of(planned)
    (place / "docs").mkdir(exist_ok=True)
    (place / "docs/more.md").write_text("More.\n")
    commit = committed(planned)
    browser = planned.signed_in("boss")
    browser.get(f"/plan/versions/{commit}")
    page = browser.send(f"/plan/versions/{commit}")
    assert 'id="problem"' in page
    assert "Your account is tied to nobody of the plan. An administrator ties it" in browser.text
    boss = Caller(Actor(planned.accounts["boss"], frozenset({Duty.ADMINISTRATOR}), Through.WEB))
    planned.muster.doing.do(Verb.DISABLE, {"account": planned.accounts["ben"], "reason": "left us"}, boss)
    anna = planned.signed_in("anna")
    anna.get(f"/plan/versions/{commit}")
    anna.send(f"/plan/versions/{commit}")
    assert "Nobody with an account may sign the plan." in anna.text
    assert "the plan is signed by" in anna.text
