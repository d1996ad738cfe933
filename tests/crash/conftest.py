"""Servers for the tests of crashes, and their counts at the end of a run."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.place import Place
from tests.crash.servers import Program, Servers
from tests.crash.small_disk import SIZE, Disk, mount

COUNTS = "counts"


@pytest.fixture(scope="session")
def program() -> Iterator[Program]:
    found = Program()
    yield found
    found.ends()


@pytest.fixture
def servers(program: Program, tmp_path: Path) -> Iterator[Servers]:
    with Servers(program, tmp_path / "servers.log") as found:
        yield found


@pytest.fixture
def place(tmp_path: Path, database_url: str) -> Place:
    """A new place, on either database; on SQLite the file lies where a server puts it by itself."""
    return Place(tmp_path, None if database_url.startswith("sqlite") else database_url)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "data"
    folder.mkdir()
    try:
        mounted = mount("-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder))
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("a small disk cannot be mounted here")
    yield Disk(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    say_counts(terminalreporter, "tests/crash/")


def say_counts(reporter: pytest.TerminalReporter, folder: str) -> None:
    """What the tests of a folder counted, a line each."""
    for report in reporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == COUNTS and report.nodeid.startswith(folder):
                reporter.write_line(f"{report.nodeid.removeprefix(folder)}: {value}")
