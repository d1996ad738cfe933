"""A plan repository is read and written by objects and refs; git itself agrees with all that is written."""

import os
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from muster.core.errors import BadInput, Conflict, NotFound, Refused, Unavailable
from muster.plan.versions import tree_hash
from muster.store.plan_checkout import create_repository
from muster.store.plan_commits import Author
from muster.store.plan_repository import PlanRepository, StaleDraft
from tests.plan.shop_plan import example

ADA = Author("Ada Lund", "ada@shop.example.invalid")
WHEN = datetime(2026, 11, 24, 2, 10, tzinfo=timezone(timedelta(hours=1)))
SMALL = {"roles.yaml": b"roles:\n  scribe:\n    primary: ada\n", "services/mail.yaml": b"name: Mail\n"}


def git(place: Path, *arguments: str) -> str:
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    told = subprocess.run(
        ["git", "-c", "user.name=T", "-c", "user.email=t@example.invalid", "-C", str(place), *arguments],
        capture_output=True, text=True, check=True, env=env,
    )  # fmt: skip
    return told.stdout


@pytest.fixture
def place(tmp_path: Path) -> Path:
    create_repository(tmp_path / "plan", SMALL, ADA, WHEN, "Begin the plan")
    return tmp_path / "plan"


def drafted(place: Path, files: Mapping[str, bytes], **given: object) -> str:
    repository = PlanRepository(place)
    base: dict[str, object] = {
        "parent": repository.head(),
        "in_force": repository.head(),
        "expected": None,
        "author": ADA,
        "when": WHEN,
        "message": "Let Bo write",
        "trailers": (("Lesson", "LSN-7Q4KM2"), ("Incident", "INC-1AB2CD")),
    }
    return repository.write_draft("drafts/one", files, **{**base, **given})  # pyright: ignore[reportArgumentType] -- given by the tests


CHANGED = {**SMALL, "roles.yaml": b"roles:\n  scribe:\n    primary: bo\n"}


def test_a_new_repository_is_one_that_git_finds_clean(place: Path) -> None:
    assert git(place, "status", "--porcelain") == ""
    assert git(place, "fsck", "--strict") == ""
    assert git(place, "log", "--format=%an <%ae> %aI %s") == (
        "Ada Lund <ada@shop.example.invalid> 2026-11-24T02:10:00+01:00 Begin the plan\n"
    )


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    create_repository(tmp_path / "shop", example(), ADA, WHEN, "Begin")
    repository = PlanRepository(tmp_path / "shop")
    assert repository.tree(repository.head()) == example()
    assert tree_hash(repository.tree(repository.head())) == tree_hash(example())
    assert repository.tip("main") == repository.head()
    assert repository.branches() == ("main",)
    assert repository.tip("lost") is None


def test_a_packed_bare_clone_is_read_alike(place: Path, tmp_path: Path) -> None:
    commit = drafted(place, CHANGED)
    git(place, "gc", "--quiet")
    git(tmp_path, "clone", "--quiet", "--bare", "--no-local", str(place), "bare")
    repository = PlanRepository(tmp_path / "bare")
    assert repository.tree(commit) == CHANGED
    assert repository.tip("drafts/one") == commit
    assert [one.subject for one in repository.commits(commit)] == ["Let Bo write", "Begin the plan"]


def test_a_draft_says_who_when_why_and_from_which_lesson(place: Path) -> None:
    commit = drafted(place, CHANGED)
    one = PlanRepository(place).commit(commit)
    assert (one.author, one.when, one.subject) == (ADA, WHEN, "Let Bo write")
    assert one.trailers == {"Lesson": ("LSN-7Q4KM2",), "Incident": ("INC-1AB2CD",)}
    assert (
        git(place, "log", "-1", "--format=%(trailers:key=Lesson,valueonly)", commit).strip() == "LSN-7Q4KM2"
    )
    assert git(place, "fsck", "--strict") == ""
    assert git(place, "status", "--porcelain") == "", "the work tree is left alone"


def test_a_draft_that_does_not_begin_at_the_plan_in_force_is_refused_with_the_diff(place: Path) -> None:
    first = PlanRepository(place).head()
    other = drafted(place, CHANGED)
    with pytest.raises(StaleDraft) as refused:
        drafted(place, SMALL, parent=first, in_force=other, expected=other)
    assert [(change.before, change.after) for change in refused.value.changes] == [("ada", "bo")]
    assert "roles > scribe > primary" in refused.value.line()
    assert PlanRepository(place).tip("drafts/one") == other
    assert drafted(place, SMALL, parent=first, in_force=None, expected=other)


