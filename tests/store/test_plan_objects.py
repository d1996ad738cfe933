"""A hostile plan repository runs nothing, is followed nowhere, and ends as one clear line."""

import os
import subprocess
import zlib
from hashlib import sha1
from pathlib import Path

import pytest

from muster.core.errors import BadInput, MusterError, NotFound
from muster.plan.lint import check
from muster.store.plan_checkout import create_repository
from muster.store.plan_repository import PlanRepository
from tests.plan.shop_plan import NOW
from tests.store.test_plan_repository import ADA, CHANGED, SMALL, WHEN, drafted, git


@pytest.fixture
def place(tmp_path: Path) -> Path:
    create_repository(tmp_path / "plan", SMALL, ADA, WHEN, "Begin the plan")
    return tmp_path / "plan"


def committed(place: Path) -> PlanRepository:
    git(place, "add", "-A")
    git(place, "commit", "--quiet", "--no-verify", "-m", "Hostile")
    return PlanRepository(place)


def refused(repository: PlanRepository) -> str:
    with pytest.raises(BadInput) as error:
        repository.tree(repository.head())
    line = error.value.line()
    assert "\n" not in line
    return line


def test_hooks_filters_attributes_and_configuration_run_nothing(place: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    command = f"touch {trap}"
    (place / ".gitattributes").write_text(
        "* filter=evil diff=evil merge=evil text eol=crlf ident export-subst\n"
    )
    repository = committed(place)
    with (place / ".git/config").open("a") as config:
        config.write(
            f'[filter "evil"]\n\tclean = {command}\n\tsmudge = {command}\n\tprocess = {command}\n\trequired = true\n'
            f'[diff "evil"]\n\ttextconv = {command}\n\tcommand = {command}\n'
            f"[core]\n\tfsmonitor = {command}\n\tsshCommand = {command}\n\tpager = {command}\n\teditor = {command}\n"
            f"\thooksPath = {tmp_path}\n\tworktree = /\n[include]\n\tpath = {tmp_path}/more\n"
            f"[commit]\n\tgpgsign = true\n[gpg]\n\tprogram = {command}\n[uploadpack]\n\tpackObjectsHook = {command}\n"
        )
    hooks = place / ".git/hooks"
    hooks.mkdir(exist_ok=True)
    for folder in (hooks, tmp_path):
        for hook in (
            "pre-commit",
            "post-commit",
            "reference-transaction",
            "commit-msg",
            "post-update",
            "pre-receive",
        ):
            (folder / hook).write_text(f"#!/bin/sh\n{command}\n")
            (folder / hook).chmod(0o755)
    repository = PlanRepository(place)
    files = repository.tree(repository.head())
    check(files, NOW)
    drafted(place, {**files, "roles.yaml": CHANGED["roles.yaml"]})
    repository.blame(repository.head(), "roles.yaml", 1)
    assert not trap.exists()


def test_links_in_the_plan_are_refused_and_not_followed(place: Path) -> None:
    (place / "people.yaml").symlink_to("/etc/passwd")
    assert refused(committed(place)) == (
        "people.yaml: This is a symbolic link. A plan holds plain files only; remove it and commit."
    )


def test_a_submodule_is_refused(place: Path) -> None:
    head = PlanRepository(place).head()
    git(place, "update-index", "--add", "--cacheinfo", f"160000,{head},rules")
    git(place, "commit", "--quiet", "-m", "Module")
    assert "rules: This is a submodule." in refused(PlanRepository(place))


@pytest.mark.parametrize("packed", [False, True])
def test_a_huge_file_is_refused_before_it_is_inflated(place: Path, packed: bool) -> None:
    (place / "people.yaml").write_bytes(b"a" * 200_000_000)
    committed(place)
    if packed:
        git(place, "repack", "-a", "-d", "-q")
    import tracemalloc

    tracemalloc.start()
    line = refused(PlanRepository(place))
    assert tracemalloc.get_traced_memory()[1] < 30_000_000
    tracemalloc.stop()
    assert line


def test_a_file_a_little_too_large_is_named(place: Path) -> None:
    (place / "people.yaml").write_bytes(os.urandom(300_000))
    assert "people.yaml: The file is larger than 256 kB." in refused(committed(place))


def test_too_many_files_are_refused(place: Path) -> None:
    (place / "services").mkdir(exist_ok=True)
    for number in range(2_001):
        (place / f"services/s{number}.yaml").write_bytes(b"")
    assert "More than 2000 files." in refused(committed(place))


def loose(place: Path, kind: str, data: bytes, name: str | None = None) -> str:
    raw = f"{kind} {len(data)}\0".encode() + data
    sha = name or sha1(raw, usedforsecurity=False).hexdigest()
    file = place / ".git/objects" / sha[:2] / sha[2:]
    file.parent.mkdir(exist_ok=True)
    file.unlink(missing_ok=True)
    file.write_bytes(zlib.compress(raw))
    return sha


def pointing(place: Path, tree: str) -> PlanRepository:
    commit = loose(
        place, "commit", f"tree {tree}\nauthor A <a> 1 +0000\ncommitter A <a> 1 +0000\n\nx\n".encode()
    )
    (place / ".git/refs/heads/main").write_text(commit + "\n")
    return PlanRepository(place)


@pytest.mark.parametrize("name", ["..", ".git", ".GIT", "a/b", "a\\b", "a\nb", "\x1b[31m", ".", "\u202e"])
def test_a_name_that_would_leave_the_plan_is_refused(place: Path, name: str) -> None:
    blob = bytes.fromhex(loose(place, "blob", b"x"))
    tree = loose(place, "tree", b"100644 " + name.encode() + b"\0" + blob)
    assert "\x1b" not in refused(pointing(place, tree))


def test_a_tree_that_unfolds_without_end_is_refused(place: Path) -> None:
    inner = loose(place, "tree", b"100644 a\0" + bytes.fromhex(loose(place, "blob", b"x")))
    for _ in range(12):
        entries = b"".join(b"40000 %c\0" % letter + bytes.fromhex(inner) for letter in b"abcdefghij")
        inner = loose(place, "tree", entries)
    assert refused(pointing(place, inner))


@pytest.mark.parametrize("damage", ["other content", "no zlib", "empty", "a blob", "missing"])
def test_a_damaged_object_is_one_clear_line(place: Path, damage: str) -> None:
    repository = PlanRepository(place)
    head = repository.head()
    file = place / ".git/objects" / head[:2] / head[2:]
    file.chmod(0o600)
    match damage:
        case "other content":
            loose(place, "commit", b"tree 0\n", head)
        case "a blob":
            loose(place, "blob", b"x", head)
        case "missing":
            file.unlink()
        case _:
            file.write_bytes(b"" if damage == "empty" else b"nonsense")
    with pytest.raises((BadInput, NotFound)) as error:
        PlanRepository(place).tree(head)
    assert "\n" not in error.value.line()


def test_objects_of_elsewhere_are_not_borrowed(place: Path, tmp_path: Path) -> None:
    (place / ".git/objects/info/alternates").write_text(f"{tmp_path}/other\n")
    with pytest.raises(BadInput, match="borrows objects"):
        PlanRepository(place)


@pytest.mark.parametrize(
    "part", [".git", ".git/objects", ".git/refs", ".git/refs/heads", ".git/refs/heads/main", ".git/HEAD"]
)
def test_a_link_in_the_repository_is_not_followed(place: Path, tmp_path: Path, part: str) -> None:
    (place / part).rename(tmp_path / "elsewhere")
    (place / part).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BadInput, match="symbolic link"):
        PlanRepository(place)


