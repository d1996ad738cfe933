"""Verifying a whole record: whatever is done to the tables, the first bad thing is named."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.record.canonical import canonical
from muster.record.hashing import leaf_hash
from muster.record.note import VerifierKey, fingerprint
from muster.record.verdict import Flaw, Verdict
from muster.record.verify import MAX_FINDINGS, erased_targets, verify
from tests.record.sample import KEY, NEW_KEY, ORIGIN, Log

PIN = KEY.verifier()


@dataclass
class Tables:
    """The tables of a record, for a test to damage."""

    leaves: list[Any] = field(default_factory=list)
    entries: list[Any] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    checkpoints: list[Any] = field(default_factory=list)
    counter: int = 0

    def verdict(self, *keys: VerifierKey, anchor: bytes | None = None) -> Verdict:
        return verify(
            iter(self.leaves),
            iter(self.entries),
            iter(self.bodies),
            iter(self.checkpoints),
            counter=self.counter,
            keys=keys,
            anchor=anchor,
        )

    def first(self, *keys: VerifierKey, anchor: bytes | None = None) -> tuple[Flaw, str, str]:
        finding = self.verdict(*keys, anchor=anchor).findings[0]
        assert finding.mend
        return finding.flaw, finding.where(), finding.what

    def places(self) -> list[str]:
        return [finding.where() for finding in self.verdict().findings]

    def header(self, number: int, *, leaf_too: bool = False, **changes: Any) -> None:
        stream, seq, header = self.entries[number]
        changed = canonical(json.loads(header) | changes)
        self.entries[number] = (stream, seq, changed)
        if leaf_too:
            self.leaves[number] = (number, stream, seq, leaf_hash(changed))


def tables(log: Log, *, without: tuple[tuple[str, int], ...] = ()) -> Tables:
    return Tables(
        [(feed, entry.stream, entry.seq, entry.leaf) for feed, entry in enumerate(log.entries)],
        [(entry.stream, entry.seq, entry.header) for entry in log.entries],
        [(e.stream, e.seq, e.salt, e.body) for e in log.entries if (e.stream, e.seq) not in without],
        list(log.checkpoints),
        len(log.entries),
    )


FEED = ("INC-A", "INC-B", "INC-A", "INC-A", "SIG-C", "INC-A", "INC-B", "INC-A")


def grown(seals: tuple[int, ...] = (1, 4, 9)) -> Log:
    """log.started, then eight entries: INC-A at leaves 1, 3, 4, 6, 8, INC-B at 2, 7, SIG-C at 5."""
    log = Log()
    log.start()
    for stream in FEED:
        if len(log.entries) in seals:
            log.seal()
        log.add(stream)
    if len(log.entries) in seals:
        log.seal()
    return log


def good() -> Tables:
    return tables(grown())


def place_of(number: int) -> str:
    stream, seq, _ = good().entries[number]
    return f"{stream} seq {seq} (leaf {number})"


def test_a_good_record_verifies():
    verdict = good().verdict(PIN)
    assert verdict == Verdict((), 0, ORIGIN, 9, 4, 3, 9, 0, fingerprint(PIN), True)
    assert (verdict.ok, verdict.unsealed) == (True, 0)


def test_without_a_pinned_key_it_is_consistent_with_itself():
    verdict = good().verdict()
    assert (verdict.ok, verdict.pinned, verdict.fingerprint) == (True, False, fingerprint(PIN))


def test_entries_after_the_last_checkpoint_are_counted():
    verdict = tables(grown(seals=(1, 4))).verdict(PIN)
    assert (verdict.ok, verdict.sealed, verdict.unsealed) == (True, 4, 5)
    nothing = tables(grown(seals=())).verdict(PIN)
    assert (nothing.ok, nothing.sealed, nothing.fingerprint, nothing.pinned, nothing.origin) == (
        True,
        0,
        "",
        False,
        "",
    )


def test_an_empty_record_verifies():
    assert Tables().verdict() == Verdict((), 0, "", 0, 0, 0, 0, 0, "", False)


@pytest.mark.parametrize("number", range(9))
def test_a_changed_header_is_named(number: int):
    found = good()
    found.header(number, id="f" * 32)
    assert found.first() == (Flaw.CHANGED, place_of(number), "The header is not what its leaf says.")
    assert found.verdict().found == 1


@pytest.mark.parametrize("number", range(9))
def test_a_changed_leaf_is_named(number: int):
    found = good()
    feed, stream, seq, leaf = found.leaves[number]
    found.leaves[number] = (feed, stream, seq, bytes([leaf[0] ^ 1]) + leaf[1:])
    assert found.first() == (Flaw.CHANGED, place_of(number), "The header is not what its leaf says.")


@pytest.mark.parametrize("number", range(1, 9))
def test_an_entry_changed_with_its_leaf_is_named_by_the_next_or_by_the_checkpoint(number: int):
    found = tables(grown(seals=tuple(range(1, 10))))
    found.header(number, leaf_too=True, id="f" * 32)
    verdict = found.verdict(PIN)
    assert verdict.findings[0].where() == place_of(number)
    assert verdict.findings[0].flaw is Flaw.ROOT
    followed = number in (1, 2, 3, 4, 6)
    assert (len(verdict.findings), verdict.found) == ((2, 2) if followed else (1, 1))
    unsealed = tables(grown(seals=()))
    unsealed.header(number, leaf_too=True, id="f" * 32)
    if followed:
        flaw, where, what = unsealed.first()
        assert flaw is Flaw.CHANGED
        assert where.startswith(place_of(number).partition(" (")[0])
        assert "the one after it (leaf" in what
    assert unsealed.verdict().found == int(followed)


def test_an_entry_that_names_a_wrong_one_before_it_is_accused_not_the_one_before():
    found = tables(grown(seals=()))
    found.header(4, leaf_too=True, prev="f" * 64)
    assert found.places() == ["INC-A seq 2 (leaf 6)"]
    found.header(3, leaf_too=True, id="f" * 32)
    assert found.places() == ["INC-A seq 2 (leaf 6)"]
    found = tables(grown(seals=()))
    found.header(8, leaf_too=True, prev=None)
    assert found.places() == ["INC-A seq 3 (leaf 8)"]


def test_two_changed_entries_of_one_stream_are_both_named():
    found = tables(grown(seals=()))
    found.header(1, leaf_too=True, id="f" * 32)
    found.header(4, leaf_too=True, id="f" * 32)
    assert found.places() == ["INC-A seq 0 (leaf 3)", "INC-A seq 2 (leaf 6)"]


def test_a_suspect_is_named_also_before_a_break_in_its_stream():
    found = tables(grown(seals=()))
    found.header(1, leaf_too=True, id="f" * 32)
    found.header(4, id="f" * 32)
    assert found.places() == ["INC-A seq 0 (leaf 3)", "INC-A seq 2 (leaf 4)"]
    found = tables(grown(seals=()))
    found.header(1, leaf_too=True, id="f" * 32)
    del found.leaves[4]
    assert found.places()[:2] == ["INC-A seq 0 (leaf 3)", "leaf 4"]


def test_a_first_entry_names_none_before_it():
    found = tables(grown(seals=()))
    found.header(5, leaf_too=True, prev="f" * 64)
    assert found.first() == (Flaw.CHANGED, "SIG-C seq 0 (leaf 5)", "The first entry names one before it.")


@pytest.mark.parametrize("changes", [{"seq": 1}, {"seq": "0"}, {"stream": "INC-A"}])
def test_an_entry_belongs_to_its_place(changes: dict[str, Any]):
    found = tables(grown(seals=()))
    found.header(5, leaf_too=True, **changes)
    assert found.first() == (Flaw.CHANGED, "SIG-C seq 0 (leaf 5)", "The header belongs to another place.")


@pytest.mark.parametrize("header", [b"[]", b"null", b"\xff", b'{ "a":1}', b"{", b'{"a":1.5}'])
def test_a_header_is_canonical_json(header: bytes):
    found = tables(grown(seals=()))
    found.entries[5] = ("SIG-C", 0, header)
    found.leaves[5] = (5, "SIG-C", 0, leaf_hash(header))
    assert found.first()[:2] == (Flaw.CHANGED, "SIG-C seq 0 (leaf 5)")


@pytest.mark.parametrize("number", range(9))
def test_a_changed_body_or_salt_is_named(number: int):
    for part in (2, 3):
        found = good()
        row = list(found.bodies[number])
        row[part] = row[part][:-1] + b"\0"
        found.bodies[number] = tuple(row)
        assert (
            found.first() == (Flaw.CHANGED, place_of(number), "The body is not what its header says.")
            or number == 0
        )
        assert found.verdict().findings[0].where() == place_of(number)
    found = good()
    stream, seq, salt, body = found.bodies[number]
    found.bodies[number] = (stream, seq, salt + b"\0", body)
    assert found.first()[1] == place_of(number)


@pytest.mark.parametrize("number", range(9))
def test_a_missing_body_is_damage(number: int):
    found = good()
    del found.bodies[number]
    what = "The body is missing, and no entry says that it was erased."
    assert found.first() == (Flaw.MISSING, place_of(number), what)


def test_missing_bodies_are_named_in_the_order_of_the_feed_among_the_other_findings():
    found = good()
    del found.bodies[2]
    found.header(5, id="f" * 32)
    assert found.places() == [place_of(2), place_of(5)]


@pytest.mark.parametrize("number", range(9))
def test_a_missing_entry_is_named_by_its_leaf(number: int):
    found = good()
    del found.entries[number]
    assert found.first() == (Flaw.MISSING, place_of(number), "The entry is missing.")
    assert found.verdict().found == 1 or number == 0


@pytest.mark.parametrize("number", range(8))
def test_a_missing_leaf_is_named(number: int):
    found = good()
    del found.leaves[number]
    assert found.first() == (Flaw.MISSING, f"leaf {number}", "The leaf is missing.")
    assert "The entry has no leaf." in {finding.what for finding in found.verdict().findings}


def test_several_missing_leaves_are_named_together():
    found = good()
    del found.leaves[2:5]
    assert found.first() == (Flaw.MISSING, "leaf 2", "Leaves 2 to 4 are missing.")
    whats = {(finding.where(), finding.what) for finding in found.verdict().findings}
    assert ("INC-A seq 1 (leaf 6)", "Entries 1 to 2 of the stream have no leaf.") in whats


def test_a_dropped_stream_is_found():
    found = good()
    for name in ("leaves", "entries", "bodies"):
        place = 1 if name == "leaves" else 0
        setattr(found, name, [row for row in getattr(found, name) if row[place] != "INC-B"])
    assert found.first()[:2] == (Flaw.MISSING, "leaf 2")


def renumbered(log: Log, keep: Callable[[str], bool]) -> Tables:
    """The record as if the other streams had never been."""
    kept = Log([entry for entry in log.entries if keep(entry.stream)], log.checkpoints)
    return tables(kept)


def test_a_stream_dropped_from_the_middle_and_numbered_anew_fits_no_checkpoint():
    found = renumbered(grown(), lambda stream: stream != "INC-B")
    assert found.first(PIN)[0] is Flaw.ROOT
    found.checkpoints = []
    assert found.verdict(PIN).ok
    anchor = grown().checkpoints[-1][2]
    flaw, where, what = found.first(PIN, anchor=anchor)
    assert (flaw, where) == (Flaw.ANCHOR, "anchor")
    assert what == "The record ends before the anchor: it has 7 entries, the anchor knows 9."


@pytest.mark.parametrize("size", range(9))
def test_a_cut_tail_is_found_by_the_counter_the_checkpoint_or_the_anchor(size: int):
    found = good()
    del found.leaves[size:], found.entries[size:], found.bodies[size:]
    assert found.first(PIN) == (
        Flaw.MISSING,
        f"leaf {size}",
        "The feed ends too early: the counter says 9 entries.",
    )
    found.counter = size
    flaw, where, what = found.first(PIN)
    next_size = min(row[0] for row in found.checkpoints if row[0] > size)
    assert (flaw, where) == (Flaw.MISSING, f"leaf {size}")
    assert what == f"A checkpoint covers {next_size} entries, but the feed ends at {size}."
    found.checkpoints = [row for row in found.checkpoints if row[0] <= size]
    assert found.verdict(PIN).ok
    anchor = grown().checkpoints[-1][2]
    flaw, where, what = found.first(PIN, anchor=anchor)
    assert (flaw, where) == (Flaw.ANCHOR, "anchor")
    assert what == f"The record ends before the anchor: it has {size} entries, the anchor knows 9."


def test_a_counter_that_is_behind_is_found():
    found = good()
    found.counter = 8
    assert found.first() == (Flaw.CHANGED, "", "The counter says 8 entries, but there are 9.")


def test_rows_that_nothing_names_are_found():
    found = good()
    found.entries.append(("INC-Z", 0, b"{}"))
    found.bodies.append(("INC-Z", 0, bytes(32), b"{}"))
    found.bodies.append(found.bodies[-2])
    findings = {(finding.flaw, finding.where(), finding.what) for finding in found.verdict().findings}
    assert findings == {
        (Flaw.ADDED, "INC-Z seq 0", "The entry has no leaf."),
        (Flaw.ADDED, "INC-Z seq 0", "The body has no entry."),
        (Flaw.ADDED, "INC-A seq 4", "The body has no entry."),
    }


def test_a_row_that_is_there_twice_is_found_also_when_it_is_near():
    found = good()
    found.entries.insert(4, found.entries[5])
    assert ("INC-A seq 2", "The entry has no leaf.") not in {
        (f.where(), f.what) for f in found.verdict().findings
    }
    assert found.places() == ["SIG-C seq 0"]


def test_a_row_that_is_there_twice_is_found_while_another_is_looked_for():
    found = good()
    found.entries[4:6] = [found.entries[5], found.entries[5], found.entries[4]]
    assert found.places() == ["SIG-C seq 0"]


def test_a_leaf_that_is_there_twice_is_found():
    found = good()
    found.leaves.insert(5, found.leaves[4])
    assert found.first() == (
        Flaw.ADDED,
        "leaf 4",
        "There are two leaves of one number, or they are out of order.",
    )
    found = tables(grown(seals=()))
    found.leaves.append((9, *found.leaves[3][1:]))
    found.counter = 10
    assert found.first() == (Flaw.ADDED, "INC-A seq 1 (leaf 9)", "The entry has two leaves.")


def test_rows_may_come_a_little_out_of_order():
    found = good()
    found.entries.reverse()
    found.bodies.reverse()
    assert found.verdict(PIN).ok


def long_log(length: int) -> Log:
    log = Log()
    log.start()
    for _ in range(length):
        log.add("INC-A")
    return log


def test_memory_is_bounded_by_a_look_ahead_of_64_rows():
    found = tables(long_log(80))
    found.bodies.insert(0, found.bodies.pop(63))
    found.entries.append(found.entries.pop(1))
    asked: list[int] = []
    bodies, found.bodies = found.bodies, []

    def watched() -> Any:
        for number, row in enumerate(bodies):
            asked.append(number)
            yield row

    found.bodies = watched()
    verdict = found.verdict()
    assert verdict.found == 2  # the entry that comes too late, and that nobody asks for it then
    assert len(asked) == 81


def test_many_findings_are_counted_and_the_first_hundred_kept():
    found = tables(long_log(120))
    for number in range(1, 121):
        found.header(number, id="f" * 32)
    verdict = found.verdict()
    assert (len(verdict.findings), verdict.found, MAX_FINDINGS) == (100, 120, 100)
    assert verdict.findings[0].where() == "INC-A seq 0 (leaf 1)"


@pytest.mark.parametrize(
    ("table", "row", "where"),
    [
        ("entries", ("INC-A", 0, "text"), "INC-A seq 0"),
        ("entries", ("INC-A", "0", b"{}"), "INC-A"),
        ("entries", (None, 0, b"{}"), "None seq 0"),
        ("bodies", ("INC-A", 0, None, b"{}"), "INC-A seq 0"),
        ("bodies", ("INC-A", 0, bytes(32), "{}"), "INC-A seq 0"),
    ],
)
def test_columns_of_another_type_are_damage(table: str, row: Any, where: str):
    found = good()
    getattr(found, table)[1] = row
    findings = found.verdict().findings
    assert (Flaw.FORM, where, "The row is unreadable.") in {(f.flaw, f.where(), f.what) for f in findings}


@pytest.mark.parametrize(
    "row",
    [
        (2, "INC-B", 0, "text"),
        (2, "INC-B", 0, bytes(31)),
        ("2", "INC-B", 0, bytes(32)),
        (2, None, 0, bytes(32)),
    ],
)
def test_a_leaf_of_another_type_is_damage(row: Any):
    found = good()
    found.leaves[2] = row
    assert found.first() == (Flaw.FORM, "leaf 2", "The leaf is unreadable.")
    assert found.places()[1] == "leaf 2"


def erasing(log: Log, *places: tuple[str, int], rel: str = "erases", kind: str = "entry.erased") -> None:
    log.add("INC-A", kind, refs=tuple((rel, stream, seq) for stream, seq in places))


def test_a_body_that_an_entry_erased_may_be_missing():
    log = grown(seals=())
    erasing(log, ("INC-B", 0), ("INC-A", 2))
    erasing(log, ("INC-B", 0))
    log.seal()
    verdict = tables(log, without=(("INC-B", 0), ("INC-A", 2))).verdict(PIN)
    assert (verdict.ok, verdict.erased) == (True, 2)


@pytest.mark.parametrize(("rel", "kind"), [("hides", "entry.erased"), ("erases", "note.added")])
def test_only_an_erasure_erases(rel: str, kind: str):
    log = grown(seals=())
    erasing(log, ("INC-B", 0), rel=rel, kind=kind)
    assert tables(log, without=(("INC-B", 0),)).places() == ["INC-B seq 0 (leaf 2)"]


def test_a_body_that_was_erased_must_be_gone():
    log = grown(seals=())
    erasing(log, ("INC-B", 0))
    assert tables(log).first() == (
        Flaw.ADDED,
        "INC-B seq 0 (leaf 9)",
        "The body was erased, but it is still there.",
    )


@pytest.mark.parametrize("place", [("INC-B", 2), ("INC-Z", 0)])
def test_what_is_not_there_cannot_be_erased(place: tuple[str, int]):
    log = grown(seals=())
    erasing(log, place)
    assert tables(log).first() == (
        Flaw.FORM,
        "INC-A seq 5 (leaf 9)",
        "The entry erases one that is not there before it.",
    )


def test_erasing_what_cannot_be_judged_says_nothing_more():
    log = grown(seals=())
    erasing(log, ("INC-B", 0))
    found = tables(log, without=(("INC-B", 0),))
    found.header(2, id="f" * 32)
    assert found.places() == ["INC-B seq 0 (leaf 2)"]
    found = tables(log)
    found.header(2, id="f" * 32)
    assert found.places() == ["INC-B seq 0 (leaf 2)", "INC-B seq 0 (leaf 9)"]


@pytest.mark.parametrize(
    ("header", "targets"),
    [
        ({}, []),
        ({"kind": "entry.erased"}, []),
        ({"kind": "entry.erased", "refs": None}, []),
        ({"kind": "entry.erased", "refs": [1, {}, {"rel": "erases", "stream": "A"}]}, []),
        ({"kind": "entry.erased", "refs": [{"rel": "erases", "stream": "A", "seq": 0}]}, [("A", 0)]),
        ({"kind": "entry.erased", "refs": [{"rel": "erases", "stream": "A", "seq": -1}]}, []),
        ({"kind": "entry.erased", "refs": [{"rel": "erases", "stream": "A", "seq": True}]}, []),
        ({"kind": "entry.erased", "refs": [{"rel": "erases", "stream": 1, "seq": 0}]}, []),
        ({"kind": "other", "refs": [{"rel": "erases", "stream": "A", "seq": 0}]}, []),
    ],
)
def test_targets_of_an_erasure(header: dict[str, Any], targets: list[tuple[str, int]]):
    assert erased_targets(header) == targets


def test_another_rule_of_erasing_may_be_given():
    log = grown(seals=())
    found = tables(log, without=(("INC-B", 0),))
    verdict = verify(
        found.leaves,
        found.entries,
        found.bodies,
        [],
        counter=9,
        erases=lambda header: [("INC-B", 0)] if header["stream"] == "SIG-C" else [],
    )
    assert (verdict.ok, verdict.erased) == (True, 1)


@pytest.mark.parametrize(
    "body", [{"verifier_key": "x"}, {"verifier_key": None}, {"verifier_key": 1}, {}, [], {"key": PIN.text()}]
)
def test_an_entry_that_names_a_key_names_one(body: Any):
    log = grown(seals=())
    log.add("LOG-LOG", "log.key-rotated", body)
    log.seal()
    assert tables(log).first() == (Flaw.FORM, "LOG-LOG seq 1 (leaf 9)", "The entry names no key.")


def test_an_erased_naming_of_a_key_leaves_checkpoints_to_the_pinned_keys():
    found = good()
    del found.bodies[0]
    verdict = found.verdict()
    assert (verdict.found, verdict.fingerprint, verdict.sealed) == (1, "", 0)
    assert found.verdict(PIN).sealed == 9
    assert found.verdict(NEW_KEY.verifier()).found == 4


@given(st.data())
def test_any_one_change_of_any_row_is_found(data: st.DataObject):
    found = good()
    name = data.draw(st.sampled_from(["leaves", "entries", "bodies", "checkpoints"]))
    rows = getattr(found, name)
    number = data.draw(st.integers(0, len(rows) - 1))
    if data.draw(st.booleans()):
        del rows[number]
        anchor = grown().checkpoints[-1][2]
        gone = found.verdict(PIN, anchor=anchor)
        assert not gone.ok or (name == "checkpoints" and number < 2)
        return
    row = list(rows[number])
    part = data.draw(st.integers(0, len(row) - 1))
    if isinstance(row[part], bytes):
        place = data.draw(st.integers(0, len(row[part]) - 1))
        changed = bytearray(row[part])
        changed[place] ^= data.draw(st.integers(1, 255))
        row[part] = bytes(changed)
    else:
        row[part] = data.draw(
            st.sampled_from([None, "x", -1, 0, 1, 2, 2**40, b""]).filter(lambda v: v != row[part])
        )
    rows[number] = tuple(row)
    assert not found.verdict(PIN).ok
