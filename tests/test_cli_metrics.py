"""`muster metrics` against a server: tables for people, one document for programs, one line for what is wrong."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from muster.access.verbs import Verb
from muster.cli_metrics import lasting
from muster.learn.times import MEASURES
from tests.app.stage import Stage, peopled
from tests.app.test_metrics import commanded, drilling
from tests.cli_client import speak_as
from tests.test_cli import run

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = peopled(tmp_path_factory.mktemp("metrics"))
    ana = made.people["ana"]
    for minutes in (2, 90, 4):
        commanded(made, ana, minutes)
    made.do(Verb.STAND_DOWN, ana, incident=commanded(made, ana, 1), reason="A test")
    commanded(made, drilling(made), 3)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def served(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ana's token, and a client that reaches the stage instead of the network."""
    speak_as("ana", stage, monkeypatch)


def test_reality_and_each_drill_in_a_table_of_its_own(capsys: Capture) -> None:
    code, out, err = run(capsys, "metrics")
    assert (code, err) == (0, "")
    reality, _, drill = out.partition("\nDrill ")
    assert reality.startswith("Reality: 3 incidents, and 1 stood down\n")
    rows = [line for line in reality.splitlines() if line.startswith("  time to command")]
    words = "time to command 3 of 3 4 min 2 min to 1 h 30 min declared, commander set"
    assert [" ".join(row.split()) for row in rows] == [words, words], "all, and those of one severity"
    assert [part for part in reality.splitlines() if "unknown" in part]
    (row,) = [line for line in drill.splitlines() if line.startswith("  time to command")]
    assert " ".join(row.split()) == "time to command 1 of 1 30 min - declared, commander set"
    assert "Lessons: 0" in drill


def test_one_document_for_programs(capsys: Capture) -> None:
    code, out, _ = run(capsys, "metrics", "--json")
    assert code == 0
    found: dict[str, Any] = json.loads(out)
    assert [lane["incidents"] for lane in found["lanes"]] == [3, 1]
    code, out, _ = run(capsys, "metrics", "--since", "2027-01-01", "--json")
    assert [lane["incidents"] for lane in json.loads(out)["lanes"]] == [0]


def test_the_documentation_names_every_time_with_both_ends() -> None:
    page = (Path(__file__).parents[1] / "docs/metrics.md").read_text()
    for one in MEASURES:
        assert f"| {one.name} | {one.start} | {one.end} |" in page


@pytest.mark.parametrize("wrong", [("--since", "yesterday"), ("--since",), ("--until", "2027-01-01")])
def test_wrong_use_is_one_line_and_2(capsys: Capture, wrong: tuple[str, ...]) -> None:
    code, out, err = run(capsys, "metrics", *wrong)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("muster: ")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_661, "1 h 1 min"),
        (90_000, "1 d 1 h"),
        (86_460, "1 d"),
        (-300, "-5 min"),
    ],
)
def test_a_time_in_words(seconds: int, words: str) -> None:
    assert lasting(seconds) == words
