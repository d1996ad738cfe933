"""A small log for the tests of checkpoints, exports and verification: entries as the store would keep them."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from muster.record import checkpoint, merkle
from muster.record.canonical import canonical
from muster.record.export import BodyState, StoredEntry, StreamExport
from muster.record.hashing import body_hash, leaf_hash
from muster.record.merkle import Frontier
from muster.record.note import SigningKey

ORIGIN = "muster.invalid/0123456789abcdef0123456789abcdef"
KEY = SigningKey(ORIGIN, hashlib.sha256(b"first key").digest())
NEW_KEY = SigningKey(ORIGIN, hashlib.sha256(b"second key").digest())
STRANGE_KEY = SigningKey(ORIGIN, hashlib.sha256(b"nobody's key").digest())


@dataclass
class Stored:
    """An entry as the tables hold it."""

    stream: str
    seq: int
    header: bytes
    salt: bytes
    body: bytes

    @property
    def leaf(self) -> bytes:
        return leaf_hash(self.header)


@dataclass
class Log:
    """A log that grows by `add` and is sealed by `seal`; its lists are the tables, for tests to damage."""

    entries: list[Stored] = field(default_factory=list)
    checkpoints: list[tuple[int, bytes, bytes, bytes]] = field(default_factory=list)

    def add(
        self,
        stream: str,
        kind: str = "note.added",
        body: Any = None,
        refs: tuple[tuple[str, str, int], ...] = (),
    ) -> Stored:
        before = [entry for entry in self.entries if entry.stream == stream]
        number = len(self.entries)
        salt = hashlib.sha256(b"salt %d" % number).digest()
        data = canonical({"text": f"entry {number}"} if body is None else body)
        header = {
            "body_hash": body_hash(salt, data).hex(),
            "id": f"{number:032x}",
            "kind": kind,
            "prev": before[-1].leaf.hex() if before else None,
            "refs": [{"rel": rel, "seq": seq, "stream": target} for rel, target, seq in refs],
            "seq": len(before),
            "stream": stream,
            "v": 1,
        }
        self.entries.append(Stored(stream, len(before), canonical(header), salt, data))
        return self.entries[-1]

    def leaves(self) -> list[bytes]:
        return [entry.leaf for entry in self.entries]

    def seal(self, *keys: SigningKey) -> bytes:
        edge = Frontier().extend(self.leaves())
        note = checkpoint.make(ORIGIN, edge.size, edge.root(), *(keys or (KEY,)))
        self.checkpoints.append((edge.size, edge.root(), note, edge.to_bytes()))
        return note

    def start(self, key: SigningKey = KEY) -> Stored:
        """The first entry, which names the key."""
        return self.add("LOG-LOG", "log.started", {"origin": ORIGIN, "verifier_key": key.verifier().text()})

    def rotate(self, key: SigningKey = NEW_KEY) -> Stored:
        return self.add("LOG-LOG", "log.key-rotated", {"verifier_key": key.verifier().text()})

    def export(self, stream: str, **states: BodyState) -> StreamExport:
        """states: s3=BodyState.ERASED and so on, by sequence number."""
        chosen = [(index, entry) for index, entry in enumerate(self.entries) if entry.stream == stream]
        index = chosen[-1][0]
        stored = [
            StoredEntry(entry.header, entry.body, entry.salt, states.get(f"s{entry.seq}", BodyState.PRESENT))
            for _, entry in chosen
        ]
        return StreamExport(stream, stored, index, merkle.inclusion_proof(self.leaves(), index))


def small_log() -> Log:
    """Nine entries in three streams."""
    log = Log()
    for stream in ("INC-A", "INC-B", "INC-A", "INC-A", "SIG-C", "INC-A", "INC-B", "INC-A", "INC-A"):
        log.add(stream)
    return log
