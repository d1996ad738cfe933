"""The runner knows every lint, and other tools' lists of what is banned really ban."""

import json
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

from lints.__main__ import LINTS, main
from lints.house import PURE, House

ROOT = Path(__file__).resolve().parent.parent.parent
TOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
CONTRACTS = {contract["id"]: contract for contract in TOOLS["importlinter"]["contracts"]}
BANNED = sorted(TOOLS["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"])


def test_no_lint_is_forgotten() -> None:
    files = {path.stem.replace("_", "-") for path in (ROOT / "lints").glob("*.py")}
    assert set(LINTS) == files - {"--init--", "--main--", "house"}


def test_the_runner_names_file_line_and_lint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "src/muster/core/ids.py"
    file.parent.mkdir(parents=True)
    file.write_text('"""Ids."""\n\nimport random\n')
    assert main(tmp_path) == 1
    assert re.match(
        r"src/muster/core/ids\.py:1: \[own-tests\] [^\0]*src/muster/core/ids\.py:3: \[purity\] ",
        capsys.readouterr().out,
    )
    file.write_text('"""Ids."""\n')
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_ids.py").write_text("")
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert main(tmp_path) == 0


def test_ruff_finds_everything_that_is_banned() -> None:
    text = '"""Tries what is banned."""\n' + "".join(
        f"import {name.rpartition('.')[0] or name}\nprint({name})\n" for name in BANNED
    )
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--select",
        "TID251",
        "--output-format",
        "json",
        "--no-cache",
    ]
    told = subprocess.run(
        [*command, "--stdin-filename", "src/muster/core/tried.py", "-"], input=text, cwd=ROOT, text=True,
        capture_output=True, check=False,
    )  # fmt: skip
    found = {
        re.findall(r"`([\w.]+)` is banned", finding["message"])[0] for finding in json.loads(told.stdout)
    }
    assert found == set(BANNED)


def lint_imports(folder: Path, texts: dict[str, str]) -> tuple[int, str]:
    """Run the contracts of pyproject.toml on a small Muster."""
    for name, text in {"__init__": "", **texts}.items():
        file = folder / "src/muster" / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        (file.parent / "__init__.py").touch()
        file.write_text(text)
    told = subprocess.run(
        [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()",
         "--config", str(ROOT / "pyproject.toml"), "--no-cache", "--no-logo"],
        cwd=folder, env={"PYTHONPATH": str(folder / "src"), "COLUMNS": "200", "PATH": "/usr/bin:/bin"}, text=True,
        capture_output=True, check=False,
    )  # fmt: skip
    return told.returncode, told.stdout + told.stderr


def test_a_clean_house_keeps_all_contracts(tmp_path: Path) -> None:
    code, said = lint_imports(tmp_path, {"core/ids": "", "record/entry": "from muster.core import ids"})
    assert code == 0, said
    assert f"{len(CONTRACTS)} kept, 0 broken" in said


def test_an_import_upwards_is_found(tmp_path: Path) -> None:
    code, said = lint_imports(tmp_path, {"core/ids": "from muster.record import entry", "record/entry": ""})
    assert code == 1
    assert "muster.core is not allowed to import muster.record" in said


def test_each_forbidden_import_is_found(tmp_path: Path) -> None:
    """One file in each package, importing all that its contracts forbid; each pair must be reported."""
    texts: dict[str, str] = {"store/rows": "", "client/calls": ""}
    expected: set[tuple[str, str]] = set()
    for identity in set(CONTRACTS) - {"layers"}:
        for source in CONTRACTS[identity]["source_modules"]:
            package = source.split(".")[1]
            name = f"{package}/tries_{identity.replace('-', '_')}"
            inside = {"muster.store.**": "muster.store.rows", "muster.client.**": "muster.client.calls"}
            modules = [inside.get(module, module) for module in CONTRACTS[identity]["forbidden_modules"]]
            texts[name] = "".join(f"import {module}\n" for module in modules)
            expected |= {(f"muster.{name.replace('/', '.')}", module) for module in modules}
    code, said = lint_imports(tmp_path, texts)
    assert code == 1
    found = set(re.findall(r"(muster\.\S+) -> (\S+) \(l\.", said))
    assert expected - found == set()


def test_every_lifecycle_package_stands_in_the_pure_contract() -> None:
    assert CONTRACTS["pure"]["source_modules"] == [f"muster.{package}.**" for package in PURE]
    assert {"sqlalchemy", "fastapi", "os", "pathlib", "time", "random", "secrets"} <= set(
        CONTRACTS["pure"]["forbidden_modules"]
    )


@cache
def this_house() -> House:
    """It is read and parsed once for all lints."""
    return House.read(ROOT)


@pytest.mark.parametrize(
    "lint", ["lanes", "libraries", "lock", "names", "permissions", "places", "purity", "words"]
)
def test_this_house_keeps_the_rules_whose_breach_is_a_hole(lint: str) -> None:
    """Rules of style are held by `make check`; these by every run of the tests."""
    assert list(LINTS[lint](this_house())) == []


def test_this_house_keeps_its_import_directions() -> None:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
    ]
    told = subprocess.run(
        [*command, "--no-cache", "--no-logo"], cwd=ROOT, text=True, capture_output=True, check=False
    )
    assert told.returncode == 0, told.stdout
