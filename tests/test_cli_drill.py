"""`muster drill`: what is planned and held, playing one, and the reports of one; what does not exist is one line and 2."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from muster import cli_verbs, demo
from muster.access.verbs import Verb
from muster.cli_drill import SCENARIOS
from muster.client import Client
from tests.app.company import Company, company
from tests.test_cli import run

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Company, str, str]]:
    """A company with a drill that ended, its code, and the incident that was declared in it."""
    made = company(tmp_path_factory.mktemp("drill"))
    drill = str(made.do(Verb.START_DRILL, "noor", exercise="Stolen password", paused=True)["drill"])
    noor = made.who("noor").caller
    inside = type(noor)(
        type(noor.actor)(noor.actor.account, noor.actor.duties, noor.actor.through, None, f"drill:{drill}")
    )
    incident = str(made.stage.do(Verb.DECLARE, inside, what="Odd sign-ins")["incident"])
    made.do(Verb.END_DRILL, "noor", drill=drill)
    made.declared(what="A real one")
    yield made, drill, incident
    made.stage.close()


@pytest.fixture(autouse=True)
def served(held: tuple[Company, str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that reaches the stage instead of the network, with Noor's token of reality."""
    monkeypatch.setenv("MUSTER_TOKEN", held[0].who("noor").bearer["Authorization"].split()[1])
    real = cli_verbs.client_of

    def client(server: str) -> Client:
        made = real(server)
        wired = held[0].stage.browser()
        wired.headers.update(made._http.headers)
        made._http.close()
        made._http = wired
        return made

    monkeypatch.setattr(cli_verbs, "client_of", client)


def test_list_tells_what_is_planned_and_what_was_held(
    capsys: Capture, held: tuple[Company, str, str]
) -> None:
    code, out, err = run(capsys, "drill", "list")
    assert (code, err) == (0, "")
    planned, ended = out.strip().splitlines()
    assert planned.startswith("portal-break-in: A night in which the portal is broken into; last held 20")
    assert "next due 20" in planned
    assert ended.startswith(f"{held[1]}: Stolen password; ended, its time ")
    _, out, _ = run(capsys, "drill", "list", "--json")
    told = json.loads(out)
    assert [one["scenario"] for one in told["planned"]] == list(SCENARIOS)
    assert [one["drill"] for one in told["drills"]] == [held[1]]


def test_report_writes_those_of_the_drill_and_no_other(
    capsys: Capture, held: tuple[Company, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, drill, incident = held
    monkeypatch.setenv("MUSTER_TOKEN", made.stage.token(made.who("noor"), lane=f"drill:{drill}"))
    code, out, _ = run(capsys, "drill", "report", drill, "--out", str(tmp_path / "reports"))
    assert code == 0
    file = tmp_path / "reports" / f"after-action-{incident}.html"
    assert out.strip() == str(file)
    assert "Odd sign-ins" in file.read_text("utf-8")
    assert list((tmp_path / "reports").iterdir()) == [file]


def test_a_token_of_another_lane_sees_none_and_is_told_what_to_do(
    capsys: Capture, held: tuple[Company, str, str], tmp_path: Path
) -> None:
    code, out, err = run(capsys, "drill", "report", held[1], "--out", str(tmp_path / "reports"))
    assert (code, out) == (2, "")
    assert f"made for the lane drill:{held[1]}" in err
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize(
    "arguments", [("report", "DRL-000000"), ("report", "nonsense"), ("run", "elephants"), ("dance",), ()]
)
def test_what_does_not_exist_is_one_line_and_2(capsys: Capture, arguments: tuple[str, ...]) -> None:
    code, out, err = run(capsys, "drill", *arguments)
    assert code == 2
    assert "Traceback" not in out + err
    assert not arguments or len(err.strip().splitlines()) == 1


def test_run_plays_the_demo_s_way(capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}

    def played(**options: Any) -> int:
        given.update(options)
        return 0

    monkeypatch.setattr(demo.demo, "callback", played)
    code, _, _ = run(capsys, "drill", "run", "portal-break-in", "--headless", "--data", str(tmp_path))
    assert code == 0
    assert (given["headless"], given["seed"], given["data"], given["rules"]) == (True, 1, tmp_path, None)
