"""The demo's own server and plan: the plan is a repository that holds, with other rules where they are given."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from muster.app.plan_versions import version_of
from muster.client import Client, ServerAway
from muster.demo_server import own_server, plan_of_shop
from muster.plan.layout import is_rule, is_rule_test
from muster.rehearse.shop import RULES
from muster.store.plan_repository import PlanRepository

TODAY = date(2026, 11, 24)


def tree(place: Path) -> dict[str, bytes]:
    with PlanRepository(place) as repository:
        tip = repository.tip("main")
        assert tip is not None
        return dict(repository.tree(tip))


def test_the_plan_is_the_example_and_the_linter_finds_nothing(tmp_path: Path) -> None:
    files = tree(plan_of_shop(tmp_path, TODAY, None))

    assert {f"rules/{name}" for name in RULES} == {path for path in files if is_rule(path)}
    assert sum(map(is_rule_test, files)) == len(RULES)
    assert not version_of("0" * 40, files).problems(datetime(2026, 11, 24, 12, tzinfo=UTC))


def test_other_rules_take_the_place_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "one.yml").write_text("title: One\n", "utf-8")

    whole = tree(plan_of_shop(tmp_path / "a", TODAY, tmp_path / "mine"))
    single = tree(plan_of_shop(tmp_path / "b", TODAY, tmp_path / "mine" / "one.yml"))

    for files in (whole, single):
        assert {path: data for path, data in files.items() if path.startswith("rules/")} == {
            "rules/one.yml": b"title: One\n"
        }


def test_it_serves_until_the_demo_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_STATE", str(tmp_path / "state"))
    plan = plan_of_shop(tmp_path / "town", TODAY, None)

    with own_server(tmp_path / "town", plan, 0) as (address, link):
        assert link.startswith("/link/")
        with Client(address) as client:
            client.use_link(link, "four plain words here", name="Ida Berg", sign_in="ida")
            assert client.get("plan/versions/head")["commit"]

    with Client(address) as client, pytest.raises(ServerAway):
        client.get("me")


def test_a_server_that_does_not_start_is_said(tmp_path: Path) -> None:
    (tmp_path / "town").write_text("a file", "utf-8")

    with pytest.raises(ServerAway, match="did not start"), own_server(tmp_path / "town", tmp_path, 0):
        pass
