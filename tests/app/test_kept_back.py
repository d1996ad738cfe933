"""Counts of ignores: each batch once, kept over a crash, begun anew when damaged, bounded."""

from pathlib import Path

import pytest

from muster.app import kept_back
from muster.app.kept_back import KeptBackCounts
from muster.detect.ignoring import KeptBack
from muster.detect.rule import RuleKey

A = KeptBack("backup", RuleKey("a.yml"), 2)
B = KeptBack("backup", RuleKey("b.yml"), 1)


def test_they_add_up_and_a_batch_that_is_matched_again_counts_once(tmp_path: Path) -> None:
    counts = KeptBackCounts(tmp_path / "ignores.json")
    counts.add("1", "real", "20261124T020000.000000Z", [A])
    counts.add("2", "real", "20261124T020100.000000Z", [A, B])
    again = KeptBackCounts(tmp_path / "ignores.json")
    again.add("2", "real", "20261124T020100.000000Z", [A, B])
    again.add("3", "drill:DRL-7Q4KM2", "20261124T020200.000000Z", [A])
    assert [(one.lane, one.rule, one.count) for one in again.counted] == [
        ("real", "a.yml", 4),
        ("real", "b.yml", 1),
        ("drill:DRL-7Q4KM2", "a.yml", 2),
    ]
    assert again.counted[0].last == "20261124T020100.000000Z"


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "ignores.json").write_text("{")
    counts = KeptBackCounts(tmp_path / "ignores.json")
    assert "begin anew" in counts.note
    counts.add("1", "real", "20261124T020000.000000Z", [A])
    assert KeptBackCounts(tmp_path / "ignores.json").note == ""


def test_they_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_back, "MOST", 1)
    counts = KeptBackCounts(tmp_path / "ignores.json")
    counts.add("1", "real", "20261124T020000.000000Z", [A, B])
    assert [one.rule for one in counts.counted] == ["b.yml"]
