"""`muster hunt` on files alone: hits as lines, progress on standard error, and a process that is killed goes on."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from muster.cli import main
from muster.cli_hunt import hunt
from muster.store.archive import Archive
from tests.detect.stored import packed

RULE = """
title: Planted
id: 22222222-2222-2222-2222-222222222222
level: high
author: Ann
logsource: {category: any}
detection:
  keywords: [needle]
  condition: keywords
"""


def store(folder: Path, hours: int, events: int) -> Path:
    archive = Archive(str(folder / "archive"))
    for hour in range(hours):
        some = [{"host": f"h{at % 7}", "line": f"hay {hour} {at}"} for at in range(events)]
        if hour % 10 == 3:
            some[-1]["line"] = "a needle in it"
        archive.put(
            packed(
                some,
                sha256=f"{hour:02}" * 32,
                arrived=f"202611{hour // 24 + 1:02}T{hour % 24:02}1000.000000Z",
            )
        )
    (folder / "rule.yml").write_text(RULE)
    return folder / "archive"


def run(*arguments: str) -> tuple[int, list[dict[str, object]], str]:
    made = CliRunner().invoke(hunt, list(arguments), catch_exceptions=False)
    return made.exit_code, [json.loads(line) for line in made.stdout.splitlines()], made.stderr


def test_hits_are_lines_and_the_count_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_STATE", str(tmp_path / "state"))
    place = store(tmp_path, 5, 50)
    code, hits, said = run("--rules", str(tmp_path / "rule.yml"), "--store", str(place), "--json")
    assert code == 0
    assert hits == [
        {"rule": "22222222-2222-2222-2222-222222222222", "title": "Planted", "level": "high", "author": "Ann",
         "lane": "real", "batch": "03" * 32, "events": [49]}
    ]  # fmt: skip
    assert "250 events hunted through, 1 hits" in said
    assert not list((tmp_path / "state" / "hunts").iterdir())


def test_a_range_of_hours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_STATE", str(tmp_path / "state"))
    rules, place = str(tmp_path / "rule.yml"), str(store(tmp_path, 15, 5))
    _, hits, _ = run("--rules", rules, "--store", place, "--json", "--since", "2026-11-01T04")
    assert [hit["batch"] for hit in hits] == ["13" * 32]
    _, hits, _ = run("--rules", rules, "--store", place, "--json", "--until", "2026-11-01T10:30:00+02:00")
    assert [hit["batch"] for hit in hits] == ["03" * 32]


@pytest.mark.parametrize(
    ("more", "words"),
    [(["--since", "yesterday"], "This is no time"), (["--store", "/none"], "There is no such folder"),
     (["--store", "nowhere://x"], "cannot be opened")],
)  # fmt: skip
def test_wrong_use_is_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    more: list[str],
    words: str,
) -> None:
    monkeypatch.setenv("MUSTER_STATE", str(tmp_path / "state"))
    place = store(tmp_path, 1, 1)
    with pytest.raises(SystemExit) as ended:
        main(["hunt", "--rules", str(tmp_path / "rule.yml"), "--store", str(place), "--json", *more])
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


def test_a_hunt_that_is_killed_goes_on_and_finds_each_planted_event_once(tmp_path: Path) -> None:
    place = store(tmp_path, 30, 300)
    command = [
        sys.executable,
        "-m",
        "muster",
        "hunt",
        "--rules",
        str(tmp_path / "rule.yml"),
        "--store",
        str(place),
        "--json",
    ]
    environment = {**os.environ, "MUSTER_STATE": str(tmp_path / "state")}
    first = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    hunts = tmp_path / "state" / "hunts"
    until = time.monotonic() + 30
    while time.monotonic() < until and not any(file.stat().st_size for file in hunts.glob("*")):
        time.sleep(0.002)
    os.kill(first.pid, signal.SIGKILL)
    printed, _ = first.communicate()
    (left,) = hunts.iterdir() if printed == b"" else [None]
    again = subprocess.run(command, env=environment, capture_output=True, check=True)
    found = [json.loads(line) for line in again.stdout.splitlines()]
    assert [(one["batch"], one["events"]) for one in found] == [
        (f"{hour:02}" * 32, [299]) for hour in (3, 13, 23)
    ]
    assert left is None or b"going on with a hunt" in again.stderr
