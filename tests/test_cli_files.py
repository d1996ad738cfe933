"""Files that commands read: the example, a plan in a folder or a repository, one file; nothing hostile is followed."""

import os
from pathlib import Path

import pytest

from muster.cli_files import example, plan_files, read_file, read_named
from muster.core.errors import BadInput
from muster.plan.load import load
from tests.store.test_plan_repository import git


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The example plan in a folder."""
    for name, data in example().items():
        (tmp_path / "plan" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "plan" / name).write_bytes(data)
    return tmp_path / "plan"


def test_the_example_is_a_whole_plan() -> None:
    assert load(example()).plan is not None
    assert any(name.startswith("rules/") for name in example())


def test_a_folder_is_read_without_what_begins_with_a_dot(place: Path) -> None:
    (place / ".hidden").write_text("x")
    assert plan_files(place) == example()


def test_a_commit_is_read_from_git(place: Path) -> None:
    git(place, "init", "-q")
    git(place, "add", "policy.md")
    git(place, "-c", "user.name=a", "-c", "user.email=a@b.test", "commit", "-q", "-m", "one file")
    head = git(place, "rev-parse", "HEAD").strip()
    assert list(plan_files(place, head)) == ["policy.md"]
    assert len(plan_files(place)) > 1


def test_links_and_pipes_in_a_plan_are_refused_and_never_opened(place: Path) -> None:
    (place / "services/evil.yaml").symlink_to("/etc/passwd")
    with pytest.raises(BadInput, match="no plain file"):
        plan_files(place)
    with pytest.raises(BadInput, match="cannot be read"):
        read_file(place / "services/evil.yaml")
    (place / "services/evil.yaml").unlink()
    os.mkfifo(place / "services/evil.yaml")
    with pytest.raises(BadInput, match="no plain file"):
        plan_files(place)


def test_a_file_that_somebody_named_may_be_a_link_but_not_large(tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_bytes(b"facts: {}\n")
    (tmp_path / "link").symlink_to(tmp_path / "facts.yaml")
    assert read_named(tmp_path / "link") == b"facts: {}\n"
    (tmp_path / "large").write_bytes(b"a" * 300_000)
    with pytest.raises(BadInput, match="larger than 256 kB"):
        read_named(tmp_path / "large")


@pytest.mark.parametrize("name", ["lost", "."])
def test_what_cannot_be_read_is_said_with_its_path(tmp_path: Path, name: str) -> None:
    for reads in (read_file, read_named):
        with pytest.raises(BadInput, match="cannot be read"):
            reads(tmp_path / name)
    with pytest.raises(BadInput, match="no such folder"):
        plan_files(tmp_path / "lost")
