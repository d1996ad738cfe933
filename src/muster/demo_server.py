"""The demo's own server and its plan: the example plan in a repository of its own, ended with the demo."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

from muster.cli_files import example
from muster.client import ServerAway
from muster.plan.example_dates import moved_to
from muster.store.plan_checkout import create_repository
from muster.store.plan_commits import Author

START_SECONDS = 20.0


def plan_of_shop(folder: Path, today: date, rules: Path | None) -> Path:
    """Writes the plan of the example company below the folder; rules: other Sigma rules instead of its own."""
    files = dict(moved_to(example(), today))
    if rules is not None:
        files = {path: data for path, data in files.items() if not path.startswith("rules/")}
        found = sorted(rules.rglob("*.y*ml")) if rules.is_dir() else [rules]
        files |= {f"rules/{path.name}": path.read_bytes() for path in found}
    place = folder / "plan"
    when = datetime.combine(today, time(), UTC) - timedelta(days=1)
    create_repository(
        place, files, Author("Claire Fontaine", "claire.fontaine@shop.example.invalid"), when, "The plan"
    )
    return place


@contextlib.contextmanager
def own_server(folder: Path, plan: Path, port: int) -> Generator[tuple[str, str]]:
    """A server of its own: its address and the link for the first administrator."""
    command = [sys.executable, "-m", "muster", "serve", "--json"]
    command += ["--data", str(folder), "--plan", str(plan), "--port", str(port)]
    with subprocess.Popen(  # noqa: S603 - no shell: this interpreter and our own module; paths are arguments of their own
        command, stdout=subprocess.PIPE, env=os.environ | {"PYTHONUNBUFFERED": "1"}
    ) as process:
        try:
            said = _first_line(process)
            yield said["serving"], said["first_link"]
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()


def _first_line(process: "subprocess.Popen[bytes]") -> dict[str, Any]:
    out: IO[bytes] | None = process.stdout
    line = b"" if out is None else out.readline()
    if not line:
        process.wait(timeout=START_SECONDS)
        raise ServerAway("The demo's server did not start; its message stands above.")
    found: dict[str, Any] = json.loads(line)
    return found
