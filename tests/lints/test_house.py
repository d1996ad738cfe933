"""The house knows where a file belongs and what a name stands for."""

import ast
from pathlib import Path

import pytest

from lints.house import Finding, House, Source


@pytest.mark.parametrize(
    ("path", "package", "pure"),
    [
        ("src/muster/respond/command.py", "respond", True),
        ("src/muster/app/door.py", "app", False),
        ("src/muster/cli.py", "cli", False),
        ("tests/respond/test_command.py", "", False),
        ("src/muster/record/notes.html", "record", False),
    ],
)
def test_a_file_knows_its_package(path: str, package: str, pure: bool) -> None:
    assert (Source(path, "").package, Source(path, "").is_pure) == (package, pure)


@pytest.mark.parametrize(
    ("imports", "used", "stands_for"),
    [
        ("import datetime", "datetime.datetime.now", "datetime.datetime.now"),
        ("import os.path", "os.path.join", "os.path.join"),
        ("import os.path as p", "p.join", "os.path.join"),
        ("from datetime import datetime as dt", "dt.now", "datetime.datetime.now"),
        ("", "context.now", "context.now"),
        ("", "f().now", ""),
    ],
)
def test_a_borrowed_name_is_seen_through(imports: str, used: str, stands_for: str) -> None:
    source = Source("src/muster/core/x.py", f"{imports}\n{used}\n")
    statement = source.tree.body[-1]
    assert isinstance(statement, ast.Expr)
    assert source.dotted(statement.value) == stands_for


def test_the_house_is_read_from_disk(tmp_path: Path) -> None:
    for name in (
        "src/muster/core/ids.py",
        "tests/test_ids.py",
        "src/muster/web/templates/a.html",
        "src/x.css",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "pyproject.toml").write_text("[project]")
    house = House.read(tmp_path)
    assert [source.path for source in house.sources] == [
        "pyproject.toml", "src/muster/core/ids.py", "src/muster/web/templates/a.html", "tests/test_ids.py",
    ]  # fmt: skip
    assert house.text("pyproject.toml") == "[project]"
    assert house.text("requirements.lock") is None


def test_a_finding_says_where() -> None:
    assert Source("a.py", "").says(7, "no") == Finding("a.py", 7, "no")
