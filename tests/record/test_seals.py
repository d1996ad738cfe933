"""Checkpoints along the feed: roots, edges, signatures, rotation and the anchor."""

from typing import Any

import pytest

from muster.record import checkpoint, note
from muster.record.merkle import Frontier
from muster.record.note import SigningKey, fingerprint
from muster.record.seals import Seals, StatedKey
from muster.record.verdict import Finding, Flaw
from tests.record.sample import KEY, NEW_KEY, ORIGIN, STRANGE_KEY, Log
from tests.record.test_verify import Tables, grown, tables

PIN, NEW_PIN, STRANGE_PIN = KEY.verifier(), NEW_KEY.verifier(), STRANGE_KEY.verifier()
ANCHOR = grown().checkpoints[-1][2]


def good() -> Tables:
    return tables(grown())


def remade(found: Tables, number: int, **changes: Any) -> None:
    """One checkpoint row with other parts."""
    size, root, signed, edge = found.checkpoints[number]
    parts = {"size": size, "root": root, "signed": signed, "edge": edge} | changes
    found.checkpoints[number] = (parts["size"], parts["root"], parts["signed"], parts["edge"])


@pytest.mark.thorough
@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("part", ["root", "signed", "edge"])
def test_every_changed_byte_of_a_checkpoint_is_found(number: int, part: str):
    row = good().checkpoints[number]
    data: bytes = row[("size", "root", "signed", "edge").index(part)]
    for place in range(len(data)):
        found = good()
        other = bytearray(data)
        other[place] ^= 1
        remade(found, number, **{part: bytes(other)})
        assert found.verdict(PIN).findings[0].file == f"checkpoint {row[0]}"


@pytest.mark.parametrize(
    ("changes", "flaw", "what"),
    [
        ({"root": bytes(32)}, Flaw.CHANGED, "something else than its row"),
        ({"edge": b""}, Flaw.CHANGED, "edge beside the checkpoint"),
        ({"signed": b"x"}, Flaw.FORM, "no signed note"),
        ({"signed": note.sign("x\n", KEY)}, Flaw.FORM, "no checkpoint"),
        ({"signed": None}, Flaw.FORM, "unreadable"),
        ({"root": "x"}, Flaw.FORM, "unreadable"),
        ({"edge": None}, Flaw.FORM, "unreadable"),
    ],
)
def test_a_damaged_checkpoint_is_named(changes: dict[str, Any], flaw: Flaw, what: str):
    found = good()
    remade(found, 1, **changes)
    first = found.verdict(PIN).findings[0]
    assert (first.flaw, first.where(), found.verdict().found) == (flaw, "checkpoint 4", 1)
    assert what in first.what
    assert found.verdict().sealed == 9


def test_a_checkpoint_of_another_size_than_it_says_is_found():
    for size in (3, 5):
        found = good()
        remade(found, 1, size=size)
        assert found.first() == (
            Flaw.CHANGED,
            f"checkpoint {size}",
            "The checkpoint says something else than its row.",
        )


def test_sizes_rise():
    found = good()
    found.checkpoints.insert(2, found.checkpoints[1])
    what = "There are two checkpoints of one size, or they are out of order."
    assert found.first() == (Flaw.ADDED, "checkpoint 4", what)
    assert found.verdict().checkpoints == 4
    found = good()
    remade(found, 0, size=-1)
    assert found.first() == (Flaw.ADDED, "checkpoint -1", what)


def test_a_checkpoint_over_nothing_is_allowed():
    log = Log()
    log.seal()
    assert tables(log).verdict(PIN).ok
    log.start()
    log.seal()
    assert tables(log).verdict(PIN).ok
    wrong = Log()
    wrong.seal()
    wrong.checkpoints[0] = (0, bytes(32), checkpoint.make(ORIGIN, 0, bytes(32), KEY), bytes(8))
    found = tables(wrong)
    assert found.verdict().findings[0].flaw is Flaw.ROOT


def signed_by(key: SigningKey, number: int) -> Tables:
    """The record with one checkpoint signed by another key."""
    found = good()
    size, root, _, _ = found.checkpoints[number]
    remade(found, number, signed=checkpoint.make(ORIGIN, size, root, key))
    return found


@pytest.mark.parametrize("number", range(3))
def test_a_checkpoint_is_signed_by_the_key_that_the_record_names(number: int):
    found = signed_by(STRANGE_KEY, number)
    size = found.checkpoints[number][0]
    assert found.first()[:2] == (Flaw.SIGNATURE, f"checkpoint {size}")
    assert found.verdict().sealed == (4 if number == 2 else 9)


def test_a_checkpoint_of_another_log_is_found():
    found = good()
    size, root, _, _ = found.checkpoints[1]
    other = SigningKey("muster.invalid/other", KEY.seed)
    remade(found, 1, signed=checkpoint.make(other.name, size, root, other))
    assert found.first()[:2] == (Flaw.SIGNATURE, "checkpoint 4")


