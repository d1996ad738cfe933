"""Versions of the plan: read from the repository once, kept as blobs, and from then on read from there."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from muster.app.plan_versions import KEPT, PlanVersions, listing, version_of
from muster.core.errors import Damaged, MusterError, Refused
from muster.plan.versions import file_hashes, tree_hash
from muster.store.blobs import Blobs
from muster.store.plan_checkout import create_repository
from tests.app.company import NOOR, WHEN
from tests.plan.shop_plan import example

NOW = datetime(2026, 11, 24, 2, 10, tzinfo=UTC)


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(str(tmp_path / "blobs"))


def test_what_was_kept_is_there_without_the_repository(tmp_path: Path, blobs: Blobs) -> None:
    commit = create_repository(tmp_path / "plan", example(), NOOR, WHEN, "The plan")
    versions = PlanVersions(blobs, tmp_path / "plan")
    read = versions.in_repository(commit)
    assert (read.commit, read.sha256, read.files) == (commit, tree_hash(example()), example())
    assert read.problems(NOW) == 0
    versions.keep(read)
    shutil.rmtree(tmp_path / "plan")
    later = PlanVersions(blobs)
    again = later.approved(commit, read.sha256)
    assert (again.files, again.plan) == (read.files, read.plan)
    assert later.approved(commit, read.sha256) is again
    with pytest.raises(Refused, match="no plan repository"):
        later.open()


def test_two_commits_of_the_same_files_keep_their_names(blobs: Blobs) -> None:
    versions = PlanVersions(blobs)
    one = version_of("1" * 40, {"roles.yaml": b"roles: {}\n"})
    versions.keep(one)
    assert versions.approved("1" * 40, one.sha256).commit == "1" * 40
    assert versions.approved("2" * 40, one.sha256).commit == "2" * 40


def test_the_list_of_files_is_that_of_sha256sum_in_the_order_of_paths() -> None:
    files = {"b.md": b"b", "a/é.md": b"a"}
    lines = listing(file_hashes(files)).decode().splitlines()
    assert [line.partition("  ")[2] for line in lines] == ["a/é.md", "b.md"]


def test_only_what_the_hash_names_is_taken(tmp_path: Path, blobs: Blobs) -> None:
    versions = PlanVersions(blobs)
    with pytest.raises(MusterError):
        versions.approved("1" * 40, "a" * 64)
    whatever = blobs.put(b"0" * 64 + b"  roles.yaml")
    with pytest.raises(Damaged, match="list of files"):
        versions.approved("1" * 40, whatever)


def test_a_few_are_held_in_memory(blobs: Blobs) -> None:
    versions = PlanVersions(blobs)
    made = [version_of(f"{number:040}", {"README.md": b"%d" % number}) for number in range(KEPT + 1)]
    for one in made:
        versions.keep(one)
    first = versions.approved(made[0].commit, made[0].sha256)
    for one in made[1:KEPT]:
        versions.approved(one.commit, one.sha256)
    assert versions.approved(made[0].commit, made[0].sha256) is first, "the one just used stays"
    versions.approved(made[KEPT].commit, made[KEPT].sha256)
    assert len(versions._kept) == KEPT
    assert made[1].sha256 not in versions._kept


def test_where_the_steps_stand() -> None:
    version = version_of("1" * 40, example())
    file = "playbooks/web-intrusion.yaml"
    line = version.lines()[(file, "steps.confirm")]
    assert example()[file].decode().splitlines()[line - 1].strip() in ("confirm:", "kind: task")
    assert version_of("1" * 40, {"roles.yaml": b"roles: ["}).lines() == {}
