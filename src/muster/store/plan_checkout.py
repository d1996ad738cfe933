"""A new plan repository on disk: one commit, its files checked out, and no template, hook or user's setting used."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from dulwich.index import Index, index_entry_from_stat
from dulwich.objects import Blob

from muster.core.errors import Refused
from muster.plan.tree import check_tree
from muster.store.plan_commits import Author
from muster.store.plan_repository import PlanRepository

BRANCH = "main"
_CONFIG = """[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = false
\tlogallrefupdates = true
"""


def create_repository(
    place: Path, files: Mapping[str, bytes], author: Author, when: datetime, message: str
) -> str:
    """Makes a repository with one commit on `main`, its files checked out; answers the commit.

    Raises Refused when the folder is not empty, OSError when it cannot be written.
    """
    check_tree(files)
    place.mkdir(parents=True, exist_ok=True)
    if any(place.iterdir()):
        raise Refused("The folder is not empty.", str(place), "Give one that is new or empty.")
    git = place / ".git"
    for folder in ("objects/info", "objects/pack", "refs/heads", "refs/tags"):
        (git / folder).mkdir(parents=True)
    (git / "HEAD").write_text(f"ref: refs/heads/{BRANCH}\n", encoding="utf-8")
    (git / "config").write_text(_CONFIG, encoding="utf-8")
    for path, data in files.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(data)
    repository = PlanRepository(place)
    commit = repository.write(files, (), author, when, message)
    repository.move(BRANCH, commit, expected=None)
    _write_index(git / "index", place, files)
    return commit


def _write_index(index: Path, place: Path, files: Mapping[str, bytes]) -> None:
    """The index of a fresh work tree, so that `git status` has nothing to say."""
    entries = Index(index, read=False)
    for path, data in files.items():
        blob = Blob.from_string(data)
        entries[path.encode()] = index_entry_from_stat((place / path).lstat(), blob.id, mode=0o100644)
    entries.write()
