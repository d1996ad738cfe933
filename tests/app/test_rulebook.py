"""The rules in force with what came of them: loaded or not, tested, fired, judged; coverage by what fired."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest

from muster.access.verbs import Verb
from muster.app.plan_versions import version_of
from muster.app.world import Snapshot
from muster.record.context import PlanCommits
from tests.app.stage import Stage, peopled
from tests.app.test_metrics import drilling
from tests.detect.rulebook.book import RULE, TESTS, changed
from tests.plan.shop_plan import example

KEY = "plan/rules/a.yml"
IGNORE = b"rule: rules/a.yml\nreason: Known.\nowner: mika-sandoval\nexpires: 2026-11-01\n"


def hits(number: int, key: str = KEY, rows: tuple[int, ...] = (0, 1)) -> dict[str, Any]:
    hit = {
        "rule_key": key, "rule_id": key, "title": "Shell", "level": "high", "author": "Ann", "rows": list(rows),
        "tags": ["attack.execution", "attack.t1059.003"], "license": "DRL 1.1", "references": ["https://example.invalid/"],
    }  # fmt: skip
    return {"batch": sha256(str(number).encode()).hexdigest(), "events": 9, "hits": [hit]}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = peopled(tmp_path_factory.mktemp("rulebook"), detector=True)
    ana = made.people["ana"]
    for number, outcome in enumerate(("false alarm", "not ours", None)):
        answer: Any = made.muster.evidence.report_hits(hits(number), ana.caller, None)
        if outcome:
            signal = answer["signals"][0]["signal"]
            made.do(Verb.DISMISS, ana, signal=signal, outcome=outcome, reason="Looked at it.")
    made.muster.evidence.report_hits(hits(9), drilling(made), None)
    files = {
        **example(), "rules/a.yml": RULE.encode(), "rules/a.test.yaml": TESTS.encode(), "ignores/a.yaml": IGNORE,
        "rules/b.yml": changed("title: Shell under the web server", "title: Broken"),
    }  # fmt: skip
    version = version_of("c1", files)
    assert version.plan is not None
    snapshot = Snapshot(PlanCommits("c1", "c1"), version)
    made.muster.rules.world = made.muster.world
    object.__setattr__(made.muster.world, "now", lambda: snapshot)
    said = {
        "rules_loaded": 1,
        "rules_not_loaded": [["plan/rules/b.yml", "Broken", "regex: look-around"]],
        "kept_back": [
            {"lane": "real", "ignore": "a", "rule": KEY, "count": 4, "last": "20261101T000000.000000Z"}
        ],
    }
    made.muster.health.detector_says(said, made.clock())
    yield made
    made.close()


def test_each_rule_says_whether_it_is_loaded_tested_and_what_came_of_it(stage: Stage) -> None:
    book = stage.muster.rulebook.all(stage.people["ana"].caller)
    broken, first = book.rules
    assert (broken.title, broken.standing, broken.reason) == ("Broken", "not loaded", "regex: look-around")
    assert (first.key, first.tests, first.author, first.techniques) == (KEY, 2, "Ann", ("T1059.003",))
    assert (first.own.signals, first.own.events) == (3, 6)
    assert (first.own.false_alarms, first.own.judged, first.own.undecided) == (1, 2, 1)
    assert (first.drills.signals, first.drills.judged) == (1, 0)
    assert (first.kept_back, book.total, book.tested) == (4, 2, 1)


def test_a_rule_that_the_detector_did_not_name_is_not_called_loaded(stage: Stage) -> None:
    health = stage.muster.health
    said = {
        "rules_loaded": 0,
        "rules_not_loaded": [["plan/rules/b.yml", "Broken", "regex: look-around"]],
        "rules_not_loaded_count": 501,
        "kept_back": [
            {"lane": "real", "ignore": "a", "rule": KEY, "count": 4, "last": "20261101T000000.000000Z"}
        ],
    }
    health.detector_says(said, stage.clock())
    book = stage.muster.rulebook.all(stage.people["ana"].caller)
    assert (book.not_loaded, [one.standing for one in book.rules]) == (501, ["not loaded", "not known"])
    health.detector_says({**said, "rules_loaded": 1, "rules_not_loaded_count": 1}, stage.clock())
    assert stage.muster.rulebook.all(stage.people["ana"].caller).rules[1].standing == "loaded"


def test_ignores_say_whether_they_still_hold(stage: Stage) -> None:
    (one,) = stage.muster.rulebook.all(stage.people["ana"].caller).ignores
    assert (one.name, one.rule, one.applies, one.kept_back) == ("a", "rules/a.yml", False, 4)


def test_coverage_is_what_fired(stage: Stage) -> None:
    (one,) = stage.muster.rulebook.covered(stage.people["ana"].caller)
    assert (one.tactic, one.technique, one.loaded) == ("execution", "T1059.003", 2)
    assert (one.own.signals, one.own.rules, one.drills.signals) == (3, 1, 1)
    layer: Any = stage.muster.rulebook.layer(stage.people["ana"].caller)
    assert [(one["techniqueID"], one["score"]) for one in layer["techniques"]] == [("T1059.003", 3)]


def test_a_signal_carries_licence_techniques_and_references_of_its_rule(stage: Stage) -> None:
    ana = stage.people["ana"]
    code = stage.get("signals", ana).json()["signals"][0]["signal"]
    view = stage.get(f"signals/{code}", ana).json()
    assert (view["rule_license"], view["rule_techniques"]) == ("DRL 1.1", ["T1059.003"])
    assert view["rule_references"] == ["https://example.invalid/"]


def test_over_http(stage: Stage) -> None:
    ana = stage.people["ana"]
    assert stage.get("rulebook", ana).json()["rules"][1]["own"]["false_alarms"] == 1
    assert stage.get("coverage", ana).json()[0]["technique"] == "T1059.003"
    assert stage.get("coverage/layer", ana).json()["versions"]["layer"] == "4.5"
    assert stage.get("coverage").status_code == 401


def test_false_alarms_by_rule_are_in_the_metrics_with_n_each_lane_apart(stage: Stage) -> None:
    lanes = stage.get("metrics", stage.people["ana"]).json()["lanes"]
    (real,) = lanes[0]["false_alarms"]
    assert real == {"name": KEY, "kept": 1, "n": 2, "unknown": 1}
    assert [lane["false_alarms"][0]["unknown"] for lane in lanes[1:]] == [1]
