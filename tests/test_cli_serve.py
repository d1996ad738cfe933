"""`muster serve` and `muster admin-link`: what is wrong is one line with the mend, never a traceback."""

import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest

from muster import serving
from muster.app.settings import Settings
from tests.test_cli import run

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys and data of these tests stay in their own folder."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("MUSTER_DATABASE", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """What would have been served."""
    seen: list[Settings] = []

    def pretend(settings: Settings, say: Any, *_: Any) -> int:
        seen.append(settings)
        say(serving="http://localhost:1")
        return 0

    monkeypatch.setattr(serving, "run", pretend)
    return seen


def refused(capsys: Capture, *arguments: str) -> str:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, ""), err
    assert err.count("\n") == 1
    assert err.startswith("muster: ")
    return err


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_only_loopback_is_served(capsys: Capture, host: str, tmp_path: Path) -> None:
    assert "loopback" in refused(capsys, "serve", "--host", host)
    assert not (tmp_path / "muster-data").exists()


def test_a_port_in_use(capsys: Capture) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        err = refused(capsys, "serve", "--port", str(port))
    assert f"--port {port}" in err
    assert "Choose another" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--port", "70000"), ("--port", "x"), ("--config", "none.toml"), ("--rules", "none"), ("--nope",),
        ("--database", "nonsense"), ("--data", "file/data"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_line(capsys: Capture, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "file").write_text("")
    more = () if "--port" in arguments else ("--port", "0")
    refused(capsys, "serve", "--no-detector", *more, *arguments)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_that_may_not_be_written(capsys: Capture, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    assert "closed" in refused(capsys, "serve", "--port", "0", "--data", str(closed / "data"))


def test_the_command_line_goes_before_the_file(
    capsys: Capture, tmp_path: Path, served: list[Settings]
) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "muster.toml").write_text('data = "d"\nport = 9000\nsession_hours = 3\n')
    code, out, _ = run(
        capsys,
        "serve",
        "--config",
        "muster.toml",
        "--port",
        "9001",
        "--rules",
        "rules",
        "--no-detector",
        "--json",
    )
    assert code == 0
    assert json.loads(out) == {"serving": "http://localhost:1"}
    (settings,) = served
    assert (settings.data, settings.port, settings.session_hours) == (Path("d"), 9001, 3)
    assert (settings.rules, settings.detector) == ((Path("rules"),), False)


def test_the_defaults(capsys: Capture, served: list[Settings], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_DATABASE", "sqlite:///x.db")
    code, out, _ = run(capsys, "serve")
    assert code == 0
    assert "http://localhost:1" in out
    assert (served[0].data, served[0].host, served[0].port) == (Path("muster-data"), "127.0.0.1", 8420)
    assert served[0].database == "sqlite:///x.db"


def test_an_administrator_s_link_from_the_host(capsys: Capture, tmp_path: Path) -> None:
    assert "no data directory" in refused(capsys, "admin-link", "--data", "none")
    assert not (tmp_path / "none").exists()
    (tmp_path / "data").mkdir()
    code, out, err = run(capsys, "admin-link", "--data", "data", "--port", "9000")
    assert (code, err) == (0, "")
    assert out.startswith("http://localhost:9000/link/")
    assert "first administrator, for 0.5 h" in out
    code, out, _ = run(capsys, "admin-link", "--data", "data", "--json")
    assert code == 0
    assert json.loads(out)["hours"] == 0.5
    assert json.loads(out)["account"] == ""
