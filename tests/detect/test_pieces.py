"""Bytes that are kept: what was changed is noticed, whatever it is."""

import numpy as np
import pytest

from muster.detect.pieces import Blobs, Pieces, Unusable, opened, pieces_bytes, pieces_of, sealed


def test_sections_come_back_as_they_were() -> None:
    assert opened(sealed([b"a", b"", b"bcd"])) == [b"a", b"", b"bcd"]
    assert opened(sealed([])) == []


def test_a_changed_byte_anywhere_is_noticed() -> None:
    whole = sealed([b"abc", b"de"])
    for at in range(len(whole)):
        with pytest.raises(Unusable):
            opened(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])


def test_a_cut_is_noticed_wherever_it_is() -> None:
    whole = sealed([b"abc", b"de"])
    for at in range(len(whole)):
        with pytest.raises(Unusable):
            opened(whole[:at])


def test_arrays_keep_their_type_and_no_other_type_is_read() -> None:
    blobs = Blobs()
    told = blobs.add_array(np.array([3, 2**40], np.uint64))
    assert blobs.array(told).tolist() == [3, 2**40]
    with pytest.raises(Unusable):
        blobs.array(["object", told[1]])


def test_used_pieces_are_kept_and_others_while_there_is_room() -> None:
    pieces = Pieces({"old": b"1", "large": b"x" * 99, "mine": b"12"})
    assert pieces.get("mine") == b"12"
    assert pieces.get("none") is None
    pieces.put("new", b"3")
    assert pieces_of(pieces_bytes(pieces)).known == {"mine": b"12", "new": b"3", "old": b"1"}


def test_what_is_no_row_of_names_and_pieces_is_refused() -> None:
    for sections in ([b"name"], [b"\xff", b"piece"]):
        with pytest.raises(Unusable):
            pieces_of(sealed(sections))
