"""A package without a place is found, and an import of the command line from below."""

from pathlib import Path

import pytest

from lints.house import House
from lints.places import check

PROJECT = (Path(__file__).resolve().parent.parent.parent / "pyproject.toml").read_text(encoding="utf-8")


def found(path: str, text: str = "") -> list[int]:
    return [finding.line for finding in check(House.of({"pyproject.toml": PROJECT, path: text}))]


@pytest.mark.parametrize(
    "path", ["src/muster/elsewhere/x.py", "src/muster/elsewhere.py", "src/muster/clients.py"]
)
def test_a_part_without_a_place_is_found(path: str) -> None:
    assert found(path) == [1]


@pytest.mark.parametrize(
    "path",
    [
        "core/ids.py",
        "web/api.py",
        "channels/mail.py",
        "wiring.py",
        "cli.py",
        "cli_detect.py",
        "demo.py",
        "demo_player.py",
        "__init__.py",
        "client.py",
    ],
)
def test_every_part_of_the_design_has_one(path: str) -> None:
    assert found(f"src/muster/{path}") == []


@pytest.mark.parametrize(
    "text", ["import muster.cli", "from muster import cli_detect", "from muster.cli_detect import main"]
)
def test_importing_the_command_line_from_below_is_found(text: str) -> None:
    assert found("src/muster/wiring.py", f"{text}\n") == [1]
    assert found("src/muster/demo.py", f"{text}\n") == []


def test_a_similar_name_is_innocent() -> None:
    assert found("src/muster/wiring.py", "from muster import client\nimport climate\n") == []
