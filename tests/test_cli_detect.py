"""`muster detect`, run as people run it: hits, counts, exit codes, and never a traceback."""

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from muster.cli_detect import detect
from muster.core.errors import BadInput
from tests.detect.yard import on

RULE = on(
    {"F|contains": "bad"},
    title="Bad thing",
    level="high",
    author="Ann",
    id="5f1abf38-9ad0-4ac1-8c5d-1f5c0a0a4f11",
)
GOOD, BAD = (
    b'{"F":"good","UtcTime":"2026-11-24 01:00:00"}\n',
    b'{"F":"bad","UtcTime":"2026-11-24 02:10:00"}\n',
)


@pytest.fixture
def yard(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "bad.yml").write_bytes(RULE)
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "a.jsonl").write_bytes(GOOD + BAD + BAD)
    (tmp_path / "events" / "b.jsonl.gz").write_bytes(gzip.compress(BAD))
    return tmp_path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(detect, [str(argument) for argument in arguments])


def refused(*arguments: str | Path) -> BadInput:
    result = run(*arguments)
    assert isinstance(result.exception, BadInput), result.output
    assert result.stdout == ""
    return result.exception


def test_hits_are_json_lines(yard: Path) -> None:
    result = run("--rules", yard / "rules", "--events", yard / "events")
    assert (result.exit_code, result.stderr) == (0, "")
    (line,) = result.stdout.splitlines()
    a, b = str(yard / "events" / "a.jsonl"), str(yard / "events" / "b.jsonl.gz")
    assert json.loads(line) == {
        "rule": "5f1abf38-9ad0-4ac1-8c5d-1f5c0a0a4f11",
        "title": "Bad thing",
        "level": "high",
        "author": "Ann",
        "time": "2026-11-24 02:10:00",
        "events": [
            {"source": a, "member": None, "event": 1},
            {"source": a, "member": None, "event": 2},
            {"source": b, "member": None, "event": 0},
        ],
    }


def test_options_take_several_paths(yard: Path) -> None:
    a, b = yard / "events" / "a.jsonl", yard / "events" / "b.jsonl.gz"
    more = yard / "more.yml"
    more.write_bytes(on({"F": "good"}, title="Good"))
    together = run("--rules", yard / "rules", more, "--events", a, b, "--json")
    apart = run("--events", a, "--rules", yard / "rules", "--rules", more, "--events", b)
    assert together.exit_code == apart.exit_code == 0
    assert together.stdout == apart.stdout
    assert [json.loads(line)["title"] for line in together.stdout.splitlines()] == ["Bad thing", "Good"]
    assert json.loads(together.stdout.splitlines()[1])["rule"] == str(more)


def test_many_hits_of_one_rule_are_one_line(yard: Path) -> None:
    (yard / "many.jsonl").write_bytes(BAD * 12_345)
    (line,) = run("--rules", yard / "rules", "--events", yard / "many.jsonl").stdout.splitlines()
    assert [place["event"] for place in json.loads(line)["events"]] == list(range(12_345))


def test_what_is_missing_is_said_in_one_line_and_strict_ends_with_3(yard: Path) -> None:
    (yard / "events" / "c.jsonl").write_bytes(b"\x1b[31mnonsense\n" + BAD + b'{"a":1,"a":2}\n')
    (yard / "events" / "d.json.gz").write_bytes(gzip.compress(BAD * 100)[:-20])
    (yard / "rules" / "hour.yml").write_bytes(on({"F|hours": 3}))
    result = run("--rules", yard / "rules", "--events", yard / "events")
    assert result.exit_code == 0
    (line,) = result.stderr.splitlines()
    assert re.search(r"2 of [0-9]+ events unreadable \(first: ", line)
    assert "c.jsonl, event 0: not JSON)" in line
    assert "1 of 2 rules not loaded (modifier 1)" in line
    assert "1 files not read, or not to their end" in line
    assert "d.json.gz" in line
    strict = run("--rules", yard / "rules", "--events", yard / "events", "--strict")
    assert (strict.exit_code, strict.stdout) == (3, result.stdout)
    clean = run("--rules", yard / "rules" / "bad.yml", "--events", yard / "events" / "a.jsonl", "--strict")
    assert clean.exit_code == 0