@pytest.mark.parametrize("number", range(1, 9))
def test_a_changed_entry_is_looked_for_between_two_checkpoints(number: int):
    found = good()
    found.header(number, leaf_too=True, id="f" * 32)
    finding = next(f for f in found.verdict(PIN).findings if f.flaw is Flaw.ROOT)
    if number < 4:
        assert finding.where() == "checkpoint 4"
        assert finding.what.endswith("of leaves 1 to 3 one was changed.")
    elif number < 8:
        assert finding.where() == "checkpoint 9"
        assert finding.what.endswith("of leaves 4 to 7 one was changed.")
    else:
        assert (finding.stream, finding.seq, finding.leaf) == ("INC-A", 4, 8)
        assert finding.what == "The entry is not the one that was sealed."
    assert found.verdict(PIN).sealed == (1 if number < 4 else 4)


@pytest.mark.parametrize("edge", [b"", bytes(8), Frontier().extend([bytes(32)] * 9).to_bytes()])
def test_a_changed_edge_narrows_nothing(edge: bytes):
    found = good()
    found.header(8, leaf_too=True, id="f" * 32)
    remade(found, 2, edge=edge)
    finding = found.verdict(PIN).findings[0]
    assert finding.where() == "checkpoint 9"
    assert finding.what.endswith("of leaves 4 to 8 one was changed.")


def test_roots_after_a_wrong_one_are_not_named_again():
    found = tables(grown(seals=tuple(range(1, 10))))
    found.header(8, leaf_too=True, id="f" * 32)
    found.header(5, leaf_too=True, id="f" * 32)
    assert [finding.where() for finding in found.verdict().findings] == ["SIG-C seq 0 (leaf 5)"]


def test_where_a_leaf_is_missing_signatures_are_still_checked():
    found = signed_by(STRANGE_KEY, 2)
    del found.leaves[2]
    assert [finding.flaw for finding in found.verdict().findings if finding.file] == [Flaw.SIGNATURE]
    assert found.verdict().sealed == 1
    found = good()
    del found.leaves[3]
    assert found.verdict().checkpoints == 3


def rotated(*keys: SigningKey, later: SigningKey = NEW_KEY, sealed_before: bool = True) -> Tables:
    """A record whose key was rotated; the first checkpoint over that is signed by these keys."""
    log = grown(seals=(4,) if sealed_before else ())
    log.rotate()
    log.add("INC-A")
    log.seal(*keys)
    log.add("INC-A")
    log.seal(later)
    return tables(log)


def test_trust_in_the_old_key_carries_over():
    for order in ((KEY, NEW_KEY), (NEW_KEY, KEY)):
        for pin in (PIN, NEW_PIN):
            verdict = rotated(*order).verdict(pin)
            assert (verdict.ok, verdict.pinned, verdict.fingerprint) == (True, True, fingerprint(NEW_PIN))
            assert verdict.sealed == 12
    assert rotated(KEY, NEW_KEY).verdict(PIN, NEW_PIN).pinned
    assert rotated(KEY, NEW_KEY).verdict().ok


@pytest.mark.parametrize("keys", [(KEY,), (NEW_KEY,), (NEW_KEY, STRANGE_KEY)])
def test_the_first_checkpoint_after_a_rotation_bears_both_signatures(keys: tuple[SigningKey, ...]):
    found = rotated(*keys)
    assert found.first() == (
        Flaw.SIGNATURE,
        "checkpoint 11",
        "The first checkpoint after a rotation needs both signatures.",
    )
    verdict = found.verdict(PIN)
    assert (verdict.found, verdict.pinned) == (2, False)


def test_later_checkpoints_are_signed_by_the_new_key():
    assert rotated(KEY, NEW_KEY, later=KEY).first()[:2] == (Flaw.SIGNATURE, "checkpoint 12")


def test_a_rotation_before_the_first_checkpoint_hands_nothing_over():
    found = rotated(NEW_KEY, sealed_before=False)
    assert found.verdict(NEW_PIN).ok
    assert found.first(PIN)[:2] == (Flaw.SIGNATURE, "checkpoint 12")


def test_two_rotations_between_checkpoints_hand_over_from_the_first_to_the_last():
    log = grown(seals=(4,))
    log.rotate(STRANGE_KEY)
    log.rotate(NEW_KEY)
    log.seal(KEY, NEW_KEY)
    assert tables(log).verdict(PIN).pinned


def test_a_restored_log_begins_with_its_own_key():
    log = grown()
    other = SigningKey("muster.invalid/restored", bytes(32))
    log.add("LOG-LOG", "log.restored", {"verifier_key": other.verifier().text()})
    edge = Frontier().extend(log.leaves())
    signed = checkpoint.make(other.name, edge.size, edge.root(), other)
    log.checkpoints.append((edge.size, edge.root(), signed, edge.to_bytes()))
    verdict = tables(log).verdict(other.verifier(), anchor=signed)
    assert (verdict.ok, verdict.pinned, verdict.origin) == (True, True, other.name)
    assert tables(log).first(PIN)[0] is Flaw.SIGNATURE


