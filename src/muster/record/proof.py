"""Proofs: that one entry is in the log, in a file of its own that anybody can check without the log.

Written from C2SP tlog-proof (c2sp.org/tlog-proof@v1): its name, an optional line `extra` in base64, `index` and the
decimal index, the hashes of the Merkle proof in base64 from the leaf's sibling upwards, an empty line, and the
checkpoint as it is. `extra` is authenticated by nothing; Muster writes none and gives it no meaning.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from muster.core.errors import BadInput
from muster.record import checkpoint, merkle, note
from muster.record.canonical import MAX_INTEGER
from muster.record.checkpoint import Checkpoint
from muster.record.hashing import HASH_BYTES
from muster.record.note import VerifierKey

FORMAT = "c2sp.org/tlog-proof@v1"
MAX_BYTES = note.MAX_BYTES + (1 << 16)

_INDEX = re.compile(r"index (0|[1-9][0-9]{0,15})")
_EXTRA = "extra "
_MAX_HASHES = 64


@dataclass(frozen=True, slots=True)
class Proof:
    """index: the leaf's number, from 0. hashes: 32 bytes each. checkpoint: the signed note. extra: opaque."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def to_bytes(self) -> bytes:
        """The file, to be named `*.tlog-proof`."""
        lines = [FORMAT]
        if self.extra is not None:
            lines.append(_EXTRA + note.encode(self.extra))
        lines.append(f"index {self.index}")
        lines.extend(note.encode(digest) for digest in self.hashes)
        return ("\n".join(lines) + "\n\n").encode() + self.checkpoint


def parse(data: bytes) -> Proof:
    """The parts of a proof; nothing in it is trusted before `verify`. Raises BadInput when it is none."""
    problem = BadInput("This is no proof of a log.", "proof", f"It begins with {FORMAT}, then the index.")
    if len(data) > MAX_BYTES:
        raise problem
    above, gap, signed = data.partition(b"\n\n")
    if not gap or not above.isascii():
        raise problem
    first, *lines = above.decode().split("\n")
    extra = None
    if lines and lines[0].startswith(_EXTRA):
        extra = note.decode(lines.pop(0).removeprefix(_EXTRA), "proof")
    index = _INDEX.fullmatch(lines[0]) if lines else None
    if first != FORMAT or index is None or int(index[1]) > MAX_INTEGER or len(lines) - 1 > _MAX_HASHES:
        raise problem
    hashes = tuple(note.decode(line, "proof") for line in lines[1:])
    if any(len(digest) != HASH_BYTES for digest in hashes):
        raise BadInput("A line of the proof is no hash.", "proof", f"It is the base64 of {HASH_BYTES} bytes.")
    checkpoint.parse(signed)
    return Proof(int(index[1]), hashes, signed, extra)


def verify(proof: Proof, leaf: bytes, keys: Sequence[VerifierKey]) -> Checkpoint:
    """The checkpoint in which this leaf (32 bytes) is proven to be.

    Raises BadInput when the checkpoint does not verify with these keys or the hashes do not lead to its root.
    """
    found, _ = checkpoint.verify(proof.checkpoint, keys)
    if not merkle.verify_inclusion(leaf, proof.index, found.size, proof.hashes, found.root):
        raise BadInput(
            "The proof does not lead from the entry to the root.", "proof", "One of them was changed."
        )
    return found
