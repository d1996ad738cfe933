"""Two servers on one data directory, or on one SQLite file, and two detectors: the second does not begin."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.crash.place import Place
from tests.crash.servers import Servers

MUSTER = Path(sys.executable).with_name("muster")


def second_serve(place: Place, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [MUSTER, "serve", "--port", "0", "--no-detector", *options],
        env=os.environ | {"MUSTER_STATE": str(place.state)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_a_second_server_on_one_data_directory_is_refused_in_one_line(place: Place, servers: Servers) -> None:
    place.founded()
    first = servers.serving(place)
    database = ["--database", place.database] if place.database else []
    second = second_serve(place, "--data", str(place.data), *database)
    assert (second.returncode, second.stdout) == (2, "")
    (line,) = second.stderr.splitlines()
    assert "Another server already uses this data directory." in line
    assert "--data" in line
    assert first.stops() == 0
    place.is_whole()


def test_a_second_server_on_one_sqlite_file_is_refused_too(tmp_path: Path, servers: Servers) -> None:
    place = Place(tmp_path)
    place.founded()
    servers.serving(place)
    file = f"sqlite:///{place.data / 'muster.sqlite'}"
    second = second_serve(place, "--data", str(tmp_path / "elsewhere"), "--database", file)
    assert (second.returncode, second.stdout) == (2, "")
    (line,) = second.stderr.splitlines()
    assert "already uses this" in line


def detector(place: Place) -> subprocess.Popen[str]:
    started = subprocess.Popen(
        [sys.executable, "-m", "muster.app.detector"],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    told = {"data": str(place.data), "server": "http://127.0.0.1:9", "token": "none", "keep_days": 1}
    assert started.stdin is not None
    started.stdin.write(json.dumps(told) + "\n")
    started.stdin.flush()
    return started


def test_of_two_detectors_the_second_ends_and_the_first_ends_with_its_parent(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.founded()
    one, other = detector(place), detector(place)
    try:
        while one.poll() is None and other.poll() is None:
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
        first, second = (one, other) if one.poll() is None else (other, one)
        assert second.returncode == 1
        assert second.stderr is not None
        assert "Another detector already uses this data directory." in second.stderr.read()
        assert first.poll() is None
        assert first.stdin is not None
        first.stdin.close()
        assert first.wait(timeout=10) == 0
    finally:
        for process in (one, other):
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stderr):
                if pipe is not None:
                    pipe.close()
