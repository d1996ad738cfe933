"""The container: any ZIP tool reads it, and not a byte of it is free."""

import io
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.core.errors import BadInput
from muster.record import archive
from muster.record.archive import pack, unpack
from tests.record.refusals import refusal

TREE = {"key": b"k", "streams/INC-A.jsonl": b"one\ntwo\n", "blobs/ab": b"", "manifest": b"m" * 100}
PATHS = st.from_regex(r"[a-z_][a-z0-9.-]{0,5}(/[a-z_][a-z0-9.-]{0,5}){0,2}", fullmatch=True)


@given(st.dictionaries(PATHS, st.binary(max_size=50), max_size=6))
def test_a_tree_survives_and_other_tools_read_it(tree: dict[str, bytes]):
    data = pack(tree)
    assert unpack(data) == tree
    assert pack(dict(reversed(tree.items()))) == data
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert opened.testzip() is None
        assert opened.namelist() == sorted(tree)
        assert {name: opened.read(name) for name in opened.namelist()} == tree


def test_what_other_tools_see():
    with zipfile.ZipFile(io.BytesIO(pack(TREE))) as opened:
        assert opened.comment == b""
        for info in opened.infolist():
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            assert info.compress_type == zipfile.ZIP_STORED
            assert info.compress_size == info.file_size == len(TREE[info.filename])
            assert info.external_attr >> 16 == 0o100644
            assert (info.create_system, info.create_version, info.extract_version) == (3, 20, 20)
            assert (info.flag_bits, info.volume, info.internal_attr) == (0, 0, 0)
            assert (info.extra, info.comment) == (b"", b"")


def test_it_is_what_the_standard_library_writes():
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as opened:
        for path in sorted(TREE):
            info = zipfile.ZipInfo(path)
            info.create_system = 3
            info.external_attr = 0o100644 << 16
            opened.writestr(info, TREE[path])
    assert written.getvalue() == pack(TREE)


def test_every_changed_lost_or_added_byte_is_found():
    data = pack(TREE)
    for place in range(len(data)):
        for change in (1, 0x20, 0xFF):
            changed = bytearray(data)
            changed[place] ^= change
            with pytest.raises(BadInput):
                unpack(bytes(changed))
        with pytest.raises(BadInput):
            unpack(data[:place])
        with pytest.raises(BadInput):
            unpack(data[:place] + b"\0" + data[place:])
    for added in (data + b"\0", b"\0" + data, data + data):
        with pytest.raises(BadInput, match="not an archive as Muster writes it") as refused:
            unpack(added)
        assert refused.value.where == "export"


def test_a_compressed_or_dated_file_is_not_the_one_that_was_exported():
    for arguments in ({"compression": zipfile.ZIP_DEFLATED}, {}):
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", **arguments) as opened:
            for path in sorted(TREE):
                opened.writestr(path, TREE[path])
        with pytest.raises(BadInput):
            unpack(written.getvalue())


def test_one_name_twice_is_refused():
    single = pack({"key": b"a"})
    local = single[: single.index(b"PK\x01\x02")]
    with pytest.raises(BadInput, match="one name twice") as refused:
        unpack(local + single)
    assert refused.value.where == "key"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/key",
        "../key",
        "a/../b",
        "a//b",
        "a/",
        ".",
        "..",
        ".git/config",
        "a/.b",
        "a\\b",
        "C:key",
        "k\u00e9y",
        "a b",
        "a\0",
        "a\n",
        "-rf",
        "a/-b",
        "x" * 201,
    ],
)
def test_paths_that_lead_elsewhere_are_refused(path: str):
    with pytest.raises(BadInput, match="not a plain one") as refused:
        pack({path: b""})
    assert (refused.value.where, refused.value.mend) == ("export", "This is no export of Muster.")
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as opened:
        opened.writestr(zipfile.ZipInfo("z" * len(path.encode())), b"")
    if path:
        data = written.getvalue().replace(b"z" * len(path.encode()), path.encode())
        with pytest.raises(BadInput, match="not a plain one"):
            unpack(data)


def test_a_path_may_have_200_characters():
    assert unpack(pack({"x" * 200: b"1"})) == {"x" * 200: b"1"}


def test_two_paths_that_differ_in_case_only_are_refused():
    with pytest.raises(BadInput, match="differ in case") as refused:
        pack({"blobs/ab": b"", "blobs/AB": b""})
    assert refused.value.where == "export"


def test_no_more_than_the_format_holds(monkeypatch: pytest.MonkeyPatch):
    assert archive.MAX_FILES == 65534
    assert archive.MAX_BYTES == 2**32 - 2
    many = {f"f{number}": b"" for number in range(65535)}
    with pytest.raises(BadInput, match="more than 65534 files") as refused:
        pack(many)
    assert refused.value.where == "export"
    del many["f0"]
    assert unpack(pack(many)) == many
    size = len(pack(TREE))
    monkeypatch.setattr(archive, "MAX_BYTES", size)
    assert pack(TREE)
    monkeypatch.setattr(archive, "MAX_BYTES", size - 1)
    with pytest.raises(BadInput, match="larger than 4 GiB") as refused:
        pack(TREE)
    assert refused.value.where == "export"


def test_a_size_in_the_header_reserves_nothing():
    data = bytearray(pack({"key": b"a"}))
    data[22:26] = b"\xff\xff\xff\xff"
    with pytest.raises(BadInput, match="ends too early") as refused:
        unpack(bytes(data))
    assert refused.value.where == "export"
    with pytest.raises(BadInput, match="ends too early"):
        unpack(pack({"key": b"a"})[:29])


def test_an_empty_tree_has_a_file_too():
    assert unpack(pack({})) == {}
    for data in (b"", b"PK", b"no archive"):
        with pytest.raises(BadInput):
            unpack(data)


PACKED = pack(TREE)
REFUSALS = [
    (
        lambda: unpack(PACKED[:20]),
        "The archive ends too early.",
        "export",
        "Fetch the file again: it was cut off.",
    ),
    (
        lambda: unpack(PACKED + b"x"),
        "This is not an archive as Muster writes it.",
        "export",
        "Use the very file that was exported: not packed again, nothing added before or behind.",
    ),
    (
        lambda: pack({"A": b"", "a": b""}),
        "Two paths differ in case only.",
        "export",
        "Some systems take them for one file.",
    ),
    (
        lambda: pack({"../a": b""}),
        "A path in the archive is not a plain one.",
        "export",
        "This is no export of Muster.",
    ),
]


@pytest.mark.parametrize(("refused", "what", "where", "mend"), REFUSALS, ids=range(len(REFUSALS)))
def test_each_refusal_says_what_where_and_the_next_step(
    refused: Callable[[], object], what: str, where: str, mend: str
):
    assert refusal(refused) == (what, where, mend)
