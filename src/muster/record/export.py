"""Exports: streams as files that anybody can check without Muster, built and checked as a tree of bytes.

The files (design, "Exports"; docs/export-format.md has it in plain words):

    key                          the verifier key of the log, its line without a newline
    checkpoint                   the C2SP tlog-checkpoint that all proofs lead to
    manifest                     a signed note of one line of canonical JSON: what belongs to the export
    proofs/STREAM.tlog-proof     C2SP proof that the head of the stream is in the log
    streams/STREAM.jsonl         an entry a line: {"body", "header", "salt"}, canonical
    blobs/SHA256                 a file by its hash

One proof for the head and the chain of `prev` prove a whole stream; the manifest proves that nothing was taken away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic import ValidationError

from muster.core.errors import BadInput, Damaged
from muster.record import checkpoint, note
from muster.record.archive import pack, unpack
from muster.record.canonical import canonical
from muster.record.export_check import MAX_LINE, Report, check
from muster.record.hashing import blob_hash, leaf_hash
from muster.record.manifest import Manifest, ManifestStream
from muster.record.note import SigningKey
from muster.record.proof import Proof

__all__ = ["BodyState", "Report", "StoredEntry", "StreamExport", "build", "check", "pack", "unpack"]


class BodyState(StrEnum):
    """Whether the body of an entry goes along."""

    PRESENT = "present"
    WITHHELD = "withheld"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as it is stored. header, body: canonical bytes; salt: 32 bytes; both None once erased."""

    header: bytes
    body: bytes | None
    salt: bytes | None
    state: BodyState = BodyState.PRESENT


@dataclass(frozen=True, slots=True)
class StreamExport:
    """A stream with all its entries from seq 0, up to the checkpoint.

    index: the leaf of its last entry; path: that leaf's hashes in the tree of the checkpoint
    (`merkle.inclusion_proofs` gives them for many streams in one pass).
    """

    id: str
    entries: Sequence[StoredEntry]
    index: int
    path: tuple[bytes, ...]


def build(
    streams: Sequence[StreamExport], signed: bytes, key: SigningKey, blobs: Mapping[str, bytes]
) -> dict[str, bytes]:
    """The export of these streams as path -> bytes, checked once more before it is given out.

    signed: the checkpoint as a note. blobs: by their SHA-256 in hex. Raises BadInput when there is nothing to export
    or a part is not what its description says, and Damaged when what was built does not verify: then the record
    itself has to be verified.
    """
    tree = {"key": key.verifier().text().encode(), "checkpoint": signed}
    for stream in streams:
        if f"streams/{stream.id}.jsonl" in tree:
            raise BadInput("One stream is named twice.", stream.id, "Name it once.")
        tree[f"streams/{stream.id}.jsonl"] = b"".join(_line(entry, stream.id) for entry in stream.entries)
        tree[f"proofs/{stream.id}.tlog-proof"] = Proof(stream.index, stream.path, signed).to_bytes()
    for name, data in blobs.items():
        if name != blob_hash(data):
            raise BadInput("A blob is not what its name says.", f"blobs/{name}", "Verify the blob store.")
        tree[f"blobs/{name}"] = data
    tree["manifest"] = note.sign(_manifest(streams, signed, blobs).text(), key)
    report = check(tree, key.verifier().text())
    if report.finding is not None:
        raise Damaged(report.finding.what, report.finding.where(), "Verify the record: `muster verify`.")
    return tree


def _line(entry: StoredEntry, stream: str) -> bytes:
    body = salt = None
    if entry.state is BodyState.PRESENT:
        if entry.body is None or entry.salt is None:
            raise BadInput("A body is missing.", stream, "Say that it is withheld or erased.")
        body, salt = _text(entry.body, stream), note.encode(entry.salt)
    line = {"body": body, "header": _text(entry.header, stream), "salt": salt}
    return canonical(line, most=MAX_LINE) + b"\n"


def _text(data: bytes, stream: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Damaged("A header or body is no text.", stream, "Verify the record: `muster verify`.") from None


def _manifest(streams: Sequence[StreamExport], signed: bytes, blobs: Mapping[str, bytes]) -> Manifest:
    point = checkpoint.parse(signed)
    described = [_described(stream) for stream in sorted(streams, key=lambda each: each.id)]
    try:
        return Manifest(
            blobs=sorted(blobs),
            origin=point.origin,
            root=point.root.hex(),
            size=point.size,
            streams=described,
        )
    except ValidationError:
        raise BadInput("There is nothing to export.", "export", "Name a stream.") from None


def _described(stream: StreamExport) -> ManifestStream:
    def of(state: BodyState) -> list[int]:
        return [seq for seq, entry in enumerate(stream.entries) if entry.state is state]

    try:
        return ManifestStream(
            count=len(stream.entries),
            erased=of(BodyState.ERASED),
            head=leaf_hash(stream.entries[-1].header).hex() if stream.entries else "",
            id=stream.id,
            withheld=of(BodyState.WITHHELD),
        )
    except ValidationError:
        raise BadInput("This is no stream to export.", "export", "It has a plain id, and entries.") from None
