"""`muster clocks`, run as people run it: states, exits, the law behind each line, and one line for what is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest

from muster.cli_files import example
from tests.test_cli import run

Capture = pytest.CaptureFixture[str]
NOW = ("--now", "2026-11-25T00:00Z")
FACTS = """
zone: Europe/Berlin
scope: {gdpr-art-33: yes, nordwind-contract: yes}
facts:
  personal-data: yes
  risk-to-people: high
  confirmed:
  nordwind-data: yes
anchors:
  aware: 2026-11-24T02:10+01:00
"""


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    file = tmp_path / "facts.yaml"
    file.write_text(FACTS)
    return file


def answer(capsys: Capture, *arguments: str | Path, code: int = 0) -> dict[str, Any]:
    got, out, err = run(capsys, "clocks", *map(str, arguments), "--json")
    assert got == code, err
    return json.loads(out)


def states(found: dict[str, Any]) -> dict[str, str]:
    return {one["clock"]: one["state"] for one in found["clocks"]}


def test_what_runs_what_waits_and_for_what(capsys: Capture, facts: Path) -> None:
    found = answer(capsys, "--facts", facts, *NOW)
    assert states(found) == {
        "gdpr-art-33/notice": "running",
        "nordwind-contract/notice": "needs-facts",
        "nordwind-contract/closing": "needs-facts",
    }
    gdpr = found["clocks"][0]
    assert gdpr["due"] == "2026-11-27T01:10:00.000000Z"
    assert (gdpr["instrument"], gdpr["provision"]) == (
        "Regulation (EU) 2016/679 (GDPR)",
        "Article 33(1), (3) and (4)",
    )
    assert (gdpr["starts_with"], gdpr["recipients"]) == ("aware", ["data-protection-authority"])
    assert found["clocks"][1]["needs"] == [
        {"fact": "confirmed", "question": "Is it confirmed that this is an incident of ours?"}
    ]
    assert (found["next"], found["overdue"], found["unused"]) == ("gdpr-art-33/notice", [], [])


def test_a_table_for_people(capsys: Capture, facts: Path) -> None:
    code, out, err = run(capsys, "clocks", "--facts", str(facts), *NOW)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].split("  ")[0] == "running"
    assert "due 2026-11-27 01:10 UTC" in lines[0]
    assert "Article 33(1)" in lines[0]
    assert any("waits for confirmed: Is it confirmed" in line for line in lines)
    assert any("starts with aware: We have a reasonable degree of certainty" in line for line in lines)
    assert lines[-1] == "3 clocks, 0 overdue."


def test_something_overdue_is_1_and_filed_in_time_is_0(capsys: Capture, facts: Path) -> None:
    late = ("--now", "2026-11-27T01:11Z")
    assert answer(capsys, "--facts", facts, *late, code=1)["overdue"] == ["gdpr-art-33/notice"]
    code, out, _ = run(capsys, "clocks", "--facts", str(facts), *late)
    assert code == 1
    assert out.startswith("overdue ")
    facts.write_text(f"{FACTS}filed:\n  gdpr-art-33/notice: 2026-11-26T12:00Z\n")
    found = answer(capsys, "--facts", facts, *late)
    assert states(found)["gdpr-art-33/notice"] == "satisfied"


def test_a_clear_no_names_the_fact_and_nothing_else_is_a_no(capsys: Capture, facts: Path) -> None:
    facts.write_text(FACTS.replace("personal-data: yes", "personal-data: no"))
    _, out, _ = run(capsys, "clocks", "--facts", str(facts), *NOW)
    assert "not applicable" in out
    assert "personal-data is no" in out
    facts.write_text("")
    assert set(states(answer(capsys, "--facts", facts, *NOW)).values()) == {"scope-not-declared"}


def test_the_file_that_the_documentation_shows_works(capsys: Capture, facts: Path) -> None:
    page = (Path(__file__).parents[1] / "docs/clocks.md").read_text()
    facts.write_text(page.partition("```yaml\n")[2].partition("```")[0])
    found = answer(capsys, "--facts", facts, *NOW)
    assert states(found)["gdpr-art-33/notice"] == "running"
    assert found["unused"] == []


def test_without_a_number_of_hours_it_runs_with_no_deadline(
    capsys: Capture, facts: Path, tmp_path: Path
) -> None:
    row = example()["obligations/gdpr-art-33.yaml"].replace(b"    quantity: 72\n", b"")
    (tmp_path / "at-once.yaml").write_bytes(row.replace(b"unit: hours", b"unit: at-once"))
    facts.write_text(FACTS.replace("gdpr-art-33", "at-once"))
    found = answer(capsys, "--facts", facts, "--pack", tmp_path / "at-once.yaml", *NOW)
    assert (found["clocks"][0]["state"], found["clocks"][0]["due"]) == ("running", None)


def test_a_pack_is_a_file_a_folder_or_a_plan(capsys: Capture, facts: Path, tmp_path: Path) -> None:
    for name, data in example().items():
        (tmp_path / "plan" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "plan" / name).write_bytes(data)
    folder = tmp_path / "plan/obligations"
    whole = answer(capsys, "--facts", facts, *NOW)
    assert answer(capsys, "--facts", facts, "--pack", tmp_path / "plan", *NOW) == whole
    assert states(answer(capsys, "--facts", facts, "--pack", folder, *NOW)) == states(whole)
    one = answer(capsys, "--facts", facts, "--pack", folder / "gdpr-art-33.yaml", *NOW)
    assert states(one) == {"gdpr-art-33/notice": "running"}


def test_what_no_clock_takes_is_said_on_standard_error(capsys: Capture, facts: Path) -> None:
    facts.write_text(FACTS.replace("aware:", "awrae:"))
    code, out, err = run(capsys, "clocks", "--facts", str(facts), *NOW)
    assert code == 0
    assert "not started" in out
    assert "did you mean aware?" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        ("risk-to-people: high", "risk-to-people: hgih", "facts.yaml:6: facts.risk-to-people"),
        ("personal-data: yes", "personal-data: y", "facts.yaml:5: facts.personal-data"),
        ("aware: 2026-11-24T02:10+01:00", "aware: 2026-11-24T02:10", "facts.yaml:10: anchors.aware"),
        ("zone: Europe/Berlin", "zone: Europe/Berlin\nzone: UTC", "facts.yaml:3: The key"),
        ("facts:", "fcats:", "facts.yaml:4: fcats"),
        ("aware:", "\x1b[31m\u202e:", "facts.yaml"),
    ],
)
def test_a_wrong_file_is_one_line_and_2(capsys: Capture, facts: Path, was: str, now: str, words: str) -> None:
    facts.write_text(FACTS.replace(was, now))
    code, out, err = run(capsys, "clocks", "--facts", str(facts), *NOW)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err
    assert "\x1b" not in err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--facts", "/nowhere/facts.yaml"),
        (),
        ("--facts", "{facts}", "--now", "yesterday"),
        ("--facts", "{facts}", "--pack", "/nowhere/pack.yaml"),
        ("--facts", "{facts}", "--pack", "{facts}"),
        ("--facts", "{facts}", "--pack", "{empty}"),
    ],
)
def test_wrong_use_is_one_line_and_2(
    capsys: Capture, facts: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "empty").mkdir()
    given = [part.format(facts=facts, empty=tmp_path / "empty") for part in arguments]
    code, out, err = run(capsys, "clocks", *given)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("muster: ")
