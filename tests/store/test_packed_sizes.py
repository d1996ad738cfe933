"""The size of a packed object is known before it is inflated, deltas and chains included."""

import os
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from dulwich.objects import ObjectID

from muster.core.errors import BadInput
from muster.store.packed_sizes import PackedSizes, _copied, _header
from tests.store.test_plan_repository import git


def packed(place: Path, *versions: bytes) -> list[str]:
    git(place, "init", "-q")
    names: list[str] = []
    for data in versions:
        (place / "file").write_bytes(data)
        git(place, "add", "-A")
        git(place, "commit", "-q", "-m", "x")
        names.append(git(place, "rev-parse", "HEAD:file").strip())
    git(place, "repack", "-a", "-d", "-f", "-q")
    return names


def asked(place: Path, name: str, most: int) -> None:
    sizes = PackedSizes(place / ".git/objects/pack", most)
    try:
        sizes.check(ObjectID(name.encode()), "file")
    finally:
        sizes.close()


def test_whole_objects_and_deltas_are_measured(tmp_path: Path) -> None:
    base = os.urandom(50_000)
    names = packed(tmp_path, base, base + b"a", base + b"ab" * 5)
    kinds = git(tmp_path, "cat-file", "--batch-all-objects", "--batch-check=%(deltabase)").split()
    assert any(kind != "0" * 40 for kind in kinds), "git made deltas of them"
    for name in names:
        asked(tmp_path, name, 60_000)
        with pytest.raises(BadInput, match="larger than"):
            asked(tmp_path, name, 49_000)


def test_what_is_in_no_pack_is_left_to_others(tmp_path: Path) -> None:
    packed(tmp_path, b"x")
    asked(tmp_path, "0" * 40, 1)


def test_a_long_size_is_read() -> None:
    assert _header(BytesIO(bytes([0xB5, 0x80, 0x01]))) == (3, 5 | 1 << 11)


def test_a_delta_that_copies_its_base_over_and_over_is_counted_not_made() -> None:
    copy = bytes([0x80 | 0x70, 0xFF, 0xFF, 0xFF])  # 16 MB from the beginning of the base
    delta = b"\x01\x01" + copy * 1_000
    assert _copied(BytesIO(zlib.compress(delta)), len(delta)) == 0xFFFFFF * 1_000
    assert _copied(BytesIO(zlib.compress(b"\x01\xff\x7f")), 3) == 0x3FFF, "what it says counts as well"
    plain = b"\x05\x03\x03abc" + bytes([0x80])
    assert _copied(BytesIO(zlib.compress(plain)), len(plain)) == 3 + 0x10000
