"""Checking an export: everything is computed anew, and the first thing that is wrong is named.

What an export proves: these streams were in the log, whole and in this order, when its checkpoint was signed. What it
shows besides: how large the log was, and at which place the head of each stream stands. What it cannot prove by
itself: whose key it is; compare the fingerprint with one that came another way.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from muster.core.errors import BadInput
from muster.record import checkpoint, manifest, note, proof
from muster.record.canonical import parse_canonical
from muster.record.checkpoint import Checkpoint
from muster.record.hashing import blob_hash, body_hash, is_hex, leaf_hash
from muster.record.manifest import Manifest, ManifestStream
from muster.record.note import VerifierKey
from muster.record.verdict import Finding, Flaw

MAX_LINE = 1 << 20

T = TypeVar("T")

_AGAIN = "Fetch the export again, or ask for a new one."


class ExportedEntry(BaseModel):
    """A line of `streams/STREAM.jsonl`: header and body as their canonical text, the salt in base64."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    body: str | None
    header: str
    salt: str | None


@dataclass(frozen=True, slots=True)
class StreamReport:
    """A stream that verified. index: leaf of its head. withheld, erased: sequence numbers without a body."""

    id: str
    count: int
    withheld: tuple[int, ...]
    erased: tuple[int, ...]
    index: int


@dataclass(frozen=True, slots=True)
class Report:
    """What an export says, as far as it could be checked. finding: the first thing that is wrong, or None.

    size: leaves of the log at the checkpoint; fingerprint: of the key that signed; pinned: it is the expected one.
    """

    finding: Finding | None = None
    origin: str = ""
    size: int = 0
    fingerprint: str = ""
    pinned: bool = False
    streams: tuple[StreamReport, ...] = ()
    blobs: int = 0

    @property
    def ok(self) -> bool:
        """Whether everything verified."""
        return self.finding is None

    def headline(self) -> str:
        """The verdict in one line."""
        if self.finding is not None:
            return f"does not verify: {self.finding.line()}"
        if self.pinned:
            return f"verified, signed by {self.fingerprint}, which is the pinned key"
        return f"consistent with itself, signed by {self.fingerprint}, not pinned"


def check(tree: Mapping[str, bytes], pinned_key: str | None = None) -> Report:
    """Verify an export, given as path -> bytes.

    pinned_key: the verifier key that is expected (its line), or its fingerprint (hex digits, spaces as you like), or
    None when nothing is known of it. Nothing in the tree makes it raise: `finding` names the first thing that is
    wrong, by stream and seq where it is in one. Raises BadInput when `pinned_key` is neither key nor fingerprint.
    """
    expected = None if pinned_key is None else _pinned_fingerprint(pinned_key)
    checking = _Checking(tree)
    try:
        checking.run(expected)
    except _BadError as bad:
        return replace(checking.report, finding=bad.finding)
    return checking.report


