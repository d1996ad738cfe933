"""The hashes of the record, against values written out by hand."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core.errors import BadInput
from muster.record import hashing


def test_a_body_is_hashed_with_its_salt_under_a_name_of_its_own():
    salt, body = bytes(range(32)), b'{"text":"hello"}'
    expected = hashlib.sha256(b"muster/body/1" + b"\x00" + salt + body).digest()
    assert hashing.body_hash(salt, body) == expected


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_salt_has_32_bytes(length: int):
    with pytest.raises(BadInput, match=f"{length} bytes") as refused:
        hashing.body_hash(bytes(length), b"{}")
    assert (refused.value.where, refused.value.mend) == ("salt", "It must have 32.")


def test_constants_of_rfc_6962():
    assert hashing.EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert hashing.leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert (hashing.HASH_BYTES, hashing.SALT_BYTES) == (32, 32)


@given(st.binary(), st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_leaf_and_node_have_their_prefixes(header: bytes, left: bytes, right: bytes):
    assert hashing.leaf_hash(header) == hashlib.sha256(b"\x00" + header).digest()
    assert hashing.node_hash(left, right) == hashlib.sha256(b"\x01" + left + right).digest()


def test_a_blob_is_named_as_sha256sum_prints_it():
    assert hashing.blob_hash(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@given(st.binary(min_size=32, max_size=32))
def test_hex_and_back(digest: bytes):
    text = hashing.to_hex(digest)
    assert text == digest.hex()
    assert hashing.is_hex(text)
    assert hashing.from_hex(text) == digest


@pytest.mark.parametrize(
    "text", ["", "a" * 63, "a" * 65, "A" * 64, "g" * 64, "a" * 64 + "\n", " " + "a" * 63]
)
def test_other_text_is_no_hash(text: str):
    assert not hashing.is_hex(text)
    with pytest.raises(BadInput, match="no hash") as refused:
        hashing.from_hex(text)
    assert (refused.value.where, refused.value.mend) == ("hash", "A hash is 64 lower-case hex digits.")


def test_other_things_are_no_hash():
    assert not hashing.is_hex(None)
    assert not hashing.is_hex(12)
