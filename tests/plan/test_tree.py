"""Limits of a tree: paths, sizes, counts."""

import pytest

from muster.core.errors import BadInput
from muster.plan.tree import MAX_FILE_BYTES, MAX_FILES, MAX_TREE_BYTES, check_path, check_tree
from tests.plan.shop_plan import example


@pytest.mark.parametrize(
    "path",
    ["", "/etc/passwd", "../a", "a/../b", "a//b", "./a", "a\\b", ".git/config", "x/.GIT/hooks", "a\nb",
     "a\x1b[31m", "a\u202eb", "a/b/c/d/e/f/g", "a" * 241],
)  # fmt: skip
def test_a_path_that_has_no_place_in_a_plan(path: str) -> None:
    with pytest.raises(BadInput) as refused:
        check_path(path)
    assert "\n" not in refused.value.line()
    assert "\x1b" not in refused.value.line()


def test_the_example_is_within_the_limits() -> None:
    assert check_tree(example()) is example()


def test_too_large_too_many_too_much() -> None:
    with pytest.raises(BadInput, match="256 kB"):
        check_tree({"a": b"x" * (MAX_FILE_BYTES + 1)})
    check_tree({"a": b"x" * MAX_FILE_BYTES})
    with pytest.raises(BadInput, match="2000 files"):
        check_tree({f"f{n}": b"" for n in range(MAX_FILES + 1)})
    block = b"x" * MAX_FILE_BYTES
    with pytest.raises(BadInput, match="8 MB"):
        check_tree({f"f{n}": block for n in range(MAX_TREE_BYTES // MAX_FILE_BYTES + 1)})
