"""Checking an export: whoever changes it, the first bad thing is named."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from muster.core.errors import BadInput
from muster.record import note
from muster.record.canonical import canonical
from muster.record.export import BodyState, build, check
from muster.record.export_check import MAX_LINE, Report
from muster.record.hashing import blob_hash
from muster.record.verdict import Flaw
from tests.record.sample import KEY, NEW_KEY, ORIGIN, STRANGE_KEY, small_log

LOG = small_log()
SIGNED = LOG.seal()
BLOBS = {blob_hash(b"one"): b"one", blob_hash(b"two"): b"two"}
STREAMS = [LOG.export("INC-A", s1=BodyState.WITHHELD, s3=BodyState.ERASED), LOG.export("INC-B")]
TREE = build(STREAMS, SIGNED, KEY, BLOBS)
PIN = KEY.verifier().text()
PRINT = note.fingerprint(KEY.verifier())
A = "streams/INC-A.jsonl"


def finding(tree: dict[str, bytes], pinned: str | None = PIN) -> tuple[Flaw, str, str]:
    found = check(tree, pinned).finding
    assert found is not None
    assert found.mend
    return found.flaw, found.where(), found.what


def test_a_good_export_is_described():
    report = check(TREE, PIN)
    assert (report.ok, report.origin, report.size, report.blobs) == (True, ORIGIN, 9, 2)
    assert [(stream.id, stream.count, stream.index) for stream in report.streams] == [
        ("INC-A", 6, 8),
        ("INC-B", 2, 6),
    ]
    assert (report.streams[0].withheld, report.streams[0].erased) == ((1,), (3,))
    assert report.headline() == f"verified, signed by {PRINT}, which is the pinned key"


@pytest.mark.parametrize("pinned", [PIN, f" {PIN}\n", PRINT, PRINT.replace(" ", "").upper()])
def test_a_key_is_pinned_by_its_line_or_its_fingerprint(pinned: str):
    assert check(TREE, pinned).pinned


def test_without_a_pin_it_is_consistent_with_itself_only():
    report = check(TREE)
    assert (report.ok, report.pinned) == (True, False)
    assert report.headline() == f"consistent with itself, signed by {PRINT}, not pinned"


@pytest.mark.parametrize("key", [STRANGE_KEY.verifier().text(), note.fingerprint(STRANGE_KEY.verifier())])
def test_another_pinned_key_is_said(key: str):
    assert finding(TREE, key)[:2] == (Flaw.SIGNATURE, "key")
    report = check(TREE, key)
    assert (report.fingerprint, report.pinned) == (PRINT, False)
    assert report.headline().startswith("does not verify: key: The export is signed with another key")


def test_a_pin_that_is_neither_is_refused():
    with pytest.raises(BadInput, match="no verifier key"):
        check(TREE, "abc")


def test_an_export_that_somebody_else_made_is_found_with_the_pin_only():
    log = small_log()
    forged = build([log.export("INC-A")], log.seal(STRANGE_KEY), STRANGE_KEY, {})
    assert check(forged).ok
    assert finding(forged)[:2] == (Flaw.SIGNATURE, "key")


def places_of(path: str) -> set[str]:
    """Where a change in this file may be reported."""
    stream = path.partition("/")[2].partition(".")[0]
    return {path} if "INC" not in stream else {stream, *(f"{stream} seq {seq}" for seq in range(6))}


# All of them in long runs; five is prime to the lengths of lines and hashes, so every part is met in the ordinary one.
EVERY = 1 if os.environ.get("MUSTER_SOAK") else 5


@pytest.mark.thorough
@pytest.mark.parametrize("path", sorted(TREE))
def test_every_changed_added_or_lost_byte_of_every_file_is_found_in_that_file(path: str):
    data = TREE[path]
    for place in range(0, len(data), EVERY):
        other = bytearray(data)
        other[place] ^= (1, 0x20, 0xFF)[place % 3]
        assert finding(TREE | {path: bytes(other)}, None)[1] in places_of(path) | {"checkpoint"}
        shorter = data[:place] + (data[place + 1 :] if place % 2 else b"")
        assert finding(TREE | {path: shorter}, None)
    for other in (data + b"\n", b"\n" + data, data + b"x", data * 2):
        assert finding(TREE | {path: other})[1] in {*places_of(path), "INC-A seq 6", "INC-B seq 2"}


@pytest.mark.parametrize("path", sorted(TREE))
def test_every_missing_file_is_named(path: str):
    tree = {other: data for other, data in TREE.items() if other != path}
    flaw, where, what = finding(tree)
    assert flaw is Flaw.MISSING
    assert where == (path if "INC" not in path else path.partition("/")[2].partition(".")[0])
    assert where == path or path in what


@pytest.mark.parametrize("path", ["more", "streams/INC-C.jsonl", "blobs/" + "0" * 64, "a/../b"])
def test_every_additional_file_is_named(path: str):
    assert finding(TREE | {path: b""})[:2] == (Flaw.ADDED, path)


def lines(change: Callable[[list[bytes]], Any]) -> dict[str, bytes]:
    """The export with the lines of INC-A changed."""
    given = TREE[A].splitlines(keepends=True)
    change(given)
    return TREE | {A: b"".join(given)}


def line(seq: int, change: Callable[[dict[str, Any]], Any]) -> dict[str, bytes]:
    """The export with one line of INC-A changed and written canonically again."""

    def one(given: list[bytes]) -> None:
        tree = json.loads(given[seq])
        change(tree)
        given[seq] = canonical(tree, most=MAX_LINE * 2) + b"\n"

    return lines(one)


def header(place: int, **changes: Any) -> dict[str, bytes]:
    """The export with one header of INC-A changed and written canonically again."""

    def one(tree: dict[str, Any]) -> None:
        tree["header"] = canonical(json.loads(tree["header"]) | changes).decode()

    return line(place, one)


@pytest.mark.parametrize("seq", range(6))
def test_a_changed_entry_is_named_not_its_neighbour(seq: int):
    assert finding(header(seq, id="f" * 32))[:2] == (Flaw.CHANGED, f"INC-A seq {seq}")
    assert finding(header(seq, prev="f" * 64))[:2] == (Flaw.CHANGED, f"INC-A seq {seq}")
    assert finding(header(seq, prev=None, id="f" * 32))[:2] == (Flaw.CHANGED, f"INC-A seq {seq}")


def test_of_two_changed_entries_the_first_is_named():
    tree = header(1, id="f" * 32)
    other = header(4, id="f" * 32)[A].splitlines(keepends=True)
    both = tree[A].splitlines(keepends=True)
    both[4] = other[4]
    assert finding(TREE | {A: b"".join(both)})[1] == "INC-A seq 1"


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"seq": 3}, "belongs to another place"),
        ({"seq": "2"}, "belongs to another place"),
        ({"stream": "INC-B"}, "belongs to another place"),
        ({"body_hash": "0" * 64}, "body is not what its header says"),
        ({"body_hash": None}, "body is not what its header says"),
    ],
)
def test_a_header_says_where_it_belongs_and_what_its_body_is(changes: dict[str, Any], what: str):
    flaw, where, words = finding(header(2, **changes))
    assert (flaw, where) == (Flaw.CHANGED, "INC-A seq 2")
    assert what in words


def test_a_first_entry_names_none_before_it():
    # A whole stream, signed by the log, whose first entry claims one before it.
    log = small_log()
    first = log.entries[0]
    log.entries = [replace(first, header=canonical(json.loads(first.header) | {"prev": "0" * 64}))]
    with pytest.raises(Exception, match="names one before it"):
        build([log.export("INC-A")], log.seal(), KEY, {})


BAD_LINES: list[tuple[dict[str, Any], Flaw, str]] = [
    ({"body": None}, Flaw.MISSING, "body is missing"),
    ({"salt": None}, Flaw.MISSING, "body is missing"),
    ({"body": None, "salt": None}, Flaw.MISSING, "body is missing"),
    ({"body": "{}"}, Flaw.CHANGED, "body is not what"),
    ({"salt": "A" * 43 + "="}, Flaw.CHANGED, "body is not what"),
    ({"salt": "AAAA"}, Flaw.FORM, "A salt has 3 bytes"),
    ({"salt": "x"}, Flaw.FORM, "no base64"),
    ({"more": None}, Flaw.FORM, "no entry"),
    ({"body": 1}, Flaw.FORM, "no entry"),
    ({"header": None}, Flaw.FORM, "no entry"),
    ({"header": "[]"}, Flaw.CHANGED, "another place"),
    ({"header": "{} "}, Flaw.FORM, "canonical form"),
    ({"body": "x" * MAX_LINE}, Flaw.FORM, "larger than 1048576"),
]


@pytest.mark.parametrize("number", range(len(BAD_LINES)))
def test_a_line_is_an_entry(number: int):
    changes, flaw, what = BAD_LINES[number]
    found, where, words = finding(line(2, lambda tree: tree.update(changes)))
    assert (found, where) == (flaw, "INC-A seq 2")
    assert what in words


def test_another_value_is_no_entry():
    for value in ([1], None, {}, {"body": "{}", "header": "{}"}):

        def replaced(given: list[bytes], value: Any = value) -> None:
            given[2] = canonical(value) + b"\n"

        assert finding(lines(replaced)) == (Flaw.FORM, "INC-A seq 2", "The line is no entry.")


@pytest.mark.parametrize("seq", [1, 3])
def test_a_body_that_was_left_out_stays_out(seq: int):
    for changes in ({"body": "{}"}, {"salt": "AAAA"}, {"body": "{}", "salt": "AAAA"}):
        flaw, where, _ = finding(line(seq, lambda tree, changes=changes: tree.update(changes)))
        assert (flaw, where) == (Flaw.ADDED, f"INC-A seq {seq}")


def test_a_lost_entry_is_named():
    for count in range(6):
        flaw, where, _ = finding(lines(lambda given, count=count: given.__delitem__(slice(count, None))))
        assert (flaw, where) == (Flaw.MISSING, f"INC-A seq {count}")
    for seq in range(5):
        assert finding(lines(lambda given, seq=seq: given.pop(seq)))[:2] == (Flaw.CHANGED, f"INC-A seq {seq}")


def test_in_a_cut_stream_a_changed_entry_is_named_before_the_cut():
    cut = header(1, id="f" * 32)[A].splitlines(keepends=True)[:4]
    assert finding(TREE | {A: b"".join(cut)})[:2] == (Flaw.CHANGED, "INC-A seq 1")


def test_an_additional_entry_is_named():
    assert finding(lines(lambda given: given.append(given[-1])))[:2] == (Flaw.ADDED, "INC-A seq 6")
    assert finding(lines(lambda given: given.insert(2, given[2])))[:2] == (Flaw.CHANGED, "INC-A seq 3")
    assert finding(TREE | {A: TREE[A] + b"{}"})[:2] == (Flaw.ADDED, "INC-A seq 6")


def signed_again(**changes: Any) -> dict[str, bytes]:
    """The export with a manifest that the log's own key signed, but that says something else."""
    manifest = json.loads(note.parse(TREE["manifest"]).text) | changes
    return TREE | {"manifest": note.sign(canonical(manifest).decode() + "\n", KEY)}


