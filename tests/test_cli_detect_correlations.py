"""`muster detect` with correlations, filters and pipelines in files, run as people run it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from muster.cli_detect import detect
from muster.core.errors import BadInput

FAILED = {
    "title": "Sign-in failed", "name": "failed", "logsource": {"category": "test"},
    "detection": {"sel": {"outcome": "failed"}, "condition": "sel"},
}  # fmt: skip
MANY = {
    "title": "Many failed", "level": "high", "author": "Ann",
    "correlation": {
        "type": "event_count", "rules": ["failed"], "group-by": ["user"], "timespan": "5m", "condition": {"gte": 3},
    },
}  # fmt: skip
NO_TESTERS = {
    "title": "No testers", "logsource": {"category": "test"},
    "filter": {"rules": ["failed"], "sel": {"user|startswith": "test"}, "condition": "not sel"},
}  # fmt: skip


def event(second: int, user: str = "root", **more: object) -> dict[str, object]:
    return {
        "time": f"2026-11-24 02:{second // 60:02}:{second % 60:02}",
        "user": user,
        "outcome": "failed",
        **more,
    }


@pytest.fixture
def yard(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    write_rules(tmp_path, FAILED, MANY, NO_TESTERS)
    tester = [event(second, "tester") for second in range(9)]
    write_events(tmp_path / "b.jsonl", [event(20), event(10, "eve"), *tester])
    write_events(tmp_path / "a.jsonl", [event(200), {"x": 1}, event(100), event(11, "eve")])
    return tmp_path


def write_rules(yard: Path, *documents: dict[str, Any]) -> None:
    (yard / "rules" / "all.yml").write_text(yaml.safe_dump_all(documents, sort_keys=False))


def write_events(file: Path, items: Sequence[dict[str, object]]) -> None:
    file.write_text("".join(json.dumps(one) + "\n" for one in items))


def run(yard: Path, *more: str | Path) -> Result:
    events = [str(yard / "a.jsonl"), str(yard / "b.jsonl")]
    return CliRunner().invoke(
        detect, ["--rules", str(yard / "rules"), "--events", *events, *map(str, more)], catch_exceptions=True
    )


def test_a_hit_of_a_correlation_is_a_line_with_the_events_of_its_window(yard: Path) -> None:
    result = run(yard, "--stats")
    (line,) = result.stdout.splitlines()
    a, b = str(yard / "a.jsonl"), str(yard / "b.jsonl")
    assert json.loads(line) == {
        "rule": str(yard / "rules" / "all.yml") + "#2",
        "title": "Many failed",
        "level": "high",
        "author": "Ann",
        "time": "2026-11-24T02:03:20Z",
        "group": {"user": "root"},
        "events": [
            {"source": b, "member": None, "event": 0},
            {"source": a, "member": None, "event": 2},
            {"source": a, "member": None, "event": 0},
        ],
    }
    stats = json.loads(result.stderr.splitlines()[-1])
    assert (stats["rules"]["loaded"], stats["rules"]["not_loaded"], stats["rules"]["correlations"]) == (
        2,
        0,
        1,
    )
    assert (stats["correlation_hits"], stats["hits"]) == (1, 0)


def test_generate_gives_the_rules_own_hits_too(yard: Path) -> None:
    loud = {**MANY, "correlation": {**MANY["correlation"], "generate": True}}
    write_rules(yard, FAILED, loud)
    titles = [json.loads(line)["title"] for line in run(yard).stdout.splitlines()]
    assert titles == ["Sign-in failed", "Many failed", "Many failed"]


def test_what_is_not_correlated_is_said(yard: Path) -> None:
    write_events(yard / "a.jsonl", [{"user": "root", "outcome": "failed"}])
    write_rules(yard, FAILED, MANY, {**MANY, "correlation": {**MANY["correlation"], "rules": ["gone"]}})
    result = run(yard, "--strict", "--stats")
    assert result.exit_code == 3
    said, stats = result.stderr.splitlines()
    assert "1 events not correlated, since they say no time" in said
    assert "1 of 3 rules not loaded (correlation 1)" in said
    assert json.loads(stats)["rules"]["list"][0]["why"] == "it refers to gone, which is not there"


def test_a_pipeline_by_name_and_files_after_it(yard: Path) -> None:
    rule = {
        "title": "T", "logsource": {"product": "windows", "category": "process_creation"},
        "detection": {"sel": {"user|expand": "%admins%"}, "condition": "sel"},
    }  # fmt: skip
    write_rules(yard, rule)
    (yard / "vars.yml").write_text("vars: {admins: [root]}\n")
    (yard / "names.yml").write_text(
        "transformations:\n- {id: a, type: field_name_mapping, mapping: {user: User}}\n"
    )
    sysmon = {"Channel": "Microsoft-Windows-Sysmon/Operational", "EventID": 1}
    write_events(
        yard / "a.jsonl", [event(0), event(1, **sysmon), {"User": "root", **sysmon}, {"User": "root"}]
    )

    def rows(*more: str | Path) -> list[int]:
        lines = run(yard, *more).stdout.splitlines()
        places = json.loads(lines[0])["events"] if lines else []
        return [one["event"] for one in places if one["source"].endswith("a.jsonl")]

    files = ["--pipeline", yard / "vars.yml", "--pipeline", yard / "names.yml"]
    assert rows("--pipeline", "sysmon", *files[:2]) == [1]
    assert rows("--pipeline", "sysmon", *files) == [2]
    assert rows(*files) == [2, 3]
    assert rows("--pipeline", yard / "names.yml", "--pipeline", "none") == []
    two = run(yard, "--pipeline", "sysmon", "--pipeline", "windows")
    assert isinstance(two.exception, BadInput)
