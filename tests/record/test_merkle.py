"""The Merkle tree, against the definition of RFC 6962 written down naively here."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core.errors import BadInput
from muster.record import merkle
from muster.record.hashing import leaf_hash
from muster.record.merkle import Frontier

LEAVES = [hashlib.sha256(bytes([number])).digest() for number in range(70)]
SIZES = range(33)


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, over leaves that are hashed already."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 6962, section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_subproof(m: int, leaves: Sequence[bytes], *, whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962, section 2.1.2."""
    if m == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return [*naive_subproof(m, leaves[:k], whole=whole), naive_root(leaves[k:])]
    return [*naive_subproof(m - k, leaves[k:], whole=False), naive_root(leaves[:k])]


# The inputs and roots that Certificate Transparency's own tests have used since 2013.
PUBLISHED_INPUTS = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
PUBLISHED_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_published_roots():
    leaves = [leaf_hash(bytes.fromhex(text)) for text in PUBLISHED_INPUTS]
    assert [merkle.root(leaves[: size + 1]).hex() for size in range(8)] == PUBLISHED_ROOTS
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_every_root_is_the_naive_one_and_the_edge_survives_storage():
    tree = Frontier()
    for size, leaf in enumerate(LEAVES):
        assert tree.size == size
        assert tree.root() == merkle.root(LEAVES[:size]) == naive_root(LEAVES[:size])
        assert len(tree.nodes) == size.bit_count()
        data = tree.to_bytes()
        assert data == size.to_bytes(8, "big") + b"".join(tree.nodes)
        assert Frontier.from_bytes(data) == tree
        tree = tree.append(leaf)
    assert tree == Frontier().extend(LEAVES) == Frontier().extend(LEAVES[:33]).extend(LEAVES[33:])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(7),
        bytes(9),
        (1).to_bytes(8, "big"),
        (1).to_bytes(8, "big") + bytes(31),
        (1).to_bytes(8, "big") + bytes(33),
        (1).to_bytes(8, "little") + bytes(64),
        (3).to_bytes(8, "big") + bytes(32),
    ],
)
def test_other_bytes_are_no_edge(data: bytes):
    with pytest.raises(BadInput, match="tree's edge") as refused:
        Frontier.from_bytes(data)
    assert refused.value.where == "frontier"
    assert refused.value.mend


@pytest.mark.parametrize("size", SIZES)
def test_inclusion_proofs_are_those_of_the_rfc_and_verify(size: int):
    leaves = LEAVES[:size]
    expected = naive_root(leaves)
    proofs = merkle.inclusion_proofs(iter(leaves), size, range(size))
    for index in range(size):
        proof = merkle.inclusion_proof(leaves, index)
        assert list(proof) == naive_path(index, leaves)
        assert proofs[index] == proof
        assert merkle.verify_inclusion(leaves[index], index, size, proof, expected)
        for other in range(-1, size + 2):
            assert merkle.verify_inclusion(leaves[index], other, size, proof, expected) is (other == index)


def test_one_pass_gives_only_the_proofs_asked_for():
    proofs = merkle.inclusion_proofs(iter(LEAVES), 21, [20, 3, 3])
    assert proofs == {3: merkle.inclusion_proof(LEAVES[:21], 3), 20: merkle.inclusion_proof(LEAVES[:21], 20)}
    assert merkle.inclusion_proofs(iter([]), 0, []) == {}
    assert merkle.inclusion_proofs(iter(LEAVES), 5, []) == {}


@pytest.mark.parametrize(("size", "indices"), [(0, [0]), (5, [5]), (5, [-1]), (5, [1, 7])])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(size: int, indices: list[int]):
    with pytest.raises(BadInput, match="no leaf") as refused:
        merkle.inclusion_proofs(LEAVES, size, indices)
    assert (refused.value.where, refused.value.mend) == ("index", f"The tree has {size} leaves, from 0.")


def test_too_few_leaves_make_no_proof():
    with pytest.raises(BadInput, match="fewer leaves") as refused:
        merkle.inclusion_proofs(LEAVES[:4], 5, [0])
    assert refused.value.where == "leaves"
    assert refused.value.mend


@pytest.mark.parametrize("size", SIZES)
def test_consistency_proofs_are_those_of_the_rfc_and_verify(size: int):
    new = naive_root(LEAVES[:size])
    for old_size in range(size + 1):
        old = naive_root(LEAVES[:old_size])
        proof = merkle.consistency_proof(LEAVES[:size], old_size)
        assert list(proof) == (naive_subproof(old_size, LEAVES[:size]) if old_size else [])
        assert merkle.verify_consistency(old_size, old, size, new, proof)
        assert not merkle.verify_consistency(old_size, bytes(32), size, new, proof)
        if old_size:
            assert not merkle.verify_consistency(old_size, old, size, bytes(32), proof)
        assert not merkle.verify_consistency(old_size, old, size, new, (*proof, bytes(32)))
        for place in range(len(proof)):
            assert not merkle.verify_consistency(old_size, old, size, new, proof[:place] + proof[place + 1 :])
        for other in range(1, size):
            if other != old_size:
                assert not merkle.verify_consistency(other, old, size, new, proof)


@pytest.mark.parametrize("old_size", [-1, 6])
def test_a_larger_tree_is_no_beginning_of_a_smaller_one(old_size: int):
    with pytest.raises(BadInput, match="not the smaller") as refused:
        merkle.consistency_proof(LEAVES[:5], old_size)
    assert (refused.value.where, refused.value.mend) == ("old_size", "There are 5 leaves.")
    assert not merkle.verify_consistency(old_size, naive_root(LEAVES[:5]), 5, naive_root(LEAVES[:5]), [])
    assert not merkle.verify_consistency(-1, naive_root([]), 5, naive_root(LEAVES[:5]), [])


def test_two_empty_trees_are_the_same_tree():
    empty = naive_root([])
    assert merkle.verify_consistency(0, empty, 0, empty, [])
    assert not merkle.verify_consistency(0, bytes(32), 0, bytes(32), [])
    assert not merkle.verify_consistency(0, empty, 0, bytes(32), [])


def changes(proof: Sequence[bytes]) -> list[list[bytes]]:
    """Some proofs that differ from this one in one place."""
    found = [[*proof, bytes(32)], [bytes(32), *proof]]
    for place in range(len(proof)):
        found.append([*proof[:place], *proof[place + 1 :]])
        found.append([*proof[:place], bytes(32), *proof[place + 1 :]])
    return found


@given(st.integers(1, 70), st.data())
def test_a_changed_inclusion_proof_does_not_verify(size: int, data: st.DataObject):
    index = data.draw(st.integers(0, size - 1))
    leaves = LEAVES[:size]
    proof, expected = merkle.inclusion_proof(leaves, index), naive_root(leaves)

    def check(given: Sequence[bytes]) -> bool:
        return merkle.verify_inclusion(leaves[index], index, size, given, expected)

    assert check(proof)
    assert not any(check(changed) for changed in changes(proof))
    assert not merkle.verify_inclusion(bytes(32), index, size, proof, expected)
    assert not merkle.verify_inclusion(leaves[index], index, size, proof, bytes(32))
