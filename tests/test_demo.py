"""The demo tells the truth: it ends with a report and a record that verifies; without rules nothing is seen."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from muster import demo

MOST_SECONDS = 45


def run(tmp_path: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    """Runs the demo headless, with its keys apart from everybody else's."""
    return subprocess.run(
        [sys.executable, "-m", "muster", "demo", "--headless", "--data", str(tmp_path / "town"), *options],
        env=os.environ | {"MUSTER_STATE": str(tmp_path / "state")},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def verified(tmp_path: Path) -> "subprocess.CompletedProcess[str]":
    """Verifies the data directory that the demo left."""
    return subprocess.run(
        [sys.executable, "-m", "muster", "verify", str(tmp_path / "town")],
        env=os.environ | {"MUSTER_STATE": str(tmp_path / "state")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_demo_ends_with_a_report_and_a_record_that_verifies(tmp_path: Path) -> None:
    began = time.monotonic()

    done = run(tmp_path, "--seed", "7")

    assert done.returncode == 0, done.stderr
    assert time.monotonic() - began < MOST_SECONDS
    report = Path(done.stdout.strip().splitlines()[-1])
    page = report.read_text("utf-8")
    assert report.parent == tmp_path / "town"
    assert "<svg" in page
    assert "unknown" in page
    assert "<script" not in page
    assert "http" not in page.split("<style")[1].split("</style>")[0]
    checked = verified(tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "0 not yet sealed" in checked.stdout
    assert "The anchor of this host fits." in checked.stdout


def test_without_rules_it_ends_with_1_and_says_that_no_signal_came(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()

    done = run(tmp_path, "--rules", str(rules))

    assert done.returncode == 1
    assert "No signal came" in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_a_directory_that_is_not_empty_is_refused_in_one_line(tmp_path: Path) -> None:
    town = tmp_path / "town"
    town.mkdir()
    (town / "something").write_text("mine", "utf-8")

    done = run(tmp_path)

    assert done.returncode == 2
    assert "not empty" in done.stderr
    assert (town / "something").read_text("utf-8") == "mine"


def test_its_rules_are_where_it_looks_for_them() -> None:
    assert sorted(file.suffix for file in demo.RULES.iterdir()) == [".yml"] * len(list(demo.RULES.iterdir()))
    assert len(list(demo.RULES.iterdir())) >= 6


@pytest.mark.parametrize("name", ["--port", "--data", "--headless", "--seed", "--rules", "--json"])
def test_its_options_are_those_of_the_design(name: str) -> None:
    assert name in {option for parameter in demo.demo.params for option in parameter.opts}