def test_stats_are_one_object_on_standard_error(yard: Path) -> None:
    (yard / "rules" / "hour.yml").write_bytes(on({"F|hours": 3}, title="Late"))
    (yard / "events" / "c.jsonl").write_bytes(b"nonsense\n")
    result = run("--rules", yard / "rules", "--events", yard / "events", "--stats")
    stats = json.loads(result.stderr.splitlines()[-1])
    assert (stats["events"], stats["unreadable"], stats["hits"], stats["rules_hit"]) == (4, 1, 3, 1)
    assert stats["unreadable_reasons"] == {"not JSON": 1}
    assert (stats["rules"]["loaded"], stats["rules"]["not_loaded"]) == (1, 1)
    assert stats["rules"]["reasons"] == {"modifier": 1}
    assert stats["rules"]["list"][0]["title"] == "Late"
    assert stats["errors"] == []
    assert set(stats["cpu_seconds"]) >= {"compile", "read events", "match"}


def test_pipelines(yard: Path) -> None:
    (yard / "rules" / "bad.yml").write_bytes(
        on({"F": "bad"}, source={"product": "windows", "category": "process_creation"})
    )
    (yard / "own.yml").write_bytes(b"name: p\ntransformations: []\n")
    common = ("--rules", yard / "rules", "--events", yard / "events")
    assert run(*common).stdout == ""
    assert run(*common, "--pipeline", "none").stdout
    assert run(*common, "--pipeline", yard / "own.yml").stdout
    assert "sysmon-windows" in refused(*common, "--pipeline", "nothing").line()
    (yard / "own.yml").write_bytes(b"[")
    assert "pipeline" in refused(*common, "--pipeline", yard / "own.yml").line()


def test_a_json_array_is_read_and_no_event_is_no_error(yard: Path) -> None:
    (yard / "array.json").write_bytes(b"[" + BAD + b"," + GOOD + b"]")
    assert (
        json.loads(run("--rules", yard / "rules", "--events", yard / "array.json").stdout)["events"][0][
            "event"
        ]
        == 0
    )
    (yard / "empty.jsonl").write_bytes(b"")
    empty = run("--rules", yard / "rules", "--events", yard / "empty.jsonl")
    assert (empty.exit_code, empty.output) == (0, "")


def test_nothing_readable_is_wrong_use(yard: Path) -> None:
    (yard / "none").mkdir()
    (yard / "junk.jsonl").write_bytes(b"\x00\x01\nnonsense\n")
    (yard / "junk.tar.gz").write_bytes(b"nonsense")
    (yard / "junk.yml").write_bytes(b"title: [")
    rules, events = yard / "rules", yard / "events"
    for arguments, part in (
        ((yard / "absent", events), "No such file"),
        ((rules, yard / "absent"), "No such file"),
        ((yard / "none", events), "no rule file"),
        ((yard / "junk.yml", events), "None of 1 rules"),
        ((yard / "junk.tar.gz", events), "No rule could be read"),
        ((rules, yard / "none"), "no file of events"),
        ((rules, yard / "junk.jsonl"), "event 0: not JSON"),
        ((rules, yard / "junk.tar.gz"), "No event could be read"),
    ):
        assert part in refused("--rules", arguments[0], "--events", arguments[1]).line()


@pytest.mark.parametrize(
    "arguments", [[], ["--rules", "x"], ["--events", "x"], ["--nonsense"], ["--rules"], ["stray"]]
)
def test_wrong_use_is_exit_2(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "code"), [(["--rules", "/none", "--events", "/none"], 2), (["--rules"], 2), (["--help"], 0)]
)
def test_as_a_process_it_ends_with_one_line_and_never_a_traceback(arguments: list[str], code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "muster", "detect", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == (1 if code else 0)


def test_help_imports_nothing_heavy() -> None:
    script = "import sys, muster.cli_detect; print([m for m in ('sigma', 'pyarrow', 'hyperscan', 'orjson') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
