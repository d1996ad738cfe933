"""The container of an export: a tree of bytes as one ZIP file, and back, with not a byte of freedom.

Everything in the file follows from the tree: names in ascending order, the date 1 January 1980, no comments, no extra
fields, nothing before, between or behind, and nothing compressed. Compression is left out because its bytes depend on
the library and its version, so a rebuilt file would differ; because evidence is mostly compressed already; and because
a file that cannot grow while it is read cannot be a bomb. So `unpack` may pack again what it read and compare: any
changed byte of the file is found. Layout: APPNOTE.TXT of PKWARE, sections 4.3.7, 4.3.12 and 4.3.16.
"""

import re
import struct
import zlib
from collections.abc import Mapping

from muster.core.errors import BadInput

MAX_FILES = 0xFFFE  # one less than the number that means ZIP64
MAX_BYTES = 0xFFFF_FFFE

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_LOCAL_MARK, _CENTRAL_MARK, _END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_VERSION = 20
_MADE_BY = 3 << 8 | _VERSION  # on Unix, so that the mode below is understood
_DATE = 1 << 5 | 1  # 1 January 1980, the earliest day of the format
_MODE = 0o100644 << 16
_PATH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*")
_MAX_PATH = 200


def pack(tree: Mapping[str, bytes]) -> bytes:
    """The ZIP file of a tree (path -> bytes); equal trees have equal files.

    Raises BadInput for a path that some system reads otherwise, for two paths that differ in case only, and beyond
    65,534 files or 4 GiB (what lies beyond needs ZIP64, which not every tool reads).
    """
    _check_paths(tree)
    if sum(map(_cost, tree, tree.values())) + _END.size > MAX_BYTES:
        raise BadInput("The export is larger than 4 GiB.", "export", "Export fewer streams at once.")
    files, directory = bytearray(), bytearray()
    for path in sorted(tree):
        data, name = tree[path], path.encode()
        offset = len(files)
        facts = (zlib.crc32(data), len(data), len(data), len(name), 0)
        files += _LOCAL.pack(_LOCAL_MARK, _VERSION, 0, 0, 0, _DATE, *facts) + name + data
        directory += _CENTRAL.pack(
            _CENTRAL_MARK, _MADE_BY, _VERSION, 0, 0, 0, _DATE, *facts, 0, 0, 0, _MODE, offset
        )
        directory += name
    end = _END.pack(_END_MARK, 0, 0, len(tree), len(tree), len(directory), len(files), 0)
    return bytes(files + directory + end)


def unpack(data: bytes) -> dict[str, bytes]:
    """The tree of a ZIP file that `pack` wrote. Raises BadInput for any other bytes."""
    tree: dict[str, bytes] = {}
    offset = 0
    while data.startswith(_LOCAL_MARK, offset):
        offset, path, content = _read(data, offset)
        if path in tree:
            raise BadInput(
                "The archive holds one name twice.", path, "This is not the file that was exported."
            )
        tree[path] = content
    if pack(tree) != data:
        raise BadInput(
            "This is not an archive as Muster writes it.",
            "export",
            "Use the very file that was exported: not packed again, nothing added before or behind.",
        )
    return tree


def _read(data: bytes, offset: int) -> tuple[int, str, bytes]:
    start = offset + _LOCAL.size
    if start > len(data):
        raise _cut()
    facts = _LOCAL.unpack_from(data, offset)
    size, name_size = facts[8], facts[9]
    middle, end = start + name_size, start + name_size + size
    if end > len(data):
        raise _cut()
    name = data[start:middle]
    path = name.decode("ascii", "replace")
    _check_path(path)
    return end, path, data[middle:end]


def _cut() -> BadInput:
    return BadInput("The archive ends too early.", "export", "Fetch the file again: it was cut off.")


def _cost(path: str, data: bytes) -> int:
    return _LOCAL.size + _CENTRAL.size + 2 * len(path) + len(data)


def _check_paths(tree: Mapping[str, bytes]) -> None:
    if len(tree) > MAX_FILES:
        raise BadInput(f"There are more than {MAX_FILES} files.", "export", "Export fewer streams at once.")
    for path in tree:
        _check_path(path)
    if len({path.lower() for path in tree}) != len(tree):
        raise BadInput("Two paths differ in case only.", "export", "Some systems take them for one file.")


def _check_path(path: str) -> None:
    if len(path) > _MAX_PATH or _PATH.fullmatch(path) is None:
        raise BadInput("A path in the archive is not a plain one.", "export", "This is no export of Muster.")
