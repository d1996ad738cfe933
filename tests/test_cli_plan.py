"""`muster init` and `muster check`, run as people run them."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import muster.cli_plan
from muster.cli_plan import check, init
from muster.core.errors import BadInput, MusterError
from muster.store.plan_repository import PlanRepository
from tests.plan.test_blank import ANSWERS
from tests.store.test_plan_repository import git


def run(command: object, *arguments: str | Path, say: str = "") -> Result:
    return CliRunner().invoke(command, [str(one) for one in arguments], input=say, standalone_mode=False)  # pyright: ignore[reportArgumentType] -- one of the two commands


def refused(command: object, *arguments: str | Path) -> str:
    error = run(command, *arguments).exception
    assert isinstance(error, MusterError)
    line = error.line()
    assert "\n" not in line
    return line


@pytest.fixture
def place(tmp_path: Path) -> Path:
    assert run(init, tmp_path / "plan").return_value == 0
    return tmp_path / "plan"


def test_the_example_is_a_clean_repository_that_passes(place: Path) -> None:
    assert git(place, "status", "--porcelain") == ""
    assert git(place, "log", "--format=%s") == "Begin with the example plan\n"
    result = run(check, place)
    assert (result.return_value, result.stdout.splitlines()[-1]) == (0, "56 files: 3 notes.")
    assert result.stdout.splitlines()[-2].startswith("It can be approved. Hash of the files: ")
    assert "nobody real can be called" in result.stdout


def test_a_broken_line_is_named_and_exits_with_1(place: Path) -> None:
    roles = place / "roles.yaml"
    roles.write_text(roles.read_text().replace("deputies: [jonas-eklund]", "deputies: []"))
    result = run(check, place)
    assert result.return_value == 1
    assert result.stdout.splitlines()[1].startswith("roles.yaml:22: Nobody steps in for the role `deputy`.")
    assert result.stdout.splitlines()[-1] == "56 files: 1 problem, 3 notes."
    assert "It cannot be approved before its problems are mended." in result.stdout
    head = PlanRepository(place).head()
    assert run(check, place, "--commit", head).return_value == 0, "the commit is still sound"


def test_lists_of_indicators_are_read_and_what_is_left_out_is_named(place: Path) -> None:
    (place / "indicators").mkdir()
    (place / "indicators" / "feed.csv").write_text("evil.example.com\n=x\n")
    result = run(check, place)
    assert "indicators/feed.csv:2: note: An entry is left out (a formula): `=x`." in result.stdout
    assert "Indicators: 1 in 1 lists (domain 1); 1 entries left out." in result.stdout
    found = json.loads(run(check, place, "--json").stdout)
    assert (found["ok"], found["indicators"]) == (True, {"lists": 1, "loaded": 1, "left_out": 1})


def test_json_is_one_document(place: Path) -> None:
    found = json.loads(run(check, place, "--json").stdout)
    assert (found["ok"], len(found["plan"])) == (True, 64)
    assert {"file": "people.yaml", "line": 3, "rule": "nobody-real", "weight": "note"}.items() <= found[
        "findings"
    ][0].items()
    made = json.loads(run(init, place.parent / "other", "--json").stdout)
    assert (len(made["commit"]), made["files"]) == (40, 56)


def test_a_test_beside_a_rule_that_fails_is_named_and_exits_with_1(place: Path) -> None:
    rule = place / "rules/shell_started_over_wmi.yml"
    rule.write_text(rule.read_text().replace("WmiPrvSE.exe", "Other.exe"))
    result = run(check, place)
    assert result.return_value == 1
    assert (
        "rules/shell_started_over_wmi.test.yaml:2: hole: The rule `Shell Started by the WMI" in result.stdout
    )
    assert json.loads(run(check, place, "--json").stdout)["rules"]["failed"] == 1


def test_a_bare_repository_is_read_from_git(place: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(place), "bare.git")
    assert run(check, tmp_path / "bare.git").return_value == 0


def test_a_plan_of_ones_own_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "answers.yaml").write_text(ANSWERS)
    result = run(init, tmp_path / "own", "--blank", "--from", tmp_path / "answers.yaml")
    assert result.return_value == 0
    assert git(tmp_path / "own", "log", "--format=%s") == "Begin the plan of Fjord Books\n"
    found = run(check, tmp_path / "own")
    assert found.return_value == 1
    assert "It can be approved with its holes" in found.stdout
    assert found.stdout.splitlines()[-1] == "49 files: 4 notes, 14 holes."


def test_without_a_terminal_nobody_is_asked(tmp_path: Path) -> None:
    assert "--from FILE" in refused(init, tmp_path / "own", "--blank")
    assert not (tmp_path / "own").exists()


def test_questions_make_the_same_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(muster.cli_plan, "_in_a_terminal", lambda: True)
    said = [
        "Fjord Books", "fjord.test",
        "Zoë Lund", "Engineer", "+47 555 0101", "zoe@fjord.test", "", "Bo Dahl", "", "+47 555 0102", "bo@fjord.test", "",
        "", "Web shop", "Bo Dahl", "y", "Databse", "Database", "Zoë Lund", "", "", "Wiki", "Bo Dahl", "n", "", "", "Database",
        "https://meet.fjord.test/incident", 'Signal group "paper"',
    ]  # fmt: skip
    asked = run(init, tmp_path / "asked", "--blank", say="\n".join(said) + "\n")
    assert asked.return_value == 0, asked.output
    assert "Databse is none of: Database, Web shop, Wiki." in asked.output, "a slip costs one answer, not all"
    (tmp_path / "answers.yaml").write_text(ANSWERS)
    run(init, tmp_path / "given", "--from", tmp_path / "answers.yaml")
    with PlanRepository(tmp_path / "asked") as one, PlanRepository(tmp_path / "given") as other:
        assert one.tree(one.head()) == other.tree(other.head())


def test_a_folder_that_is_not_empty_is_left_alone(place: Path) -> None:
    before = sorted(place.rglob("*"))
    assert "not empty" in refused(init, place)
    assert "not empty" in refused(init, place / "policy.md")
    assert sorted(place.rglob("*")) == before


def test_what_cannot_be_read_is_one_line(place: Path, tmp_path: Path) -> None:
    assert "no such folder" in refused(check, tmp_path / "lost")
    (tmp_path / "empty").mkdir()
    assert "muster init" in refused(check, tmp_path / "empty")
    assert "no git repository" in refused(check, tmp_path / "empty", "--commit", "0" * 40)
    assert refused(check, place, "--commit", "HEAD~1")
    assert refused(init, tmp_path / "own", "--from", tmp_path / "lost.yaml")


def test_a_hostile_folder_is_not_followed(place: Path) -> None:
    (place / "services/evil.yaml").symlink_to("/etc/passwd")
    assert refused(check, place).startswith("services/evil.yaml: This is no plain file.")
    (place / "services/evil.yaml").unlink()
    os.mkfifo(place / "services/evil.yaml")
    assert "no plain file" in refused(check, place)
    (place / "services/evil.yaml").unlink()
    (place / "services/evil.yaml").write_bytes(b"a" * 300_000)
    assert "larger than 256 kB" in refused(check, place)
    (place / "services/evil.yaml").unlink()
    (place / "services/\x1b[31mevil.yaml").write_bytes(b"")
    assert "\x1b" not in refused(check, place)


def test_five_hundred_services_are_checked(place: Path) -> None:
    for number in range(500):
        needs = f"depends_on: {{s{number - 1}: All of it}}\n" if number else ""
        (place / f"services/s{number}.yaml").write_text(
            f"name: S{number}\nabout: One of many\nowner: robin-vale\ncriticality: ordinary\n{needs}"
        )
    result = run(check, place)
    assert (result.return_value, result.exception) == (0, None)
    assert result.stdout.splitlines()[-1] == "556 files: 3 notes."


def test_an_unwritable_place_is_said() -> None:
    with pytest.raises(BadInput):
        raise_from(run(init, Path("/proc/plan")))


def raise_from(result: Result) -> None:
    assert result.exception is not None
    raise result.exception
