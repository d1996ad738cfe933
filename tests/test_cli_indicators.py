"""`muster detect --indicators`, run as people run it: hits beside those of rules, and what was left out of a list."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from muster import cli_indicators
from muster.cli_detect import detect
from muster.core.errors import BadInput
from tests.detect.yard import on

EVENTS = [
    {"QueryName": "www.Evil.example", "UtcTime": "2026-11-01 00:00:00"},
    {"QueryName": "notevil.example"},
    {"DestinationIp": "192.0.2.9", "F": "bad"},
    {"QueryName": "good.example"},
]


@pytest.fixture
def yard(tmp_path: Path) -> Path:
    (tmp_path / "events.jsonl").write_text("\n".join(map(json.dumps, EVENTS)))
    (tmp_path / "list.csv").write_text("evil[.]example\n192.0.2.0/24\n=bad\ngood.example\n")
    (tmp_path / "known.json").write_text(
        json.dumps({"name": "Known", "type": "hostname", "list": ["good.example"]})
    )
    (tmp_path / "rule.yml").write_bytes(on({"F": "bad"}, title="Bad thing"))
    return tmp_path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(detect, [str(one) for one in arguments])


def lines(result: Result) -> dict[str, Any]:
    return {one["rule"]: one for one in map(json.loads, result.stdout.splitlines())}


def test_indicators_are_found_without_any_rule_and_what_is_left_out_is_said(yard: Path) -> None:
    result = run(
        "--indicators", yard / "list.csv", yard / "known.json", "--events", yard / "events.jsonl", "--stats"
    )
    found = lines(result)
    assert set(found) == {"indicator:domain:evil.example", "indicator:network:192.0.2.0/24"}
    evil = found["indicator:domain:evil.example"]
    assert [one["event"] for one in evil["events"]] == [0]
    assert evil["time"] == "2026-11-01 00:00:00"
    assert evil["indicator"]["seen"] == "www.Evil.example"
    assert "evil[.]example" in evil["title"]
    said, stats = result.stderr.strip().splitlines()
    assert "1 of 4 entries of indicators left out (a formula 1)" in said
    told = json.loads(stats)["indicators"]
    assert (told["loaded"], told["found"], told["hits"]) == (3, 2, 2)
    assert told["found_but_not_reported"] == {"on a warning list": 1}
    assert told["list"][0]["where"] == "line 3"


def test_indicators_stand_beside_rules(yard: Path) -> None:
    result = run(
        "--rules", yard / "rule.yml", "--indicators", yard / "list.csv", "--events", yard / "events.jsonl"
    )
    found = lines(result)
    assert len(found) == 4
    assert {one["title"] for one in found.values()} >= {"Bad thing"}


def test_a_feed_of_misp_is_a_folder(yard: Path) -> None:
    (yard / "feed").mkdir()
    (yard / "feed" / "manifest.json").write_text('{"one": {}}')
    attribute = {"type": "domain", "value": "evil.example", "to_ids": True}
    (yard / "feed" / "one.json").write_text(json.dumps({"Event": {"Attribute": [attribute]}}))
    assert list(lines(run("--indicators", yard / "feed", "--events", yard / "events.jsonl"))) == [
        "indicator:domain:evil.example"
    ]


def test_bad_use_is_one_clear_line(yard: Path) -> None:
    nothing = run("--events", yard / "events.jsonl")
    assert (nothing.exit_code, "nothing to look for" in nothing.stderr) == (2, True)
    (yard / "none.csv").write_text("=1\n")
    (yard / "stranger.json").write_text('{"a": 1}')
    for arguments, said in (
        (
            ("--indicators", yard / "none.csv", "--events", yard / "events.jsonl"),
            "No indicator could be read",
        ),
        (("--indicators", yard / "gone.csv", "--events", yard / "events.jsonl"), "No such file"),
        (
            ("--indicators", yard / "stranger.json", "--events", yard / "events.jsonl"),
            "no list of indicators",
        ),
    ):
        result = run(*arguments)
        assert isinstance(result.exception, BadInput)
        assert said in str(result.exception)


def test_what_is_left_out_is_counted_whole_and_named_up_to_a_bound(
    yard: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli_indicators, "LISTED", 2)
    (yard / "long.csv").write_text("evil.example\n" + "=1\n" * 5)
    loaded = cli_indicators.load((str(yard / "long.csv"),))
    assert (loaded.count, loaded.left, len(loaded.listed)) == (1, 5, 2)
