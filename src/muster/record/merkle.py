"""The Merkle tree over the feed: roots that grow cheaply, and proofs that an entry, or an older tree, is in it.

Written from RFC 6962, section 2.1 (hashes, proofs), and RFC 9162, sections 2.1.3.2 and 2.1.4.2 (verification).
A leaf is 32 bytes, the hash of an entry; leaf number i is the entry with feed number i.
"""

import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from muster.core.errors import BadInput
from muster.record.hashing import EMPTY_ROOT, HASH_BYTES, node_hash

_SIZE_BYTES = 8


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree: all that is needed to append to it and to know its root.

    size: number of leaves. nodes: the roots of its complete subtrees, the largest and leftmost first, one for each
    bit that is set in `size`; so never more than 64.
    """

    size: int = 0
    nodes: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> "Frontier":
        """The tree with one more leaf (32 bytes). Costs one hash on average."""
        nodes, full = list(self.nodes), self.size
        while full & 1:
            leaf = node_hash(nodes.pop(), leaf)
            full >>= 1
        return Frontier(self.size + 1, (*nodes, leaf))

    def extend(self, leaves: Iterable[bytes]) -> "Frontier":
        """The tree with these leaves added in order."""
        grown = self
        for leaf in leaves:
            grown = grown.append(leaf)
        return grown

    def root(self) -> bytes:
        """The root, 32 bytes; SHA-256 of nothing for the empty tree."""
        if not self.nodes:
            return EMPTY_ROOT
        *others, found = self.nodes
        for left in reversed(others):
            found = node_hash(left, found)
        return found

    def to_bytes(self) -> bytes:
        """The size as 8 bytes, most significant first, then the nodes."""
        return self.size.to_bytes(_SIZE_BYTES) + b"".join(self.nodes)

    @staticmethod
    def from_bytes(data: bytes) -> "Frontier":
        """The frontier of its bytes. Raises BadInput when their number does not fit the size they begin with."""
        size = int.from_bytes(data[:_SIZE_BYTES])
        if len(data) != _SIZE_BYTES + size.bit_count() * HASH_BYTES:
            raise BadInput(
                "These are not the bytes of a tree's edge.", "frontier", "Compute it from the leaves."
            )
        starts = range(_SIZE_BYTES, len(data), HASH_BYTES)
        return Frontier(size, tuple(data[start : start + HASH_BYTES] for start in starts))


def root(leaves: Iterable[bytes]) -> bytes:
    """The root of these leaves, 32 bytes (RFC 6962, section 2.1)."""
    return Frontier().extend(leaves).root()


def _split(size: int) -> int:
    """The largest power of two smaller than `size` (which is 2 or more)."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proofs(
    leaves: Iterable[bytes], size: int, indices: Iterable[int]
) -> dict[int, tuple[bytes, ...]]:
    """For each index its proof in the tree of the first `size` leaves, from one pass over them.

    A proof is the hashes from the leaf's sibling up to the root's child (RFC 6962, section 2.1.1). Memory grows with
    the number of indices, not of leaves. Raises BadInput when an index lies outside or there are fewer leaves.
    """
    wanted = sorted(set(indices))
    if wanted and not 0 <= wanted[0] <= wanted[-1] < size:
        raise BadInput("There is no leaf of this number.", "index", f"The tree has {size} leaves, from 0.")
    proofs: dict[int, list[bytes]] = {index: [] for index in wanted}
    source = iter(leaves)

    def walk(start: int, end: int) -> bytes:
        if end - start == 1:
            return _next(source)
        middle = start + _split(end - start)
        left, right = walk(start, middle), walk(middle, end)
        first, last = bisect.bisect_left(wanted, start), bisect.bisect_left(wanted, end)
        for index in wanted[first:last]:
            proofs[index].append(right if index < middle else left)
        return node_hash(left, right)

    if wanted:
        walk(0, size)
    return {index: tuple(proof) for index, proof in proofs.items()}


def _next(source: Iterator[bytes]) -> bytes:
    leaf = next(source, None)
    if leaf is None:
        raise BadInput(
            "There are fewer leaves than the tree has.", "leaves", "Give all leaves up to its size."
        )
    return leaf


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The proof that leaf `index` is in the tree of all these leaves. Raises BadInput when there is none."""
    return inclusion_proofs(leaves, len(leaves), [index])[index]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Whether the proof leads from the leaf to the expected root (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and found == expected


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> tuple[bytes, ...]:
    """The proof that the tree of the first `old_size` leaves is the beginning of the tree of all.

    RFC 6962, section 2.1.2; empty when nothing is to be shown (old size 0, or the same size). Raises BadInput when
    the old tree would be the larger one.
    """
    if not 0 <= old_size <= len(leaves):
        raise BadInput(
            "The older tree is not the smaller one.", "old_size", f"There are {len(leaves)} leaves."
        )
    proof: list[bytes] = []
    start, end, whole = 0, len(leaves), True
    while 0 < old_size < end:
        middle = start + _split(end - start)
        if old_size <= middle:
            proof.append(root(leaves[middle:end]))
            end = middle
        else:
            proof.append(root(leaves[start:middle]))
            start, whole = middle, False
    if not whole:
        proof.append(root(leaves[start:end]))
    return tuple(reversed(proof))


def verify_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the proof shows that the old tree is the beginning of the new one (RFC 9162, section 2.1.4.2)."""
    if not 0 < old_size < new_size:
        if proof or not 0 <= old_size <= new_size:
            return False
        return (old_size > 0 or old_root == EMPTY_ROOT) and (old_size < new_size or old_root == new_root)
    place, last = old_size - 1, new_size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    path = [*([old_root] if place == 0 else []), *proof]
    if not path:
        return False
    old = new = path[0]
    for node in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(node, old), node_hash(node, new)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, node)
        place, last = place >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root
