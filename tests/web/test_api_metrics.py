"""Metrics over the API: a document with reality first; nobody unsigned, and one problem for a wrong date."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from muster.access.verbs import Verb
from tests.app.stage import Stage, peopled


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = peopled(Path(tmp_path_factory.mktemp("metrics")))
    made.do(Verb.DECLARE, made.people["ana"], what="The shop is down")
    yield made
    made.close()


def test_reality_first_with_both_ends_named(stage: Stage) -> None:
    answer = stage.get("metrics", stage.people["ana"])
    assert answer.status_code == 200
    found = answer.json()
    assert [(lane["lane"], lane["incidents"]) for lane in found["lanes"]] == [("real", 1)]
    first = found["lanes"][0]["times"][0]
    assert first == {
        "name": "dwell time", "start": "started", "end": "detected", "n": 0, "of": 1, "unknown": 1,
        "median": None, "p90": None, "shortest": None, "longest": None,
    }  # fmt: skip
    assert stage.get("metrics?since=2027-01-01", stage.people["ana"]).json()["lanes"][0]["incidents"] == 0


def test_a_wrong_date_is_a_problem_with_its_mend(stage: Stage) -> None:
    answer = stage.get("metrics?since=yesterday", stage.people["ana"])
    assert answer.status_code == 400
    assert "2026-11-24T02:10Z" in answer.json()["next_step"]


def test_nobody_unsigned(stage: Stage) -> None:
    assert stage.get("metrics").status_code == 401