def test_of_two_who_write_one_draft_the_second_is_told(place: Path) -> None:
    first = drafted(place, CHANGED)
    for expected in (None, PlanRepository(place).head()):
        with pytest.raises(Conflict):
            drafted(place, SMALL, expected=expected)
    assert PlanRepository(place).tip("drafts/one") == first
    second = drafted(place, SMALL, expected=first)
    assert PlanRepository(place).tip("drafts/one") == second


def test_a_draft_never_touches_another_branch(place: Path) -> None:
    repository = PlanRepository(place)
    head = repository.head()
    for branch in (
        "main",
        "drafts",
        "../heads/main",
        "drafts/../main",
        "drafts/a.lock",
        "drafts/",
        "drafts/a b",
    ):
        with pytest.raises(BadInput):
            repository.write_draft(
                branch, SMALL, parent=head, in_force=head, expected=None, author=ADA, when=WHEN, message="x"
            )
    assert repository.branches() == ("main",)


def test_a_lock_that_somebody_holds_is_waited_out_by_the_caller(place: Path) -> None:
    (place / ".git/refs/heads/drafts").mkdir()
    (place / ".git/refs/heads/drafts/one.lock").touch()
    with pytest.raises(Unavailable, match="Somebody else is writing"):
        drafted(place, CHANGED)


def test_the_line_leads_to_the_lesson_and_git_blame_says_the_same(place: Path) -> None:
    commit = drafted(place, CHANGED)
    moved = {**CHANGED, "roles.yaml": b"# words\n" + CHANGED["roles.yaml"] + b"    deputies: [cy]\n"}
    last = drafted(
        place, moved, parent=commit, in_force=commit, expected=commit, message="Add words", trailers=()
    )
    repository = PlanRepository(place)
    blamed = repository.blame(last, "roles.yaml", 4)
    assert (blamed.id, blamed.trailers["Lesson"]) == (commit, ("LSN-7Q4KM2",))
    assert repository.blame_line(last, "roles.yaml#/roles/scribe/primary").id == commit
    assert repository.blame_line(last, "roles.yaml#/roles/scribe/deputies").id == last
    assert repository.blame_line(last, "services/mail.yaml#/name").subject == "Begin the plan"
    for line in range(1, 6):
        named = git(place, "blame", "--porcelain", f"-L{line},{line}", last, "--", "roles.yaml")
        assert named.split()[0] == repository.blame(last, "roles.yaml", line).id


def test_blame_follows_a_merge_to_where_the_line_came_from(place: Path) -> None:
    git(place, "checkout", "--quiet", "-b", "side")
    (place / "services/mail.yaml").write_bytes(b"name: Post\n")
    git(place, "commit", "--quiet", "-am", "Side\n\nLesson: LSN-SIDE")
    git(place, "checkout", "--quiet", "main")
    (place / "roles.yaml").write_bytes(CHANGED["roles.yaml"])
    git(place, "commit", "--quiet", "-am", "Main")
    git(place, "merge", "--quiet", "--no-edit", "side")
    repository = PlanRepository(place)
    for blamed in (
        repository.blame(repository.head(), "services/mail.yaml", 1),
        repository.blame_line(repository.head(), "services/mail.yaml#/name"),
    ):
        assert blamed.trailers == {"Lesson": ("LSN-SIDE",)}
    assert repository.blame(repository.head(), "roles.yaml", 3).subject == "Main"


def test_what_is_not_there_is_not_found(place: Path) -> None:
    repository = PlanRepository(place)
    for ask in (
        lambda: repository.blame(repository.head(), "roles.yaml", 99),
        lambda: repository.blame(repository.head(), "lost.yaml", 1),
        lambda: repository.blame_line(repository.head(), "roles.yaml#/lost"),
        lambda: repository.commit("0" * 40),
    ):
        with pytest.raises(NotFound):
            ask()
    with pytest.raises(BadInput):
        repository.tree("HEAD; rm -rf /")


def test_a_new_plan_is_never_written_over_something(place: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        create_repository(place, SMALL, ADA, WHEN, "Again")
    (tmp_path / "empty").mkdir()
    assert create_repository(tmp_path / "empty", SMALL, ADA, datetime.now(UTC), "Begin")