@pytest.mark.parametrize(
    "text", ["ref: ../../../../etc/passwd\n", "ref: refs/heads/main\n" * 3, "root:x:0:0\n", "", "\xff"]
)
def test_a_ref_that_names_no_commit_is_no_commit(place: Path, text: str) -> None:
    (place / ".git/HEAD").write_text(text, encoding="latin-1")
    said = ""
    try:
        assert PlanRepository(place).head() == PlanRepository(place).tip("main")
    except MusterError as error:
        said = error.line()
    assert "root:x" not in said


def test_refs_that_name_each_other_end(place: Path) -> None:
    (place / ".git/refs/heads/a").write_text("ref: refs/heads/b\n")
    (place / ".git/refs/heads/b").write_text("ref: refs/heads/a\n")
    with pytest.raises(BadInput):
        PlanRepository(place).tip("a")


def test_what_is_no_repository_is_said_with_the_mend(tmp_path: Path, place: Path) -> None:
    for other in (tmp_path, tmp_path / "lost", place / "roles.yaml"):
        with pytest.raises(BadInput, match="no git repository") as error:
            PlanRepository(other)
        assert "muster init" in error.value.mend
    subprocess.run(
        ["git", "-C", place, "worktree", "add", "-q", tmp_path / "tree"], check=True, capture_output=True
    )
    with pytest.raises(BadInput, match="linked work tree"):
        PlanRepository(tmp_path / "tree")


def test_a_repository_without_commit_says_so(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    with pytest.raises(BadInput, match="no commit yet"):
        PlanRepository(tmp_path).head()
