"""Proofs as files: the form of C2SP tlog-proof, and every byte guarded."""

import base64

import pytest

from muster.core.errors import BadInput
from muster.record import checkpoint, merkle, note, proof
from muster.record.hashing import leaf_hash
from muster.record.proof import Proof
from tests.record.sample import KEY, ORIGIN, STRANGE_KEY

LEAVES = [leaf_hash(bytes([number])) for number in range(7)]
SIGNED = checkpoint.make(ORIGIN, 7, merkle.root(LEAVES), KEY)


def proof_of(index: int, extra: bytes | None = None) -> Proof:
    return Proof(index, merkle.inclusion_proof(LEAVES, index), SIGNED, extra)


def test_a_proof_has_exactly_this_form():
    hashes = "".join(base64.b64encode(digest).decode() + "\n" for digest in merkle.inclusion_proof(LEAVES, 2))
    expected = f"c2sp.org/tlog-proof@v1\nindex 2\n{hashes}\n".encode() + SIGNED
    assert proof_of(2).to_bytes() == expected
    with_extra = f"c2sp.org/tlog-proof@v1\nextra aGk=\nindex 2\n{hashes}\n".encode() + SIGNED
    assert proof_of(2, b"hi").to_bytes() == with_extra


@pytest.mark.parametrize("index", range(7))
@pytest.mark.parametrize("extra", [None, b"hi", b""])
def test_every_leaf_can_be_proven(index: int, extra: bytes | None):
    parsed = proof.parse(proof_of(index, extra).to_bytes())
    assert parsed == proof_of(index, extra)
    assert proof.verify(parsed, LEAVES[index], [KEY.verifier()]) == checkpoint.parse(SIGNED)


def test_the_only_leaf_needs_no_hashes():
    single = checkpoint.make(ORIGIN, 1, LEAVES[0], KEY)
    parsed = proof.parse(f"{proof.FORMAT}\nindex 0\n\n".encode() + single)
    assert parsed == Proof(0, (), single)
    assert proof.verify(parsed, LEAVES[0], [KEY.verifier()])


def test_another_leaf_or_key_does_not_verify():
    with pytest.raises(BadInput, match="does not lead") as refused:
        proof.verify(proof_of(2), LEAVES[3], [KEY.verifier()])
    assert refused.value.where == "proof"
    with pytest.raises(BadInput, match="None of the known keys"):
        proof.verify(proof_of(2), LEAVES[2], [STRANGE_KEY.verifier()])


def test_every_changed_byte_is_found():
    data = proof_of(4).to_bytes()
    for place in range(len(data)):
        for change in (1, 0x20, 0x80):
            changed = bytearray(data)
            changed[place] ^= change
            with pytest.raises(BadInput):
                proof.verify(proof.parse(bytes(changed)), LEAVES[4], [KEY.verifier()])


HASH = base64.b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    ("above", "words"),
    [
        ("", "no proof"),
        ("c2sp.org/tlog-proof@v1", "no proof"),
        ("c2sp.org/tlog-proof@v2\nindex 1", "no proof"),
        ("c2sp.org/tlog-proof@v1\nextra aGk=", "no proof"),
        ("c2sp.org/tlog-proof@v1\nindex 1\nextra aGk=", "no base64"),
        ("c2sp.org/tlog-proof@v1\nextra aGk=\nextra aGk=\nindex 1", "no proof"),
        ("c2sp.org/tlog-proof@v1\nextra a\nindex 1", "no base64"),
        ("c2sp.org/tlog-proof@v1\nindex 01", "no proof"),
        ("c2sp.org/tlog-proof@v1\nindex -1", "no proof"),
        ("c2sp.org/tlog-proof@v1\nindex ", "no proof"),
        ("c2sp.org/tlog-proof@v1\nindex 1 ", "no proof"),
        ("c2sp.org/tlog-proof@v1\nindex 9007199254740992", "no proof"),
        ("c2sp.org/tlog-proof@v1\nindex 1\nAAAA", "no hash"),
        (f"c2sp.org/tlog-proof@v1\nindex 1\n{HASH}\nAAAA", "no hash"),
        (f"c2sp.org/tlog-proof@v1\nindex 1\n{HASH} ", "no base64"),
        ("c2sp.org/tlog-proof@v1\nindex 1" + f"\n{HASH}" * 65, "no proof"),
        ("c2sp.org/tlog-proof@v1\nindex 1\n\u00e9", "no proof"),
    ],
)
def test_other_texts_are_no_proof(above: str, words: str):
    with pytest.raises(BadInput, match=words) as refused:
        proof.parse(f"{above}\n\n".encode() + SIGNED)
    assert refused.value.where == "proof"
    assert refused.value.mend


def test_a_proof_needs_its_checkpoint():
    for data in (b"", f"{proof.FORMAT}\nindex 0\n".encode()):
        with pytest.raises(BadInput, match="no proof"):
            proof.parse(data)
    with pytest.raises(BadInput, match="no signed note"):
        proof.parse(f"{proof.FORMAT}\nindex 0\n\n".encode())
    with pytest.raises(BadInput, match="no checkpoint"):
        proof.parse(f"{proof.FORMAT}\nindex 0\n\n".encode() + note.sign("text\n", KEY))


def test_limits():
    full = Proof(2**53 - 1, (bytes(32),) * 64, SIGNED)
    assert proof.parse(full.to_bytes()) == full
    large = proof_of(1, bytes(proof.MAX_BYTES)).to_bytes()
    with pytest.raises(BadInput, match="no proof"):
        proof.parse(large)
    length = len(proof_of(1, b"").to_bytes())
    fitting = proof_of(1, bytes((proof.MAX_BYTES - length) // 4 * 3)).to_bytes()
    assert proof.MAX_BYTES - 4 < len(fitting) <= proof.MAX_BYTES
    assert proof.parse(fitting)
    assert proof.MAX_BYTES == (1 << 20) + (1 << 16)
