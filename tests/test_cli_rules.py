"""`muster coverage` against a server: lines for people, a document for programs, a layer as a file."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.stage import Stage, peopled
from tests.app.test_rulebook import hits
from tests.cli_client import speak_as
from tests.test_cli import run

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = peopled(tmp_path_factory.mktemp("coverage"))
    made.muster.evidence.report_hits(hits(1), made.people["ana"].caller, None)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def served(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ana's token, and a client that reaches the stage instead of the network."""
    speak_as("ana", stage, monkeypatch)


def test_lines_and_a_document(capsys: Capture) -> None:
    code, out, _ = run(capsys, "coverage")
    assert code == 0
    assert out.splitlines()[0] == "execution"
    assert "T1059.003  fired 1 signal, last " in out
    assert "in drills never; named by 0 rules" in out
    assert json.loads(run(capsys, "coverage", "--json")[1])[0]["own"]["signals"] == 1


def test_a_layer_as_a_file_or_shown(capsys: Capture, tmp_path: Path) -> None:
    code, out, _ = run(capsys, "coverage", "--layer", str(tmp_path / "layer.json"))
    assert (code, "Navigator" in out) == (0, True)
    made = json.loads((tmp_path / "layer.json").read_text())
    assert [one["techniqueID"] for one in made["techniques"]] == ["T1059.003"]
    assert json.loads(run(capsys, "coverage", "--layer", "-")[1]) == made


def test_a_place_that_cannot_be_written_is_one_line(capsys: Capture, tmp_path: Path) -> None:
    code, _, err = run(capsys, "coverage", "--layer", str(tmp_path / "no" / "layer.json"))
    assert (code, err.count("\n")) == (2, 1)
    assert "cannot be written" in err
