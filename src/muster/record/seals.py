"""Checking checkpoints along the feed: root, edge, signature, the rotation of keys, and the anchor.

Which key must have signed is known from the record itself: its first entry names the key, an entry of rotation the
next one. The first checkpoint over a rotation bears both signatures, so trust in the old key carries over to the new.
Whether the first key deserves trust no record can say: that is what pinned keys and the anchor are for.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from muster.core.errors import BadInput
from muster.record import checkpoint
from muster.record.checkpoint import Checkpoint
from muster.record.merkle import Frontier
from muster.record.note import VerifierKey
from muster.record.verdict import Finding, Flaw

CheckpointRow = tuple[int, bytes, bytes, bytes]
"""size, root (32 bytes), the signed note, the tree's edge (`Frontier.to_bytes`)."""

_CHANGED = "Somebody changed the database: compare it with a backup and with earlier exports."
_OLDER = "A tail was cut off, a stream was dropped, or an older copy was put back: find the newer one."


@dataclass(frozen=True, slots=True)
class StatedKey:
    """A key that an entry names. begins: it is the first key of a log, so no older one hands over to it."""

    key: VerifierKey | None
    begins: bool


class Seals:
    """The checkpoints of one record, met in the order of their sizes while the feed is walked.

    found: called with each finding. keys: pinned ones; empty when nothing is known. anchor: a checkpoint that was
    seen before, or None.
    """

    def __init__(
        self,
        rows: Iterable[CheckpointRow],
        keys: Sequence[VerifierKey],
        anchor: bytes | None,
        found: Callable[[Finding], None],
    ) -> None:
        self._rows = iter(rows)
        self._next: CheckpointRow | None = None
        self._keys = tuple(keys)
        self._trusted = set(keys)
        self._found = found
        self._stated: list[StatedKey] = []
        self._key: VerifierKey | None = None
        self._last_size = -1
        self._rooted = 0
        self._root_is_lost = False
        self._place: tuple[str, int] | None = None
        self._anchor = self._read_anchor(anchor)
        self.count = 0
        self.sealed = 0
        self.origin = ""
        self.signer: VerifierKey | None = None
        self._advance()

    @property
    def pinned(self) -> bool:
        """Whether the newest checkpoint is signed by a pinned key, or by one that a pinned key handed over to."""
        return self.signer in self._trusted

    def state(self, stated: StatedKey) -> None:
        """An entry names a key; it counts from the next checkpoint on."""
        self._stated.append(stated)

    def reach(self, size: int, tree: Frontier | None, place: tuple[str, int] | None = None) -> None:
        """The walk stands behind leaf `size - 1`, which is that of the entry (stream, seq) at `place`.

        tree: of all leaves so far, None when some are missing.
        """
        self._place = place
        while self._next is not None and self._next[0] <= size:
            self._check(self._next, tree if self._next[0] == size else None)
            self._advance()
        if self._anchor is not None and self._anchor.size == size and tree is not None:
            self._check_anchor_root(self._anchor, tree)

    def end(self, size: int) -> None:
        """The feed has ended, with this many leaves."""
        if self._next is not None:
            what = f"A checkpoint covers {self._next[0]} entries, but the feed ends at {size}."
            self._found(Finding(Flaw.MISSING, what, _OLDER, leaf=size))
        if self._anchor is not None:
            self._check_anchor_size(self._anchor, size)
        if self._keys and self.signer is not None and not self.pinned:
            what = "The newest checkpoint is not signed by the pinned key, nor by one that it handed over to."
            mend = "Pin the key of this log; if it is the right one, this record was made by somebody else."
            self._found(Finding(Flaw.SIGNATURE, what, mend, file=f"checkpoint {self._last_size}"))

    def _advance(self) -> None:
        """On to the next row that has the form of one."""
        for row in self._rows:
            if [type(part) for part in row] == [int, bytes, bytes, bytes]:
                self._next = row
                return
            self._found(
                Finding(Flaw.FORM, "A checkpoint is unreadable.", _CHANGED, file=f"checkpoint {row[0]}")
            )
        self._next = None

    def _check(self, row: CheckpointRow, tree: Frontier | None) -> None:
        size, root, signed, edge = row
        self.count += 1
        before, self._last_size = self._last_size, size
        if size <= before:
            return self._bad(
                Flaw.ADDED, size, "There are two checkpoints of one size, or they are out of order."
            )
        try:
            point = checkpoint.parse(signed)
        except BadInput as error:
            return self._bad(Flaw.FORM, size, error.what)
        if (point.size, point.root) != (size, root):
            return self._bad(Flaw.CHANGED, size, "The checkpoint says something else than its row.")
        fits = tree is not None and self._check_root(point, tree, edge)
        if self._check_signature(point, signed) and fits:
            self.sealed = size
        self.origin = point.origin
        return None

    def _check_root(self, point: Checkpoint, tree: Frontier, edge: bytes) -> bool:
        if tree.root() != point.root:
            if not self._root_is_lost:  # what comes after it cannot fit either
                self._name_changed(point, tree, edge)
            self._root_is_lost = True
            return False
        self._rooted = point.size
        if tree.to_bytes() != edge:
            self._bad(Flaw.CHANGED, point.size, "The tree's edge beside the checkpoint was changed.")
            return False
        return True

    def _name_changed(self, point: Checkpoint, tree: Frontier, edge: bytes) -> None:
        """Say which leaves the changed one is among: after the last good root, in the first wrong subtree."""
        first, last = self._rooted, point.size - 1
        start = 0
        for power, expected, found in _subtrees(point, tree, edge):
            if expected != found:
                first, last = max(first, start), start + power - 1
                break
            start += power
        if first < last:
            what = f"The entries are not those that were sealed: of leaves {first} to {last} one was changed."
            return self._bad(Flaw.ROOT, point.size, what)
        stream, seq = self._place if self._place is not None and first == point.size - 1 else (None, None)
        what = "The entry is not the one that was sealed."
        self._found(Finding(Flaw.ROOT, what, _CHANGED, stream=stream, seq=seq, leaf=first))
        return None

    def _check_signature(self, point: Checkpoint, signed: bytes) -> bool:
        before = self._key
        hands_over = bool(self._stated) and not any(stated.begins for stated in self._stated)
        if self._stated:
            self._key = self._stated[-1].key
            self._stated.clear()
        needed = [self._key, before] if hands_over else [self._key]
        known = [key for key in needed if key is not None] or list(self._keys)
        if not known:
            return False
        try:
            _, signers = checkpoint.verify(signed, known)
        except BadInput as error:
            self._bad(Flaw.SIGNATURE, point.size, error.what)
            return False
        if any(key is not None and key not in signers for key in needed):
            self._bad(
                Flaw.SIGNATURE, point.size, "The first checkpoint after a rotation needs both signatures."
            )
            return False
        if hands_over and before in self._trusted:
            self._trusted.update(signers)
        self.signer = self._key or signers[0]
        return True

    def _read_anchor(self, anchor: bytes | None) -> Checkpoint | None:
        if anchor is None:
            return None
        try:
            return checkpoint.parse(anchor)
        except BadInput as error:
            self._found(Finding(Flaw.ANCHOR, error.what, "Give the anchor as it was kept.", file="anchor"))
            return None

    def _check_anchor_root(self, anchor: Checkpoint, tree: Frontier) -> None:
        if tree.root() != anchor.root:
            what = f"The first {anchor.size} entries are not those that the anchor knows."
            self._found(Finding(Flaw.ANCHOR, what, _CHANGED, file="anchor"))

    def _check_anchor_size(self, anchor: Checkpoint, size: int) -> None:
        if size < anchor.size:
            what = (
                f"The record ends before the anchor: it has {size} entries, the anchor knows {anchor.size}."
            )
            self._found(Finding(Flaw.ANCHOR, what, _OLDER, file="anchor"))
        elif self.origin and self.origin != anchor.origin:
            what, mend = (
                "The anchor is of another log.",
                "Give the anchor of this log, or the log of this anchor.",
            )
            self._found(Finding(Flaw.ANCHOR, what, mend, file="anchor"))
        elif self._last_size < anchor.size:
            what = f"The checkpoint of size {anchor.size}, which the anchor knows, is gone."
            self._found(Finding(Flaw.ANCHOR, what, _CHANGED, file="anchor"))

    def _bad(self, flaw: Flaw, size: int, what: str) -> None:
        self._found(Finding(flaw, what, _CHANGED, leaf=max(size - 1, 0), file=f"checkpoint {size}"))


def _subtrees(point: Checkpoint, tree: Frontier, edge: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Leaves, sealed root and found root of each complete subtree, if the kept edge is the one that was sealed."""
    try:
        kept = Frontier.from_bytes(edge)
    except BadInput:
        return
    if (kept.size, kept.root()) != (point.size, point.root):
        return
    powers = [1 << bit for bit in reversed(range(point.size.bit_length())) if point.size >> bit & 1]
    yield from zip(powers, kept.nodes, tree.nodes, strict=True)
