"""The plan over the API: what is in force, a version with its findings, lines by their ids, lessons, holes."""

from pathlib import Path
from typing import Any

import pytest

from tests.app.company import Company, company

LINE = "calling.yaml#/unacknowledged_after_minutes"


@pytest.fixture
def shop(tmp_path: Path) -> Company:
    return company(tmp_path)


def asked(shop: Company, path: str) -> Any:
    answer = shop.stage.get(path, shop.who("noor"))
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_what_is_in_force_and_what_nobody_watches(shop: Company) -> None:
    plan = asked(shop, "plan")
    assert (plan["commit"], plan["company"], plan["approvals"]) == (shop.first, "Harbour Goods", 1)
    assert plan["history"][0]["person"] == "claire-fontaine"
    assert "Nobody real can be called" in plan["warning"]
    assert {one["service"] for one in asked(shop, "holes")} >= {"identity-provider"}


def test_a_version_tells_its_hash_its_findings_and_what_it_changes(shop: Company) -> None:
    commit = shop.committed({LINE: "15"})
    found = asked(shop, f"plan/versions/{commit}")
    assert found["sha256"] == shop.version(commit).sha256
    assert found["problems"] == 0
    (change,) = found["changes"]
    assert (change["id"], change["before"], change["after"]) == (LINE, "20", "15")
    assert asked(shop, "plan/versions/head")["commit"] == commit
    assert shop.stage.get("plan/versions/" + "0" * 40, shop.who("noor")).status_code == 404


def test_lines_by_their_beginning_and_lessons_with_theirs(shop: Company) -> None:
    (line,) = asked(shop, f"plan/lines?beginning={LINE}".replace("#", "%23"))
    assert (line["id"], line["before"]) == (LINE, "20")
    number, _ = shop.lesson(lines=[{"id": LINE, "text": "15"}])
    (lesson,) = asked(shop, "lessons")
    assert (lesson["lesson"], lesson["state"]) == (number, "diff")
    assert [one["after"] for one in lesson["lines"]] == ["15"]


def test_nothing_of_it_without_an_account(shop: Company) -> None:
    for path in ("plan", "plan/versions/head", "plan/lines", "lessons", "holes"):
        assert shop.stage.get(path).status_code == 401
