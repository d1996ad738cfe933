"""A tree of files as the plan takes it: path -> bytes, within limits that a plan written by people never meets."""

from collections.abc import Mapping

from muster.core.errors import BadInput
from muster.core.text import shown

Tree = Mapping[str, bytes]

MAX_FILES = 2_000
MAX_FILE_BYTES = 256 * 1024
MAX_TREE_BYTES = 8 * 1024 * 1024
MAX_PATH = 240
MAX_FOLDERS = 6


def check_path(path: str) -> str:
    """The path, if it may stand in a plan: relative, no `..`, no control characters, not too deep. Raises BadInput."""
    parts = path.split("/")
    if (
        not path
        or len(path) > MAX_PATH
        or len(parts) > MAX_FOLDERS
        or any(part in ("", ".", "..") or part.lower() == ".git" for part in parts)
        or "\\" in path
        or shown(path) != path
    ):
        raise BadInput(
            "A file has a path that has no place in a plan.", shown(path)[:MAX_PATH], "Rename or remove it."
        )
    return path


def check_size(path: str, size: int) -> None:
    """Raises BadInput when a file is too large for a plan."""
    if size > MAX_FILE_BYTES:
        raise BadInput(
            f"The file is larger than {MAX_FILE_BYTES // 1024} kB.",
            shown(path),
            "A plan holds small files; keep what is large elsewhere and name it.",
        )


def check_tree(tree: Tree) -> Tree:
    """The tree, if it keeps all limits. Raises BadInput."""
    if len(tree) > MAX_FILES:
        raise BadInput(f"More than {MAX_FILES} files.", "the plan", "A plan holds small files, and few.")
    total = 0
    for path, data in tree.items():
        check_path(path)
        check_size(path, len(data))
        total += len(data)
    if total > MAX_TREE_BYTES:
        raise BadInput(
            f"More than {MAX_TREE_BYTES // 1024**2} MB of files.", "the plan", "Keep large things elsewhere."
        )
    return tree
