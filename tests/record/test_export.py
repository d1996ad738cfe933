"""Building an export: what is given out verifies, or nothing is given out."""

import base64
import json
from dataclasses import replace

import pytest

from muster.core.errors import BadInput, Damaged
from muster.record import note, proof
from muster.record.export import BodyState, StoredEntry, StreamExport, build, check, pack, unpack
from muster.record.hashing import blob_hash
from muster.record.note import SigningKey
from tests.record.sample import KEY, NEW_KEY, STRANGE_KEY, small_log

LOG = small_log()
SIGNED = LOG.seal()
BLOB = b"a screenshot"
BLOBS = {blob_hash(BLOB): BLOB}


def test_the_files_are_those_of_the_design():
    streams = [LOG.export("INC-B"), LOG.export("INC-A", s1=BodyState.WITHHELD, s3=BodyState.ERASED)]
    tree = build(streams, SIGNED, KEY, BLOBS)
    assert set(tree) == {
        "key",
        "checkpoint",
        "manifest",
        "proofs/INC-A.tlog-proof",
        "proofs/INC-B.tlog-proof",
        "streams/INC-A.jsonl",
        "streams/INC-B.jsonl",
        f"blobs/{blob_hash(BLOB)}",
    }
    assert tree["key"] == KEY.verifier().text().encode()
    assert tree["checkpoint"] == SIGNED
    assert tree[f"blobs/{blob_hash(BLOB)}"] == BLOB
    assert proof.parse(tree["proofs/INC-A.tlog-proof"]).index == 8
    of_a = [entry for entry in LOG.entries if entry.stream == "INC-A"]
    manifest = json.loads(note.parse(tree["manifest"]).text)
    assert manifest["streams"][0] == {
        "count": 6,
        "erased": [3],
        "head": of_a[-1].leaf.hex(),
        "id": "INC-A",
        "withheld": [1],
    }
    assert manifest["blobs"] == [blob_hash(BLOB)]
    assert manifest["size"] == 9
    lines = [json.loads(line) for line in tree["streams/INC-A.jsonl"].splitlines()]
    assert [line["header"].encode() for line in lines] == [entry.header for entry in of_a]
    for seq, (line, entry) in enumerate(zip(lines, of_a, strict=True)):
        left_out = seq in (1, 3)
        assert line["body"] == (None if left_out else entry.body.decode())
        assert line["salt"] == (None if left_out else base64.b64encode(entry.salt).decode())


def test_the_same_export_is_the_same_file_and_survives_it():
    streams = [LOG.export("INC-A"), LOG.export("INC-B")]
    data = pack(build(streams, SIGNED, KEY, BLOBS))
    assert data == pack(build(streams[::-1], SIGNED, KEY, BLOBS))
    report = check(unpack(data), KEY.verifier().text())
    assert report.ok
    assert report.pinned


def test_a_key_that_signed_beside_the_old_one_is_enough():
    log = small_log()
    signed = log.seal(KEY, NEW_KEY)
    for key in (KEY, NEW_KEY):
        assert check(build([log.export("INC-A")], signed, key, {})).ok


def test_nothing_is_no_export():
    with pytest.raises(BadInput, match="nothing to export") as refused:
        build([], SIGNED, KEY, BLOBS)
    assert (refused.value.where, refused.value.mend) == ("export", "Name a stream.")


@pytest.mark.parametrize("changes", [{"entries": ()}, {"id": "../x"}, {"id": ""}])
def test_a_stream_has_a_plain_name_and_entries(changes: dict[str, object]):
    with pytest.raises(BadInput, match="no stream to export") as refused:
        build([replace(LOG.export("INC-A"), **changes)], SIGNED, KEY, {})
    assert refused.value.where == "export"


def test_one_stream_is_named_once():
    with pytest.raises(BadInput, match="named twice") as refused:
        build([LOG.export("INC-A"), LOG.export("INC-A")], SIGNED, KEY, {})
    assert refused.value.where == "INC-A"


def test_a_blob_is_what_its_name_says():
    with pytest.raises(BadInput, match="not what its name says") as refused:
        build([LOG.export("INC-A")], SIGNED, KEY, {"a" * 64: BLOB})
    assert refused.value.where == f"blobs/{'a' * 64}"


def changed(stream: StreamExport, seq: int, **changes: object) -> StreamExport:
    entries = list(stream.entries)
    entries[seq] = replace(entries[seq], **changes)
    return replace(stream, entries=entries)


@pytest.mark.parametrize("changes", [{"body": None}, {"salt": None}, {"body": None, "salt": None}])
def test_a_body_that_is_missing_must_be_said_to_be(changes: dict[str, object]):
    with pytest.raises(BadInput, match="body is missing") as refused:
        build([changed(LOG.export("INC-A"), 2, **changes)], SIGNED, KEY, {})
    assert refused.value.where == "INC-A"
    erased = changed(LOG.export("INC-A"), 2, state=BodyState.ERASED, **changes)
    assert check(build([erased], SIGNED, KEY, {})).streams[0].erased == (2,)


@pytest.mark.parametrize(
    ("stream", "where"),
    [
        (changed(LOG.export("INC-A"), 2, body=b'{"text":"other"}'), "INC-A seq 2"),
        (changed(LOG.export("INC-A"), 2, salt=bytes(32)), "INC-A seq 2"),
        (changed(LOG.export("INC-A"), 2, header=b"\xff"), "INC-A"),
        (changed(LOG.export("INC-A"), 2, body=b"\xff"), "INC-A"),
        (replace(LOG.export("INC-A"), index=3), "INC-A"),
        (replace(LOG.export("INC-A"), path=()), "INC-A"),
    ],
)
def test_a_damaged_record_is_not_given_out(stream: StreamExport, where: str):
    with pytest.raises(Damaged) as refused:
        build([stream], SIGNED, KEY, {})
    assert refused.value.where == where
    assert refused.value.mend == "Verify the record: `muster verify`."


def test_a_key_that_did_not_sign_the_checkpoint_builds_nothing():
    for key in (STRANGE_KEY, SigningKey("muster.invalid/other", KEY.seed)):
        with pytest.raises(Damaged, match="None of the known keys") as refused:
            build([LOG.export("INC-A")], SIGNED, key, {})
        assert refused.value.where == "checkpoint"


def test_an_entry_is_present_unless_said_otherwise():
    assert StoredEntry(b"", b"", b"").state is BodyState.PRESENT
