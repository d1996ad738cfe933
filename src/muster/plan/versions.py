"""The hash of a version: what an approval names, computed alike from git objects, a folder or the blob store.

It is the SHA-256 of the list that `sha256sum` prints for all files in the order of their paths, so anybody can check
it without Muster.
"""

import hashlib
from collections.abc import Mapping

from muster.plan.tree import Tree


def file_hashes(tree: Tree) -> Mapping[str, str]:
    """Path -> SHA-256 in hex, in the order of the paths' bytes; by these an approval keeps the files."""
    return {
        path: hashlib.sha256(tree[path]).hexdigest()
        for path in sorted(tree, key=lambda path: path.encode("utf-8", "surrogatepass"))
    }


def hash_of_files(hashes: Mapping[str, str]) -> str:
    """The hash of a version from the hashes of its files."""
    ordered = sorted(hashes.items(), key=lambda item: item[0].encode("utf-8", "surrogatepass"))
    listing = "".join(f"{digest}  {path}\n" for path, digest in ordered)
    return hashlib.sha256(listing.encode("utf-8", "surrogatepass")).hexdigest()


def tree_hash(tree: Tree) -> str:
    """The hash of a version, 64 hex digits."""
    return hash_of_files(file_hashes(tree))
