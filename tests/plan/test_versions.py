"""The hash of a version is that of what sha256sum prints, and any change changes it."""

import hashlib
import subprocess
from pathlib import Path

from muster.plan.versions import file_hashes, hash_of_files, tree_hash
from tests.plan.shop_plan import example


def test_it_is_what_sha256sum_says(tmp_path: Path) -> None:
    tree = {"b.yaml": b"b: 1\n", "a/z.yaml": b"", "a.yaml": b"x"}
    for path, data in tree.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(data)
    names = sorted(tree, key=str.encode)
    listing = subprocess.run(["sha256sum", *names], cwd=tmp_path, capture_output=True, check=True).stdout
    assert tree_hash(tree) == hashlib.sha256(listing).hexdigest()


def test_order_does_not_count_and_everything_else_does() -> None:
    tree = dict(example())
    assert tree_hash(dict(reversed(tree.items()))) == tree_hash(tree)
    assert hash_of_files(file_hashes(tree)) == tree_hash(tree)
    others = [
        {**tree, "a": b""},
        {path: data for path, data in tree.items() if path != "README.md"},
        {**tree, "people.yaml": tree["people.yaml"] + b"\n"},
        {("people.yml" if path == "people.yaml" else path): data for path, data in tree.items()},
    ]
    assert len({tree_hash(other) for other in [tree, *others]}) == 5