class _BadError(Exception):
    """Ends a check at the first thing that is wrong."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.what)
        self.finding = finding


class _Checking:
    """One run over one export; `report` grows with what is known so far."""

    def __init__(self, tree: Mapping[str, bytes]) -> None:
        self.tree = tree
        self.report = Report()

    def run(self, expected: str | None) -> None:
        key = _key(self._file("key"))
        shown = note.fingerprint(key)
        self.report = Report(fingerprint=shown, pinned=expected == shown)
        if expected is not None and not self.report.pinned:
            raise _bad(
                Flaw.SIGNATURE, "The export is signed with another key than the pinned one.", file="key"
            )
        signed = self._file("checkpoint")
        point, _ = _reading(lambda: checkpoint.verify(signed, [key]), file="checkpoint")
        self.report = replace(self.report, origin=point.origin, size=point.size)
        found = _manifest(self._file("manifest"), key, point)
        self._check_files(found)
        for stream in found.streams:
            _check_stream(self.tree[f"streams/{stream.id}.jsonl"], stream)
            index = _check_proof(self.tree[f"proofs/{stream.id}.tlog-proof"], stream, key, signed)
            checked = StreamReport(
                stream.id, stream.count, tuple(stream.withheld), tuple(stream.erased), index
            )
            self.report = replace(self.report, streams=(*self.report.streams, checked))
        for name in found.blobs:
            if blob_hash(self.tree[f"blobs/{name}"]) != name:
                raise _bad(Flaw.CHANGED, "The blob is not what its name says.", file=f"blobs/{name}")
        self.report = replace(self.report, blobs=len(found.blobs))

    def _file(self, path: str) -> bytes:
        if path not in self.tree:
            raise _bad(Flaw.MISSING, "The file is missing.", file=path)
        return self.tree[path]

    def _check_files(self, found: Manifest) -> None:
        expected = {"key", "checkpoint", "manifest"}
        for stream in found.streams:
            for path in (f"streams/{stream.id}.jsonl", f"proofs/{stream.id}.tlog-proof"):
                if path not in self.tree:
                    raise _bad(Flaw.MISSING, f"The file {path} is missing.", stream=stream.id)
                expected.add(path)
        for name in found.blobs:
            self._file(f"blobs/{name}")
            expected.add(f"blobs/{name}")
        for path in sorted(self.tree.keys() - expected):
            raise _bad(Flaw.ADDED, "The file is not named in the manifest.", file=path)


def _key(data: bytes) -> VerifierKey:
    key = _reading(lambda: VerifierKey.parse(data.decode("utf-8", "replace")), file="key")
    if key.text().encode() != data:
        raise _bad(Flaw.CHANGED, "Something stands beside the key.", file="key")
    return key


def _manifest(data: bytes, key: VerifierKey, point: Checkpoint) -> Manifest:
    _reading(lambda: note.verify(data, [key], most=manifest.MAX_BYTES), file="manifest")
    signed = note.parse(data, most=manifest.MAX_BYTES)
    if len(signed.signatures) != 1:
        raise _bad(Flaw.ADDED, "The manifest has more than one signature.", file="manifest")
    found = _reading(lambda: Manifest.parse(signed.text), file="manifest")
    if (found.origin, found.size, found.root) != (point.origin, point.size, point.root.hex()):
        raise _bad(Flaw.CHANGED, "Manifest and checkpoint are not of one state of the log.", file="manifest")
    return found


def _check_stream(data: bytes, stream: ManifestStream) -> None:
    *lines, rest = data.split(b"\n")
    without_body = {*stream.withheld, *stream.erased}
    hashes: list[str] = []
    named: list[Any] = []
    for seq, line in enumerate(lines[: stream.count]):
        header, before = _check_entry(line, stream.id, seq, expects_body=seq not in without_body)
        hashes.append(leaf_hash(header).hex())
        named.append(before)
    if len(hashes) < stream.count:
        _check_chain(stream.id, hashes, named[1:])
        what = f"The stream ends too early: the manifest counts {stream.count} entries."
        raise _bad(Flaw.MISSING, what, stream=stream.id, seq=len(hashes))
    _check_chain(stream.id, hashes, [*named[1:], stream.head])
    if named[0] is not None:
        raise _bad(Flaw.CHANGED, "The first entry names one before it.", stream=stream.id, seq=0)
    if len(lines) > stream.count or rest:
        what = f"The stream goes on too long: the manifest counts {stream.count} entries."
        raise _bad(Flaw.ADDED, what, stream=stream.id, seq=stream.count)


def _check_entry(line: bytes, stream: str, seq: int, *, expects_body: bool) -> tuple[bytes, Any]:
    """The header of an entry and what it names as the hash before it."""
    try:
        entry = ExportedEntry.model_validate(
            _reading(lambda: parse_canonical(line, most=MAX_LINE), stream=stream, seq=seq)
        )
    except ValidationError:
        raise _bad(Flaw.FORM, "The line is no entry.", stream=stream, seq=seq) from None
    header = entry.header.encode()
    tree = _reading(lambda: parse_canonical(header), stream=stream, seq=seq)
    fields = cast("dict[str, Any]", tree) if isinstance(tree, dict) else {}
    if (fields.get("stream"), fields.get("seq")) != (stream, seq):
        raise _bad(Flaw.CHANGED, "The header belongs to another place.", stream=stream, seq=seq)
    _check_body(entry, fields.get("body_hash"), stream, seq, expects_body=expects_body)
    return header, fields.get("prev")


def _check_body(entry: ExportedEntry, expected: Any, stream: str, seq: int, *, expects_body: bool) -> None:
    body, salt = entry.body, entry.salt
    if not expects_body:
        if body is not None or salt is not None:
            raise _bad(Flaw.ADDED, "The manifest says that this body is left out.", stream=stream, seq=seq)
        return
    if body is None or salt is None:
        raise _bad(
            Flaw.MISSING, "The body is missing, and the manifest does not say so.", stream=stream, seq=seq
        )
    digest = _reading(lambda: body_hash(note.decode(salt, "salt"), body.encode()), stream=stream, seq=seq)
    if digest.hex() != expected:
        raise _bad(Flaw.CHANGED, "The body is not what its header says.", stream=stream, seq=seq)


def _check_chain(stream: str, hashes: Sequence[str], vouched: Sequence[Any]) -> None:
    """Each entry is vouched for by the next, the last by the manifest; one that is not was changed.

    An entry that was changed may name a wrong one before it. So of several in a row the last is accused: the entry
    after it is vouched for itself.
    """
    accused: int | None = None
    for seq, (digest, expected) in enumerate(zip(hashes, vouched, strict=False)):
        if digest != expected:
            accused = seq
        elif accused is not None:
            break
    if accused is not None:
        what = "The entry was changed: what comes after it names another hash."
        raise _bad(Flaw.CHANGED, what, stream=stream, seq=accused)


def _check_proof(data: bytes, stream: ManifestStream, key: VerifierKey, signed: bytes) -> int:
    parsed = _reading(lambda: proof.parse(data), stream=stream.id)
    if parsed.checkpoint != signed:
        raise _bad(Flaw.CHANGED, "The proof is of another checkpoint.", stream=stream.id)
    if parsed.extra is not None:
        raise _bad(Flaw.ADDED, "The proof has extra data, which nothing signs.", stream=stream.id)
    _reading(lambda: proof.verify(parsed, bytes.fromhex(stream.head), [key]), stream=stream.id)
    return parsed.index


def _pinned_fingerprint(pinned: str) -> str:
    digits = "".join(pinned.split()).lower()
    if is_hex(digits):
        return note.grouped(digits)
    return note.fingerprint(VerifierKey.parse(pinned))


def _reading(
    read: Callable[[], T], *, stream: str | None = None, seq: int | None = None, file: str | None = None
) -> T:
    """What `read` gives; its refusal becomes the finding at this place."""
    try:
        return read()
    except BadInput as error:
        raise _bad(Flaw.FORM, error.what, stream=stream, seq=seq, file=file) from error


def _bad(
    flaw: Flaw, what: str, *, stream: str | None = None, seq: int | None = None, file: str | None = None
) -> _BadError:
    return _BadError(Finding(flaw, what, _AGAIN, stream=stream, seq=seq, file=file))