@pytest.mark.parametrize("changes", [{"origin": "o"}, {"size": 8}, {"root": "0" * 64}])
def test_manifest_and_checkpoint_are_of_one_state(changes: dict[str, Any]):
    flaw, where, what = finding(signed_again(**changes))
    assert (flaw, where) == (Flaw.CHANGED, "manifest")
    assert "one state" in what


def test_a_manifest_is_one_line_with_one_signature():
    assert finding(signed_again(more=1))[:2] == (Flaw.FORM, "manifest")
    text = note.parse(TREE["manifest"]).text
    assert finding(TREE | {"manifest": note.sign(text + "\n", KEY)})[:2] == (Flaw.FORM, "manifest")
    assert finding(TREE | {"manifest": note.sign(text, KEY, NEW_KEY)})[:2] == (Flaw.ADDED, "manifest")
    assert finding(TREE | {"manifest": note.sign(text, STRANGE_KEY)})[:2] == (Flaw.FORM, "manifest")


def test_the_proof_belongs_to_this_checkpoint():
    path = "proofs/INC-A.tlog-proof"
    other = TREE[path].replace(SIGNED, note.sign(note.parse(SIGNED).text, KEY, NEW_KEY))
    assert "another checkpoint" in finding(TREE | {path: other})[2]
    extra = TREE[path].replace(b"\nindex", b"\nextra aGk=\nindex")
    assert finding(TREE | {path: extra})[:2] == (Flaw.ADDED, "INC-A")
    assert finding(TREE | {path: TREE["proofs/INC-B.tlog-proof"]})[:2] == (Flaw.FORM, "INC-A")