def test_another_pinned_key_is_said():
    flaw, where, what = good().first(STRANGE_PIN)
    assert (flaw, where) == (Flaw.SIGNATURE, "checkpoint 9")
    assert what.startswith("The newest checkpoint is not signed by the pinned key")
    assert not good().verdict(STRANGE_PIN).pinned


def test_the_anchor_of_the_newest_or_an_older_checkpoint_fits():
    for row in grown().checkpoints:
        assert good().verdict(PIN, anchor=row[2]).ok
    assert tables(grown(seals=(1, 4))).verdict(PIN, anchor=grown().checkpoints[1][2]).ok


def test_an_older_copy_is_named_as_such():
    older = tables(grown(seals=(1, 4)))
    for name in ("leaves", "entries", "bodies"):
        del getattr(older, name)[6:]
    older.counter = 6
    assert older.verdict(PIN).ok
    verdict = older.verdict(PIN, anchor=ANCHOR)
    assert verdict.found == 1
    assert verdict.findings[0].line() == (
        "anchor: The record ends before the anchor: it has 6 entries, the anchor knows 9. "
        "A tail was cut off, a stream was dropped, or an older copy was put back: find the newer one."
    )


def test_another_past_than_the_anchor_knows_is_found():
    other = Log()
    other.start()
    for stream in ("INC-B", "INC-A") * 4:
        other.add(stream)
    other.seal()
    assert tables(other).verdict(PIN).ok
    assert tables(other).first(PIN, anchor=ANCHOR) == (
        Flaw.ANCHOR,
        "anchor",
        "The first 9 entries are not those that the anchor knows.",
    )


def test_a_checkpoint_that_the_anchor_knows_must_be_there():
    for seals in ((1, 4), ()):
        assert tables(grown(seals=seals)).first(anchor=ANCHOR) == (
            Flaw.ANCHOR,
            "anchor",
            "The checkpoint of size 9, which the anchor knows, is gone.",
        )


def test_an_anchor_of_another_log_is_found():
    size, root, _, _ = grown().checkpoints[-1]
    other = SigningKey("muster.invalid/other", bytes(32))
    anchor = checkpoint.make(other.name, size, root, other)
    assert good().first(PIN, anchor=anchor) == (Flaw.ANCHOR, "anchor", "The anchor is of another log.")


def test_an_anchor_that_cannot_be_read_is_said():
    assert good().first(anchor=b"x")[:2] == (Flaw.ANCHOR, "anchor")
    assert good().verdict(anchor=b"x").found == 1


def test_seals_alone():
    findings: list[Finding] = []
    log = grown(seals=())
    log.seal()
    seals = Seals(log.checkpoints, [], None, findings.append)
    seals.state(StatedKey(None, begins=True))
    seals.reach(9, Frontier().extend(log.leaves()))
    seals.end(9)
    assert (findings, seals.count, seals.sealed, seals.signer, seals.pinned) == ([], 1, 0, None, False)


def test_a_finding_of_a_checkpoint_stands_at_the_last_leaf_that_it_covers():
    found = signed_by(STRANGE_KEY, 1)
    finding = found.verdict().findings[0]
    assert (finding.leaf, finding.file) == (3, "checkpoint 4")
    assert finding.what == "None of the known keys signed this."
    assert finding.mend
    empty = Log()
    empty.seal()
    row = empty.checkpoints[0]
    empty.checkpoints = [row, row]
    assert tables(empty).verdict().findings[0].leaf == 0


def test_a_checkpoint_with_a_changed_edge_seals_nothing():
    found = good()
    remade(found, 2, edge=b"")
    assert found.verdict().sealed == 4
    assert found.first()[2] == "The tree's edge beside the checkpoint was changed."


def test_a_checkpoint_without_both_signatures_seals_nothing():
    found = rotated(KEY)
    del found.checkpoints[2]
    assert found.verdict(PIN).sealed == 4


def test_the_new_key_counts_from_the_checkpoint_that_both_signed():
    found = rotated(KEY, NEW_KEY)
    del found.checkpoints[2]
    assert found.verdict(PIN).fingerprint == fingerprint(NEW_PIN)


def sealed_at(*sizes: int) -> Tables:
    return tables(grown(seals=sizes))


@pytest.mark.parametrize(
    ("sizes", "number", "where", "words"),
    [
        ((7,), 3, "checkpoint 7", "of leaves 0 to 3 one"),
        ((7,), 5, "checkpoint 7", "of leaves 4 to 5 one"),
        ((7,), 6, "INC-A seq 3 (leaf 6)", "The entry is not the one"),
        ((3, 6), 3, "leaf 3", "The entry is not the one"),
        ((5, 6), 5, "SIG-C seq 0 (leaf 5)", "The entry is not the one"),
    ],
)
def test_the_edge_says_in_which_part_of_the_tree_the_changed_entry_is(
    sizes: tuple[int, ...], number: int, where: str, words: str
):
    found = sealed_at(*sizes)
    found.header(number, leaf_too=True, id="f" * 32)
    finding = next(f for f in found.verdict(PIN).findings if f.flaw is Flaw.ROOT)
    assert finding.where() == where
    assert words in finding.what
    assert finding.mend
