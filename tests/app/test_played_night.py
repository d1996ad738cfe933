"""The whole loop of the demo, played in one process: a night, its legal clock, a lesson, and a drill that tests it."""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from muster.access.verbs import Verb
from muster.app.metrics import Metrics
from muster.demo_night import Night
from muster.demo_player import NoSignal
from muster.rehearse.shop import RULES, story_of
from muster.store.plan_repository import PlanRepository
from tests.app.numbered import numbered
from tests.app.played import LESSON, Played, played

SHOP_RULES = LESSON.parents[1] / "rules"
HERE = {"real"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Played, Night, Night]]:
    town = played(tmp_path_factory.mktemp("whole"))
    night, again = town.whole(1)
    assert again is not None
    yield town, night, again
    town.stage.close()


def test_the_loop_closes(whole: tuple[Played, Night, Night]) -> None:
    town, night, again = whole
    claire = town.town.clients["claire-fontaine"]
    (lesson,) = claire.get("lessons")
    assert lesson["state"] == "tested"
    assert not any(line["untested"] for line in lesson["lines"])
    assert night.hole() is None, "the rule of the lesson reads what nothing read"
    assert again.drill != night.drill
    # Whoever asks why the rule is there comes to the lesson and to the incident of the drill.
    with PlanRepository(town.plan) as repository:
        in_force = town.stage.muster.world.now().commits.in_force
        blamed = repository.blame_line(in_force, lesson["lines"][0]["id"])
    assert blamed.trailers["Lesson"] == (f"PLN-PLAN/{lesson['lesson']}",)
    assert blamed.trailers["Incident"] == (night.player.made_by_name("incident"),)


def test_nothing_left(whole: tuple[Played, Night, Night]) -> None:
    town, _, _ = whole
    tried, done = town.stage.entries("effect.tried"), town.stage.entries("effect.done")
    assert len(tried) == len(done) > 20
    assert all(one.body and one.body.tree()["dry_run"] for one in tried)
    assert {one.header.lane for one in done} & HERE == set()


def test_what_happened_is_of_its_drill_and_what_was_learned_is_real(
    whole: tuple[Played, Night, Night],
) -> None:
    town, night, again = whole
    lanes: dict[str, set[str]] = {}
    for entry in town.stage.entries():
        lanes.setdefault(entry.header.lane, set()).add(entry.header.stream[:3])
    drills = {f"drill:{one.drill}" for one in (night, again)}
    assert set(lanes) == drills | HERE
    assert lanes["real"] & {"INC", "SIG", "DRL"} == set()
    assert all(lanes[drill] >= {"SIG", "DRL"} for drill in drills)


def test_metrics_of_reality_are_those_of_a_quiet_shop(whole: tuple[Played, Night, Night]) -> None:
    town, night, _ = whole
    ada = town.stage.people["ada"].caller
    muster = town.stage.muster
    measured = Metrics(muster.reading, muster.world, muster.door.ledger, muster.clock).measured(ada).lanes
    by_lane = {one.lane: one for one in measured}
    assert by_lane["real"].incidents == 0
    assert all(time.n == 0 for time in by_lane["real"].times)
    assert by_lane[f"drill:{night.drill}"].incidents == 1


def test_the_legal_clock_is_kept_and_the_words_go_to_whom_they_must(
    whole: tuple[Played, Night, Night],
) -> None:
    town, night, _ = whole
    kinds = Counter(one.header.kind for one in town.stage.entries("", night.player.made_by_name("incident")))
    assert kinds["anchor.recorded"] == kinds["obligation.filed"] == 1
    assert kinds["statement.sent"] == 1
    assert kinds["statement.drafted"] == kinds["statement.checked"] == 4, (
        "two of them with a fact that changed"
    )
    assert kinds["incident.closed"] == 1


def until_command(town: Played, seed: int) -> Night:
    """The first quarter of an hour: alarm, declaring, roles."""
    night = town.night(seed)
    for beat in story_of(seed, night.start).beats:
        if beat.makes == "t-save":
            return night
        night.player.play_one(
            {
                "at": beat.at, "who": beat.who, "verb": beat.verb, "fields": beat.fields, "makes": beat.makes,
                "refused": beat.refused,
            }
        )  # fmt: skip
    raise AssertionError


def test_one_seed_twice_gives_one_record(tmp_path: Path) -> None:
    told: list[dict[str, list[str]]] = []
    for number in (1, 2):
        town = played(tmp_path / str(number))
        until_command(town, 3)
        told.append(numbered(town.stage.entries()))
        town.stage.close()
    assert told[0] == told[1]
    assert len(told[0]) > 10
    assert sum(len(lines) for lines in told[0].values()) > 100


def test_without_the_rule_of_the_shell_no_signal_comes(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(SHOP_RULES, rules)
    (rules / "portal_server_starts_shell.yml").unlink()
    town = played(tmp_path, rules)
    with pytest.raises(NoSignal, match="portal_server_starts_shell"):
        until_command(town, 1)
    assert not town.stage.entries("incident.")
    town.stage.close()


def test_with_a_rule_for_the_sign_ins_the_review_finds_no_hole_there(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(SHOP_RULES, rules)
    shutil.copy(LESSON, rules)
    town = played(tmp_path, rules)
    night = until_command(town, 1)
    assert night.hole() is None
    assert len(list(rules.glob("*.yml"))) == len(RULES) + 1
    assert town.stage.do(Verb.END_DRILL, town.stage.people["ada"], drill=night.drill)
    town.stage.close()
