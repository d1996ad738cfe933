"""Verifying a whole record: every hash, chain, root and signature is computed anew, in one walk along the feed.

The rows come as iterables in the order of the feed and are met once, so memory grows with the number of streams, with
a byte for each entry, never with what the entries say. Nothing in the rows makes it raise: SQLite keeps any type in
any column, so the types of the rows are checked as well.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

from muster.core.errors import BadInput
from muster.record.canonical import parse_canonical
from muster.record.hashing import HASH_BYTES, body_hash, leaf_hash
from muster.record.log import LogKeyRotated, LogRestored, LogStarted
from muster.record.merkle import Frontier
from muster.record.note import VerifierKey, fingerprint
from muster.record.seals import CheckpointRow, Seals, StatedKey
from muster.record.verdict import Finding, Flaw, Verdict

LeafRow = tuple[int, str, int, bytes]
"""feed, stream, seq, hash (32 bytes)."""
EntryRow = tuple[str, int, bytes]
"""stream, seq, header."""
BodyRow = tuple[str, int, bytes, bytes]
"""stream, seq, salt (32 bytes), body."""

ERASED = "entry.erased"
ERASES = "erases"
MAX_FINDINGS = 100

_BEGIN = (LogStarted.kind, LogRestored.kind)
_NAMES_KEY = (*_BEGIN, LogKeyRotated.kind)
_LOOK_AHEAD = 64
_CHANGED = "Somebody changed the database: compare it with a backup and with earlier exports."
_LOST = "Somebody changed the database: fetch what is missing from a backup."

Row = TypeVar("Row", EntryRow, BodyRow)
Place = tuple[str, int]


def erased_targets(header: Mapping[str, Any]) -> list[Place]:
    """The entries (stream, seq) whose bodies this entry erases: none, unless it is an erasure."""
    if header.get("kind") != ERASED:
        return []
    refs = header.get("refs")
    found = cast("list[Any]", refs) if isinstance(refs, list) else []
    return [(ref["stream"], ref["seq"]) for ref in found if _is_erasing(ref)]


def _is_erasing(ref: Any) -> bool:
    named = cast("dict[str, Any]", ref) if isinstance(ref, dict) else {}
    seq = named.get("seq")
    return (
        named.get("rel") == ERASES and isinstance(named.get("stream"), str) and type(seq) is int and seq >= 0
    )


def verify(
    leaves: Iterable[LeafRow],
    entries: Iterable[EntryRow],
    bodies: Iterable[BodyRow],
    checkpoints: Iterable[CheckpointRow],
    *,
    counter: int,
    keys: Sequence[VerifierKey] = (),
    anchor: bytes | None = None,
    erases: Callable[[Mapping[str, Any]], Iterable[Place]] = erased_targets,
) -> Verdict:
    """Recompute everything and say what is wrong, the first thing in the feed first.

    leaves: by feed number. entries, bodies: in the order of their leaves, those without a leaf last (SQLite sorts
    NULL first unless told otherwise). checkpoints: by size. counter: the next feed number, as the one-row counter has
    it. keys: pinned keys, the newest or any one that handed over to it. anchor: a checkpoint that was seen before (a
    signed note), read before the rows are, or a running server may have moved it. erases: from a parsed header to
    the entries whose bodies it erases.
    """
    return _Walk(entries, bodies, checkpoints, keys, anchor, erases).run(leaves, counter)


class _Body:
    """What is known of a body, one byte each."""

    UNKNOWN, PRESENT, MISSING, ERASED = range(4)


@dataclass
class _Stream:
    """A stream as far as it was walked. head: the hash that the next entry must name; None when it is not known."""

    next_seq: int = 0
    head: bytes | None = None
    suspect: tuple[int, int] | None = None  # seq and leaf of an entry that its successor does not vouch for
    bodies: bytearray = field(default_factory=bytearray)


class _Ahead(Generic[Row]):
    """Rows by their place, met in roughly the order in which they are asked for; looks a few rows ahead."""

    def __init__(self, rows: Iterable[Row], types: Sequence[type], bad: Callable[[Any], None]) -> None:
        self._rows = self._well_formed(rows, types, bad)
        self._held: dict[Place, Row] = {}
        self._twice: list[Row] = []

    @staticmethod
    def _well_formed(rows: Iterable[Row], types: Sequence[type], bad: Callable[[Any], None]) -> Iterator[Row]:
        for row in rows:
            if tuple(map(type, row)) == types:
                yield row
            else:
                bad(row)

    def take(self, place: Place) -> Row | None:
        """The row of this place, or None when it is not among the next ones."""
        while place not in self._held and len(self._held) < _LOOK_AHEAD:
            row = next(self._rows, None)
            if row is None:
                break
            if (row[0], row[1]) in self._held:
                self._twice.append(row)
            else:
                self._held[row[0], row[1]] = row
        return self._held.pop(place, None)

    def rest(self) -> Iterator[Row]:
        """What nobody asked for."""
        yield from self._twice
        yield from self._held.values()
        yield from self._rows


class _Walk:
    """One walk along the feed."""

    def __init__(
        self,
        entries: Iterable[EntryRow],
        bodies: Iterable[BodyRow],
        checkpoints: Iterable[CheckpointRow],
        keys: Sequence[VerifierKey],
        anchor: bytes | None,
        erases: Callable[[Mapping[str, Any]], Iterable[Place]],
    ) -> None:
        self._findings: list[Finding] = []
        self._found = 0
        self._entries = _Ahead(entries, (str, int, bytes), self._unreadable)
        self._bodies = _Ahead(bodies, (str, int, bytes, bytes), self._unreadable)
        self._seals = Seals(checkpoints, keys, anchor, self._add)
        self._erases = erases
        self._streams: dict[str, _Stream] = {}
        self._missing: dict[
            Place, int
        ] = {}  # bodies that are not there, with their leaf; an erasure may follow
        self._erased = 0
        self._size = 0
        self._tree: Frontier | None = Frontier()

    def run(self, leaves: Iterable[LeafRow], counter: int) -> Verdict:
        """Walk, and give the verdict."""
        self._seals.reach(0, self._tree)
        for row in leaves:
            if tuple(map(type, row)) != (int, str, int, bytes) or len(row[3]) != HASH_BYTES:
                self._bad(Flaw.FORM, "The leaf is unreadable.", leaf=self._size)
                continue
            feed, stream, seq, leaf = row
            if self._check_feed(feed):
                self._check_leaf(feed, stream, seq, leaf)
                self._seals.reach(self._size, self._tree, (stream, seq))
        self._end(counter)
        kept = sorted(self._findings, key=lambda each: self._size if each.leaf is None else each.leaf)
        signer = self._seals.signer
        return Verdict(
            findings=tuple(kept),
            found=self._found,
            origin=self._seals.origin,
            size=self._size,
            streams=len(self._streams),
            checkpoints=self._seals.count,
            sealed=self._seals.sealed,
            erased=self._erased,
            fingerprint="" if signer is None else fingerprint(signer),
            pinned=self._seals.pinned,
        )

    def _check_feed(self, feed: int) -> bool:
        if feed < self._size:
            self._bad(Flaw.ADDED, "There are two leaves of one number, or they are out of order.", leaf=feed)
            return False
        if feed > self._size:
            what = (
                "The leaf is missing."
                if feed == self._size + 1
                else f"Leaves {self._size} to {feed - 1} are missing."
            )
            self._bad(Flaw.MISSING, what, _LOST, leaf=self._size)
            self._tree = None
        self._size = feed + 1
        return True

    def _check_leaf(self, feed: int, name: str, seq: int, leaf: bytes) -> None:
        if self._tree is not None:
            self._tree = self._tree.append(leaf)
        stream = self._streams.setdefault(name, _Stream())
        if seq < stream.next_seq:
            return self._bad(Flaw.ADDED, "The entry has two leaves.", stream=name, seq=seq, leaf=feed)
        if seq > stream.next_seq:
            what = f"Entries {stream.next_seq} to {seq - 1} of the stream have no leaf."
            self._bad(Flaw.MISSING, what, _LOST, stream=name, seq=stream.next_seq, leaf=feed)
            self._settle(name, stream)
            stream.bodies.extend([_Body.UNKNOWN] * (seq - stream.next_seq))
            stream.head = None
        stream.next_seq = seq + 1
        stream.bodies.append(_Body.UNKNOWN)
        entry = self._entries.take((name, seq))
        if entry is None:
            self._bad(Flaw.MISSING, "The entry is missing.", _LOST, stream=name, seq=seq, leaf=feed)
            self._bodies.take((name, seq))
            stream.head = leaf
            return None
        return self._check_entry(feed, entry, leaf)

    def _check_entry(self, feed: int, entry: EntryRow, leaf: bytes) -> None:
        name, seq, header = entry
        stream = self._streams[name]
        before, stream.head = stream.head, leaf
        body = self._bodies.take((name, seq))
        what = self._wrong_header(header, leaf)
        tree: dict[str, Any] = {}
        if what is None:
            tree, what = self._parsed(name, seq, header)
        if what is not None:
            self._bad(Flaw.CHANGED, what, stream=name, seq=seq, leaf=feed)
            self._settle(name, stream)
            stream.head = None
            stream.bodies[seq] = _Body.PRESENT if body is not None else _Body.UNKNOWN
            return
        self._check_prev(feed, name, seq, before, tree.get("prev"))
        self._check_body(feed, name, seq, body, tree)
        self._apply(feed, name, seq, body, tree)

    @staticmethod
    def _wrong_header(header: bytes, leaf: bytes) -> str | None:
        return None if leaf_hash(header) == leaf else "The header is not what its leaf says."

    @staticmethod
    def _parsed(name: str, seq: int, header: bytes) -> tuple[dict[str, Any], str | None]:
        try:
            tree = parse_canonical(header)
        except BadInput as error:
            return {}, error.what
        fields = cast("dict[str, Any]", tree) if isinstance(tree, dict) else {}
        if (fields.get("stream"), fields.get("seq")) != (name, seq):
            return {}, "The header belongs to another place."
        return fields, None

    def _check_prev(self, feed: int, name: str, seq: int, before: bytes | None, prev: Any) -> None:
        """The entry before this one is accused when this one does not vouch for it.

        An entry that was changed may name a wrong one before it. So of several in a row the last is accused: the
        entry after it is vouched for itself.
        """
        stream = self._streams[name]
        if seq == 0:
            if prev is not None:
                self._bad(Flaw.CHANGED, "The first entry names one before it.", stream=name, seq=0, leaf=feed)
        elif before is not None and before.hex() != prev:
            stream.suspect = (seq - 1, feed)
        else:
            self._settle(name, stream)

    def _settle(self, name: str, stream: _Stream) -> None:
        if stream.suspect is not None:
            seq, after = stream.suspect
            what = (
                f"The entry was changed, with its leaf: the one after it (leaf {after}) names another hash."
            )
            self._bad(Flaw.CHANGED, what, stream=name, seq=seq, leaf=after)
            stream.suspect = None

    def _check_body(
        self, feed: int, name: str, seq: int, body: BodyRow | None, tree: Mapping[str, Any]
    ) -> None:
        stream = self._streams[name]
        if body is None:
            stream.bodies[seq] = _Body.MISSING
            self._missing[name, seq] = feed
            return
        stream.bodies[seq] = _Body.PRESENT
        try:
            fits = body_hash(body[2], body[3]).hex() == tree.get("body_hash")
        except BadInput:
            fits = False
        if not fits:
            self._bad(Flaw.CHANGED, "The body is not what its header says.", stream=name, seq=seq, leaf=feed)

    def _apply(self, feed: int, name: str, seq: int, body: BodyRow | None, tree: Mapping[str, Any]) -> None:
        """What the entry does to others: erase their bodies, name a key."""
        for target in self._erases(tree):
            self._erase(target, feed, name, seq)
        kind = tree.get("kind")
        if kind in _NAMES_KEY and body is not None:
            key = _named_key(body[3])
            if key is None:
                self._bad(Flaw.FORM, "The entry names no key.", stream=name, seq=seq, leaf=feed)
            self._seals.state(StatedKey(key, kind in _BEGIN))

    def _erase(self, target: Place, feed: int, name: str, seq: int) -> None:
        stream = self._streams.get(target[0], _Stream())
        if target[1] >= len(stream.bodies):
            what = "The entry erases one that is not there before it."
            return self._bad(Flaw.FORM, what, stream=name, seq=seq, leaf=feed)
        state = stream.bodies[target[1]]
        if state == _Body.PRESENT:
            what, mend = (
                "The body was erased, but it is still there.",
                "Erase it again, and see who put it back.",
            )
            self._bad(Flaw.ADDED, what, mend, stream=target[0], seq=target[1], leaf=feed)
        elif state == _Body.MISSING:
            del self._missing[target]
            self._erased += 1
            stream.bodies[target[1]] = _Body.ERASED
        return None

    def _end(self, counter: int) -> None:
        for name, stream in self._streams.items():
            self._settle(name, stream)
        for (name, seq), feed in self._missing.items():
            what = "The body is missing, and no entry says that it was erased."
            self._bad(Flaw.MISSING, what, _LOST, stream=name, seq=seq, leaf=feed)
        for name, seq, _ in self._entries.rest():
            self._bad(Flaw.ADDED, "The entry has no leaf.", stream=name, seq=seq)
        for name, seq, _, _ in self._bodies.rest():
            self._bad(Flaw.ADDED, "The body has no entry.", stream=name, seq=seq)
        if counter > self._size:
            what = f"The feed ends too early: the counter says {counter} entries."
            self._bad(Flaw.MISSING, what, _LOST, leaf=self._size)
        elif counter < self._size:
            self._bad(Flaw.CHANGED, f"The counter says {counter} entries, but there are {self._size}.")
        self._seals.end(self._size)

    def _unreadable(self, row: tuple[Any, ...]) -> None:
        self._bad(
            Flaw.FORM,
            "The row is unreadable.",
            stream=str(row[0]),
            seq=row[1] if type(row[1]) is int else None,
        )

    def _bad(
        self,
        flaw: Flaw,
        what: str,
        mend: str = _CHANGED,
        *,
        stream: str | None = None,
        seq: int | None = None,
        leaf: int | None = None,
    ) -> None:
        self._add(Finding(flaw, what, mend, stream=stream, seq=seq, leaf=leaf))

    def _add(self, finding: Finding) -> None:
        self._found += 1
        if len(self._findings) < MAX_FINDINGS:
            self._findings.append(finding)


def _named_key(body: bytes) -> VerifierKey | None:
    try:
        tree = parse_canonical(body)
        named = cast("dict[str, Any]", tree).get("verifier_key") if isinstance(tree, dict) else None
        return VerifierKey.parse(named) if isinstance(named, str) else None
    except BadInput:
        return None
