"""Files that commands read: one that somebody names, and the tree of a plan in a folder or a repository."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from muster.core.errors import BadInput
from muster.core.text import shown
from muster.plan.tree import MAX_FILE_BYTES, MAX_FILES, check_path, check_size

_HERE = Path(__file__).parent


def example() -> Mapping[str, bytes]:
    """The example plan as it lies in the package, with the Sigma rules of the example company and their tests."""
    plan, rules = _HERE / "plan" / "example", _HERE / "rehearse" / "shop" / "rules"
    files = {
        path.relative_to(plan).as_posix(): path.read_bytes() for path in plan.rglob("*") if path.is_file()
    }
    beside = (*rules.glob("*.yml"), *rules.glob("*.test.yaml"))
    files |= {f"rules/{path.name}": path.read_bytes() for path in beside}
    return dict(sorted(files.items()))


def plan_files(place: Path, commit: str | None = None) -> Mapping[str, bytes]:
    """The files of a plan: as they lie in the folder; of a repository without work tree, or of a commit, from git.

    Raises BadInput, NotFound.
    """
    from muster.store.plan_repository import PlanRepository

    bare = (place / "objects").is_dir() and (place / "HEAD").is_file() and not (place / "policy.md").exists()
    if commit is None and not bare:
        return dict(_from_folder(place))
    with PlanRepository(place) as repository:
        return repository.tree(commit or repository.head())


def _from_folder(place: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a folder, within the limits of a plan; what begins with a dot is left alone, links are refused."""
    if not place.is_dir():
        raise BadInput("There is no such folder.", shown(str(place)), "Give the folder of a plan.")
    waiting, seen = [place], 0
    while waiting:
        folder = waiting.pop()
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            if entry.name.startswith("."):
                continue
            path = check_path(Path(entry.path).relative_to(place).as_posix())
            seen += 1
            if seen > MAX_FILES:
                raise BadInput(f"More than {MAX_FILES} files.", str(place), "Is this the folder of a plan?")
            about = entry.stat(follow_symlinks=False)
            if S_ISDIR(about.st_mode):
                waiting.append(Path(entry.path))
            elif S_ISREG(about.st_mode):
                check_size(path, about.st_size)
                yield path, read_file(Path(entry.path))
            else:
                raise BadInput("This is no plain file.", path, "A plan holds plain files only; remove it.")


def read_file(path: Path) -> bytes:
    """The bytes of a small file that is no link and no pipe. Raises BadInput."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            data = file.read(MAX_FILE_BYTES + 1) or b""
    except OSError as error:
        raise _unreadable(path, error) from error
    check_size(str(path), len(data))
    return data


def read_named(path: Path) -> bytes:
    """The bytes of a small file that somebody named; it may be a link or a pipe. Raises BadInput."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise _unreadable(path, error) from error
    check_size(str(path), len(data))
    return data


def _unreadable(path: Path, error: OSError) -> BadInput:
    reason = (error.strerror or "an error of the disk").lower()
    return BadInput(f"The file cannot be read: {reason}.", shown(str(path)), "Give a readable file.")
