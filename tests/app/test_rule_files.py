"""Rule files: found below folders, sent with a version that changes when any of them does."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from muster.app import rule_files
from muster.app.plan_versions import version_of
from muster.app.rule_files import RuleFiles
from muster.app.world import Snapshot, World
from muster.core.errors import BadInput
from muster.record.context import PlanCommits
from tests.plan.shop_plan import example


def test_files_of_folders_and_single_ones(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("a.yml", "deep/b.yaml", "deep/notes.txt"):
        (tmp_path / name).write_text(f"title: {name}\n")
    single = tmp_path / "single"
    single.write_text("title: single\n")
    read = RuleFiles((tmp_path / "deep", single, tmp_path / "missing")).read()
    assert {Path(path).name for path in read.files} == {"b.yaml", "single"}
    assert len(RuleFiles((tmp_path,)).read().files) == 2


def test_the_version_changes_with_any_file(tmp_path: Path) -> None:
    rules, file = RuleFiles((tmp_path,)), tmp_path / "a.yml"
    seen = [rules.version()]
    file.write_text("title: A\n")
    seen.append(rules.version())
    os.utime(file, ns=(1, 1))
    seen.append(rules.version())
    file.rename(tmp_path / "b.yml")
    seen.append(rules.version())
    assert len(set(seen)) == 4
    assert rules.version() == rules.read().version == seen[-1]


def test_the_rules_of_the_plan_in_force_are_read_too_and_change_with_it(tmp_path: Path) -> None:
    def in_force(commit: str, **files: str) -> World:
        tree = {path.replace("__", "/") + ".yml": text.encode() for path, text in files.items()}
        version = version_of(commit, tree)
        return cast("World", SimpleNamespace(now=lambda: Snapshot(PlanCommits(commit, commit), version)))

    (tmp_path / "a.yml").write_text("title: A\n")
    first = RuleFiles((tmp_path,), in_force("c1", rules__door="title: Door\n", people="people: {}\n"))
    assert first.read().files == {
        "plan/rules/door.yml": "title: Door\n",
        str(tmp_path / "a.yml"): "title: A\n",
    }
    assert first.version() != RuleFiles((tmp_path,), in_force("c2", rules__door="title: Door\n")).version()


def test_tests_beside_rules_are_not_sent(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("title: A\n")
    (tmp_path / "a.test.yaml").write_text("must_match: []\n")
    assert [Path(path).name for path in RuleFiles((tmp_path,)).read().files] == ["a.yml"]


def test_ignores_and_hosts_of_the_plan_come_with_its_rules() -> None:
    ignore = b"rule: rules/a.yml\nreason: r\nowner: mika-sandoval\nexpires: 2026-12-01\n"
    version = version_of("c1", {**example(), "ignores/backup.yaml": ignore})
    world = cast("World", SimpleNamespace(now=lambda: Snapshot(PlanCommits("c1", "c1"), version)))
    read = RuleFiles((), world).read()
    assert list(read.ignores) == ["backup"]
    assert "customer_portal_hosts" in read.files["plan/services.pipeline.yml"]


def test_lists_of_indicators_come_with_the_rules_and_change_the_version(tmp_path: Path) -> None:
    version = version_of("c1", {"indicators/feed.csv": b"evil.example.com\n", "indicators/README.md": b"x"})
    world = cast("World", SimpleNamespace(now=lambda: Snapshot(PlanCommits("c1", "c1"), version)))
    rules = RuleFiles((tmp_path,), world)
    before = rules.version()
    (tmp_path / "indicators").mkdir()
    (tmp_path / "indicators" / "own.warninglist.json").write_text("{}")
    (tmp_path / "beside.csv").write_text("evil.example.org\n")
    read = rules.read()
    assert {Path(path).name: text for path, text in read.indicators.items()} == {
        "feed.csv": "evil.example.com\n",
        "own.warninglist.json": "{}",
    }
    assert "plan/indicators/feed.csv" in read.indicators
    assert (read.files, read.version == before) == ({}, False)


def test_while_the_plan_in_force_cannot_be_read_the_last_rules_go_on() -> None:
    version = version_of("c1", {"rules/a.yml": b"title: A\n"})
    told = [
        Snapshot(PlanCommits("c1", "c1"), version),
        Snapshot(PlanCommits("c2", "c2"), None, problem="Torn."),
    ]
    rules = RuleFiles((), cast("World", SimpleNamespace(now=lambda: told[0])))
    before = rules.read()
    told.pop(0)
    assert rules.read() == before


def test_a_file_of_another_encoding_reaches_the_compiler(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"title: \xff\n")
    assert list(RuleFiles((tmp_path,)).read().files.values()) == ["title: \ufffd\n"]


def test_too_many_or_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.yml", "b.yml"):
        (tmp_path / name).write_text("title: A\n")
    monkeypatch.setattr(rule_files, "MOST_FILES", 1)
    with pytest.raises(BadInput, match="too many"):
        RuleFiles((tmp_path,)).read()
    monkeypatch.setattr(rule_files, "MOST_FILES", 10)
    monkeypatch.setattr(rule_files, "MOST_BYTES", 10)
    with pytest.raises(BadInput, match="too many"):
        RuleFiles((tmp_path,)).read()


def test_a_file_that_goes_away_meanwhile_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.yml"
    file.write_text("title: A\n")
    rules = RuleFiles((tmp_path,))
    listed = RuleFiles._files

    def gone(self: RuleFiles) -> list[Path]:
        found = listed(self)
        file.unlink(missing_ok=True)
        return found

    monkeypatch.setattr(RuleFiles, "_files", gone)
    assert rules.version()


def test_an_unreadable_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.yml"
    file.write_text("title: A\n")

    def refused(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(BadInput) as error:
        RuleFiles((tmp_path,)).read()
    assert str(file) in error.value.where
