"""A new repository uses no template, no hook and no setting of the user."""

from pathlib import Path

import pytest

from muster.store.plan_checkout import create_repository
from tests.store.test_plan_repository import ADA, SMALL, WHEN, git


def test_a_user_with_a_hostile_template_gets_a_clean_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = tmp_path / "template/hooks"
    template.mkdir(parents=True)
    (template / "post-checkout").write_text(f"#!/bin/sh\ntouch {tmp_path}/trap\n")
    (template / "post-checkout").chmod(0o755)
    config = tmp_path / "gitconfig"
    config.write_text(
        f"[init]\n\ttemplateDir = {tmp_path}/template\n\tdefaultBranch = evil\n[user]\n\tname = Mallory\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_TEMPLATE_DIR", str(template.parent))
    create_repository(tmp_path / "plan", SMALL, ADA, WHEN, "Begin")
    assert not (tmp_path / "plan/.git/hooks").exists()
    assert not (tmp_path / "trap").exists()
    assert git(tmp_path / "plan", "log", "--format=%an %D") == "Ada Lund HEAD -> main\n"


def test_the_files_lie_there_to_be_edited(tmp_path: Path) -> None:
    create_repository(tmp_path / "plan", SMALL, ADA, WHEN, "Begin")
    assert {path: (tmp_path / "plan" / path).read_bytes() for path in SMALL} == SMALL