def test_a_witness_may_sign_too():
    log = small_log()
    signed = log.seal(KEY, NEW_KEY)
    assert check(build([log.export("INC-A")], signed, KEY, {}), PIN).ok


def test_streams_are_named_before_blobs_and_in_order():
    tree = TREE | {f"blobs/{name}": b"" for name in BLOBS}
    assert finding(tree)[:2] == (Flaw.CHANGED, f"blobs/{min(BLOBS)}")
    tree["streams/INC-B.jsonl"] = b""
    assert finding(tree)[:2] == (Flaw.MISSING, "INC-B seq 0")
    assert [stream.id for stream in check(tree).streams] == ["INC-A"]


def test_what_is_known_is_kept_when_something_is_wrong():
    report = check(TREE | {A: b""}, PIN)
    assert (report.ok, report.pinned, report.origin, report.size) == (False, True, ORIGIN, 9)
    assert check({}) == replace(Report(), finding=check({}).finding)
    assert finding({})[:2] == (Flaw.MISSING, "key")


def test_a_key_file_is_one_line_of_text():
    assert finding(TREE | {"key": b"\xff"})[:2] == (Flaw.FORM, "key")
    assert finding(TREE | {"key": TREE["key"] + b"\n"})[:2] == (Flaw.CHANGED, "key")


def test_a_large_body_of_escapes_fits_in_a_line():
    log = small_log()
    log.add("INC-A", body={"text": '\x01"\\' * 6000})
    assert check(build([log.export("INC-A")], log.seal(), KEY, {})).ok
