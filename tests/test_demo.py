"""The demo tells the truth: it ends with a report and a record that verifies; nothing left; without its rules nothing is seen."""

import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from muster import demo
from muster.app.registry import KINDS
from muster.record.entry import Entry, read
from tests.app.numbered import numbered

# On two cores of its own it takes a third of the minute that it may take; here others work beside it.
MOST_CPU_SECONDS = 45
HEADLESS = """
import resource, sys
from muster.cli import main
try:
    main()
finally:
    used = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    print("CPU", sum(one.ru_utime + one.ru_stime for one in used), file=sys.stderr)
"""


def run(tmp_path: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    """Runs the demo headless, with its keys apart from everybody else's; the last line of its messages is its CPU time."""
    return subprocess.run(
        [sys.executable, "-c", HEADLESS, "demo", "--headless", "--data", str(tmp_path / "town"), *options],
        env=os.environ | {"MUSTER_STATE": str(tmp_path / "state")},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )


def verified(tmp_path: Path) -> "subprocess.CompletedProcess[str]":
    """Verifies the data directory that the demo left."""
    return subprocess.run(
        [sys.executable, "-m", "muster", "verify", str(tmp_path / "town")],
        env=os.environ | {"MUSTER_STATE": str(tmp_path / "state")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def record(tmp_path: Path) -> list[Entry]:
    """All entries of the demo, in the order of the feed."""
    query = (
        "SELECT e.header, b.body FROM leaves l JOIN entries e ON e.stream = l.stream AND e.seq = l.seq "
        "LEFT JOIN bodies b ON b.stream = l.stream AND b.seq = l.seq ORDER BY l.feed"
    )
    connection = sqlite3.connect(f"file:{tmp_path / 'town' / 'muster.sqlite'}?mode=ro", uri=True)
    try:
        return [read(header, body, KINDS) for header, body in connection.execute(query)]
    finally:
        connection.close()


@pytest.mark.timeout(400)
def test_the_demo_ends_with_a_report_and_a_record_that_verifies(tmp_path: Path) -> None:
    done = run(tmp_path, "--seed", "7", "--json")

    assert done.returncode == 0, done.stderr[-2000:]
    assert float(done.stderr.strip().splitlines()[-1].removeprefix("CPU ")) < MOST_CPU_SECONDS
    (line,) = done.stdout.strip().splitlines()
    told = json.loads(line)
    report = Path(told["report"])
    page = report.read_text("utf-8")
    assert report.parent == tmp_path / "town"
    assert told["incident"] in report.name
    assert "<svg" in page
    assert "<script" not in page
    assert "http" not in page.split("<style")[1].split("</style>")[0]
    checked = verified(tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "0 not yet sealed" in checked.stdout
    assert "The anchor of this host fits." in checked.stdout
    # All that happened is of the two drills, and nothing left them.
    entries = record(tmp_path)
    lanes = {entry.header.stream[:3]: set[str]() for entry in entries}
    for entry in entries:
        lanes[entry.header.stream[:3]].add(entry.header.lane)
    drills = {f"drill:{told['drill']}", f"drill:{told['second_drill']}"}
    assert lanes["SIG"] == lanes["DRL"] == drills
    assert lanes["INC"] == {f"drill:{told['drill']}"}
    effects = [one for one in entries if one.header.kind in ("effect.tried", "effect.done")]
    assert Counter(one.body.tree()["dry_run"] for one in effects if one.body) == {True: len(effects)}
    assert len(effects) > 40


@pytest.mark.timeout(300)
def test_without_rules_it_ends_with_1_and_says_that_no_signal_came(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()

    done = run(tmp_path, "--rules", str(rules))

    assert done.returncode == 1
    assert "No signal came" in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


@pytest.mark.soak
def test_one_seed_twice_gives_one_record_and_two_seeds_two_reports(tmp_path: Path) -> None:
    reports: list[str] = []
    records: list[dict[str, list[str]]] = []
    for name, seed in (("a", "5"), ("b", "5"), ("c", "6")):
        done = run(tmp_path / name, "--seed", seed)
        assert done.returncode == 0, done.stderr[-2000:]
        reports.append(Path(done.stdout.strip()).read_text("utf-8"))
        records.append(numbered(record(tmp_path / name)))
    assert records[0] == records[1]
    assert records[0] != records[2]
    assert reports[0] != reports[2]


def test_a_directory_that_is_not_empty_is_refused_in_one_line(tmp_path: Path) -> None:
    town = tmp_path / "town"
    town.mkdir()
    (town / "something").write_text("mine", "utf-8")

    done = run(tmp_path)

    assert done.returncode == 2
    assert "not empty" in done.stderr
    assert (town / "something").read_text("utf-8") == "mine"


def test_the_rule_of_the_lesson_is_where_it_looks_for_it() -> None:
    assert demo.LESSON.read_text("utf-8").startswith("title: ")


@pytest.mark.parametrize("name", ["--port", "--data", "--headless", "--seed", "--rules", "--json"])
def test_its_options_are_those_of_the_design(name: str) -> None:
    assert name in {option for parameter in demo.demo.params for option in parameter.opts}
