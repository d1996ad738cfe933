"""Holes of a server: what its rules read is looked up, and a rule that comes closes one."""

from pathlib import Path

from muster.app.plan_versions import version_of
from muster.app.world import Snapshot
from muster.cli_files import example
from muster.record.context import PlanCommits
from tests.app.stage import Stage

FIRST = "title: Odd\nlogsource:\n  product: beos\n"
SECOND = "title: Odd mail\nlogsource:\n  product: linux\n  service: postfix\n"
READS = "title: Odd sign-in\nlogsource:\n  product: keycloak\n  service: events\n"


def test_none_while_no_plan_is_in_force(stage: Stage) -> None:
    assert stage.muster.holes.now(stage.people["ana"].caller) == ()


def test_a_source_without_a_rule_is_one_until_a_rule_comes(stage: Stage, tmp_path: Path) -> None:
    world = stage.muster.world
    world._read, world._at = Snapshot(PlanCommits("c", "c"), version_of("c", example())), 2.0**60
    ana = stage.people["ana"].caller
    places = {hole.place for hole in stage.muster.holes.now(ana)}
    assert "services/identity-provider.yaml#/logs/sign-ins" in places
    folder = stage.muster.rules.places[0]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "odd.yml").write_text(READS)
    (folder / "broken.yml").write_text("{")
    (folder / "two.yml").write_text("---\n" + FIRST + "--- # and\n" + SECOND)
    after = {hole.place for hole in stage.muster.holes.now(ana)}
    assert places - after == {
        "services/identity-provider.yaml#/logs/sign-ins",
        "services/mail.yaml#/logs/mail",
    }, "the second document of a file reads, too"
    assert {"two.yml", "two.yml#2"} <= {name.rpartition("/")[2] for name in stage.muster.holes.sources()}
    assert stage.get("holes", stage.people["ana"]).json()[0]["sentence"].startswith("No rule reads ")
